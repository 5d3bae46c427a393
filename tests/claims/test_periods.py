"""Periods as days, and how two lie."""

from datetime import date

import pytest

from clearland.claims.periods import interval, lie


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("as-of 2025-05-06", date(2025, 5, 6), date(2025, 5, 6)),
        ("2020-11-10/", date(2020, 11, 10), date.max),
        ("/2023-03", date.min, date(2023, 3, 31)),
        ("2000-06/2008-11", date(2000, 6, 1), date(2008, 11, 30)),
    ],
)
def test_interval(period, first, last):
    assert interval(period) == (first, last)


@pytest.mark.parametrize("period", [None, "", "recently", "2021-13", "2022/2021"])
def test_what_is_no_period(period):
    assert interval(period) is None


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ("2021", "2021", "same"),
        ("as-of 2021-03-01", "as-of 2021-11", "same"),
        ("as-of 2021", "as-of 2022", "apart"),
        ("2021", "2021-06", "overlap"),
        ("2020/", "2022", "overlap"),
        ("2019", "2020", "apart"),
        (None, "2020", "unknown"),
        (None, None, "unknown"),
    ],
)
def test_lie_is_symmetric(left, right, told):
    assert lie(left, right) == lie(right, left) == told
