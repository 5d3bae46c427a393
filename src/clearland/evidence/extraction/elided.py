"""Numbers whose noun is left out because it was just said: `of whom 12 were children`, `when 301 were recorded`,
`killing two people and wounding five`, `between 200 and 500 mines`, `eight of Varenia's 19 provinces`, `8 out of 62`.
"""

import re
from collections.abc import Iterator, Sequence

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
_IS_DEVICE = re.compile(
    r"\s(?:were|are|was)\s(?:of (?:the )?type\s)?(?:[Aa]nti-?\s?(?:[Pp]ersonnel|[Tt]ank|[Vv]ehicle)|(?:PMN|POMZ|PMA|PMR|PROM"
    r"|OZM|MON|TMA?|TMRP|PMD|PFM|VS|M)(?:-\s?\w+|\d\w*))\b"
)
_DEALT_WITH = re.compile(
    r"\s(?:were|was|have been|had been)\s(?:also\s)?(?:found|destroyed|cleared|defused|neutrali[sz]ed|removed|lifted)\b"
)
# `Mines destroyed in 2018: 512`: what stands before the colon is counted.
_LABEL_BEFORE = re.compile(
    r"(?:^|[.;]\s)(?:[A-Z][\w-]*\s)?(?P<noun>[Mm]ines|[Ii]tems|[Cc]asualties|[Vv]ictims|[Aa]ccidents|[Ii]ncidents|[Dd]eminers|[Tt]eams)\s?[^:.;,]{0,30}:\s$"
)
_IN_SOME = re.compile(r"\b(?:in|for)\s(?:only\s)?$")
_SPELLED_PLACES = frozenset({"communities", "districts", "regions", "areas", "territories"})
_NONE_OF = re.compile(r"\s?(?:and|but|with)\s(?P<none>no\s(?:[a-z-]+\s){0,2}?(?P<noun>[a-z]+))\b")
_ADDED = re.compile(r"\b(?:[Aa]nother|[Aa] further|[Aa]n additional)\s(?:some\s|about\s)?$")
_BEEN = re.compile(r"\bthere (?:had been|were|was|have been)\s(?:only\s|some\s|about\s)?$", re.IGNORECASE)
_ONES = re.compile(r"\s(?:[a-z-]+\s){0,2}ones\b")
_TOOK = re.compile(r"\s(?:have |had |has )?(?:received|got|attended|completed|lost|underwent|graduated|passed|obtained)\b")
_CLASS_AFTER = re.compile(r"\s(?:military|civilian|security|police|male|female)(?=[.,;)]|$|\sand\b)")
_VERB_AGAIN = re.compile(r"\b(?:and|but)\s(?:[a-z]{3,}ed|lost|found|left|took|kept|gave)\s(?:only\s|another\s|about\s)?$")
_SUBJECT_AGAIN = re.compile(r"\b(?:and|while)\s(?:[a-z]{4,}\s){1,3}$")
_DONE = re.compile(
    r"\s(?:(?:have|has|had)\sbeen|were|was|are|is|will be|would be|could be)\s(?:\w+ly\s)?"
    r"(?:\w+ed|found|known|kept|left|made|built|laid|sent|taken|held)\b"
    r"|\sremain(?:s|ed)?\b"
)


def _gapped(before: str, after: str, last: str) -> str | None:
    """The words after a number that only take up the noun told before (`a further 7 in which`, `nine suspected ones`,
    `and rejected two.`, `and 14 military`, `and ordnance 15.`), or None where nothing shows that they do."""
    ones = _ONES.match(after)
    if ones:
        return ones.group()
    if _ADDED.search(before) and re.match(r"\s(?:in|at|on|where|to be|are|were|have|had|will)\b|\s?[.,;)]|$", after):
        return ""
    if last == "people":
        took = _TOOK.match(after)
        if took:
            return took.group()
        if _CLASS_AFTER.match(after) and re.search(r"\b(?:and|,)\s$", before):
            return str(_CLASS_AFTER.match(after).group())  # type: ignore[union-attr]
    closes = re.match(r"\s?(?:[.;]|$)", after)
    if closes and last in _SPELLED_PLACES and _IN_SOME.search(before):
        return ""
    if closes and (_VERB_AGAIN.search(before) or _SUBJECT_AGAIN.search(before)):
        return ""
    return "" if _BEEN.search(before) and re.match(r"\s?(?:[.,;]|$)", after) else None


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


def currency_said(written: str, earlier: Sequence[str | None]) -> str | None:
    """The currency of `5.4 million` where sums before it had one."""
    if not re.search(r"\b(?:million|billion|thousand)\b", written):
        return None
    return next((unit for unit in reversed(earlier) if unit and re.fullmatch(r"[A-Z]{3}", unit)), None)


def none_of_another(text: str, counted: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """`and no dogs` right after a count: where it stands, and the unit of its noun."""
    for match in _NONE_OF.finditer(text):
        unit = count_units().get(match["noun"].lower())
        if unit and any(0 <= match.start() - end <= 2 for _, end in counted):
            yield match.start("none"), match.end(), unit


def _told_itself(before: str, after: str) -> tuple[str, str] | None:
    """What a number without a noun counts by its own predicate (`12 were children`, `9 were PMN-2`) or its label."""
    people = _IS_PEOPLE.match(after)
    if people and (people["forces"] or count_units().get(people["noun"] or "") == "people"):
        return people.group(), "people"
    labelled = _LABEL_BEFORE.search(before)
    if labelled and re.match(r"\s?(?:[.;]|$)", after):
        return "", count_units()[labelled["noun"].lower()]
    device = _IS_DEVICE.match(after)
    return (device.group(), "mines") if device else None


def unit_said(
    before: str, after: str, earlier: Sequence[str | None], told_before: Sequence[str] = ()
) -> tuple[str, str | None] | None:
    """The words after the number that belong to it and its unit, from its own predicate or from the count before it.

    `told_before` are the units of the sentence before: they serve where the number says that it is a part or an addition.
    """
    itself = _told_itself(before, after)
    if itself is not None:
        return itself
    last = next((unit for unit in reversed(earlier) if unit in _KNOWN_UNITS), None)
    carried = next((unit for unit in reversed(told_before) if unit in _KNOWN_UNITS), None)
    if last is None and carried in {"mines", "items"} and _DEALT_WITH.match(after):
        last = carried
    if last is None and carried and (_ADDED.search(before) or _PART_BEFORE.search(before) or _BEEN.search(before)):
        last = carried
    if last and (gapped := _gapped(before, after, last)) is not None:
        return gapped, last
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
