"""Decisions about claims, on both databases: entries of one record, undone, bulk, and told to the snapshot."""

from collections.abc import Callable
from typing import Any

import pytest

from clearland.core.errors import ClearlandError, Conflict, NotPermitted, RefusedInput
from clearland.figures.disagreements import found
from clearland.ledger.judgements import Judgement
from clearland.ledger.rows import history
from clearland.ledger.search import search
from clearland.ledger.snapshot import snapshot
from clearland.ledger.verify import verify
from clearland.work import judging
from tests.judging.papers import ANNA, BORIS, PUBLIC, TEXT, claim, proposals, read
from tests.ledger.book import day, everything

CLEARED = (TEXT.index("3.52 km²"), TEXT.index("3.52 km²") + 8, "release.cleared")
MINES = (TEXT.index("120 mines"), TEXT.index("120 mines") + 9, "items.destroyed")
TRAINED = (TEXT.index("40 people"), TEXT.index("40 people") + 9, "training.people")


@pytest.fixture
def paper(programme: object) -> str:
    """The paper, read once, in a fresh programme."""
    return read(proposals())


def told(**options: Any) -> dict[tuple[int, str], tuple[str, object]]:
    """The snapshot's claims: place and attribute -> judgement and value."""
    rows = snapshot(**options).sql("SELECT * FROM claim").to_pylist()
    return {(row["start"], row["attribute"]): (row["judgement"], row["value_number"]) for row in rows}


def test_a_decision_keeps_who_when_why_and_the_words(paper: str) -> None:
    made = judging.judge(paper, *CLEARED, "accepted", actor=ANNA, reason=" Seen in print ", clock=day(1))
    assert isinstance(made, Judgement)
    assert (made.verdict, made.actor, made.decided_at, made.reason) == ("accepted", "user:1", day(1)(), "Seen in print")
    assert (made.quote, made.after[:7]) == ("3.52 km²", "in 2022")
    assert made.stated is not None
    assert made.stated["value"] == 3.52
    assert verify().ok


def test_deciding_again_is_a_new_entry_of_the_same_record(paper: str) -> None:
    first = judging.judge(paper, *CLEARED, "accepted", actor=ANNA, clock=day(1))
    second = judging.judge(paper, *CLEARED, "corrected", correction={"value": 3.25}, actor=BORIS, seen=first.entry, clock=day(2))
    assert first.record == second.record
    assert [(entry.actor, entry.attributes["verdict"]) for entry in history(everything(), first.record)] == [
        ("user:1", "accepted"), ("user:2", "corrected"),
    ]  # fmt: skip
    (standing,) = [each for each in judging.desk(paper, actor=ANNA).standing if each.judgement]
    assert (standing.verdict, standing.body["value"], standing.body["period"]) == ("corrected", 3.25, "2022")


def test_two_people_at_once_conflict(paper: str) -> None:
    judging.judge(paper, *CLEARED, "accepted", actor=ANNA, clock=day(1))
    with pytest.raises(Conflict, match="E-JUDGE-STALE"):
        judging.judge(paper, *CLEARED, "rejected", actor=BORIS, clock=day(1))


def test_taken_back_is_undecided_again_and_can_be_decided_anew(paper: str) -> None:
    made = judging.judge(paper, *CLEARED, "rejected", actor=ANNA, clock=day(1))
    with pytest.raises(Conflict):
        judging.undo(made.record, paper, actor=BORIS, seen=None, clock=day(2))
    judging.undo(made.record, paper, actor=BORIS, seen=made.entry, clock=day(2))
    assert all(each.verdict == "proposed" for each in judging.desk(paper, actor=ANNA).standing)
    with pytest.raises(RefusedInput, match="E-JUDGE-NONE"):
        judging.undo(made.record, paper, actor=BORIS, seen=made.entry, clock=day(2))
    again = judging.judge(paper, *CLEARED, "accepted", actor=ANNA, clock=day(3))
    assert again.record == made.record
    assert [entry.state for entry in history(everything(), made.record)] == ["approved", "withdrawn", "approved"]
    assert told(as_known=day(1)().date())[CLEARED[0], CLEARED[2]][0] == "rejected"
    assert told()[CLEARED[0], CLEARED[2]][0] == "accepted"


def test_the_snapshot_says_what_was_decided_and_corrections_win(paper: str) -> None:
    judging.judge(paper, *CLEARED, "corrected", correction={"value": 3.25, "unit": "ha"}, actor=ANNA, clock=day(1))
    judging.judge(paper, *MINES, "rejected", actor=ANNA, clock=day(1))
    extra = judging.NewClaim(0, 11, {"subject": "Sandland", "attribute": "programme.exists", "value": True})
    judging.add_claim(paper, extra, actor=ANNA, clock=day(1))
    rows = told()
    assert rows[CLEARED[0], "release.cleared"] == ("corrected", 3.25)
    assert rows[MINES[0], "items.destroyed"] == ("rejected", 120)
    assert rows[0, "programme.exists"] == ("added", None)
    assert rows[TRAINED[0], "training.people"] == ("proposed", 40)
    assert len(rows) == len(proposals()) + 1
    (added,) = snapshot().sql("SELECT * FROM claim WHERE judgement = 'added'").to_pylist()
    assert (added["quote"], added["value_text"], added["publisher"], added["source"]) == (
        "Mine action",
        "true",
        "The Office",
        paper,
    )


def test_a_claim_is_split_in_one_commit(paper: str) -> None:
    base = {"subject": "Office", "attribute": MINES[2], "claimant": "The Office"}
    parts = [judging.NewClaim(MINES[0], MINES[1], {**base, "value": value}) for value in (100, 20)]
    made = judging.split(paper, *MINES, parts, actor=ANNA, clock=day(1))
    assert [(each.verdict, each.part, each.stated and each.stated["value"]) for each in made] == [
        ("added", 2, 100),
        ("added", 3, 20),
    ]
    standing = [each for each in judging.desk(paper, actor=ANNA).standing if each.start == MINES[0]]
    assert sorted((each.verdict, each.body["value"]) for each in standing) == [("added", 20), ("added", 100), ("rejected", 120)]
    with pytest.raises(RefusedInput, match="E-JUDGE-SPLIT"):
        judging.split(paper, *CLEARED, parts[:1], actor=ANNA, clock=day(2))


def test_what_a_person_added_is_changed_or_taken_back(paper: str) -> None:
    new = judging.NewClaim(0, 11, {"subject": "Sandland", "attribute": "programme.exists", "value": True})
    made = judging.add_claim(paper, new, actor=ANNA, clock=day(1))
    changed = judging.judge(
        paper,
        0,
        11,
        "programme.exists",
        "corrected",
        correction={"claimant": "The Office"},
        seen=made.entry,
        actor=ANNA,
        clock=day(2),
    )
    assert (changed.verdict, changed.record, changed.stated and changed.stated["claimant"]) == (
        "added",
        made.record,
        "The Office",
    )
    judging.undo(made.record, paper, actor=ANNA, seen=changed.entry, clock=day(3))
    assert (0, "programme.exists") not in told()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda sha: judging.judge(sha, 1, 5, "release.cleared", "accepted", actor=ANNA), "E-JUDGE-CLAIM"),
        (lambda sha: judging.judge(sha, *CLEARED, "added", actor=ANNA), "E-JUDGE-VERDICT"),
        (lambda sha: judging.judge(sha, *CLEARED, "corrected", correction={"stance": "sure"}, actor=ANNA), "E-CLAIM-CODE"),
        (lambda sha: judging.judge(sha, *CLEARED, "corrected", correction={"value": ""}, actor=ANNA), "E-CLAIM-VALUE"),
        (lambda sha: judging.judge(sha, *CLEARED, "corrected", correction={"subject": " "}, actor=ANNA), "E-JUDGE-FIELD"),
        (lambda sha: judging.judge(sha, *CLEARED, "corrected", correction={"colour": "red"}, actor=ANNA), "E-JUDGE-FIELD"),
        (lambda sha: judging.judge("0" * 64, *CLEARED, "accepted", actor=ANNA), "E-JUDGE-SOURCE"),
        (lambda sha: judging.add_claim(sha, judging.NewClaim(5, 9999, {}), actor=ANNA), "E-JUDGE-SPAN"),
        (lambda sha: judging.words_in(judging.desk(sha, actor=ANNA), "no such words", 0), "E-JUDGE-SPAN"),
    ],
)
def test_what_is_no_decision_is_refused_and_writes_nothing(
    sqlite_programme: object, call: Callable[[str], object], code: str
) -> None:
    sha = read(proposals())
    before = snapshot().head
    with pytest.raises(ClearlandError, match=code):
        call(sha)
    assert snapshot().head == before


@pytest.mark.parametrize("actor", [None, PUBLIC])
def test_only_members_decide(sqlite_programme: object, actor: Any) -> None:
    sha = read(proposals())
    with pytest.raises(NotPermitted):
        judging.judge(sha, *CLEARED, "accepted", actor=actor)


def test_only_plain_claims_are_accepted_together(paper: str) -> None:
    assert judging.accept_safe(paper, actor=ANNA, clock=day(1)) == 3
    rows = told()
    waiting = {key for key, (verdict, _) in rows.items() if verdict == "proposed"}
    assert waiting == {(TEXT.index("9 km²"), "release.cleared"), (TRAINED[0], "training.people")}  # planned; nobody says it
    assert judging.accept_safe(paper, actor=ANNA, clock=day(2)) == 0


def test_claims_that_differ_from_another_wait_for_a_look(paper: str) -> None:
    other = [*proposals(), claim("120", "items.destroyed", 130, unit="items", period="2022", claimant="The Ministry")]
    read(other, version="2", on=1)
    assert [pair.kind for pair in found(snapshot()) if pair.left.attribute == "items.destroyed"] == ["contradicts"]
    judging.accept_safe(paper, actor=ANNA, clock=day(2))
    waiting = [each.body["value"] for each in judging.desk(paper, actor=ANNA).standing if each.verdict == "proposed"]
    assert {120, 130} <= set(waiting)
    (wrong,) = [each for each in judging.desk(paper, actor=ANNA).standing if each.body["value"] == 130]
    judging.judge(paper, wrong.start, wrong.end, wrong.attribute, "rejected", actor=ANNA, clock=day(3))
    assert [pair for pair in found(snapshot()) if pair.left.attribute == "items.destroyed"] == []


def test_judged_words_are_found_once_as_the_passage_they_stand_in(paper: str) -> None:
    judging.judge(paper, *MINES, "accepted", actor=ANNA, clock=day(1))
    assert [hit.kind for hit in search(everything(), "destroyed 120 mines")] == ["passage"]
