"""Ways of saying something without a number, found by the patterns of `words/frames.yaml`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from clearland.evidence.extraction.lexicon import treaty_code, treaty_pattern, words
from clearland.evidence.extraction.sentences import Sentence


@dataclass(frozen=True)
class Frame:
    """One way of saying something; the keys are explained at the head of `words/frames.yaml`."""

    attribute: str
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    value: str = "phrase"
    time: str = "state"
    about: str = ""
    require: re.Pattern[str] | None = None
    require_span: re.Pattern[str] | None = None
    negated: bool = False
    treaties: bool = False
    stance: str = ""
    stance_other: str = ""
    head: int = 0
    narrator: bool = False
    once: bool = False
    dated: bool = False
    modality: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A frame found at [start, end) of a sentence; `value` as the frame says, `treaty` by its code."""

    frame: Frame
    start: int
    end: int
    verb: int
    phrase: str
    negated: bool
    treaty: str | None = None
    year: int | None = None


_LONGEST = 150
_OPENING = 3
_WORD_START = re.compile(rf"(?<![a-z])[a-z]{{1,{_OPENING}}}")


@cache
def frames() -> tuple[Frame, ...]:
    """Every frame, in the order of the file."""
    data = words("frames")
    macros = {name: _filled(pattern, {}) for name, pattern in data["macros"].items()}
    macros["treaty"] = treaty_pattern()
    return tuple(_frame(entry, macros) for entry in data["frames"])


def _filled(pattern: str, macros: Mapping[str, str]) -> str:
    for name, macro in macros.items():
        pattern = pattern.replace("{" + name + "}", macro)
    return pattern


def _frame(entry: Mapping[str, Any], macros: Mapping[str, str]) -> Frame:
    flags = 0 if entry.get("case") else re.IGNORECASE
    compiled = {
        # Capitals in a pattern mean capitals even where the rest of it takes any case.
        name: re.compile(
            _filled(entry[name], macros).replace("[A-Z]", "(?-i:[A-Z])") if flags else _filled(entry[name], macros), flags
        )
        for name in ("pattern", "require", "require_span")
        if name in entry
    }
    plain = {
        name: entry[name]
        for name in (
            "attribute",
            "value",
            "time",
            "about",
            "negated",
            "treaties",
            "stance",
            "stance_other",
            "head",
            "modality",
            "narrator",
            "once",
            "dated",
        )
        if name in entry
    }
    return Frame(needs=tuple(str(word).lower() for word in entry["needs"]), **{**plain, **compiled})


@cache
def _by_need() -> Mapping[str, Sequence[tuple[str, tuple[int, ...]]]]:
    """Every piece that some frame needs, with the places of those frames, under the three letters that open it.

    Pieces open a word; only those of letters a sentence has are looked for, and each once.
    """
    pieces: dict[str, list[int]] = {}
    for number, frame in enumerate(frames()):
        for piece in frame.needs:
            pieces.setdefault(piece, []).append(number)
    listed: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for piece, numbers in pieces.items():
        opening = _WORD_START.match(piece)
        # A piece shorter than its key may open a longer word: it is looked for in every sentence.
        key = opening.group() if opening and (opening.end() == _OPENING or opening.end() < len(piece)) else ""
        listed.setdefault(key, []).append((piece, tuple(numbers)))
    return listed


def found_in(sentence: Sentence) -> Iterator[Found]:
    """Everything the frames find in a sentence, in the order of the frames, overlapping finds of one attribute left out."""
    lower = sentence.lower
    taken: dict[str, list[tuple[int, int]]] = {}
    starts = {*_WORD_START.findall(lower), ""}
    present = {number for start in starts for piece, numbers in _by_need().get(start, ()) if piece in lower for number in numbers}
    for number in sorted(present):
        frame = frames()[number]
        if frame.require and not frame.require.search(lower):
            continue
        for match in frame.pattern.finditer(sentence.text):
            spans = taken.setdefault(frame.attribute, [])
            start, end = match.span("span") if match.groupdict().get("span") else match.span()
            found = _found(frame, match, sentence.text, start, end)
            if found is None or any(found.start < b and a < found.end for a, b in spans):
                continue
            spans.append((found.start, found.end))
            yield found
            if frame.treaties:
                yield from _further_treaties(found, sentence.text)


def _found(frame: Frame, match: re.Match[str], text: str, start: int, end: int) -> Found | None:
    groups = match.groupdict()
    start, end = _trimmed(text, start, end)
    if end - start < 3:
        return None
    if frame.require_span and not frame.require_span.search(text[start:end]):
        return None
    phrase = (groups.get("value") or text[start:end]).strip()
    negated = frame.negated or bool(groups.get("neg") or groups.get("no"))
    if frame.head and len(phrase) > frame.head:
        phrase = phrase[: frame.head].rsplit(" ", 1)[0]
        end = start + len(phrase)
    if groups.get("value") and groups.get("neg"):
        phrase = f"not {phrase}"
    if end - start > _LONGEST:
        end = start + text[start : start + _LONGEST].rfind(" ")
    treaty = treaty_code(text[match.start() : match.end()]) if "treaty" in frame.attribute else None
    year = int(groups["year"]) if groups.get("year") else None
    return Found(frame, start, end, match.start(), phrase, negated, treaty, year)


_LOOSE = re.compile(
    r"(?:\s|,|\b(?:and|or|of|the|a|an|in|on|to|for|by|with|from|at|its|their|as|into|also|over|between|near|has|have"
    r"|is|are|was|were|not))+$",
    re.IGNORECASE,
)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space, and without words that lead on to something the pattern did not take."""
    while start < end and text[start] in " ,":
        start += 1
    loose = _LOOSE.search(text[start:end])
    if loose and end < len(text) and text[end : end + 1] not in '.;,"':
        end = start + loose.start()
    return start, start + len(text[start:end].rstrip(' ,"'))


@cache
def _coordinated() -> re.Pattern[str]:
    return re.compile(
        rf"(?:,?\s?(?:or|and|nor|(?P<not>but\snot))\s|,\s)(?:to\s)?(?:the\s|its\s(?:original\s)?)?(?P<name>{treaty_pattern(generic=False)})",
        re.IGNORECASE,
    )


def _further_treaties(first: Found, text: str) -> Iterator[Found]:
    """`not party to A or B`: the same status of B, read from `or B`."""
    at = first.end
    while match := _coordinated().match(text, at):
        start = match.start() + len(match.group()) - len(match.group().lstrip(" ,"))
        negated = first.negated or bool(match["not"])
        yield Found(first.frame, start, match.end(), first.verb, first.phrase, negated, treaty_code(match["name"]), None)
        at = match.end()
