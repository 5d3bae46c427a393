"""Numbers, dates and quantities as documents write them."""

import pytest

from clearland.evidence.extraction.dates import dates
from clearland.evidence.extraction.names import Names
from clearland.evidence.extraction.numbers import numbers
from clearland.evidence.extraction.quantities import quantities
from clearland.evidence.extraction.surface import surface


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("97,000", 97000),
        ("12 500", 12500),
        ("3.52", 3.52),
        ("3,52", 3.52),
        ("1.204.500", 1_204_500),
        ("5 million", 5_000_000),
        ("twenty-four", 24),
        ("half a million", 500_000),
        ("two hundred and fifty", 250),
        ("a dozen", 12),
        ("three thousand", 3000),
        ("1.5 billion", 1_500_000_000),
    ],
)
def test_numbers(text, value):
    assert [number.plain for number in numbers(text)] == [value]


@pytest.mark.parametrize("text", ["PMN-2", "Resolution 65/48", "the 3rd", "12th", "MON-50"])
def test_names_and_ordinals_are_no_numbers(text):
    assert list(numbers(text)) == []


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("on 10 November 2020", ["2020-11-10"]),
        ("on November 10, 2020", ["2020-11-10"]),
        ("Since 10 November 2020, nothing", ["2020-11-10/"]),
        ("by April 2025", ["/2025-04"]),
        ("in September–November 2020", ["2020-09/2020-11"]),
        ("(for the period June 2000–November 2008)", ["2000-06/2008-11"]),
        ("from 1988 to 1994", ["1988/1994"]),
        ("between March 2001 and May 2002", ["2001-03/2002-05"]),
        ("since the end of the 1992–1994 war", ["1994/"]),
        ("13–19 August 1998", ["1998-08-13/1998-08-19"]),
        ("In early 2011 it began; in March it ended", ["2011", "2011-03"]),
        ("on 31.12.2019", ["2019-12-31"]),
        ("on 30 February 2019", ["2019-02"]),
        ("2021-06-22", ["2021-06-22"]),
        ("Landmine Monitor Report 2000", []),
        ("Resolution 1994", []),
        ("the 1997 Convention", []),
    ],
)
def test_dates(text, periods):
    assert [when.period for when in dates(surface(text))] == periods


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cleared 3.52km2 of mined area", [(3.52, "km2", "exact")]),
        ("more than 5 million square meters", [(5_000_000, "m2", "more_than")]),
        ("around 23.5 million USD", [(23_500_000, "USD", "approximately")]),
        ("almost $3.53 million", [(3_530_000, "USD", "approximately")]),
        ("€1.2m", [(1_200_000, "EUR", "exact")]),
        ("789 million of Azerbaijani manats", [(789_000_000, "AZN", "exact")]),
        ("twenty-four of the sixty-five regions", [(24, "regions", "exact"), (65, "regions", "exact")]),
        ("one of seven territories", [(7, "territories", "exact")]),
        ("1,318 PMN-E antipersonnel mines", [(1318, "mines", "exact")]),
        ("15 detained Armenians", [(15, "people", "exact")]),
        ("with 70 being killed and 323 severely injured", [(70, "people", "exact"), (323, "people", "exact")]),
        ("control over seven districts", [(7, "districts", "exact")]),
        ("eighty percent of victims", [(80, "percent", "exact")]),
        ("12 hectares and 4 dunams", [(12, "ha", "exact"), (4, "dunam", "exact")]),
        ("a 24-hour offensive", [(24, "hours", "exact")]),
        ("27 new mine and ERW casualties", [(27, "people", "exact")]),
        ("almost two-thirds of the suspected area", [(66.7, "percent", "approximately")]),
        ("a quarter of which is forest", [(25, "percent", "exact")]),
        ("the total fell by one half.", [(50, "percent", "exact")]),
        ("in the first half of 2012 and at the third meeting", []),
        ("a third request, and half a million dollars", [(500_000, "USD", "exact")]),
        ("33 anti-personnel and 21 anti-tank mines", [(33, "mines", "exact"), (21, "mines", "exact")]),
        ("436 national and 41 international staff", [(436, "people", "exact"), (41, "people", "exact")]),
        ("5 311,4 hectares", [(5311.4, "ha", "exact")]),
        ("five of eleven districts", [(5, "districts", "exact"), (11, "districts", "exact")]),
        ("two prosthetists and four detectors", [(2, "people", "exact"), (4, "machines", "exact")]),
        ("No one knows. One mine per hectare was found", []),
        ("imprisonment of up to ten years", [(10, "years", "less_than")]),
        ("Article 7 and Protocol 5, page 12, Resolution 65", []),
        ("for nearly three decades", []),
        ("In 2014, 1997 Mine Ban Treaty", []),
    ],
)
def test_quantities(text, told):
    plain = surface(text)
    assert [(one.value, one.unit, one.qualifier) for one in quantities(plain, dates(plain), Names())] == told


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("Last year 12 fields were cleared, this year 15", ["2018", "2019"]),
        ("by the end of this year", ["/2019"]),
        ("may march in the last years", []),
    ],
)
def test_years_told_from_the_day_of_the_document(text, periods):
    assert [when.period for when in dates(text, now=2019)] == periods


def test_lookalike_letters_are_folded_and_the_text_is_kept():
    assert surface("АNАМА met donors") == "ANAMA met donors"
    assert surface("Министерство обороны") == "Министерство обороны"
