"""Policy in order of time."""

from clearland.reports.timeline import policy_events
from tests.reports.telling import book_of, telling


def test_events_stand_newest_first_and_undated_ones_last(monkeypatch):
    told = [
        telling("treaty.vote", "abstained", period="1996"), telling("treaty.attendance", True, period="2021-11"),
        telling("treaty.position", "supports the aim", file="undated.txt"), telling("casualty.total", 5, period="2022"),
        telling("treaty.vote", "in favour", period="2005/", published="2022"),
    ]  # fmt: skip
    found = policy_events(book_of(monkeypatch, *told, code=""))
    assert [event.family for event in found] == ["meetings", "votes", "votes", "positions"]
    assert [event.day.year if event.day else None for event in found] == [2021, 2005, 1996, None]


def test_one_statement_printed_twice_is_one_event_with_both_prints(monkeypatch):
    told = [telling("treaty.vote", "in favour", period="2010", file=f"{name}.txt") for name in "ab"]
    (event,) = policy_events(book_of(monkeypatch, *told, code=""))
    assert [each.claim.file for each in event.every()] == ["a.txt", "b.txt"]
    assert len(event.told) == 1


def test_an_allegation_carries_its_reply(monkeypatch):
    told = [
        telling("use.event", True, subject="Albania", claimant="Army of Bolivia", stance="alleged", period="2021", start=10),
        telling("use.denial", False, subject="Albania", claimant="Government of Albania", stance="denied", polarity="negated",
                period="2021", start=90),
    ]  # fmt: skip
    (event,) = policy_events(book_of(monkeypatch, *told, code=""))
    assert event.family == "allegations"
    assert [len(part) for part in (event.told, event.replies, event.others)] == [1, 1, 0]
