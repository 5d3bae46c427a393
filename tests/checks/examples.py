"""A failing and a passing example of each rule that no seeded row and no piece of test ground breaks: small, by itself.

An example says the codes that came back. For a rule that makes no code of its own (it is held by arithmetic or by the book
itself) it says how the breach was found out; the passing one says nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import DatabaseError, connections
from pyproj import Transformer

from clearland.checks.across.model import Book
from clearland.checks.across.places import crowded_points
from clearland.checks.across.reporting import unsigned_answers
from clearland.checks.limits import Limits
from clearland.checks.records.everything import check_records
from clearland.checks.records.model import Setting
from clearland.core.errors import ClearlandError, RefusedInput
from clearland.core.ids import record_id
from clearland.core.partial_dates import PartialDate
from clearland.dictionary.loader import builtin
from clearland.intake.mapping import parse_mappings
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, plan
from clearland.land.area import area_m2
from clearland.land.balance import balance
from clearland.land.geometry import repair
from clearland.land.lifecycle import State, hindrances, transition
from clearland.land.model import Product
from clearland.land.partition import partition
from clearland.land.rows import FLOWS, Row
from clearland.ledger.drafts import Draft
from clearland.ledger.rows import rows
from clearland.ledger.scope import Actor, scope, system_actor
from clearland.ledger.store import ALIAS
from clearland.ledger.write import write
from clearland.work.add import AddOptions, add_file
from tests.checks.ground import hazard, product, square
from tests.intake import files
from tests.stories.notation import parse

Said = set[str]
CLI = system_actor("cli")
TODAY = date(2026, 11, 21)
SQUARE = square(0, 0, 10, 10)
_PLACES = """
kind: place
local_id: code
geometry: {longitude: lon, latitude: lat}
fields: {name: name, code: code, place_type: {constant: settlement}}
"""
_STORY = """
cell 10000
map
AB

2018 hazard H CHA AP on AB
2018 hazard V CHA CMR on AB
2022-05-01 cleared K on A targets AP depth 20
"""


@dataclass(frozen=True)
class Example:
    """What breaks a rule and what keeps it, each run in a folder with a programme in use."""

    fails: Callable[[Path], Said]
    passes: Callable[[Path], Said]


def _codes(findings: Any) -> Said:
    return {finding.code for finding in findings}


def _sheet(text: str) -> Callable[[Path], Said]:
    """The codes of a sheet of places, read with the box of a country."""

    def run(folder: Path) -> Said:
        path = files.csv_file(folder, "code,name,lon,lat\n" + text)
        tables, mappings = open_file(path, parse_mappings(_PLACES, "m"), builtin())
        found = plan(tables, mappings, builtin(), {}, Circumstances(today=TODAY, box=(44.7, 38.3, 51.0, 42.0)))
        return _codes(found.findings)

    return run


def _repaired(shape: shapely.Geometry) -> Callable[[Path], Said]:
    return lambda folder: _codes(repair(shape, "hazard")[1])


def _record(kind: str, shape: shapely.Geometry | None = None, **said: object) -> Callable[[Path], Said]:
    """The codes of one record alone, in plain text as before it is sealed."""

    def run(folder: Path) -> Said:
        shapes = None if shape is None else np.array([shape], dtype=object)
        return {each.code for _, each in check_records(builtin().kind(kind), [said], shapes, Setting(today=TODAY))}

    return run


def _crowd(at_one_point: int) -> Callable[[Path], Said]:
    """Finds of one organisation, so many of thirty at one point."""

    def run(folder: Path) -> Said:
        points = [shapely.Point(0 if n < at_one_point else n, 0) for n in range(30)]
        found = [
            {"record": str(n), "local_id": str(n), "organisation": "SYN", "geometry": point} for n, point in enumerate(points)
        ]
        book = Book(lambda kind: found if kind == "ordnance" else (), today=TODAY, limits=Limits())
        return {one.finding.code for one in crowded_points(book)}

    return run


def _answered(**signature: str) -> Callable[[Path], Said]:
    """87: what an operator answered on a task, with or without a signature."""
    row = {"record": "1", "local_id": "1", "organisation": "SYN", "period_from": "2025-01-01", "period_to": "2025-12-31"}
    book = Book(lambda kind: [{**row, **signature}] if kind == "reconciliation" else (), today=TODAY, limits=Limits())
    return lambda folder: {one.finding.code for one in unsigned_answers(book)}


def _closed(remaining_m2: float, qc_state: Any) -> Callable[[Path], Said]:
    done = Product(id="p", local_id="P", product_type="cleared", ended=None, geometry=None, qc_state=qc_state)
    return lambda folder: _codes(hindrances(State(remaining_m2=remaining_m2, products=[done])))


def _became(after: Any) -> Callable[[Path], Said]:
    done = Product(id="p", local_id="P", product_type="cleared", ended=None, geometry=None, qc_state="passed")
    state = State(remaining_m2=0, products=[done], handover=PartialDate(2023))
    return lambda folder: _codes(transition("released", after, state))


def _balanced(tampered: bool) -> Callable[[Path], Said]:
    """The balance of a square with a product; tampered with: as if the cutting had lost five square metres."""

    def run(folder: Path) -> Said:
        hazards, products = [hazard("H", SQUARE)], [product("P", square(0, 0, 5, 5))]
        cut = partition(hazards, products)
        if tampered:
            cut = replace(cut, residual_m2=cut.residual_m2 + 5)
        made = balance(hazards, products, period_from=date(2022, 1, 1), period_to=date(2022, 12, 31), cut=cut)
        return _codes(made.findings)

    return run


def _rows_of(by: tuple[str, ...]) -> list[Row]:
    story = parse(_STORY)
    hazards, products, _ = story.known_at(date.max)
    return balance(
        hazards, products, settings=story.settings(), by=by, period_from=date(2022, 1, 1), period_to=date(2022, 12, 31)
    ).rows


def _released(tampered: bool) -> Callable[[Path], Said]:
    """55: a row whose cleared area was put up by hand no longer leads from opening to closing."""

    def run(folder: Path) -> Said:
        row = _rows_of(("type",))[0]
        if tampered:
            flows = row.flows.copy()
            flows[FLOWS.index("cleared")] += 1_000
            row = replace(row, flows=flows)
        assert row.released_m2 == sum(row[line] for line in ("cancelled", "reduced", "cleared"))
        return {"gap"} if abs(row.gap_m2 or 0) > 1 else set()

    return run


def _of_types(counting_overlap: bool) -> Callable[[Path], Said]:
    """56: ground under two types is in the sum of types twice; less the overlap it gives the whole."""

    def run(folder: Path) -> Said:
        by_type = {row.key.type: row for row in _rows_of(("type",))}
        whole = by_type.pop("all")
        total = sum(row.closing_m2 or 0 for row in by_type.values())
        overlap = whole.overlap_between_types_m2 if counting_overlap else 0.0
        return {"sum"} if abs(total - overlap - (whole.closing_m2 or 0)) > 1 else set()

    return run


def _mercator_m2() -> float:
    """What a square at 40° N has on a Web Mercator map."""
    metres = Transformer.from_crs(4326, 3857, always_xy=True)
    return float(shapely.transform(_NORTHERN, metres.transform, interleaved=False).area)


_NORTHERN = shapely.box(-30, 40, -29.99, 40.01)


def _stated(stated_m2: float) -> Callable[[Path], Said]:
    return _record("hazard", _NORTHERN, area_reported_m2=stated_m2)


def _draft(name: str, **words: Any) -> Draft:
    given = {"name": f"SYNTHETIC {name}", "short_name": name, "org_type": "commercial"}
    return Draft(record=record_id("examples", name), kind="organisation", local_id=name, attributes=given, **words)


def _versions(reason: str, *, again: bool) -> Callable[[Path], Said]:
    """82: a change names what it is based on, or it is refused; every state stays with who, when and why."""

    def run(folder: Path) -> Said:
        name = f"SYN-{reason}"
        write([_draft(name)], actor=CLI, reason=reason)
        standing: Any = rows(scope(CLI, "examples"), "organisation").get(local_id=name)
        changed = replace(_draft(name, based_on=None if again else standing.entry_uuid), attributes={
            **standing.attributes, "country": "XX",
        })  # fmt: skip
        try:
            write([changed], actor=CLI, reason=reason)
        except ClearlandError as refusal:
            return {refusal.code}
        return set()

    return run


_AUTHOR, _REVIEWER = Actor("user:11", "Who wrote it"), Actor("user:12", "Who looks at it")


def _approved(approver: Actor) -> Callable[[Path], Said]:
    """82: what one person handed in is approved by another, or not at all."""

    def run(folder: Path) -> Said:
        name = f"SYN-82-{approver.id}"
        write([_draft(name, state="submitted")], actor=_AUTHOR, reason="handed in")
        waits: Any = rows(scope(CLI, "examples"), "organisation", states=("submitted",)).get(local_id=name)
        try:
            write([_draft(name, based_on=waits.entry_uuid)], actor=approver, reason="approved")
        except ClearlandError as refusal:
            return {refusal.code}
        return set()

    return run


def _both(one: Callable[[Path], Said], other: Callable[[Path], Said]) -> Callable[[Path], Said]:
    """Two ways to break a rule, each of which must be found."""

    def run(folder: Path) -> Said:
        first, second = one(folder), other(folder)
        return first | second if first and second else set()

    return run


def _either(one: Callable[[Path], Said], other: Callable[[Path], Said]) -> Callable[[Path], Said]:
    """Two ways to keep a rule: what either says is too much."""
    return lambda folder: one(folder) | other(folder)


def _erased(folder: Path) -> Said:
    """83: the book refuses to lose an entry."""
    write([_draft("SYN-ERASED")], actor=CLI, reason="examples")
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("DELETE FROM entry")
    except DatabaseError as refusal:
        return {str(refusal)}
    return set()


def _withdrawn(folder: Path) -> Said:
    """83: it is withdrawn, and every entry stays."""
    write([_draft("SYN-WITHDRAWN")], actor=CLI, reason="examples")
    standing: Any = rows(scope(CLI, "examples"), "organisation").get(local_id="SYN-WITHDRAWN")
    write([_draft("SYN-WITHDRAWN", state="withdrawn", based_on=standing.entry_uuid)], actor=CLI, reason="closed down")
    return {"counts"} if rows(scope(CLI, "examples"), "organisation").filter(local_id="SYN-WITHDRAWN").exists() else set()


def _taken_in(second_code: str) -> Callable[[Path], Said]:
    """85: of a file with one bad row nothing comes in; a good one comes in whole, and again changes nothing."""

    def run(folder: Path) -> Said:
        (folder / "m.yaml").write_text(_PLACES + "key: [code]\nseries: examples\n", encoding="utf-8")
        path = files.csv_file(folder, f"code,name,lon,lat\nSYN-85,a,46.9,39.8\n{second_code},b,46.9,39.8\n")
        options = AddOptions(mapping=folder / "m.yaml")
        before = rows(scope(CLI, "examples"), "place").count()
        try:
            add_file(path, options, actor=CLI)
        except RefusedInput as refusal:
            assert rows(scope(CLI, "examples"), "place").count() == before
            return {refusal.code}
        again = add_file(path, options, actor=CLI).receipt
        return {"again"} if again.new + again.changed else set()

    return run


_PARTS = shapely.MultiPolygon([shapely.box(46, 40, 46.01, 40.01), shapely.box(46.005, 40, 46.015, 40.01)])
_APART = shapely.MultiPolygon([shapely.box(46, 40, 46.01, 40.01), shapely.box(46.02, 40, 46.03, 40.01)])
_BOW_TIE = shapely.Polygon([(46, 40), (46.01, 40.01), (46.01, 40), (46, 40.01)])
_DOUBLED = shapely.Polygon([(46, 40), (46, 40), (46.01, 40), (46.01, 40.01), (46, 40.01)])
_PLAIN = _repaired(shapely.box(46, 40, 46.01, 40.01))
EXAMPLES: dict[int, Example] = {
    1: Example(_sheet("A,a,46.9,39.8\nA,a,46.9,39.8\n"), _sheet("A,a,46.9,39.8\nB,b,46.8,39.8\n")),
    8: Example(_sheet("C,c,2.3,48.8\n"), _sheet("A,a,46.9,39.8\n")),
    11: Example(_crowd(12), _crowd(5)),
    13: Example(_repaired(_BOW_TIE), _PLAIN),
    14: Example(_repaired(_DOUBLED), _PLAIN),
    17: Example(_repaired(_PARTS), _repaired(_APART)),
    20: Example(_stated(_mercator_m2()), _stated(area_m2(_NORTHERN))),
    29: Example(_closed(200, "passed"), _closed(0, "passed")),
    30: Example(_became("open"), _became("released")),
    54: Example(_balanced(tampered=True), _balanced(tampered=False)),
    55: Example(_released(tampered=True), _released(tampered=False)),
    56: Example(_of_types(counting_overlap=False), _of_types(counting_overlap=True)),
    67: Example(
        _record("victim", birth_date="2024-06-01", accident_date="2023-05-01"),
        _record("victim", birth_date="1990-06-01", accident_date="2023-05-01", age_years=32),
    ),
    82: Example(
        _both(_versions("one", again=True), _approved(_AUTHOR)), _either(_versions("two", again=False), _approved(_REVIEWER))
    ),
    83: Example(_erased, _withdrawn),
    85: Example(_taken_in(""), _taken_in("SYN-86")),
    87: Example(_answered(), _answered(signed_as="Head of operations", signed_on="2026-01-15")),
}  # fmt: skip
