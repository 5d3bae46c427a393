"""What changed, what stayed, and which advice came back."""

import re
from types import SimpleNamespace

from clearland.dictionary.forms import Selection
from clearland.dictionary.loader import builtin
from clearland.reports.changes import changed, recommended
from clearland.reports.footnotes import Footnotes
from tests.reports.telling import Shelf, book_of, telling


def lines(monkeypatch, write, *told, year=2022):
    book = book_of(monkeypatch, *told)
    draft = SimpleNamespace(
        audience="programme",
        book=book, year=year, language="en", notes=Footnotes(), snapshot=Shelf(builtin()),
    )  # fmt: skip
    slot = SimpleNamespace(claims=Selection(when="until"))
    written = write(draft, slot)[1]
    return [re.sub(r"\\|\[\^\d+\]|\^,\^", "", line) for line in written if line.startswith("- ")]


def status(value, year, polarity="affirmed", **more):
    more |= {"definition": "CCM", "file": f"{year}.txt"}
    return telling("treaty.status", value, period=f"as-of {year}", polarity=polarity, **more)


def test_a_status_that_changed_is_told_as_was_and_is(monkeypatch):
    told = lines(monkeypatch, changed, status("not party", 2011, "negated"), status("party", 2022))
    assert told == ["- Talland, Treaty status (CCM): was not party† (Observer, as of 2011); is party† (Observer, as of 2022)."]


def test_a_status_told_in_other_words_is_unchanged_since_the_first(monkeypatch):
    told = [status("not acceded", 2000, "negated"), status("not a party", 2011, "negated"), status("not joined", 2022, "negated")]
    assert lines(monkeypatch, changed, *told) == ["- Talland, Treaty status (CCM): unchanged since 2000: not joined†."]
    assert lines(monkeypatch, changed, *told, year=2015) == []


def test_numbers_compare_over_like_stretches_of_time_only(monkeypatch):
    def total(value, period):
        return telling("casualty.total", value, unit="people", period=period, published="2022-12-01")

    assert len(lines(monkeypatch, changed, total(20, "2021"), total(12, "2022"))) == 1
    assert lines(monkeypatch, changed, total(7000, "1990/2010"), total(12, "2022")) == []
    assert lines(monkeypatch, changed, total(12, "2021"), total(12, "2022")) == []


def test_rejected_history_makes_no_change(monkeypatch):
    told = [status("not party", 2011, "negated", judgement="rejected"), status("party", 2022)]
    assert lines(monkeypatch, changed, *told) == []


def test_advice_is_followed_over_editions(monkeypatch):
    def advice(action, year):
        return telling("policy.recommendation", action, subject="Ministry", modality="recommended", period=str(year),
                       file=f"{year}.txt")  # fmt: skip

    told = lines(
        monkeypatch, recommended,
        advice("accede to the convention without delay", 2020), advice("publish the survey results", 2020),
        advice("accede without delay to the convention", 2022), advice("set a completion date", 2022),
    )  # fmt: skip
    assert [line.split(": ")[-1] for line in told] == [
        "repeated since 2020 *(proposed, not reviewed)*.",
        "new in this edition *(proposed, not reviewed)*.",
        "not repeated in 2022 *(proposed, not reviewed)*.",
    ]
    assert "no earlier edition is held" in lines(monkeypatch, recommended, advice("survey", 2022))[0]
