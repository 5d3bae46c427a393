"""Cited sources of a programme: counted, never ending at a number, matched with what is held, decided and taken back."""

from datetime import date

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from clearland.core.errors import RefusedInput
from clearland.ledger.drafts import NewRendition, NewSource
from clearland.ledger.rows import history, rendition
from clearland.ledger.write import write
from clearland.work import citing
from tests.figures.told import ACTOR, CLOCK
from tests.judging.papers import ANNA
from tests.ledger.book import everything

BODY = "There were 9 people.[1] It rose.[2] It fell.[3] Nobody knows.[4]"
NOTES = {
    "1": "[1] UN Mine Service, “Joint Mission Report: Varenia,” 5 November 1998, p. 13.",
    "2": "[2] Ibid., p. 14.",
    "3": "[3] A. Writer, “Mines Found in the North,” Varenia News, 27 May 2021.",
}


TEXT = "\n\n".join([BODY, *NOTES.values()])


def hold(title="Paper", text=TEXT, **rest):
    passages = [{"number": 1, "kind": "paragraph", "start": 0, "end": len(BODY)}]
    notes = []
    for label, words in NOTES.items():
        start = text.find(words[:20])
        if start < 0:
            continue
        first, end = text.index(NOTES["1"]), (text + "\n\n").index("\n\n", start)
        details = {"ibid": {"note": "1", "start": first, "end": first + len(NOTES["1"]), "doubtful": True, "reason": ""}}
        passages.append({"number": len(passages) + 1, "kind": "note", "label": label, "start": start, "end": end,
                         "details": details if label == "2" else {}})  # fmt: skip
        notes.append({"label": label, "body_start": start, "body_end": start + len(words), "markers": [[23, 26]]})
    if "[4]" in text:
        at = text.index("[4]")
        notes.append({"label": "4", "body_start": None, "body_end": None, "markers": [[at, at + 3]]})
    claims = [
        {"file": "a.txt", "start": 11 + at, "end": 19 + at, "subject": "Varenia", "attribute": "casualty.total", "value": 9,
         "footnote": label, "claimant": "Office"}
        for at, label in enumerate(("1", "2", "4"))
    ] if "[4]" in text else []  # fmt: skip
    source = NewSource(
        data=text.encode(), filename=f"{title}.txt", media_type="text/plain", received=date(2026, 3, 1), title=title, **rest
    )
    reading = NewRendition(text=text, extractor="text", extractor_version="1", passages=passages, notes=notes, claims=claims)
    receipt = write([], actor=ACTOR, reason="A paper", source=source, renditions=[reading], clock=CLOCK)
    assert receipt.source
    return receipt.source


def by_title():
    found = citing.with_matches(everything(), citing.cited_sources(everything()))
    return {one.cited.title if one.cited else one.notes[0].label: one for one in found}


def test_claims_are_counted_through_an_ibid_and_a_missing_note_is_listed(programme):
    hold()
    found = by_title()
    report = found["Joint Mission Report: Varenia"]
    assert (report.claims, [note.label for note in report.notes]) == (2, ["1", "2"])
    assert [(note.through, note.doubtful) for note in report.notes] == [("", False), ("1", True)]
    assert (found["4"].claims, found["4"].cited) == (1, None)
    assert found["Mines Found in the North"].claims == 0


def test_the_reader_is_told_the_source_behind_a_note(sqlite_programme):
    told = citing.cited_words(rendition(everything(), hold()), {"1", "2"})
    assert told["2"] == told["1"] == "UN Mine Service, Joint Mission Report: Varenia, 1998-11-05"


def test_a_document_added_later_is_proposed_and_accepted_by_a_person(programme):
    hold()
    key = by_title()["Joint Mission Report: Varenia"].key
    assert by_title()["Joint Mission Report: Varenia"].held == ()
    added = hold("Joint Mission Report – Varenia", text="The report itself.", published="1998-11-05")
    (proposed,) = by_title()["Joint Mission Report: Varenia"].held
    assert (proposed.source, proposed.how) == (added, "title")
    record = citing.decide(key, "full", held_as=added, actor=ANNA)
    one = by_title()["Joint Mission Report: Varenia"]
    assert (one.holding, one.held_as, one.actor, one.held) == ("full", added, "user:1", ())
    citing.undo(record, actor=ANNA)
    assert by_title()["Joint Mission Report: Varenia"].holding == ""
    assert len(history(everything(), record)) == 2


def test_another_date_is_another_edition(sqlite_programme):
    hold()
    hold("Joint Mission Report: Varenia", text="Another year's report.", published="2011")
    assert by_title()["Joint Mission Report: Varenia"].held == ()


def test_a_missing_note_can_be_said_to_be_not_obtainable(sqlite_programme):
    hold()
    citing.decide(by_title()["4"].key, "not_obtainable", actor=ANNA)
    assert by_title()["4"].holding == "not_obtainable"


@pytest.mark.parametrize(
    ("key", "holding", "code"),
    [("x", "full", "E-CITED-KEY"), ("", "lost", "E-CITED-HOLDING"), ("", "full", "E-CITED-SOURCE")],
)
def test_what_cannot_be_said_is_refused(sqlite_programme, key, holding, code):
    hold()
    with pytest.raises(RefusedInput, match=code):
        citing.decide(key or by_title()["4"].key, holding, actor=ANNA)


def test_the_list_asks_the_database_no_more_for_more_sources(sqlite_programme):
    def asked():
        with CaptureQueriesContext(connections["programme"]) as queries:
            found = citing.with_matches(everything(), citing.cited_sources(everything()))
        return len(queries), len(found)

    hold()
    first, one = asked()
    for number in range(6):
        hold(f"Paper {number}", text=TEXT.replace("Mines Found in the North", f"Mines Found in the North {number}"))
    again, several = asked()
    assert several > one
    assert again <= first + 3  # texts and notes of new readings, read two hundred at once


def test_a_source_taken_in_is_in_the_list_at_once(sqlite_programme):
    assert not by_title()
    hold()
    assert "Mines Found in the North" in by_title()
