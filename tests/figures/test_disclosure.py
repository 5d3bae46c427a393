"""What an audience may read: every reader here is an attacker who solves the totals for what was withheld."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.dictionary.forms import Audience
from clearland.dictionary.loader import builtin
from clearland.figures.disclosure import Behind, Disclosed, Policy, disclose, month, policy_of, sealed_reference
from clearland.figures.model import Figure, Lineage, Scope, figure_ref

LEAST = 5
POLICY = Policy(
    classes={"CAS": "restricted", "AREA": "restricted", "LAW": "public", "DONE": "programme"},
    kinds={"CAS": ("accident",), "AREA": ("hazard",), "LAW": ("law_or_policy",), "DONE": ("clearance",)},
    counted=frozenset({"CAS", "LAW", "DONE"}), parents={"N-1": "N", "N-2": "N"},
)  # fmt: skip
YEAR = Scope(period_from=date(2024, 1, 1), period_to=date(2024, 12, 31))
DEVICES, OUTCOMES = ("AP", "AV", "UXO"), ("injured", "killed", "unknown")


def figure(value: float | None, scope: Scope = YEAR, *, code: str = "CAS", records: int | None = None) -> Figure:
    lineage = Lineage(
        head="0" * 64, as_known=None, dictionary="d", query="q", claims=0, digest="d" * 64,
        entries=int(value or 0) if records is None else records, ref=figure_ref(code, scope, "0" * 64),
    )  # fmt: skip
    status = "not known" if value is None else "computed"
    return Figure(code=code, value=value, unit="people", scope=scope, status=status, lineage=lineage)  # type: ignore[arg-type]


def asked(**where: str) -> Scope:
    return replace(YEAR, where=where)


def table(counts: Sequence[Sequence[int]]) -> list[Figure]:
    """Devices by outcomes with both margins and the grand total."""
    made = []
    for device, row in zip(DEVICES, counts, strict=False):
        made += [figure(count, asked(device=device, outcome=outcome)) for outcome, count in zip(OUTCOMES, row, strict=False)]
        made.append(figure(sum(row), asked(device=device)))
    columns = list(zip(*counts, strict=True))
    made += [figure(sum(column), asked(outcome=outcome)) for outcome, column in zip(OUTCOMES, columns, strict=False)]
    return [*made, figure(sum(map(sum, counts)))]


def values(shown: Sequence[Disclosed]) -> list[float | None]:
    return [each.value for each in shown]


def determined(rows: Sequence[Sequence[float]], hidden: Sequence[Sequence[float]]) -> list[bool]:
    """Whether each hidden combination of atoms follows from the shown ones: its vector lies in their span."""
    if not rows:
        return [not any(row) for row in hidden]
    rank = np.linalg.matrix_rank(np.array(rows))
    return [bool(np.linalg.matrix_rank(np.array([*rows, row])) == rank) for row in hidden]


def vectors(made: Sequence[Figure], atoms: Sequence[Mapping[str, str]]) -> list[list[float]]:
    return [[float(all(atom[k] == v for k, v in each.scope.where.items())) for atom in atoms] for each in made]


counts_2d = st.integers(2, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.integers(0, 6), st.integers(0, 400)), min_size=width, max_size=width), min_size=1, max_size=3
    )
)


@given(counts_2d)
@settings(max_examples=150, deadline=None)
def test_no_small_count_follows_from_a_table_with_its_totals(counts):
    made = table(counts)
    shown = disclose(made, "public", POLICY)
    atoms = [{"device": d, "outcome": o} for d, o in product(DEVICES[: len(counts)], OUTCOMES[: len(counts[0])])]
    rows = vectors(made, atoms)
    open_rows = [row for row, each in zip(rows, shown, strict=True) if not each.withheld]
    for small, row in zip(made, rows, strict=True):
        if small.value is not None and 0 < small.value < LEAST:
            assert determined(open_rows, [row]) == [False]
    small_unions(made, shown, rows, [count for row in counts for count in row])


def small_unions(made: Sequence[Figure], shown: Sequence[Disclosed], rows: list[list[float]], atoms: list[int]) -> None:
    """No shown total less all shown figures inside it leaves 1 to 4: the complement of what is shown."""
    for total, whole, vector in zip(made, shown, rows, strict=True):
        if whole.withheld:
            continue
        for name in {"device", "outcome"} - set(total.scope.where):
            parts = [
                part for part, each in zip(made, shown, strict=True)
                if not each.withheld and set(part.scope.where) == {*total.scope.where, name}
                and all(part.scope.where[k] == v for k, v in total.scope.where.items())
            ]  # fmt: skip
            left = sum(atom for atom, inside in zip(atoms, vector, strict=True) if inside) - sum(p.value or 0 for p in parts)
            assert not 0 < left < LEAST


EVERY_TABLE = np.array(list(product(range(12), repeat=4)))


@given(st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=2))
@settings(max_examples=100, deadline=None)
def test_whole_numbers_do_not_pin_a_small_count_either(counts):
    """Every table of whole numbers that agrees with what is shown is tried: a small count has two values at least."""
    made = table(counts)
    atoms = [{"device": d, "outcome": o} for d, o in product(DEVICES[:2], OUTCOMES[:2])]
    said = EVERY_TABLE @ np.array(vectors(made, atoms)).T
    agrees = np.ones(len(said), dtype=bool)
    for column, value in enumerate(values(disclose(made, "public", POLICY))):
        agrees &= True if value is None else said[:, column] == value
    for column, each in enumerate(made):
        if 0 < (each.value or 0) < LEAST:
            assert len(set(said[agrees][:, column])) > 1


@given(counts_2d, st.randoms())
@settings(max_examples=60, deadline=None)
def test_order_and_repetition_change_nothing(counts, random):
    made = table(counts)
    expected = {each.scope.query(): each.withheld for each in disclose(made, "public", POLICY)}
    mixed = [*made, *made[:2]]
    random.shuffle(mixed)
    again = disclose(mixed, "public", POLICY)
    assert len(again) == len(mixed)
    hidden = [each.value for each in again if each.withheld]
    assert hidden == [None] * len(hidden)
    smalls = {query for each in made if 0 < (each.value or 0) < LEAST for query in [each.scope.query()]}
    assert all(each.withheld for each in again if each.scope.query() in smalls)
    assert all(expected[query] for query in smalls)


def test_a_total_with_all_but_one_part_in_another_table_gives_nothing_away():
    """Killed are 3: hidden, and with them the injured, whose number and the total would give them away."""
    injured, killed, total = figure(97, asked(outcome="injured")), figure(3, asked(outcome="killed")), figure(100)
    assert values(disclose([total, injured, killed], "public", POLICY)) == [100, None, None]
    assert values(disclose([total, injured], "public", POLICY)) == [100, None], "the rest is 3, though nobody printed it"
    assert values(disclose([injured], "public", POLICY)) == [97]


def test_months_and_a_year_are_one_sum():
    months = [Scope(period_from=date(2024, n, 1), period_to=date(2024, n + 1, 1)) for n in range(1, 3)]
    january = replace(months[0], period_to=date(2024, 1, 31))
    february = replace(months[1], period_to=date(2024, 2, 29))
    both = Scope(period_from=date(2024, 1, 1), period_to=date(2024, 2, 29))
    made = [figure(20, both), figure(18, january), figure(2, february)]
    assert values(disclose(made, "public", POLICY)) == [20, None, None]


def test_two_running_totals_do_not_tell_what_lies_between_them():
    first = Scope(period_from=date(2020, 1, 1), period_to=date(2022, 12, 31))
    longer = Scope(period_from=date(2020, 1, 1), period_to=date(2024, 12, 31))
    assert values(disclose([figure(393, longer), figure(390, first)], "public", POLICY)) == [393, None]
    assert values(disclose([figure(393, longer), figure(305, first)], "public", POLICY)) == [393, 305]


def test_districts_add_up_to_the_place_around_them():
    made = [
        figure(30, replace(YEAR, place="N")), figure(28, replace(YEAR, place="N-1")), figure(2, replace(YEAR, place="N-2")),
        figure(60),
    ]  # fmt: skip
    assert values(disclose(made, "public", POLICY)) == [30, None, None, 60]


@pytest.mark.parametrize(
    ("audience", "code", "expected"),
    [
        ("public", "LAW", 2), ("public", "CAS", None), ("partner", "CAS", None), ("programme", "CAS", 2),
        ("public", "DONE", None), ("partner", "DONE", None), ("public", "AREA", 2), ("public", "not in the dictionary", 2),
    ],
)  # fmt: skip
def test_who_may_read_a_two(audience: Audience, code: str, expected: float | None):
    """Laws are public; areas are measured, not counted; the programme reads its own records."""
    assert values(disclose([figure(2, code=code)], audience, POLICY)) == [expected]


def test_zero_is_a_digit_and_not_known_stays_a_word():
    shown = disclose([figure(0, asked(outcome="killed")), figure(None, asked(device="AP"))], "public", POLICY)
    assert [(each.value, each.withheld) for each in shown] == [(0, False), (None, False)]
    assert shown[1].as_json()["status"] == "not known"


def test_a_week_is_not_told_and_its_days_are_not_either():
    week = Scope(period_from=date(2024, 3, 4), period_to=date(2024, 3, 10))
    shown = disclose([figure(60, week)], "public", POLICY)[0]
    assert (shown.value, shown.reason) == (None, "finer_than_month")
    assert shown.scope == Scope(period_from=date(2024, 3, 1), period_to=date(2024, 3, 31))
    assert "03-04" not in str(shown.as_json())
    assert disclose([figure(60, week)], "programme", POLICY)[0].value == 60


def test_a_sealed_lineage_names_kind_number_organisation_and_months_only():
    made = figure(42, code="DONE")
    shown = disclose([made], "public", POLICY, {made.lineage.ref: Behind(organisations=("Office",), first=date(2024, 2, 9))})[0]
    assert shown.lineage is None
    sealed = shown.as_json()["lineage"]
    assert sealed == {
        "kinds": ["clearance"], "records": "42", "organisations": ["Office"], "first_month": "2024-02",
        "last_month": "2024-12", "reference": sealed_reference(made.lineage),
    }  # fmt: skip
    people = disclose([figure(42)], "public", POLICY)[0].sealed
    assert people is not None
    assert people.records == "10–49"
    few = disclose([figure(42, records=3)], "public", POLICY)[0].sealed
    assert few is not None
    assert few.records == ""
    assert month(None) == ""


def test_numbers_of_records_do_not_tell_a_small_number_of_records():
    made = [figure(900, code="DONE", records=100), figure(890, asked(device="AP"), code="DONE", records=98),
            figure(10, asked(device="AV"), code="DONE", records=2)]  # fmt: skip
    assert [each.sealed.records for each in disclose(made, "public", POLICY) if each.sealed] == ["100", "", ""]


def test_the_policy_of_the_dictionary_protects_people_and_leaves_laws_open():
    policy = policy_of(builtin())
    assert set(policy.classes) == set(builtin().indicators)
    assert policy.protects("CAS-1", "partner")
    assert not policy.protects("LR-5R", "partner")
    assert "CAS-1" in policy.counted
    assert "LR-3" not in policy.counted


def cells(counts: Mapping[tuple[str, str, str], int]) -> Iterator[Figure]:
    """Every margin of a table of three dimensions."""
    names = ("device", "outcome", "sex")
    for chosen in product((False, True), repeat=3):
        sums: dict[tuple[str, ...], int] = {}
        for key, count in counts.items():
            part = tuple(value for value, used in zip(key, chosen, strict=True) if used)
            sums[part] = sums.get(part, 0) + count
        used_names = [name for name, used in zip(names, chosen, strict=True) if used]
        for part, count in sums.items():
            yield figure(count, asked(**dict(zip(used_names, part, strict=True))))


@given(st.lists(st.integers(0, 9), min_size=12, max_size=12))
@settings(max_examples=80, deadline=None)
def test_three_dimensions_with_every_margin(numbers):
    keys = list(product(("AP", "AV"), ("injured", "killed"), ("female", "male", "unknown")))
    made = list(cells(dict(zip(keys, numbers, strict=True))))
    shown = disclose(made, "public", POLICY)
    atoms = [dict(zip(("device", "outcome", "sex"), key, strict=True)) for key in keys]
    rows = vectors(made, atoms)
    open_rows = [row for row, each in zip(rows, shown, strict=True) if not each.withheld]
    small = [row for row, each in zip(rows, made, strict=True) if 0 < (each.value or 0) < LEAST]
    assert not any(determined(open_rows, small))
