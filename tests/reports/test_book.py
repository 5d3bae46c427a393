"""Which claims a report may print: judged, dated, and of its country."""

from datetime import date

import pytest

from clearland.core.errors import ClearlandError
from clearland.core.formats import LANGUAGES
from clearland.dictionary.forms import Selection
from clearland.reports.countries import countries, country, named_in
from tests.reports.telling import book_of, telling

EVERY = Selection(when="until")


def values(book, selection=EVERY, year=2022):
    return [each.claim.value for each in book.choose(selection, year)]


def test_rejected_claims_are_never_chosen_and_decided_ones_come_first(monkeypatch):
    book = book_of(
        monkeypatch, telling("treaty.vote", "first", published="2022"), telling("treaty.vote", "wrong", published="2022",
        judgement="rejected"), telling("treaty.vote", "checked", published="2021", judgement="accepted"),
    )  # fmt: skip
    assert values(book) == ["checked", "first"]
    assert [each.decided for each in book.choose(EVERY, 2022)] == [True, False]


@pytest.mark.parametrize(
    ("period", "published", "days"),
    [
        ("2021-06", None, (date(2021, 6, 1), date(2021, 6, 30))),
        ("2020-11-10/", "6 May 2025", (date(2020, 11, 10), date(2025, 12, 31))),
        ("2020-11-10/", "2025-05-06", (date(2020, 11, 10), date(2025, 5, 6))),
        ("/2023-03", "2023", (date(2023, 3, 31), date(2023, 3, 31))),
        (None, "2011", (date(2011, 1, 1), date(2011, 12, 31))),
        ("as-of 2022-09-28", None, (date(2022, 9, 28), date(2022, 9, 28))),
        (None, None, None),
    ],
)
def test_a_claim_stands_at_the_end_of_its_period_or_when_it_was_published(monkeypatch, period, published, days):
    (told,) = book_of(monkeypatch, telling("casualty.total", 5, period=period, published=published)).told
    assert told.days == days


def test_a_source_without_date_is_as_old_as_the_state_it_tells_of(monkeypatch):
    book = book_of(monkeypatch, telling("treaty.status", "not party", period="as-of 2011"), telling("use.event", True))
    assert book.told[1].year == 2011


def test_what_a_later_source_counts_up_to_its_own_day_is_not_of_an_earlier_year(monkeypatch):
    later = telling("casualty.total", 393, period="2020-11-10/", published="2025-05-06")
    earlier = telling("casualty.total", 268, period="2020-11-10/", published="2022-11-17", file="b.txt")
    book = book_of(monkeypatch, later, earlier)
    assert values(book) == [268]
    assert values(book, Selection(when="latest"), 2025) == [393]
    assert values(book, Selection(), 2025) == [393]


def test_another_country_is_left_out_where_the_claim_or_its_source_says_so(monkeypatch):
    book = book_of(
        monkeypatch, telling("treaty.status", "own", subject="Government of Azerbaijan", published="2022"),
        telling("treaty.status", "other", subject="Army of Georgia", published="2022"),
        telling("va.actor", "unsaid", subject="Red Cross", published="2022"),
        telling("va.actor", "other title", subject="Red Cross", published="2022", file="b.txt", title="Chad, mine action"),
    )  # fmt: skip
    assert values(book) == ["own", "unsaid"]


def test_a_country_is_involved_as_the_one_who_accuses(monkeypatch):
    told = telling("use.event", True, subject="Georgia", claimant="Government of Azerbaijan", published="2022")
    book = book_of(monkeypatch, told)
    assert values(book) == []
    assert values(book, Selection(when="until", about="involved")) == [True]


def test_attributes_definitions_and_counts_narrow(monkeypatch):
    book = book_of(
        monkeypatch, telling("treaty.status", "not party", definition="CCM", published="2022"),
        telling("treaty.status", "party", published="2022"), telling("contamination.area", "huge", published="2022"),
        telling("contamination.area", 12, unit="km2", published="2020", file="b.txt"),
    )  # fmt: skip
    assert values(book, Selection(attributes=("treaty",), definitions=("CCM",))) == ["not party"]
    assert values(book, Selection(attributes=("treaty",), definitions=("-",))) == ["party"]
    area = Selection(attributes=("contamination",), when="latest")
    assert values(book, area) == ["huge"]
    assert [each.claim.value for each in book.choose(area, 2022, counted=True)] == [12]
    assert values(book, Selection(attributes=("treat",))) == []


def test_countries_have_names_in_every_language_and_are_found_in_text():
    assert all(set(each.names) == set(LANGUAGES) for each in countries().values())
    assert all(len(code) == 2 and code.isupper() for code in countries())
    assert named_in("Armed forces of Armenia") == {"AM"}
    assert named_in("Guinea-Bissau and Niger") == {"GW", "NE"}
    assert named_in("Nigeria") == {"NG"}
    assert named_in("Soviet Union") == frozenset()
    assert country("az").name("ru") == "Азербайджан"
    with pytest.raises(ClearlandError, match="no country"):
        country("Q")
