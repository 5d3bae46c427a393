"""Indicators read land as movements; the balance is computed on its own. The two must agree to the square metre."""

from datetime import date

import pytest

from clearland.figures.indicators import figures
from clearland.figures.land import land_balance
from clearland.figures.model import Scope
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.work.demonstration.nation import synthetic_nation

PERIODS = [(date(2025, 1, 1), date(2025, 12, 31)), (date(2019, 3, 1), date(2024, 2, 29)), (date(2000, 1, 1), date(2030, 1, 1))]
LINES = {"CONT-2": "newly_identified_m2", "LR-1": "cancelled_m2", "LR-2": "reduced_m2", "LR-3": "cleared_m2"}


@pytest.fixture
def nation(sqlite_programme):
    write(
        [draft for _, draft in synthetic_nation(seed=7, hazards=60).drafts], actor=system_actor("demo"), reason="SYNTHETIC"
    )
    return snapshot()


@pytest.mark.parametrize("period", PERIODS)
def test_flows_and_stocks_agree_with_the_balance(nation, period):
    start, end = period
    scope = Scope(period_from=start, period_to=end)
    result = land_balance(nation, period_from=start, period_to=end, by=["type"])
    assert result.closes
    rows = {row["type"]: row for row in result.as_json()}
    for code, line in LINES.items():
        split = {f.scope.where["device"]: f.value for f in figures(nation, [code], scope=scope, by=["device"])}
        for type_, row in rows.items():
            if type_ not in ("all", "not said"):
                assert split.get(type_, 0.0) == pytest.approx(row[line], abs=0.01)
        assert figures(nation, [code], scope=scope)[0].value == pytest.approx(rows["all"][line], abs=0.01)
    open_area = figures(nation, ["CONT-1"], scope=scope)[0]
    assert open_area.value == pytest.approx(rows["all"]["closing_m2"], abs=0.01)


def test_types_on_one_ground_count_once_in_the_total(nation):
    scope = Scope(period_to=date(2026, 12, 31))
    total = figures(nation, ["CONT-1"], scope=scope)[0].value
    parts = sum(figure.value or 0 for figure in figures(nation, ["CONT-1"], scope=scope, by=["device"]))
    overlap = land_balance(nation, period_from=date(2026, 1, 1), period_to=date(2026, 12, 31), by=["type"])
    all_row = next(row for row in overlap.as_json() if row["type"] == "all")
    assert all_row["overlap_between_types_m2"] > 0
    assert parts - all_row["overlap_between_types_m2"] == pytest.approx(total, abs=0.01)


def test_districts_add_up_to_the_whole(nation):
    scope = Scope(period_from=date(2020, 1, 1), period_to=date(2026, 12, 31))
    split = figures(nation, ["LR-REL"], scope=scope, by=["place"])
    assert len(split) > 1
    assert sum(figure.value or 0 for figure in split) == pytest.approx(figures(nation, ["LR-REL"], scope=scope)[0].value)
    country = Scope(period_from=scope.period_from, period_to=scope.period_to, place="SYN-TALMERE")
    assert figures(nation, ["LR-REL"], scope=country)[0].value == pytest.approx(sum(f.value or 0 for f in split))
