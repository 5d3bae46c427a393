"""Talmere, a synthetic nation: districts, hazards, survey, clearance, finds and accidents, from one seed.

Every local id begins with SYN. Each hazard lives one of a dozen stories, so that a small programme already holds what
land accounting must get right: a CHA drawn in an uncut SHA, two types on one ground, release that overlaps, failed QC,
clearance that went too shallow, work outside recorded hazards, ground mined again, a hazard without a polygon.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import ClearlandError
from clearland.core.ids import record_id
from clearland.dictionary.loader import builtin
from clearland.dictionary.values import clean
from clearland.ledger.drafts import Draft
from clearland.work.demonstration.shapes import blob, districts, inner_point, metres, strip

SERIES = "talmere"
COUNTRY = "SYN-TALMERE"
DISTRICT_NAMES = (
    "Arden Reach", "Bellmoor", "Corrin Vale", "Dunmere", "Eastholt", "Fallow Head", "Greywater", "Harrow Down",
)  # fmt: skip
OPERATORS = (
    ("SYN-TMAO", "Talmere Mine Action Office", "authority"),
    ("SYN-HF", "Harrow Foundation", "ngo_national"),
    ("SYN-LDC", "Lowland Demining Company", "commercial"),
)
LAST_WORK = date(2026, 10, 20)
MODELS = {"AP": "AP blast mine (type A)", "AV": "AV mine (type B)", "CMR": "Submunition (type C)", "UXO": "Projectile 82 mm"}


@dataclass
class Nation:
    """Drafts in the order in which they became known: `recorded` is the day of each."""

    seed: int
    rng: random.Random = field(init=False)
    drafts: list[tuple[date, Draft]] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    districts: list[tuple[str, BaseGeometry]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)  # noqa: S311 - shapes, not secrets

    def add(
        self, recorded: date, kind: str, attributes: dict[str, Any], *, geometry: BaseGeometry | None = None,
        links: dict[str, tuple[UUID, ...]] | None = None, local_id: str | None = None, state: str = "approved",
    ) -> UUID:
        """One new record; returns its identity so that later records can link to it."""
        cleaned, findings = clean(builtin(), kind, attributes)
        if findings:
            raise ClearlandError("E-DEMO-RECORD", f"A synthetic {kind} is not as the dictionary wants it: {findings[0].sentence}")
        number = self.counters[kind] = self.counters.get(kind, 0) + 1
        name = local_id or f"SYN-{kind.upper().replace('_', '-')}-{number:05d}"
        record = record_id(SERIES, f"{kind}:{name}")
        self.drafts.append(
            (recorded, Draft(record=record, kind=kind, local_id=name, attributes=cleaned, links=links or {},
                             geometry=geometry, state=state))
        )  # fmt: skip
        return record


def synthetic_nation(seed: int = 20261121, hazards: int = 160) -> Nation:
    """The whole nation. The same seed and number give the same drafts, byte for byte, on every machine."""
    nation = Nation(seed)
    _places(nation)
    _organisations(nation)
    for number in range(hazards):
        _hazard_story(nation, number)
    _returns(nation)
    return nation


def staged(nation: Nation, stages: tuple[date, ...]) -> Iterator[tuple[date, list[Draft]]]:
    """Drafts by the first stage on or after the day they became known; the last stage takes the rest."""
    for position, stage in enumerate(stages):
        earlier = stages[position - 1] if position else date.min
        last = position == len(stages) - 1
        batch = [draft for day, draft in nation.drafts if day > earlier and (last or day <= stage)]
        if batch:
            yield stage, batch


def _places(nation: Nation) -> None:
    start = date(2024, 12, 1)
    country = nation.add(
        start, "place", {"name": "Talmere (SYNTHETIC)", "place_type": "country", "code": COUNTRY}, local_id=COUNTRY
    )
    shapes = districts(nation.rng, len(DISTRICT_NAMES), 60_000)
    for number, (name, shape) in enumerate(zip(DISTRICT_NAMES, shapes, strict=False), start=1):
        code = f"SYN-D{number:02d}"
        nation.districts.append((code, shape))
        district = nation.add(
            start, "place", {"name": f"{name} (SYNTHETIC)", "place_type": "admin1", "code": code},
            geometry=shape, local_id=code, links={"parent": (country,)},
        )  # fmt: skip
        for settlement in range(1, 4):
            nation.add(
                start, "place",
                {"name": f"{name} settlement {settlement} (SYNTHETIC)", "place_type": "settlement",
                 "code": f"{code}-S{settlement}"},
                geometry=inner_point(nation.rng, shape), local_id=f"{code}-S{settlement}", links={"parent": (district,)},
            )  # fmt: skip


def _organisations(nation: Nation) -> None:
    for code, name, kind in OPERATORS:
        nation.add(
            date(2024, 12, 1), "organisation",
            {"name": f"{name} (SYNTHETIC)", "short_name": code, "org_type": kind}, local_id=code,
        )  # fmt: skip


@dataclass(frozen=True)
class _Site:
    """One hazard's constants, so that the stories below read as stories."""

    record: UUID
    shape: BaseGeometry
    contamination: str
    district: str
    operator: str
    identified: date
    depth_cm: int


def _hazard_story(nation: Nation, number: int) -> None:
    site = _hazard(nation, number)
    story = nation.rng.choices(
        (_untouched, _part_cancelled, _survey_then_clearance, _cleared_whole, _confirmed_inside, _failed_quality,
         _too_shallow, _other_type, _outside, _mined_again, _two_types),
        weights=(20, 12, 22, 12, 10, 5, 4, 4, 4, 3, 4),
    )[0]  # fmt: skip
    story(nation, site)
    if nation.rng.random() < 0.25:
        _accident(nation, site)


def _hazard(nation: Nation, number: int) -> _Site:
    rng = nation.rng
    district, ground = nation.districts[rng.randrange(len(nation.districts))]
    centre = inner_point(rng, ground.buffer(-0.02))
    contamination = rng.choices(("AP", "AV", "CMR", "UXO"), weights=(55, 15, 20, 10))[0]
    confirmed = rng.random() < 0.45
    identified = date(2018, 3, 1) + timedelta(days=rng.randrange(365 * 8))
    shape = blob(rng, centre.x, centre.y, rng.uniform(60, 420) * (0.7 if confirmed else 1.2))
    operator = OPERATORS[rng.randrange(len(OPERATORS))][0]
    depth = 20 if contamination in ("AP", "AV") else 25
    survey = _survey(nation, "nts", identified, district, operator, shape, hazards=())
    attributes = {
        "name": f"Site {number + 1:04d} (SYNTHETIC)", "area_type": "CHA" if confirmed else "SHA",
        "contamination": [contamination],
        "identified_on": str(identified), "required_depth_cm": depth, "district": district, "organisation": operator,
        "evidence_class": "direct" if confirmed else "indirect",
    }  # fmt: skip
    no_polygon = number % 40 == 39
    if no_polygon:
        attributes["area_reported_m2"] = str(rng.randrange(5_000, 60_000))
    record = nation.add(
        _known(identified), "hazard", attributes, geometry=None if no_polygon else shape, links={"found_by": (survey,)}
    )
    _evidence(nation, record, shape, contamination, identified, confirmed)
    return _Site(record, shape, contamination, district, operator, identified, depth)


def _known(day: date) -> date:
    """Reports take three weeks to reach the programme."""
    return day + timedelta(days=21)


def _evidence(nation: Nation, hazard: UUID, shape: BaseGeometry, device: str, day: date, confirmed: bool) -> None:
    kind = {"evidence_kind": "direct", "direct_type": "ordnance_seen"} if confirmed else {
        "evidence_kind": "indirect", "indirect_type": "verbal_report"
    }  # fmt: skip
    nation.add(
        _known(day), "evidence",
        {**kind, "obtained_by": ["visual" if confirmed else "verbal"], "device_category": [device], "observed_on": str(day)},
        geometry=inner_point(nation.rng, shape), links={"hazard": (hazard,)},
    )  # fmt: skip


def _later(nation: Nation, site: _Site, low: int = 200, high: int = 1500) -> date:
    """A day after identification, the work done before the last report was written."""
    left = (LAST_WORK - site.identified).days
    return site.identified + timedelta(days=nation.rng.randrange(min(low, left // 2), min(high, left)))


def _survey(
    nation: Nation, method: str, ended: date, district: str, operator: str, shape: BaseGeometry, hazards: tuple[UUID, ...]
) -> UUID:
    return nation.add(
        _known(ended), "survey",
        {"activity_type": method, "operational_method": ["interviews"] if method == "nts" else ["manual"],
         "start_date": str(ended - timedelta(days=nation.rng.randrange(2, 15))), "end_date": str(ended), "status": "completed",
         "district": district, "organisation": operator},
        geometry=shape.centroid, links={"hazards": hazards} if hazards else None,
    )  # fmt: skip


def _clearance(nation: Nation, site: _Site, ended: date, activity_type: str, finds: int, ground: BaseGeometry) -> UUID:
    rng = nation.rng
    started = ended - timedelta(days=rng.randrange(10, 90))
    activity = nation.add(
        _known(ended), "clearance",
        {"activity_type": activity_type, "operational_method": ["manual"], "start_date": str(started), "end_date": str(ended),
         "status": "completed", "district": site.district, "organisation": site.operator, "items_found": finds,
         **({"bac_mode": "subsurface"} if activity_type == "bac" else {})},
        geometry=ground.centroid, links={"hazards": (site.record,)},
    )  # fmt: skip
    category = site.contamination
    for _ in range(finds):
        day = started + timedelta(days=rng.randrange((ended - started).days))
        nation.add(
            _known(ended), "ordnance",
            {"category": category, "model": MODELS[category], "quantity": 1, "found_on": str(day), "fate": "destroyed",
             "destroyed_on": str(day), "disposal_method": "in_situ", "condition": "corroded",
             "depth_found_cm": rng.randrange(0, 16), "district": site.district, "organisation": site.operator},
            geometry=inner_point(rng, ground), links={"activity": (activity,), "hazard": (site.record,)},
        )  # fmt: skip
    return activity


def _product(
    nation: Nation, site: _Site, product_type: str, ended: date, ground: BaseGeometry, activity: UUID, *,
    qc_state: str = "passed", depth_cm: int | None = None, targets: list[str] | None = None, names_hazard: bool = True,
    known: date | None = None,
) -> None:  # fmt: skip
    attributes: dict[str, Any] = {
        "product_type": product_type, "release_date": str(ended), "district": site.district, "organisation": site.operator,
        "targets": targets or [site.contamination], "qc_state": qc_state,
        "method": {"cancelled": "interviews", "reduced": "manual", "cleared": "manual"}[product_type],
    }  # fmt: skip
    if product_type == "cleared":
        attributes["depth_cm"] = depth_cm or site.depth_cm
    links: dict[str, tuple[UUID, ...]] = {"activity": (activity,)}
    if names_hazard:
        links["hazards"] = (site.record,)
    nation.add(known or _known(ended), "land_release", attributes, geometry=ground, links=links)


def _untouched(nation: Nation, site: _Site) -> None:
    """Known, not yet worked on."""


def _part_cancelled(nation: Nation, site: _Site) -> None:
    ended = _later(nation, site)
    part = strip(site.shape, 0, nation.rng.uniform(0.3, 0.7))
    activity = _survey(nation, "nts", ended, site.district, site.operator, part, (site.record,))
    _product(nation, site, "cancelled", ended, part, activity, qc_state="not_inspected")


def _survey_then_clearance(nation: Nation, site: _Site) -> None:
    first = _later(nation, site, 100, 700)
    second, third = min(first + timedelta(days=150), LAST_WORK), min(first + timedelta(days=400), LAST_WORK)
    nts = _survey(nation, "nts", first, site.district, site.operator, site.shape, (site.record,))
    _product(nation, site, "cancelled", first, strip(site.shape, 0, 0.3), nts, qc_state="not_inspected")
    ts = _survey(nation, "ts", second, site.district, site.operator, site.shape, (site.record,))
    _product(nation, site, "reduced", second, strip(site.shape, 0.28, 0.55), ts)
    ground = strip(site.shape, 0.5, nation.rng.uniform(0.8, 1))
    activity = _clearance(nation, site, third, "clearance", nation.rng.randrange(0, 9), ground)
    _product(nation, site, "cleared", third, ground, activity)


def _cleared_whole(nation: Nation, site: _Site) -> None:
    ended = _later(nation, site)
    activity = _clearance(nation, site, ended, "clearance", nation.rng.randrange(0, 14), site.shape)
    _product(nation, site, "cleared", ended, site.shape, activity)


def _confirmed_inside(nation: Nation, site: _Site) -> None:
    """A CHA is drawn on the ground of the hazard, which nobody cuts."""
    found = _later(nation, site, 150, 900)
    ground = strip(site.shape, 0.35, 0.65)
    survey = _survey(nation, "ts", found, site.district, site.operator, ground, (site.record,))
    confirmed = nation.add(
        _known(found), "hazard",
        {"name": "Confirmed part (SYNTHETIC)", "area_type": "CHA", "contamination": [site.contamination],
         "identified_on": str(found), "required_depth_cm": site.depth_cm, "district": site.district,
         "organisation": site.operator, "evidence_class": "direct"},
        geometry=ground, links={"found_by": (survey,), "parent_hazard": (site.record,)},
    )  # fmt: skip
    _evidence(nation, confirmed, ground, site.contamination, found, confirmed=True)


def _failed_quality(nation: Nation, site: _Site) -> None:
    ended = _later(nation, site)
    activity = _clearance(nation, site, ended, "clearance", 2, site.shape)
    _product(nation, site, "cleared", ended, site.shape, activity, qc_state="failed")


def _too_shallow(nation: Nation, site: _Site) -> None:
    ended = _later(nation, site)
    activity = _clearance(nation, site, ended, "clearance", 1, site.shape)
    _product(nation, site, "cleared", ended, site.shape, activity, depth_cm=13)


def _other_type(nation: Nation, site: _Site) -> None:
    """A search for something else crosses the hazard: it releases nothing of it."""
    ended = _later(nation, site)
    other = "AP" if site.contamination == "CMR" else "CMR"
    ground = strip(site.shape, 0.2, 0.8)
    activity = _clearance(nation, site, ended, "bac", 0, ground)
    _product(nation, site, "cleared", ended, ground, activity, targets=[other], names_hazard=False)


def _outside(nation: Nation, site: _Site) -> None:
    ended = _later(nation, site)
    centre: Point = site.shape.centroid
    east = metres(centre.x, centre.y, 900, 0)
    ground = blob(nation.rng, east[0], east[1], 90)
    activity = _clearance(nation, site, ended, "clearance", 0, ground)
    _product(nation, site, "cleared", ended, ground, activity)


def _mined_again(nation: Nation, site: _Site) -> None:
    """All cancelled, then new mines are laid on part of the same ground."""
    ended = _later(nation, site, 200, 600)
    activity = _survey(nation, "nts", ended, site.district, site.operator, site.shape, (site.record,))
    _product(nation, site, "cancelled", ended, site.shape, activity, qc_state="not_inspected")
    again = min(ended + timedelta(days=400), LAST_WORK)
    survey = _survey(nation, "nts", again, site.district, site.operator, site.shape, ())
    nation.add(
        _known(again), "hazard",
        {"name": "New emplacement (SYNTHETIC)", "area_type": "CHA", "contamination": ["AP"], "identified_on": str(again),
         "required_depth_cm": 20, "district": site.district, "organisation": site.operator, "evidence_class": "direct"},
        geometry=strip(site.shape, 0.4, 1), links={"found_by": (survey,), "parent_hazard": (site.record,)},
    )  # fmt: skip


def _two_types(nation: Nation, site: _Site) -> None:
    other = "CMR" if site.contamination != "CMR" else "AP"
    found = _later(nation, site, 100, 800)
    survey = _survey(nation, "nts", found, site.district, site.operator, site.shape, ())
    nation.add(
        _known(found), "hazard",
        {"name": "Second type on one ground (SYNTHETIC)", "area_type": "CHA", "contamination": [other],
         "identified_on": str(found), "required_depth_cm": 25, "district": site.district, "organisation": site.operator,
         "evidence_class": "direct"},
        geometry=strip(site.shape, 0.5, 1), links={"found_by": (survey,)},
    )  # fmt: skip


def _accident(nation: Nation, site: _Site) -> None:
    rng = nation.rng
    day = _later(nation, site, 30, 2500)
    killed, injured = rng.choices(((0, 1), (1, 0), (1, 2), (0, 2)), weights=(50, 20, 10, 20))[0]
    nation.add(
        _known(day), "accident",
        {"date": str(day), "device_category": site.contamination, "demining": rng.random() < 0.15, "killed": killed,
         "injured": injured, "outcome_unknown": 0, "district": site.district, "location_accuracy": "near"},
        geometry=inner_point(rng, site.shape), links={"hazard": (site.record,)},
    )  # fmt: skip


def _returns(nation: Nation) -> None:
    """Monthly returns: areas and counts without polygons, kept apart from what geometry proves."""
    for year in (2024, 2025, 2026):
        for month in range(1, 13 if year < 2026 else 11):
            first = date(year, month, 1)
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            for code, _ in nation.districts[::2]:
                nation.add(
                    _known(last), "activity_report",
                    {"period_from": str(first), "period_to": str(last), "district": code, "organisations": ["SYN-LDC"],
                     "programme_area": COUNTRY, "cleared_m2": str(nation.rng.randrange(0, 9_000)),
                     "released_method_not_said_m2": str(nation.rng.randrange(0, 2_500)),
                     "ap_destroyed": nation.rng.randrange(0, 6), "uxo_destroyed": nation.rng.randrange(0, 10)},
                )  # fmt: skip
