"""A restatement names the lines that changed and the records that changed them."""

from datetime import date

import pytest

from clearland.land.partition import partition
from clearland.land.restate import restate
from tests.stories.notation import parse

LATE = """
cell 40000
map
AB

2019 hazard H CHA AP on AB
2022-06-30 reduced T on A targets AP known 2023-03-15
2022-08-31 cleared K on A targets AP depth 20
"""


def cuts(*days):
    story = parse(LATE)
    return [partition(*story.known_at(day)[:2], story.settings()) for day in days]


def test_a_late_approval_moves_two_lines_and_is_named():
    before, after = cuts(date(2023, 1, 31), date(2023, 12, 31))
    changes = restate(before, after, period_from=date(2022, 1, 1), period_to=date(2022, 12, 31), by=("type",))
    assert {(change.key.type, change.line) for change in changes} == {
        ("AP", "reduced"), ("AP", "cleared"), ("all", "reduced"), ("all", "cleared")
    }
    cleared = next(change for change in changes if (change.key.type, change.line) == ("AP", "cleared"))
    assert cleared.before_m2 == pytest.approx(40_000, rel=1e-5)
    assert cleared.after_m2 == 0
    assert cleared.records == {"K": pytest.approx(-40_000, rel=1e-5)}
    assert restate(after, after, period_from=date(2022, 1, 1), period_to=date(2022, 12, 31)) == []
