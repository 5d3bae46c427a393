"""Which contamination type an area counts under, and the treaty views over the same ground.

A hazard carries a set of device codes (standards note a.6.1). Its *type* is derived and never split by guess: the one
code, MIX_MINES for several kinds of mine, MIX_ALL for mines with other ordnance or several kinds of other ordnance.
"""

from collections.abc import Collection

MINES = frozenset({"AP", "AP_IMPRO", "AV", "AV_IMPRO"})
NOT_AREA_FORMING = frozenset({"SAA", "COMP", "UNK"})  # small arms ammunition never makes a mixed area
UNKNOWN = "UNK"

VIEWS: dict[str, frozenset[str]] = {
    "APMBC": frozenset({"AP", "AP_IMPRO"}),
    "CCM": frozenset({"CMR"}),
    "CCW_PV": frozenset({"UXO", "AXO", "CMR"}),
}


def type_of(contamination: Collection[str]) -> str:
    """The one type that carries the area of a hazard with these device codes; UNK when nothing is said."""
    named = set(contamination)
    forming = named - NOT_AREA_FORMING or named - {UNKNOWN}
    if not forming:
        return UNKNOWN
    if len(forming) == 1:
        return next(iter(forming))
    return "MIX_MINES" if forming <= MINES else "MIX_ALL"


def in_view(contamination: Collection[str], view: str) -> bool:
    """Whether ground with these codes counts in a treaty view. Views overlap and are never added."""
    return not VIEWS[view].isdisjoint(contamination)
