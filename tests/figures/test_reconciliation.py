"""An operator's books beside ours: each task has one state, sums follow from the lines, the workbook goes out and comes back."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import uuid4

import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from clearland.checks.across.model import Book
from clearland.checks.across.reporting import unsigned_answers
from clearland.core.clock import fixed_clock
from clearland.core.errors import Finding, RefusedInput
from clearland.figures.reconciliation import MEASURES, STATES, Reconciliation, compare_task, operators, reconcile
from clearland.ledger.drafts import Draft
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.work.reconciling import SHEET, SIGNATURE, take_answers, workbook

ACTOR = system_actor("demo")
CLOCK = fixed_clock(datetime(2026, 3, 1, tzinfo=UTC))
YEAR = (date(2024, 1, 1), date(2024, 12, 31))
GROUND = shapely.box(-30.0, 40.0, -29.998, 40.001)


def amounts(cleared: float = 0, items: float = 0) -> dict[str, float]:
    return {"cancelled_m2": 0.0, "reduced_m2": 0.0, "cleared_m2": cleared, "items": items}


@pytest.mark.parametrize(
    ("ours", "theirs", "state", "differs"),
    [
        (amounts(5000, 3), amounts(5000.9, 3), "agreed", ()), (amounts(5000, 3), amounts(5004.9, 3), "agreed", ()),
        (amounts(5000, 3), amounts(5006, 3), "disputed", ("cleared_m2",)),
        (amounts(500, 3), amounts(500, 4), "disputed", ("items",)),
        (amounts(1), None, "only_ours", ()), (None, amounts(1), "only_theirs", ()),
    ],
)  # fmt: skip
def test_each_state(ours, theirs, state, differs):
    line = compare_task("T", ours, theirs)
    assert (line.state, line.differs) == (state, differs)


def test_without_any_answer_nothing_is_missing_on_their_side():
    assert compare_task("T", amounts(1), None, answered=False).state == "unanswered"


sides = st.none() | st.builds(amounts, st.integers(0, 9), st.integers(0, 3))


@given(st.lists(st.tuples(sides, sides).filter(any), max_size=6))
def test_sums_follow_from_the_lines(pairs: list[tuple[Mapping[str, float] | None, Mapping[str, float] | None]]):
    lines = tuple(compare_task(str(n), ours, theirs) for n, (ours, theirs) in enumerate(pairs))
    told = Reconciliation(operator="OP", first=YEAR[0], last=YEAR[1], lines=lines)
    assert sum(told.count(state) for state in STATES) == len(pairs)
    for name in MEASURES:
        sums = told.totals()[name]
        assert sums["ours"] == sum(ours[name] for ours, _ in pairs if ours)
        assert abs(sums["ours"] - sums["theirs"]) <= sums["disputed"] + len(pairs)
        assert sums["agreed"] <= sums["ours"]


def work() -> None:
    """One hazard, half of it cleared by OP under task T-1; two items destroyed there (SYNTHETIC)."""
    hazard, done = uuid4(), uuid4()
    write([
        Draft(record=hazard, kind="hazard", local_id="SYNTHETIC-H", geometry=GROUND, attributes={
            "area_type": "CHA", "contamination": ["AP"], "identified_on": "2020-01-01",
        }),
        Draft(record=uuid4(), kind="land_release", local_id="SYNTHETIC-P", links={"hazards": (hazard,)},
              geometry=shapely.box(-30.0, 40.0, -29.999, 40.001), attributes={
            "product_type": "cleared", "release_date": "2024-05-05", "organisation": "OP", "task": "T-1", "targets": ["AP"],
        }),
        Draft(record=done, kind="clearance", local_id="SYNTHETIC-C", attributes={
            "activity_type": "clearance", "status": "completed", "end_date": "2024-05-05", "task": "T-1", "organisation": "OP",
        }),
        Draft(record=uuid4(), kind="ordnance", local_id="SYNTHETIC-O", links={"activity": (done,)}, attributes={
            "category": "AP", "quantity": 2, "fate": "destroyed", "found_on": "2024-05-01", "destroyed_on": "2024-05-01",
            "organisation": "OP",
        }),
    ], actor=ACTOR, reason="SYNTHETIC records", clock=CLOCK)  # fmt: skip


def filled(data: bytes, *cells: tuple[str, object]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for name, value in cells:
        book[SHEET][name] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_workbook_goes_out_and_the_answers_come_in(sqlite_programme):
    work()
    assert operators(snapshot()) == ["OP"]
    told = reconcile(snapshot(), "OP", *YEAR)
    assert [(line.task, line.state) for line in told.lines] == [("T-1", "unanswered")]
    ours = told.lines[0].ours
    assert ours is not None
    assert ours["cleared_m2"] == pytest.approx(85.3 * 111.0, rel=0.02)
    assert ours["items"] == 2
    sent = workbook(told, snapshot().head)
    agreed = filled(sent, ("J3", "yes"))
    assert take_answers(agreed, "answers.xlsx", actor=ACTOR).new == 1
    assert take_answers(agreed, "answers.xlsx", actor=ACTOR).changed == 0
    assert [line.state for line in reconcile(snapshot(), "OP", *YEAR).lines] == ["agreed"]
    differing = filled(sent, ("H3", 12345.5), ("I3", 2), ("K3", "=our polygon"), ("A4", "T-2"), ("H4", 10))
    receipt = take_answers(differing, "answers-2.xlsx", actor=ACTOR)
    assert (receipt.new, receipt.changed) == (1, 1)
    lines = reconcile(snapshot(), "OP", *YEAR).lines
    assert [(line.task, line.state, line.differs) for line in lines] == [
        ("T-1", "disputed", ("cleared_m2",)), ("T-2", "only_theirs", ()),
    ]  # fmt: skip
    refuses(sent)


def signed(data: bytes, post: str, day: object) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    book[SIGNATURE]["B1"], book[SIGNATURE]["B2"] = post, day
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_answers_are_the_operators_word_once_the_sheet_is_signed(sqlite_programme):
    work()
    agreed = filled(workbook(reconcile(snapshot(), "OP", *YEAR), snapshot().head), ("J3", "yes"))
    take_answers(agreed, "answers.xlsx", actor=ACTOR)
    assert [each.code for each in unsigned()] == ["R-NOT-SIGNED"]
    take_answers(signed(agreed, "Head of operations", ""), "half.xlsx", actor=ACTOR)
    assert unsigned()
    with pytest.raises(RefusedInput, match="E-RECONCILE-CELL"):
        take_answers(signed(agreed, "Head of operations", "soon"), "soon.xlsx", actor=ACTOR)
    for day in ("2025-01-20", date(2025, 1, 20)):  # as text, and as the day that a spreadsheet makes of it
        take_answers(signed(agreed, "Head of operations", day), "signed.xlsx", actor=ACTOR)
        (row,) = snapshot().table("reconciliation").to_pylist()
        assert (row["signed_as"], str(row["signed_on"])) == ("Head of operations", "2025-01-20")
        assert unsigned() == []


def unsigned() -> list[Finding]:
    stored = snapshot().table("reconciliation").to_pylist()
    return [each.finding for each in unsigned_answers(Book(lambda kind: stored, today=YEAR[1]))]


def refuses(sent: bytes) -> None:
    for data, code in (
        (b"no workbook", "E-RECONCILE-SHEET"), (filled(sent, ("A1", "Something else")), "E-RECONCILE-SHEET"),
        (filled(sent, ("C1", "yesterday")), "E-RECONCILE-SHEET"), (filled(sent, ("H3", "a lot")), "E-RECONCILE-CELL"),
        (filled(sent, ("I3", 1.5)), "E-RECONCILE-CELL"), (filled(sent, ("H3", -1)), "E-RECONCILE-CELL"),
    ):  # fmt: skip
        with pytest.raises(RefusedInput) as refused:
            take_answers(data, "answers.xlsx", actor=ACTOR)
        assert refused.value.code == code
