"""What no frame knows: the predicate of a sentence that has given no other claim.

A researcher who reads a document to the end leaves no assertion out. Where neither a number nor a known way of saying gave
a claim, the finite verb with its object is proposed in the source's own words, under the family its words belong to.
"""

import re
from collections.abc import Iterator, Sequence

from clearland.claims.model import Claim, Polarity
from clearland.evidence.extraction.context import Context, subject_name
from clearland.evidence.extraction.lexicon import words

_AUXILIARY = r"(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|cannot|does|do|did|should)"
_VERB = (
    r"(?:[a-z]{2,}(?:ed|[^aeious\W]es|[^s\W]s)|made|took|gave|held|kept|left|found|lost|won|met|set|put|led|rose|fell|grew|began"
    r"|became|remain|need|want|lack|support|consult|believe|consider|continue|urge|enjoy|receive|provide|live|cover|include|welcome|share)"
)
_PREDICATE = re.compile(
    rf"(?:(?P<aux>\b{_AUXILIARY}\b(?:\s(?:not|never|also|still|yet|already|now|only|been|be|being|have|no longer|[a-z]+ly))*"
    rf"(?:\s(?P<lexical>[a-z][\w-]+))?)|(?P<verb>\b{_VERB}\b))"
)
_NEGATED = re.compile(r"\b(?:not|never|no longer|cannot|neither|nobody|none|no)\b", re.IGNORECASE)
# Courtesy, procedure and the form's own words assert nothing.
_CEREMONY = re.compile(
    r"\b(?:thank|congratulat|compliments|has the honou?r|avails? itself|pleasure|wish to express|mr\.? president|madam|excellenc"
    r"|distinguished|please|click|download|see also|for more (?:information|details)|shall\b|read more|all rights reserved"
    r"|is available (?:at|on)|can be found|is based on|this (?:report|document|profile|page|table|section"
    r"|reply|text|letter|note)|synthetic|invented|fictitious)",
    re.IGNORECASE,
)
# Words that end as verbs do and are none.
_NO_VERBS = frozenset(
    "this its his various numerous previous always thus plus across towards whereas besides perhaps us mines lands forces states"
    " parties areas teams clears reports victims results needs works plans uses less unless indigenous serious dangerous".split()
)
_BASE = frozenset(
    "remain need want lack support consult believe consider continue urge enjoy receive provide live cover include".split()
)
_SAID_THAT = re.compile(
    r"\b(?:said|says|stated?s?|noted|notes|concluded|believes?|reported|reports|suggests?|showed|shows|added|explained|claims?|claimed"
    r"|announced|indicated|indicates|confirmed|argued|warned|told [^,;]{3,40}?)\sthat\s",
    re.IGNORECASE,
)
_FINITE_NEXT = re.compile(
    rf"\s(?:{_AUXILIARY}|[a-z]+ed|took|made|gave|met|held|pass|are|is|remain\w*|have|has|include|need|use|work|live|consult|provide)\b"
)
_LATER = re.compile(
    rf"\b(?:{_AUXILIARY}|[a-z]+ed|creates|poses|shows|suggests|indicates|makes|remains|includes|provides|states|says|requires|means"
    r"|prohibit|forbid|require|remain|cover|include|provide)\b"
)
_LIMIT_WORDS, _LIMIT, _SHORTEST = 9, 110, 6
_OPENING = re.compile(
    r"(?:[Ii]n|[Oo]n|[Dd]uring|[Uu]nder|[Ss]ince|[Aa]s|[Aa]t|[Bb]y|[Ff]or|[Ww]hen|[Ww]hile|[Aa]lthough|[Aa]fter|[Ff]ollowing|[Aa]ccording)\b"
    r"[^,]{0,90},\s"
)
_NO_SUBJECT = re.compile(r"\b(?:the|an?|of|to|its|their|our|in|for|by|that|which|who|with|and|or)\s$", re.IGNORECASE)
_DETERMINED = re.compile(r"\b(?:the|an?|its|their|our|this|these|any|some|all|no)\s$", re.IGNORECASE)
_CUT = re.compile(
    r"[;:()\[\]]|,\s|\s(?:which|who|that is|because|since|although|while|whereas|when|where|but|and (?:has|have|is|was|will))\b"
)
_NONE_OPENS = re.compile(r"(?:No(?!\.)|None|Nobody|Nothing|Neither)\b")
_SHORT_SUBJECT = 60  # characters of a subject that opens with none and is told with its verb
_DENYING = re.compile(
    r"(?:[;,]\s(?:and\s|but\s|while\s|although\s)?|\s(?:and|but|while|although|because|as)\s)"
    r"(?P<phrase>(?:nobody|no one|nothing|none|neither)\s(?:of\s(?:the|them|these|those|its|their)\s(?:[\w-]+\s){0,3}?)?"
    rf"(?:(?:also|yet)\s)?(?:{_AUXILIARY}\b|[a-z]{{3,}}ed\b|lost|found|took|gave)"
    r"|there (?:is|are|was|were|has been|have been) (?:still\s|currently\s)?no\s(?!doubt|need|longer)"
    r"|(?:(?:it|they|he|she)\s)?(?:received?|receives|has|have|had|found|made|gave|took|provided|reported|recorded|holds?|kept)\sno\s(?!longer|later))"
)
_KINDS = frozenset({"paragraph", "list_item", "answer", "condition"})


def statements(context: Context) -> Iterator[Claim]:
    """The predicate of the sentence's main clause as one claim, none for questions, courtesies and fragments."""
    sentence = context.sentence
    text = sentence.text
    if (
        sentence.passage.kind not in _KINDS
        or len(text) < _LIMIT // 4
        or _CEREMONY.search(text)
        or text.rstrip().endswith(("?", ":"))
    ):
        return
    found = _main_verb(text)
    if found is None:
        return
    opens = _NONE_OPENS.match(text)
    start = 0 if opens and found.start() - opens.end() <= _SHORT_SUBJECT else found.start()
    end = _end(text, found.start(), found.end())
    phrase = text[start:end]
    if len(phrase) < _SHORTEST or len(phrase.split()) < 2:
        return
    negated = bool(_NEGATED.search(phrase) or re.match(r"(?:No|None|Neither|Nobody)\b", text))
    polarity: Polarity = "negated" if negated else "affirmed"
    agent = context.subject(start, end)
    verb = text[found.start() : end]
    present = re.match(r"(?:is|are|has|have|can|may|must|cannot|does|do|will)\b", verb) or not re.match(
        r"(?:was|were|had|did|[a-z]+ed\b)", verb
    )
    yield context.claim(
        start=start,
        end=end,
        subject=subject_name(context, agent),
        attribute=_attribute(text),
        value=phrase,
        unit="text",
        polarity=polarity,
        period=context.period(start, end, "state" if present else "event"),
        stance=context.stance(start, end, harm=False, subject=agent),
        modality="planned" if re.match(r"(?:will|would)\b", phrase) else "asserted",
    )


def denials_beside(context: Context, told: Sequence[Claim]) -> Iterator[Claim]:
    """What a further clause of a sentence says that nobody did, nothing showed or was not there, where no claim told it:
    `…; nobody has been charged`, `… and none of the courses was cancelled`, `…; it received no foreign funding`."""
    sentence = context.sentence
    text = sentence.text
    if sentence.passage.kind not in _KINDS or _CEREMONY.search(text) or text.rstrip().endswith("?"):
        return
    for match in _DENYING.finditer(text):
        if any(a <= match.start("phrase") < b for a, b in sentence.quotes):
            continue
        start = match.start("phrase")
        end = _end(text, start, match.end())
        first, last = sentence.span(start, end)
        if end - start < _SHORTEST or any(claim.start < last and first < claim.end for claim in told):
            continue
        agent = context.subject(start, end)
        time = "state" if re.search(r"\b(?:is|are|has|have|there is)\b", match.group()) else "event"
        yield context.claim(
            start=start, end=end, subject=subject_name(context, agent), attribute=_attribute(text[start:end]),
            value=text[start:end], unit="text", polarity="negated",
            period=context.period(start, end, time), stance=context.stance(start, end, harm=False, subject=agent),
        )  # fmt: skip


def _main_verb(text: str) -> re.Match[str] | None:
    """The first finite verb with a subject before it, past a subordinate opening and past `X said that`."""
    begin = 0
    for opening in (_OPENING.match(text), _SAID_THAT.search(text)):
        begin = max(begin, opening.end() if opening else 0)
    return next((match for match in _PREDICATE.finditer(text, begin) if _is_finite(text, begin, match)), None)


def _is_finite(text: str, begin: int, match: re.Match[str]) -> bool:
    """Whether a word that may be a verb is one, by what stands before and after it."""
    lead, rest = text[begin : match.start()], text[match.end() :]
    if not lead.strip() or _NO_SUBJECT.search(lead):
        return False
    if match["aux"] is not None:
        return True
    word = match["verb"].lower()
    if word in _NO_VERBS or lead.endswith("-") or lead.rstrip().endswith("'s"):
        return False
    if word in _BASE:
        return bool(re.search(r"[^s]s\b|\b(?:[Ww]e|[Tt]hey|people|children|women|men)\b", lead))
    if word.endswith("ed"):
        # A participle: `a report published in May urged`, `the collected data are`.
        return not (
            re.match(r"\s(?:by|in|on|at|from|with|to|and)\b", rest) and _LATER.search(rest[:90])
        ) and not _DETERMINED.search(lead)
    if word.endswith("s"):
        return not _FINITE_NEXT.match(rest) and not re.match(r"\s(?:of|and|in|for|by|to|or)\b", rest)
    return True


def _end(text: str, start: int, verb_end: int) -> int:
    """Up to nine words of verb and object, not past the clause."""
    stop = len(text.rstrip(" .!\"'"))
    cut = _CUT.search(text, verb_end, stop)
    stop = min(stop, cut.start() if cut else stop, start + _LIMIT)
    taken = [match.end() for match in re.finditer(r"\S+", text[start:stop])]
    end = start + (taken[_LIMIT_WORDS - 1] if len(taken) > _LIMIT_WORDS else taken[-1] if taken else 0)
    loose = re.search(r"(?:\s(?:and|or|of|the|an?|in|on|to|for|by|with|from|at|its|their|as|that|into|under))+$", text[start:end])
    return start + loose.start() if loose else end


def _attribute(text: str) -> str:
    """The family of the dictionary that most of the sentence's words point to, else `statement`."""
    for entry in words("statements")["families"]:
        if re.search(entry["words"], text, re.IGNORECASE):
            return str(entry["attribute"])
    return "statement"
