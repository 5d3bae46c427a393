"""Numbers and dates as people write them, found from the column or refused as ambiguous."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.core.partial_dates import PartialDate
from clearland.intake.dates import AmbiguousDayError, day_comes_first, to_partial_date
from clearland.intake.mapping import Numbers
from clearland.intake.months import month_number
from clearland.intake.numbers import AmbiguousMarksError, Marks, find_marks, plain_text, to_decimal

UNSAID = Numbers()


@pytest.mark.parametrize(
    ("cells", "marks"),
    [
        (["1,234.5", "7"], Marks(".", ",")),
        (["1.234,5"], Marks(",", ".")),
        (["1.234.567"], Marks(",", ".")),
        (["12,5", "1,250"], Marks(",")),
        (["0.125", "3.141"], Marks(".")),
        (["1 234,56"], Marks(",")),
        (["12.5", "1.250"], Marks(".")),
        (["7", 8, 9.5], Marks()),
    ],
)
def test_marks_are_found_from_the_column(cells: list[object], marks: Marks):
    assert find_marks(cells, UNSAID) == marks


@pytest.mark.parametrize("cells", [["1.234"], ["1,234", "5,678"], ["1,5", "2.5"], ["1.234,5", "1,234.5"]])
def test_what_can_be_read_twice_is_refused(cells: list[object]):
    with pytest.raises(AmbiguousMarksError):
        find_marks(cells, UNSAID)


def test_the_mapping_settles_it_and_whole_numbers_take_commas_as_groups():
    assert find_marks(["1.234"], Numbers(thousands=".")) == Marks(",", ".")
    assert find_marks(["1,234"], UNSAID, whole=True) == Marks(".", ",")
    assert find_marks(["46.123"], UNSAID, degrees=True) == Marks()


@pytest.mark.parametrize("text", ["12 ha", "abc", "1,2,3.4", "1..2", "", "NaN", "Infinity", "1_000", "9" * 50])
def test_what_is_no_number_is_refused(text: str):
    with pytest.raises(ValueError, match=r"\w"):
        to_decimal(text, Marks(".", ","))


def test_floats_keep_their_shortest_text():
    assert plain_text(to_decimal(1521.82, Marks())) == "1521.82"
    assert plain_text(to_decimal("6 008 612", Marks())) == "6008612"
    assert plain_text(Decimal("5E+3")) == "5000"


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False),
    st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'")]),
)
def test_a_number_written_with_marks_is_read_back(number: Decimal, marks: tuple[str, str]):
    decimal, thousands = marks
    written = f"{number:,.4f}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)
    found = find_marks([written], Numbers(decimal=decimal, thousands=thousands))
    assert to_decimal(written, found) == number


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("2014", "2014"),
        ("2014-03", "2014-03"),
        ("2014-03-31", "2014-03-31"),
        ("31.03.2014", "2014-03-31"),
        ("2014/3/31", "2014-03-31"),
        ("03.2014", "2014-03"),
        (2014, "2014"),
        (date(2014, 3, 31), "2014-03-31"),
        (datetime(2014, 3, 31, 12, 0, tzinfo=UTC), "2014-03-31"),
        ("2014-03-31T10:00:00", "2014-03-31"),
    ],
)
def test_dates_by_their_form(cell: object, text: str):
    assert str(to_partial_date(cell, (), None)) == text


def test_dates_by_pattern_and_excel_numbers():
    assert to_partial_date("Mar 2014", ("%b %Y",), None) == PartialDate(2014, 3)
    assert to_partial_date(41729, ("excel",), None) == PartialDate(2014, 3, 31)
    assert to_partial_date("41729", ("excel",), None) == PartialDate(2014, 3, 31)
    with pytest.raises(ValueError, match="excel"):
        to_partial_date(41729, (), None)


@pytest.mark.parametrize("cell", ["31.02.2014", "2014-13", "soon", True, "99/99/2014", "2014-00-10"])
def test_what_is_no_date_is_refused(cell: object):
    with pytest.raises(ValueError, match=r"\w"):
        to_partial_date(cell, (), True)


def test_day_and_month_are_told_apart_by_the_column():
    assert day_comes_first(["31/03/2014", "01/02/2014"]) is True
    assert day_comes_first(["03/31/2014", "01/02/2014"]) is False
    assert day_comes_first(["2014-03-31", "05/05/2014"]) is None
    for cells in (["01/02/2014"], ["31/03/2014", "03/31/2014"]):
        with pytest.raises(AmbiguousDayError):
            day_comes_first(cells)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.booleans())
def test_a_slashed_date_is_read_back(day: date, day_first: bool):
    written = f"{day.day}/{day.month}/{day.year}" if day_first else f"{day.month}/{day.day}/{day.year}"
    assert to_partial_date(written, (), day_first) == PartialDate.of(day)


def test_month_names():
    assert [month_number(text) for text in ("3", "Mart", "марта"[:4], "ocak", "Dec.")] == [3, 3, 3, 1, 12]
    for text in ("13", "0", "Brumaire"):
        with pytest.raises(ValueError, match="month"):
            month_number(text)
