"""A source is read again, by another reader or into other text: no decision is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.ledger.carrying import folded, place_of, places
from clearland.ledger.snapshot import snapshot
from clearland.work import judging
from tests.judging.papers import ANNA, TEXT, claim, proposals, read
from tests.ledger.book import day

REWRAPPED = "Sandland yearbook\n\n" + TEXT.replace("The Office cleared", "The Office\n   cleared").replace(
    "120 mines", "120\nmines"
)


@pytest.fixture
def decided(programme: object) -> str:
    """The paper with every kind of decision: accepted, corrected, rejected, added, split."""
    sha = read(proposals())
    cleared, mines, planned, again, trained = [(each["start"], each["end"], each["attribute"]) for each in proposals()]
    judging.judge(sha, *cleared, "accepted", actor=ANNA, clock=day(1))
    judging.judge(sha, *mines, "corrected", correction={"value": 12}, actor=ANNA, clock=day(1))
    judging.judge(sha, *planned, "rejected", actor=ANNA, clock=day(1))
    judging.judge(sha, *again, "rejected", actor=ANNA, clock=day(1))
    own = judging.NewClaim(0, 11, {"subject": "Sandland", "attribute": "programme.exists", "value": True})
    judging.add_claim(sha, own, actor=ANNA, clock=day(1))
    parts = [judging.NewClaim(*trained[:2], {"subject": name, "attribute": "training.people", "value": 20}) for name in "AB"]
    judging.split(sha, *trained, parts, actor=ANNA, clock=day(1))
    return sha


def verdicts(sha: str) -> list[tuple[str, str, object, str]]:
    """Words, attribute, value and verdict of everything that stands."""
    at = judging.desk(sha, actor=ANNA)
    return [(folded(at.text[each.start : each.end]), each.attribute, each.body["value"], each.verdict) for each in at.standing]


def test_another_version_of_the_reader_loses_nothing(decided: str) -> None:
    before = verdicts(decided)
    read(proposals(), version="2", on=2)
    assert verdicts(decided) == before
    assert judging.desk(decided, actor=ANNA).lost == []


def test_a_reader_that_gives_other_text_loses_nothing(decided: str) -> None:
    before = verdicts(decided)
    moved = [
        {**each, "start": each["start"], "end": each["end"]}
        for each in (
            claim("3.52 km²", "release.cleared", 3.52, unit="km2", text=REWRAPPED),
            claim("120\nmines", "items.destroyed", 120, unit="items", text=REWRAPPED),
            claim("9 km²", "release.cleared", 9, unit="km2", text=REWRAPPED),
            claim("3.52 km²", "release.cleared", 3.52, unit="km2", nth=1, text=REWRAPPED),
            claim("40 people", "training.people", 40, unit="people", text=REWRAPPED),
        )
    ]
    read(moved, text=REWRAPPED, version="2", on=2)
    assert verdicts(decided) == before
    assert judging.desk(decided, actor=ANNA).lost == []
    rows = snapshot().sql("SELECT judgement, count(*) AS n FROM claim GROUP BY 1").to_pylist()
    assert {row["judgement"]: row["n"] for row in rows} == {"accepted": 1, "corrected": 1, "rejected": 3, "added": 3}


def test_what_a_person_stated_stands_without_a_proposal_and_rejections_are_listed(decided: str) -> None:
    read([], version="2", on=2)
    assert sorted(verdict for *_, verdict in verdicts(decided)) == ["accepted", "added", "added", "added", "corrected"]
    assert [(each.judgement.verdict, each.why) for each in judging.desk(decided, actor=ANNA).lost] == [
        ("rejected", "proposal")
    ] * 3


def test_a_rejection_holds_for_the_reading_it_rejected(decided: str) -> None:
    other = [{**each, "value": 8} if each["value"] == 9 else each for each in proposals()]
    read(other, version="2", on=2)
    assert ("9 km²", "release.cleared", 8, "proposed") in verdicts(decided)
    assert [each.why for each in judging.desk(decided, actor=ANNA).lost] == ["proposal"]


def test_what_was_accepted_stays_as_it_was_accepted_and_says_that_the_reader_differs(decided: str) -> None:
    read([{**each, "value": 3.5} for each in proposals()[:1]], version="2", on=2)
    (standing,) = [each for each in judging.desk(decided, actor=ANNA).standing if each.verdict == "accepted"]
    assert standing.body["value"] == 3.52
    assert standing.proposal is not None
    assert standing.proposal["value"] == 3.5
    assert standing.reread


def test_a_claim_whose_words_were_cut_otherwise_keeps_its_decision(decided: str) -> None:
    read(
        [claim("9", "release.cleared", 9, unit="km2"), claim("cleared 3.52 km²", "release.cleared", 3.52, unit="km2")],
        version="2",
        on=2,
    )
    assert ("9", "release.cleared", 9, "rejected") in verdicts(decided)
    assert ("3.52 km²", "release.cleared", 3.52, "accepted") in verdicts(decided)
    assert "proposed" not in {verdict for *_, verdict in verdicts(decided)}


def test_words_that_are_gone_or_stand_twice_are_listed_not_guessed(decided: str) -> None:
    text = "3.52 km² here. And there, far off:\n\n3.52 km² too. " + "120 mines."
    read([], text=text, version="2", on=2)
    lost = judging.desk(decided, actor=ANNA).lost
    assert {each.why for each in lost} == {"words"}
    assert sorted(each.judgement.quote for each in lost) == sorted(
        ["3.52 km²", "3.52 km²", "9 km²", "40 people", "40 people", "40 people", "Mine action"]
    )


def test_a_carried_claim_is_decided_again_under_its_own_record(decided: str) -> None:
    read([claim("3.52 km²", "release.cleared", 3.52, unit="km2", text=REWRAPPED)], text=REWRAPPED, version="2", on=2)
    (standing,) = [each for each in judging.desk(decided, actor=ANNA).standing if each.verdict == "accepted"]
    assert standing.judgement is not None
    key = (standing.start, standing.end, standing.attribute)
    made = judging.judge(decided, *key, "rejected", seen=standing.judgement.entry, actor=ANNA, clock=day(3))
    assert (made.record, made.start) == (standing.judgement.record, standing.start)
    judging.undo(made.record, decided, seen=made.entry, actor=ANNA, clock=day(4))
    assert ("3.52 km²", "release.cleared", 3.52, "proposed") in verdicts(decided)


words = st.lists(st.sampled_from(["a", "ab", "3.52", "km²", "(", "\\b", "к.", "[1]", "a|b"]), min_size=1, max_size=6)


@given(words, words, words, st.sampled_from([" ", "\n", " \r\n\t", "\x0c"]))
def test_words_are_found_whatever_the_white_space(before: list[str], middle: list[str], after: list[str], space: str) -> None:
    text = " | ".join([space.join(before), space.join(middle), space.join(after)])
    found = places(text, folded(space.join(middle)))
    assert any(folded(text[start:end]) == folded(space.join(middle)) for start, end in found)


def test_a_judgement_of_this_rendition_needs_no_search(decided: str) -> None:
    at = judging.desk(decided, actor=ANNA)
    for each in at.standing:
        assert each.judgement is not None
        assert place_of(at.text, at.rendition, each.judgement) == (each.judgement.start, each.judgement.end)
