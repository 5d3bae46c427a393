"""The ladder of statements on use: read off who says what, neutral as to whom, and never a verdict."""

import pytest

from clearland.reports.allegations import events
from tests.reports.telling import book_of, telling

A, B = "Albania", "Bolivia"


def accusation(by=f"Government of {B}", of=A, **more):
    return telling("use.event", True, subject=of, claimant=by, stance="alleged", period="2021-05", **more)


def denial(by=f"Government of {A}", of=A, **more):
    return telling("use.denial", False, subject=of, claimant=by, stance="denied", polarity="negated", period="2021-05", **more)


def found(monkeypatch, *told):
    book = book_of(monkeypatch, *told, code="")
    return events(book, book.told)


@pytest.mark.parametrize(
    ("told", "rung", "parts"),
    [
        ([accusation()], "alleged", (1, 0, 0)),
        ([accusation(start=100), denial(start=300)], "denied", (1, 1, 0)),
        (
            [accusation(start=100), denial(start=200),
             telling("use.attempt", "found no corroborating evidence", subject="Observer", period="2021-05", start=300)],
            "not_corroborated", (1, 1, 1),
        ),
        (
            [accusation(start=100), denial(start=200), telling("use.event", True, subject=A, period="2021-05", start=300,
             stance="estimated")],
            "likely", (1, 1, 1),
        ),
        (
            [accusation(start=100),
             telling("use.admission", True, subject=A, claimant=A, stance="acknowledged", period="2021-05", start=200)],
            "acknowledged", (1, 1, 0),
        ),
        ([telling("use.event", True, subject=A, period="2021-05")], "stated", (0, 0, 1)),
        ([telling("use.event", "not aware of any", subject="Observer", polarity="negated", period="1999")], "none_alleged",
         (0, 0, 1)),
        ([denial()], "denied_only", (0, 1, 0)),
        ([telling("use.event", "2021-05", unit="date", subject=A, period="2021-05")], "mentioned", (0, 0, 1)),
    ],
)  # fmt: skip
def test_each_rung(monkeypatch, told, rung, parts):
    (event,) = found(monkeypatch, *told)
    assert event.rung() == rung
    assert (len(event.accusations), len(event.replies), len(event.assessments)) == parts


def test_an_admission_told_by_the_accuser_is_the_accusers_account(monkeypatch):
    told = telling("use.admission", True, subject=f"Colonel of {A}", claimant=f"Government of {B}", stance="acknowledged",
                   period="2021-05")  # fmt: skip
    (event,) = found(monkeypatch, told)
    assert event.rung() == "alleged"
    assert len(event.accusations) == 1


def test_the_ladder_does_not_depend_on_which_side_is_which(monkeypatch):
    swapped = [accusation(by=f"Government of {A}", of=B, start=100), denial(by=f"Government of {B}", of=B, start=300)]
    (event,) = found(monkeypatch, *swapped)
    assert event.rung() == "denied"


def test_a_denial_of_ones_own_use_does_not_answer_for_the_other_side(monkeypatch):
    own = telling("use.event", False, subject=B, claimant=f"{B} officials", stance="denied", polarity="negated", period="1994/",
                  start=150)  # fmt: skip
    told = found(monkeypatch, accusation(start=100), own)
    assert {event.accused: event.rung() for event in told} == {A: "alleged", B: "denied_only"}


def test_accusations_of_one_accused_and_time_are_one_event_and_each_claim_stands_once(monkeypatch):
    told = found(monkeypatch, accusation(file="a.txt"), accusation(file="b.txt"), accusation(of=B, by=f"Government of {A}"))
    assert sorted(len(event.accusations) for event in told) == [1, 2]
