"""Rules 72, 73 and 76: people reached by education add up, nobody is counted as present who was not."""

from collections.abc import Iterator

from clearland.checks.records.model import Attributes, Said, Setting, added, number, says_any, text

_BANDS = ("women", "men", "girls", "boys", "adults_sex_unknown", "children_sex_unknown", "not_disaggregated")


def attendance(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """72: the parts give the total; a direct session has people."""
    total = number(said, "total")
    if total is None:
        return
    parts = added(said, *_BANDS)
    if says_any(said, *_BANDS) and parts != total:
        yield Said("R-ATTENDANCE-SUM", "total", {"parts": parts, "total": total})
    if total == 0 and text(said, "reach") == "direct":
        yield Said("R-NO-ATTENDANCE", "total")


def first_time(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """73: not more people for the first time than there were."""
    total, first = number(said, "total"), number(said, "first_time")
    if total is not None and first is not None and first > total:
        yield Said("R-FIRST-TIME", "first_time", {"first": first, "total": total})


def indirect(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """76: posters and broadcasts have no one present; who may have been reached is an estimate."""
    if text(said, "reach") == "indirect" and text(said, "basis") != "estimated":
        name = next((each for each in _BANDS if number(said, each)), None)
        if name:
            yield Said("R-INDIRECT-ATTENDANCE", name, {"field": name})
