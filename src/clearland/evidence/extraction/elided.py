"""Numbers whose noun is left out because it was just said: `of whom 12 were children`, `when 301 were recorded`,
`killing two people and wounding five`, `between 200 and 500 mines`, `eight of Varenia's 19 provinces`, `8 out of 62`.
"""

import re
from collections.abc import Sequence

from clearland.evidence.extraction.lexicon import count_units

_KNOWN_UNITS = frozenset(
    {"people", "mines", "items", "areas", "incidents", "communities", "districts", "regions", "teams", "dogs", "machines"}
)
_RANGE = re.compile(r"\s?(?:and|to|or|-)\s?(?=\d|[a-z]{3,})")
_RANGE_BEFORE = re.compile(r"\b(?:between|from)\s(?:about\s|some\s|around\s|approximately\s)?$", re.IGNORECASE)
_HARMED = re.compile(
    r"\b(?P<verb>kill(?:ed|ing|s)?|injur(?:ed|ing|es)|wound(?:ed|ing|s)|maim(?:ed|ing|s)|crippl(?:ed|ing|es))"
    r"\s(?:at least\s|some\s|another\s|a further\s|about\s|more than\s|around\s|over\s|up to\s)?$",
    re.IGNORECASE,
)
_IS_PEOPLE = re.compile(
    r"\s(?:are|were|was|is)\s(?:\w+\s){0,2}?(?P<noun>[a-z-]+)\b"
    r"|\s(?:are|were|was|is)\s(?P<forces>(?:members of the )?(?:security|military|armed|police))",
)
_PART_BEFORE = re.compile(
    r"\b(?:of (?:which|whom|them|these)|including|out of(?: a total of)?|(?:down|up) from|compared (?:with|to))(?:,)?\s"
    r"(?:at least\s|some\s|about\s|only\s|more than\s|around\s|the\s)?$",
    re.IGNORECASE,
)
_PART_AFTER = re.compile(r"\sof (?:them|these|those|which|whom)\b|,\sor\s\d", re.IGNORECASE)
# `PMN-2: 400`: the model before a colon is what is counted.
_MODEL_BEFORE = re.compile(r"\b(?:PMN|POMZ|PMA|PMR|PROM|OZM|MON|TM|TMA|TMRP|PMD|PFM|VS|M)(?:-?\d\w*|-\w+)?:\s$")
_DONE = re.compile(
    r"\s(?:(?:have|has|had)\sbeen|were|was|are|is|will be|would be|could be)\s(?:\w+ly\s)?"
    r"(?:\w+ed|found|known|kept|left|made|built|laid|sent|taken|held)\b"
    r"|\sremain(?:s|ed)?\b"
)


def shared_noun(after: str) -> int | None:
    """How far after a number the next of a pair with one noun begins (`436 national and 41 international staff`)."""
    match = re.match(r"\s(?!mines?\b)[a-z][\w-]+\sand\s(?=\d)", after)
    return match.end() if match else None


def range_end(before: str, after: str) -> int | None:
    """How far after a number the other end of its range begins (`between 200 and 500`), or None where there is none."""
    match = _RANGE.match(after)
    if match is None:
        return None
    joined = match.group().strip()
    return match.end() if joined in {"-", "to"} or (joined == "and" and _RANGE_BEFORE.search(before)) else None


def harmed(before: str) -> str | None:
    """`killed` or `injured` where a verb of harm stands right before a number that names nobody."""
    match = _HARMED.search(before)
    if match is None:
        return None
    return "killed" if match["verb"].lower().startswith("kill") else "injured"


def unit_said(before: str, after: str, earlier: Sequence[str | None]) -> tuple[str, str | None] | None:
    """The words after the number that belong to it and its unit, from its own predicate or from the count before it."""
    people = _IS_PEOPLE.match(after)
    if people and (people["forces"] or count_units().get(people["noun"] or "") == "people"):
        return people.group(), "people"
    last = next((unit for unit in reversed(earlier) if unit in _KNOWN_UNITS), None)
    if last and re.match(r"\s(?:fewer|more|less)\b|\sof\s(?:the\s)?type\b", after):
        return "", last
    if _MODEL_BEFORE.search(before):
        return "", "mines"
    if last and re.search(r"\((?:19|20)\d\d:\s$", before):
        return "", last
    of_them = _PART_AFTER.match(after)
    if of_them:
        return (of_them.group() if "of" in of_them.group() else ""), last
    done = _DONE.match(after)
    if done and (last or _PART_BEFORE.search(before)):
        return done.group(), last
    if last and _PART_BEFORE.search(before) and re.match(r"\s?(?:[.,;:)]|$|\s(?:in|by|a|the|are|were|is|was|at|to)\b)", after):
        return "", last
    return None
