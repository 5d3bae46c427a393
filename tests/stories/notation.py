"""Stories of hazards and products in a small text notation.

    # a comment
    cell 10000                      m² of each letter of the map
    map                             the ground, one letter per cell, a dot for ground nobody names
    AAB
    .BB
    2005 hazard H1 SHA AP on A      from a date (year, month or day) a hazard lies on the cells A; AP+AV for two codes
    2022-05-01 redraw H1 on B by nts      a new version with its reason (by -: none given); also: as CHA, type CMR
    2022-06 cleared P1 on AB targets AP   a product; also: naming H1, depth 20, qc failed, org X, donor D:0.4, place Q
    2022-01-07 return R1 cleared 4000     reported area; also: hazard H1, activity T1, places Q,R, operators X,Y
    lanes reduced                   the setting for cleared survey lanes
    district North on AB from 2010  an official boundary; without a date: not official
    published 2022 known 2023-01-31       an edition for the time up to the end of 2022, frozen on that day
    balance 2022 by type,class      a period (year or day..day); also: known DATE
    = AP CHA opening 0 cleared 80000      a row of it and numbers in m²; lines not named are not looked at
    = all closing 100               `adj.reduced`, `reported.cleared`, `unsaid.cleared` for the other columns
    finding L-RESURVEY-NO-REASON    the balance has this finding; `no finding`: none at all

Every event may say `known DATE`: the day from which it is known, its own date if not given.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely

from clearland.core.partial_dates import PartialDate
from clearland.land.balance import BalanceResult, Published, balance
from clearland.land.districts import official_on
from clearland.land.model import District, Hazard, HazardVersion, Product, ReportedReturn, Settings
from clearland.land.partition import partition
from clearland.land.projection import Projection
from clearland.land.rows import FLOWS, Row

PLANE = Projection(-28, 41)
PRODUCTS = ("cancelled", "reduced", "cleared")
OTHER_COLUMNS = {"adj": "adjustments", "unsaid": "period_not_said"}


@dataclass
class Event:
    known: date
    when: PartialDate
    verb: str
    name: str
    words: dict[str, str]


@dataclass
class Question:
    period: tuple[date, date]
    by: tuple[str, ...]
    known: date
    expected: list[tuple[list[str], dict[str, float]]] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    no_finding: bool = False


@dataclass
class Story:
    cell_m2: float = 10_000
    grid: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    lanes: str = "cleared"
    published: tuple[date, date] | None = None
    districts: list[tuple[str, str, str | None]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def ground(self, letters: str) -> Any:
        side = self.cell_m2**0.5
        cells = [
            shapely.box(x * side, -y * side, (x + 1) * side, (1 - y) * side)
            for y, row in enumerate(self.grid) for x, letter in enumerate(row) if letter in letters
        ]
        assert cells or letters == "-", f"no cell {letters} on the map"
        return PLANE.to_earth([shapely.union_all(cells)])[0] if cells else shapely.Polygon()

    def settings(self, day: date = date.max) -> Settings:
        districts = [
            District(code=name, geometry=self.ground(cells), official_from=PartialDate.parse(start) if start else None)
            for name, cells, start in self.districts
        ]
        lanes: Any = self.lanes
        return Settings(projection=PLANE, survey_lanes=lanes, districts=official_on(districts, day))

    def known_at(self, day: date) -> tuple[list[Hazard], list[Product], list[ReportedReturn]]:
        known = [event for event in self.events if event.known <= day]
        hazards = [self._hazard(event, known) for event in known if event.verb == "hazard"]
        products: dict[str, Product] = {}
        for event in known:
            if event.verb in PRODUCTS:  # the same product told again later replaces what was known
                products[event.name] = self._product(event)
        returns = [_return(event) for event in known if event.verb == "return"]
        return hazards, list(products.values()), returns

    def _hazard(self, event: Event, known: list[Event]) -> Hazard:
        first = self._version(event, event.words["class"], event.words["type"], None)
        versions = [first]
        for change in sorted((one for one in known if one.verb == "redraw" and one.name == event.name),
                             key=lambda one: one.when.last):
            before = versions[-1]
            reason = change.words.get("by", "-")
            versions.append(self._version(
                change, change.words.get("as", before.area_type),
                change.words.get("type", "+".join(before.contamination)), None if reason == "-" else reason, before,
            ))
        return Hazard(
            id=event.name, local_id=event.name, versions=tuple(versions), organisation=event.words.get("org"),
            parent=event.words.get("parent"),
        )

    def _version(
        self, event: Event, area_type: str, codes: str, reason: Any, before: HazardVersion | None = None
    ) -> HazardVersion:
        words = event.words
        geometry = self.ground(words["on"]) if "on" in words else before.geometry if before else None
        depth = words.get("depth")
        return HazardVersion(
            geometry=geometry, area_type="CHA" if area_type == "CHA" else "SHA",
            contamination=frozenset(codes.split("+")), valid_from=event.when,
            required_depth_cm=float(depth) if depth else before.required_depth_cm if before else None,
            place=words.get("place", before.place if before else None), change_reason=reason,
            area_reported_m2=float(words["area"]) if "area" in words else None,
        )

    def _product(self, event: Event) -> Product:
        words = event.words
        kind: Any = event.verb
        qc: Any = words.get("qc", "passed")
        donors = [donor.partition(":") for donor in words.get("donor", "").split(",") if donor]
        return Product(
            id=event.name, local_id=event.name, product_type=kind, ended=event.when,
            geometry=self.ground(words["on"]) if "on" in words else None,
            hazards=frozenset(words["naming"].split(",")) if "naming" in words else frozenset(),
            targets=frozenset(words["targets"].split("+")) if "targets" in words else frozenset(),
            depth_cm=float(words["depth"]) if "depth" in words else None, qc_state=qc, organisation=words.get("org"),
            approved=words.get("approved", "yes") == "yes", activity=words.get("activity"), place=words.get("place"),
            donors={donor: float(share) if share else None for donor, _, share in donors},
            area_reported_m2=float(words["area"]) if "area" in words else None,
        )

    def answer(self, question: Question) -> BalanceResult:
        hazards, products, returns = self.known_at(question.known)
        published = None
        if self.published:
            old_hazards, old_products, _ = self.known_at(self.published[1])
            cut = partition(old_hazards, old_products, self.settings())
            if question.period[0] > self.published[0]:
                published = Published(cut=cut, period_to=self.published[0])
        return balance(
            hazards, products, returns, period_from=question.period[0], period_to=question.period[1], by=question.by,
            settings=self.settings(question.period[1]), published=published,
        )


def _return(event: Event) -> ReportedReturn:
    words = event.words
    areas: dict[str, Any] = {
        f"{line}_m2": float(words[line]) for line in (*PRODUCTS, "released_method_not_said") if line in words
    }
    return ReportedReturn(
        id=event.name, period_from=PartialDate.parse(words.get("from", str(event.when))), period_to=event.when,
        operators=frozenset(words["operators"].split(",")) if "operators" in words else frozenset(),
        places=frozenset(words["places"].split(",")) if "places" in words else frozenset(),
        contamination=frozenset(words["targets"].split("+")) if "targets" in words else frozenset(),
        hazard=words.get("hazard"), activity=words.get("activity"),
        **areas,
    )


def parse(text: str) -> Story:
    """Read a story. Raises ValueError or KeyError where the notation is not kept."""
    story = Story()
    drawing = False
    for raw in text.splitlines():
        line = raw.split("#")[0].strip()
        if not line:
            drawing = False
            continue
        if drawing and " " not in line:
            story.grid.append(line)
            continue
        drawing = line == "map"
        if not drawing:
            _read(story, line.split())
    return story


def _read(story: Story, words: list[str]) -> None:
    head = words[0]
    if head == "cell":
        story.cell_m2 = float(words[1])
    elif head == "lanes":
        story.lanes = words[1]
    elif head == "district":
        story.districts.append((words[1], words[3], words[5] if len(words) > 5 else None))
    elif head == "published":
        story.published = (PartialDate.parse(words[1]).last, PartialDate.parse(words[3]).last)
    elif head == "balance":
        options = _pairs(words[2:])
        story.questions.append(Question(
            _period(words[1]), tuple(options["by"].split(",")) if options.get("by") else (),
            PartialDate.parse(options["known"]).last if "known" in options else date.max,
        ))
    elif head == "=":
        first = next(place for place, word in enumerate(words) if place and _is_column(word))
        numbers = {name: float(value) for name, value in _pairs(words[first:]).items()}
        story.questions[-1].expected.append((words[1:first], numbers))
    elif head == "finding":
        story.questions[-1].findings.append(words[1])
    elif words == ["no", "finding"]:
        story.questions[-1].no_finding = True
    else:
        when = PartialDate.parse(head)
        rest = words[3:]
        if words[1] == "hazard":
            rest = ["class", words[3], "type", words[4], *words[5:]]
        options = _pairs(rest)
        known = PartialDate.parse(options.pop("known")).last if "known" in options else when.last
        story.events.append(Event(known, when, words[1], words[2], options))


def _pairs(words: list[str]) -> dict[str, str]:
    return dict(zip(words[::2], words[1::2], strict=True))


def _period(text: str) -> tuple[date, date]:
    start, _, end = text.partition("..")
    return PartialDate.parse(start).first, PartialDate.parse(end or start).last


def _is_column(word: str) -> bool:
    return word.rpartition(".")[2] in {*FLOWS, "opening", "closing", "gap", "released", "released_method_not_said"} or (
        word in {"failed_qc", "too_shallow", "other_type", "outside_hazard", "overlap_between_types"}
    )


def find(result: BalanceResult, names: list[str]) -> Row:
    """The one row whose words are these names, in any order, everything else being *all*."""
    rows = [row for row in result.rows if sorted(_said(row)) == sorted(name.replace("_", " ") for name in names)]
    assert len(rows) == 1, f"{names}: {len(rows)} rows among {[tuple(row.key) for row in result.rows]}"
    return rows[0]


def _said(row: Row) -> list[str]:
    said = [word for word in row.key if word != "all"]
    return said or ["all"]


def number(row: Row, column: str) -> float:
    """A column by its name in the notation, in m²."""
    prefix, _, line = column.rpartition(".")
    if prefix == "reported":
        reported = row.reported_only.as_json()
        return reported[f"{line}_m2"]
    if prefix:
        return float(getattr(row, OTHER_COLUMNS[prefix])[FLOWS.index(line)])
    if line in FLOWS:
        return row[line]
    return float(np.float64(getattr(row, f"{line}_m2")))
