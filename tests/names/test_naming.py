"""Decisions about names: entries with author and score, taken back, and what they change in search and comparison."""

import pytest

from clearland.core.errors import NotPermitted, RefusedInput
from clearland.figures.disagreements import compared
from clearland.ledger.rows import history
from clearland.ledger.scope import system_actor
from clearland.ledger.search import Found, search
from clearland.ledger.snapshot import snapshot
from clearland.work import naming
from tests.figures.told import ACTOR, paper
from tests.judging.papers import ANNA
from tests.ledger.book import everything

PASSAGES: tuple[Found, ...] = ("passage",)
MATCH = ("UN Mine Aktion Service", "organisation", "UNMAS")


@pytest.fixture
def papers(programme):
    said = {"attribute": "casualty.total", "period": "2024"}
    paper("UN Mine Aktion Service: 9 people.", {"at": "9 people", "value": 9, "claimant": MATCH[0], **said}, filename="a.txt")
    paper("UNMAS: 9 people.", {"at": "9 people", "value": 9, "claimant": "UNMAS", **said}, filename="b.txt")
    return programme


def test_proposals_come_from_the_claims(papers):
    found = naming.table(snapshot(), "organisation", actor=ANNA)
    (proposal,) = found.proposals
    assert (proposal.written, proposal.bearer.code, found.counts[proposal.written]) == ("UN Mine Aktion Service", "UNMAS", 1)
    assert found.decided == []


def test_an_accepted_match_counts_in_search_until_it_is_taken_back(papers):
    assert len(search(everything(), "unmas", sorts=PASSAGES)) == 1
    record = naming.decide(*MATCH, "accepted", actor=ANNA, reason="A slip of the printer")
    (decided,) = naming.table(snapshot(), "organisation", actor=ANNA).decided
    assert (decided.actor, decided.verdict, decided.how) == ("user:1", "accepted", "spelling")
    assert decided.reason == "A slip of the printer"
    assert decided.score is not None
    assert naming.table(snapshot(), "organisation", actor=ANNA).proposals == []
    assert len(search(everything(), "unmas", sorts=PASSAGES)) == 2
    naming.undo(record, actor=ANNA)
    assert len(search(everything(), "unmas", sorts=PASSAGES)) == 1
    assert len(naming.table(snapshot(), "organisation", actor=ANNA).proposals) == 1
    assert len(history(everything(), record)) == 2
    with pytest.raises(RefusedInput, match="E-NAME-NONE"):
        naming.undo(record, actor=ANNA)


def test_a_rejected_match_is_not_proposed_again(papers):
    naming.decide(*MATCH, "rejected", actor=ANNA)
    assert naming.table(snapshot(), "organisation", actor=ANNA).proposals == []
    assert len(search(everything(), "unmas", sorts=PASSAGES)) == 1


def test_comparison_reads_a_name_as_its_bearers(programme):
    said = {"attribute": "casualty.total", "period": "2024"}
    paper("CSCE: 9 people.", {"at": "9 people", "value": 9, "claimant": "CSCE", "as_of": "1993-01-01", **said}, filename="a.txt")
    paper("OSCE: 7 people.", {"at": "7 people", "value": 7, "claimant": "OSCE", "as_of": "1996-01-01", **said}, filename="b.txt")
    (pair,) = compared(snapshot())
    assert pair.kind == "supersedes"
    assert {pair.left.claimant, pair.right.claimant} == {"CSCE", "OSCE"}


def test_a_name_borne_for_a_time(papers):
    naming.decide("Mine Service", "organisation", "UNMAS", "accepted", actor=ANNA, borne_from="1990", borne_to="1996-05")
    (decided,) = naming.table(snapshot(), "organisation", actor=ANNA).decided
    assert (decided.borne_from, decided.borne_to) == ("1990", "1996-05")


@pytest.mark.parametrize(
    ("match", "code"),
    [(("PMN-E", "ordnance", "PMN", "accepted"), "E-NAME-MODEL"), (("X", "ordnance", "NOBODY", "accepted"), "E-NAME-BEARER"),
     (("X", "planet", "PMN", "accepted"), "E-NAME-SORT"), (("X", "ordnance", "PMN", "perhaps"), "E-NAME-VERDICT"),
     (("--", "ordnance", "PMN", "accepted"), "E-NAME-EMPTY")],
)  # fmt: skip
def test_what_cannot_be_said_is_refused(sqlite_programme, match, code):
    with pytest.raises(RefusedInput, match=code):
        naming.decide(*match, actor=ANNA)


def test_only_members_decide(sqlite_programme):
    with pytest.raises(NotPermitted):
        naming.decide(*MATCH, "accepted", actor=system_actor("public"))
    assert ACTOR.id != ANNA.id
