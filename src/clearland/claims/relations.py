"""Figures of one passage tied by arithmetic: parts and their whole, a part of a counted whole, a share and what it implies.

Only figures of one voice in one document, near one another, of one period and subject are tied. What follows by
calculation is told as ours and never becomes a claim.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from typing import Literal

from clearland.claims.bounds import amount_words, unit_words
from clearland.claims.corrections import Surroundings, nothing_around
from clearland.claims.cues import cue
from clearland.claims.model import Claim
from clearland.claims.reasons import Reason
from clearland.core.units import AREA_M2

Tie = tuple[Literal["part_of", "share_of", "implies"], Claim, Claim, Reason]
# Wholes and the parts that make them up: the closing identities of casualty tables and of land release.
_WHOLES = {
    "casualty.total": ("casualty.killed", "casualty.injured"),
    "release.method_not_said": ("release.cancelled", "release.reduced", "release.cleared"),
}
_NEAR = 800
_OF_WHOLE = 48
_EQUATED = 30
_FAR_EQUATED = 140  # characters over which words may still tie a share to its amount
_MOST_OFF = 0.5
_BACK = re.compile(r"(?:of\s)?(?:them|these|those|which|whom|the (?:total|latter)$)", re.IGNORECASE)


def relations(ordered: Sequence[Claim], around: Surroundings = nothing_around) -> Iterator[Tie]:
    """Ties among claims ordered by file and place. Each claim looks only at its neighbours, so the work stays linear."""
    groups: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in ordered:
        if _is_figure(claim):
            groups[claim.file, _plain(claim.claimant), claim.period or ""].append(claim)
    for group in groups.values():
        yield from _sums(group)
        yield from _of_wholes(group)
        yield from _implied(group, around)


def _is_figure(claim: Claim) -> bool:
    return isinstance(claim.value, int | float) and not isinstance(claim.value, bool)


def _plain(text: str | None) -> str:
    return unicodedata.normalize("NFKC", text or "").casefold().strip()


def _amount(claim: Claim) -> float:
    assert isinstance(claim.value, int | float)
    return float(claim.value) * float(AREA_M2.get(claim.unit or "", 1))


def _sums(group: Sequence[Claim]) -> Iterator[Tie]:
    for index, whole in enumerate(group):
        if whole.attribute not in _WHOLES:
            continue
        parts = list(_parts(whole, group[max(0, index - 12) : index + 13]))
        total = sum(_amount(part) for part in parts)
        gap = _amount(whole) - total
        if len(parts) < 2 or abs(gap) > _MOST_OFF * _amount(whole):
            continue
        told = {
            "parts": reduce(_plus, [amount_words(_amount(part), part.unit) for part in parts]),
            "whole": amount_words(_amount(whole), whole.unit)
        }  # fmt: skip
        closes = abs(gap) < 0.005 * max(1.0, _amount(whole))
        why = Reason("sum_as_told", told) if closes else Reason("sum_gap", {**told, "gap": amount_words(gap, whole.unit)})
        for part in parts:
            yield "part_of", part, whole, why


def _plus(left: Reason, right: Reason) -> Reason:
    return Reason("plus", {"left": left, "right": right})


def _parts(whole: Claim, near: Iterable[Claim]) -> Iterator[Claim]:
    """The nearest claim of each part's attribute about the whole's subject and place, in the whole's family of units."""
    listed = list(near)
    for attribute in _WHOLES[whole.attribute]:
        fitting = [
            part
            for part in listed
            if part.attribute == attribute
            and part.subject == whole.subject
            and part.scope.place == whole.scope.place
            and (part.unit in AREA_M2) == (whole.unit in AREA_M2)
            and abs(part.start - whole.start) <= _NEAR
            and _amount(part) <= _amount(whole)
        ]
        if fitting:
            yield min(fitting, key=lambda part: (part.start < whole.start, abs(part.start - whole.start)))


def _of_wholes(group: Sequence[Claim]) -> Iterator[Tie]:
    """`24 of the 65 districts`: the part, and the whole that follows it."""
    for part, whole in pairwise(group):
        counted = part.base is not None and part.unit != "percent" and part.unit == whole.unit
        if counted and 0 <= whole.start - part.end <= _OF_WHOLE and 0 < _amount(part) <= _amount(whole):
            share = 100 * _amount(part) / _amount(whole)
            values = {"part": str(part.value), "whole": str(whole.value), "percent": f"{share:.1f}"}
            yield "share_of", part, whole, Reason("share", {**values, "unit": unit_words(part.unit)})


def _equated(amount: Claim, share: Claim, around: Surroundings) -> bool:
    """Whether a share is said of the amount before it: straight after it, or by words such as *this accounts for*."""
    gap = share.start - amount.end
    if not 0 <= gap <= _FAR_EQUATED:
        return False
    beside = around(amount)
    between = beside.after[:gap] if beside else ""
    plain = between and not re.search(r"\d|[.;](?:\s|$)", between)
    return gap <= _EQUATED or bool(plain and cue("equated").search(between))


def _implied(group: Sequence[Claim], around: Surroundings) -> Iterator[Tie]:
    """`746 km2, which is 9 percent of the total`: what the whole would then be."""
    for amount, share in pairwise(group):
        if share.unit != "percent" or amount.unit == "percent" or amount.unit is None:
            continue
        if share.base and _BACK.match(share.base):
            continue  # `70 percent of them` is a share of the amount itself
        kin = amount.attribute.split(".")[0] == share.attribute.split(".")[0]
        assert isinstance(share.value, int | float)
        if kin and _equated(amount, share, around) and 0 < share.value < 100 and amount.value:
            whole = _amount(amount) * 100 / float(share.value)
            yield "implies", amount, share, Reason("implied", {
                "amount": amount_words(_amount(amount), amount.unit), "percent": str(share.value),
                "of": Reason("of_base", {"base": share.base}) if share.base else Reason("unit_none"),
                "whole": f"{round(whole / float(AREA_M2.get(amount.unit, 1))):,}", "unit": unit_words(amount.unit),
            })  # fmt: skip
