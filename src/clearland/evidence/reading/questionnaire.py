"""Questionnaires: questions with their key, conditions, answers, parts, cross-references and non-answers.

Numbering restarts, so the key of a question is questionnaire, part, number and letter ("ERW Part I 3b").
"""

import re
from dataclasses import dataclass, field

from clearland.evidence.reading.blocks import Block
from clearland.evidence.reading.wording import CONDITION, NON_ANSWER, is_all_caps, is_bare, metadata_of

_QUESTION = re.compile(
    r"^(?:[-–—•*]\s+)?\**(?:question\s+)?(?P<number>\d{1,2})?\s*(?:[.):]\s*)?(?:\(?(?P<letter>[a-z])\)\s*)?(?P<words>\S.*)"
    r"$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS = re.compile(
    r"^(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could|should|what|which|who|whom|when|where"
    r"|why|how|please|kindly|describe|"
    r"provide|indicate|list|give|specify|state whether|explain|if (?:yes|no|so|not|applicable)|in case)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"^\**(?P<part>(?:part|section|chapter|annex|form)\s+(?:[IVX]{1,5}|\d{1,2}|[A-Z]))\b[.:]?[^.?!]{0,80}$",
    re.IGNORECASE,
)
_FORM_TITLE = re.compile(r"questionnaire|вопросник|анкета|\bsorğu|questionário|cuestionario", re.IGNORECASE)
_SUBJECT = re.compile(r"\b(?:on|about|regarding|concerning)\s+(?:the\s+)?(?P<subject>.+)$", re.IGNORECASE)
_REFERS = re.compile(
    r"\b(?:see|refer to|in|mentioned in|under"
    r"|as in)\b[^.]{0,40}?\bquestions?\s+(?:no\.?\s*)?(?P<number>\d{1,2})\s*\(?(?P<letter>[a-z])?\)?(?![a-z])"
    r"(?:,?\s+(?:of\s+)?(?P<part>(?:part|section)\s+(?:[IVX]{1,5}|\d{1,2})))?",
    re.IGNORECASE,
)
_SMALL = frozenset({"of", "the", "and", "for", "in", "to", "a", "an"})
_IF = re.compile(r"^(?P<condition>if (?:yes|no|so|not))\b", re.IGNORECASE)


@dataclass
class _State:
    form: str = ""
    part: str = ""
    number: str = ""
    key: str | None = None
    condition: str = ""
    anchor: str | None = None
    restarts: int = 0
    asked: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)

    def key_of(self, number: str, letter: str) -> str:
        words = [self.form, self.part, f"({self.restarts + 1})" if self.restarts else "", f"{number}{letter}"]
        return " ".join(word for word in words if word)


def is_questionnaire(blocks: list[Block]) -> bool:
    """At least two numbered lines that ask something."""
    return sum(1 for block in blocks if not block.kind and _asked(block.text, "")) >= 2


def _asked(text: str, number: str) -> tuple[str, str, int] | None:
    """Number, letter and offset of the words of a question, None where the line asks nothing. `number` is the one
    before.
    """
    match = _QUESTION.match(text)
    if not match or not (match["number"] or (match["letter"] and number)):
        return None
    words = match["words"]
    if not match["number"] and not re.match(r"^\**\(?[a-z]\)", text.lstrip("-–—•* "), re.IGNORECASE):
        return None
    if match["number"] and not re.match(r"\s*[.):(]|\s+[A-Z(]", text[match.end("number") :]):
        return None
    asks = "?" in words or _ASKS.match(words) is not None
    return (match["number"] or number, (match["letter"] or "").lower(), match.start("words")) if asks else None


def mark_questions(blocks: list[Block]) -> None:
    """Kinds, labels and keys from the first question on; what stands before it is left to the other rules."""
    if not is_questionnaire(blocks):
        return
    first = next(index for index, block in enumerate(blocks) if not block.kind and _asked(block.text, ""))
    # Who submits it, and when, may stand between the title and the first part.
    begin = next((index for index in range(max(0, first - 4), first) if _is_form_title(blocks, index, first)), first)
    while (
        (begin and _is_form_title(blocks, begin - 1, first))
        or (begin and _PART.match(blocks[begin - 1].text))
        or (begin and CONDITION.match(blocks[begin - 1].text))
    ):
        begin -= 1
    state = _State()
    for index in range(begin, len(blocks)):
        if not blocks[index].kind:
            _mark(blocks, index, state)
    _resolve(blocks, state.asked)


def _mark(blocks: list[Block], index: int, state: _State) -> None:
    block = blocks[index]
    words = block.text.strip("* ")
    if _is_form_title(blocks, index, index):
        state.form, state.part, state.number, state.key, state.condition, state.restarts = (
            _short_name(words),
            "",
            "",
            None,
            "",
            0,
        )
        block.kind, block.level, block.details["form"] = "title", 1, state.form
    elif (part := _PART.match(words)) and is_bare(words):
        state.part, state.key, state.condition = _tidy(part["part"]), None, ""
        block.kind, block.level, block.label = "heading", 1, state.part
    elif CONDITION.match(words):
        state.condition = words.rstrip(":")
        block.kind, block.question = "condition", state.anchor
    elif asked := _asked(block.text, state.number):
        _open_question(block, state, *asked)
    elif state.key is not None:
        _mark_answer(block, state.key)


def _tidy(part: str) -> str:
    word, number = part.split()
    return f"{word.capitalize()} {number.upper()}"


def _is_form_title(blocks: list[Block], index: int, question: int) -> bool:
    words = blocks[index].text.strip("* ")
    if not is_bare(words) or metadata_of(words) or _asked(words, ""):
        return False
    following = next((block.text for block in blocks[index + 1 : index + 3]), "")
    leads = _PART.match(following.strip("* ")) is not None or _asked(following, "") is not None
    if _FORM_TITLE.search(words):
        return leads or index + 3 > question or is_all_caps(words)
    return leads and is_all_caps(words) and not _PART.match(words) and len(words.split()) >= 2


def _short_name(title: str) -> str:
    """Initials of what the questionnaire is on: "on Anti-Personnel Mines" gives APM; an abbreviation in brackets
    wins.
    """
    bracket = re.search(r"\(([A-Z]{2,8})\)", title)
    if bracket:
        return bracket.group(1)
    subject = _SUBJECT.search(title)
    words = [word for word in re.split(r"[\s\-–/]+", subject["subject"] if subject else title) if word[:1].isalpha()]
    telling = [word for word in words if word.lower() not in _SMALL]
    return "".join(word[0].upper() for word in telling) if len(telling) > 1 else "".join(telling).upper()


def _open_question(block: Block, state: _State, number: str, letter: str, words_at: int) -> None:
    if number.isdigit() and state.number.isdigit() and int(number) < int(state.number) and state.key is not None and not letter:
        state.restarts += 1
    state.number = number
    state.key = state.key_of(number, letter)
    label = f"{number}{letter}"
    state.asked.append((state.key, state.form, (label, f"{state.part} {label}")))
    block.kind, block.label, block.question = "question", f"{number}{letter}", state.key
    end = len(block.text.rstrip("* "))
    block.details["words"] = [block.start + words_at, block.start + max(end, words_at)]
    own = _IF.match(block.text[words_at:])
    condition = state.condition or (own["condition"] if own else "")
    if condition:
        block.details["condition"] = condition
        if state.anchor:
            block.details["depends_on"] = state.anchor
    elif not letter or letter == "a":
        state.anchor = state.key
    state.condition = ""


def _mark_answer(block: Block, key: str) -> None:
    words = block.text.strip("* ")
    block.kind, block.question = "answer", key
    if NON_ANSWER.match(words) and not re.match(r"^(?:yes|no)\.?$", words, re.IGNORECASE):
        block.details["non_answer"] = words


def _resolve(blocks: list[Block], asked: list[tuple[str, str, tuple[str, ...]]]) -> None:
    """Cross-references in answers to the questions they mean: same form first, then any form above."""
    meant: dict[tuple[str, str], str] = {}
    for key, form, tails in asked:
        for tail in tails:
            meant["", tail] = meant[form, tail] = key
    forms = {key: form for key, form, _tails in asked}
    for block in blocks:
        if block.question is None or block.kind == "question":
            continue
        found = []
        for match in _REFERS.finditer(block.text):
            number = match["number"] + (match["letter"] or "").lower()
            tail = f"{_tidy(match['part'])} {number}" if match["part"] else number
            found_key = meant.get((forms[block.question], tail)) or meant.get(("", tail))
            if found_key:
                found.append(
                    {
                        "start": block.start + match.start("number"),
                        "end": block.start + match.end(),
                        "question": found_key,
                    }
                )
        if found:
            block.details["refers_to"] = found
