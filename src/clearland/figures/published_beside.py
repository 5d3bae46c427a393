"""What sources publish beside what we compute of the same scope: the same, different by how much, or another scope.

An indicator names the attributes of claims that tell of its quantity (`told_as`). A claim is held against the indicator
in the claim's own period, places and device. What the claim says more than the indicator can be asked for (an actor, a
definition) or leaves unsaid (a period) is spelled out: such a pair never counts as a difference of values.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from clearland.claims.bounds import amount_words, base_value, range_of, told
from clearland.claims.comparison import bare, is_number
from clearland.claims.model import Claim
from clearland.claims.periods import interval
from clearland.claims.reasons import Coded, Reason
from clearland.core.units import AREA_M2, unit_family
from clearland.dictionary.indicators import Indicator
from clearland.dictionary.known_names import NameBook
from clearland.figures.disagreements import claims_of, names_of
from clearland.figures.indicators import figures, nothing_told
from clearland.figures.model import Figure, Scope
from clearland.ledger.snapshot import Snapshot

Lie = Literal["same", "differs", "scope"]
_UNSPLIT = ("activity", "method", "population")


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A published figure and ours. `ours` are the figures of the claim's places, in the indicator's unit; `row` is the
    claim's row of the snapshot. `difference` is ours less the published one, in the indicator's unit."""

    claim: Claim
    row: Mapping[str, Any]
    indicator: str
    ours: tuple[Figure, ...]
    lie: Lie
    difference: float
    why: Reason

    def as_json(self) -> dict[str, object]:
        """Plain data: the claim, our figures with their lineage, and how they lie to one another."""
        return {
            "kind": f"figure_{self.lie}", "reason": self.why.say("en"), "why": self.why.as_json(), "indicator": self.indicator,
            "claim": self.claim.as_json(), "ours": [figure.as_json() for figure in self.ours], "difference": self.difference,
        }  # fmt: skip


@dataclass
class _Desk:
    """The snapshot's places by code and by name, and the figures already asked for.

    Figures of places without others below them come from one question split by place, so that ten thousand published
    figures of districts cost a question for each indicator, period and split, not one each.
    """

    snapshot: Snapshot
    places: frozenset[str]
    above: frozenset[str]  # places that hold others
    countries: Mapping[str, str]
    book: NameBook
    asked: dict[tuple[str, str], Figure] = field(default_factory=dict)
    split: dict[tuple[str, str], dict[str, Figure]] = field(default_factory=dict)

    def figure(self, code: str, scope: Scope) -> Figure:
        """A figure of the snapshot."""
        if scope.place is not None and scope.place not in self.above:
            found = self._by_place(code, replace(scope, place=None)).get(scope.place)
            return found if found is not None else nothing_told(self.snapshot, code, scope)
        name = code, scope.query()
        if name not in self.asked:
            self.asked[name] = figures(self.snapshot, [code], scope=scope)[0]
        return self.asked[name]

    def _by_place(self, code: str, scope: Scope) -> dict[str, Figure]:
        name = code, scope.query()
        if name not in self.split:
            made = figures(self.snapshot, [code], scope=scope, by=("place",))
            self.split[name] = {str(figure.scope.place): figure for figure in made}
        return self.split[name]


def published_beside(snapshot: Snapshot, codes: Iterable[str] = ()) -> list[Beside]:
    """Every published figure that can be held against ours, differences first, then in the order of the sources.

    Of the indicators given, or of all. Rejected claims are left out, and so are places of which we hold nothing.
    """
    wanted = set(codes)
    indicators = [each for each in snapshot.dictionary.indicators.values() if not wanted or each.code in wanted]
    by_attribute = {attribute: (each, members) for each in indicators for attribute, members in each.told_as.items()}
    desk = _desk(snapshot)
    held = [
        (claim, row) for claim, row in claims_of(snapshot)
        if claim.attribute in by_attribute and is_number(claim) and row["judgement"] != "rejected" and _told_as_so(claim)
    ]  # fmt: skip
    made = [one for claim, row in held for one in _held_against(desk, claim, row, *by_attribute[claim.attribute])]
    order = ("differs", "scope", "same")
    return sorted(made, key=lambda one: (order.index(one.lie), one.claim.file, one.claim.start))


def _told_as_so(claim: Claim) -> bool:
    return claim.modality == "asserted" and claim.polarity == "affirmed" and claim.base is None


def _desk(snapshot: Snapshot) -> _Desk:
    rows = snapshot.sql("SELECT record, parent, code, name, place_type FROM place WHERE code IS NOT NULL").to_pylist()
    parents = {row["parent"] for row in rows}
    countries = {bare(row["name"].split(" (")[0]): row["code"] for row in rows if row["place_type"] == "country"}
    above = frozenset(row["code"] for row in rows if row["record"] in parents)
    return _Desk(snapshot, frozenset(row["code"] for row in rows), above, countries, names_of(snapshot))


def _held_against(
    desk: _Desk, claim: Claim, row: Mapping[str, Any], indicator: Indicator, members: Mapping[str, str]
) -> Iterator[Beside]:
    family = "area" if indicator.unit in AREA_M2 else "count"
    places = _places(desk, claim)
    if unit_family(claim.unit) != family or not places or not _ours_at_all(desk, indicator, places):
        return
    where, apart = _where(claim, indicator, members, desk.book)
    start, end, timed = _period(claim, indicator)
    scopes = [Scope(period_from=start, period_to=end, place=place, where=where) for place in places]
    ours = [desk.figure(indicator.code, scope) for scope in scopes]
    if all(one.value is not None for one in ours):
        yield _beside(claim, row, indicator, tuple(ours), (*apart, *timed))


def _places(desk: _Desk, claim: Claim) -> tuple[str, ...]:
    """The codes of the places a claim speaks of, its country where it names none; nothing where one is not ours."""
    if claim.scope.place:
        return claim.scope.place if all(place in desk.places for place in claim.scope.place) else ()
    country = desk.countries.get(bare(claim.subject))
    return (country,) if country else ()


def _ours_at_all(desk: _Desk, indicator: Indicator, places: Sequence[str]) -> bool:
    found = [desk.figure(indicator.code, Scope(place=place)) for place in places]
    return any(figure.lineage.entries > 0 for figure in found)


def _where(
    claim: Claim, indicator: Indicator, members: Mapping[str, str], book: NameBook
) -> tuple[dict[str, str], tuple[Reason, ...]]:
    """Members of dimensions to ask for, and what the claim says that cannot be asked for."""
    where, apart = dict(members), []
    if claim.scope.device and "device" in indicator.dimensions:
        where["device"] = claim.scope.device
    unsplit = [*_UNSPLIT, *(() if "device" in indicator.dimensions else ("device",))]
    apart += [
        Reason("figure_unsplit", {"field": Reason(f"field_{name}"), "value": Coded(str(getattr(claim.scope, name)))})
        for name in unsplit
        if getattr(claim.scope, name)
    ]
    operators = [book.find(actor, "organisation") for actor in claim.scope.actor]
    if len(operators) == 1 and operators[0] is not None and "operator" in indicator.dimensions:
        where["operator"] = operators[0].code
    elif claim.scope.actor:
        apart.append(Reason("figure_actor", {"actor": ", ".join(claim.scope.actor)}))
    if claim.scope.definition:
        ours = str(indicator.scope.get("definition", "recorded"))
        counted = Reason(ours if ours in ("by_polygon", "recorded") else "recorded")
        apart.append(Reason("figure_definition", {"definition": claim.scope.definition, "ours": counted}))
    return where, tuple(apart)


def _period(claim: Claim, indicator: Indicator) -> tuple[date | None, date | None, tuple[Reason, ...]]:
    days = interval(claim.period)
    if days is None:
        return None, None, (Reason("figure_period"),)
    start = None if days[0] == date.min else days[0]
    end = None if days[1] == date.max else days[1]
    if indicator.timing == "stock":
        return None, end, () if end else (Reason("figure_open_period"),)
    if (claim.period or "").startswith("as-of"):
        start = None  # a total up to that day
    return start, end, () if start and end else (Reason("figure_open_period"),)


def _beside(
    claim: Claim, row: Mapping[str, Any], indicator: Indicator, ours: tuple[Figure, ...], apart: Sequence[Reason]
) -> Beside:
    total = sum(figure.value or 0.0 for figure in ours)
    low, high = range_of(claim)
    difference = total - base_value(claim)
    lie: Lie = "same" if low <= total <= high else "scope" if apart else "differs"
    values: dict[str, object] = {"published": told(claim), "indicator": indicator.code, "ours": amount_words(total, claim.unit)}
    if lie == "scope":
        values["why"] = tuple(apart)
    if lie == "differs":
        values["difference"] = amount_words(abs(difference), claim.unit)
    return Beside(
        claim=claim, row=row, indicator=indicator.code, ours=ours, lie=lie, difference=difference,
        why=Reason(f"figure_{lie}", values),
    )  # fmt: skip

