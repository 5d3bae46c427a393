"""`verify` names what is wrong and where, whichever way somebody went round the ledger."""

from dataclasses import replace
from datetime import date

import pytest
import shapely

from clearland.ledger.drafts import NewRendition
from clearland.ledger.rebuild import rebuild
from clearland.ledger.rows import head, rows
from clearland.ledger.sources import source_path
from clearland.ledger.verify import verify
from tests.ledger.book import behind_the_guards, day, everything, execute, hazard, put, source, value

BODY = {
    "sqlite": """UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'Area 1', 'Area 9') AS BLOB)
                 WHERE sequence = 2""",
    "postgresql": "UPDATE entry SET body = set_byte(body, 20, get_byte(body, 20) # 1) WHERE sequence = 2",
}
# What is done behind the guards, the code that must be among the findings, and words of the sentence.
DEEDS = {
    "a digest made to fit": (f"UPDATE entry SET digest = '{'ab' * 32}' WHERE sequence = 3", "E-VERIFY-ROOT", "commit 2"),
    "another digest": (f"UPDATE entry SET digest = '{'ab' * 32}' WHERE sequence = 3", "E-VERIFY-ENTRY", "Entry 3"),
    "another state": ("UPDATE entry SET state = 'draft' WHERE sequence = 2", "E-VERIFY-ENTRY", "Entry 2"),
    "another revision": ("UPDATE entry SET revision = 7 WHERE sequence = 2", "E-VERIFY-ENTRY", "Entry 2"),
    "a removed geometry": ("UPDATE entry SET geometry = NULL WHERE sequence = 2", "E-VERIFY-ENTRY", "Entry 2"),
    "a removed entry": ("DELETE FROM entry WHERE sequence = 4", "E-VERIFY-ROOT", "commit 3"),
    "another author": ("""UPDATE "commit" SET actor = 'user:9' WHERE sequence = 2""", "E-VERIFY-CHAIN", "Commit 2"),
    "another hash": (f"""UPDATE "commit" SET hash = '{"cd" * 32}' WHERE sequence = 2""", "E-VERIFY-CHAIN", "Commit 3"),
    "another receipt": ("UPDATE source SET received = '2023-01-01'", "E-VERIFY-SOURCE", "return.csv"),
    "another text": ("UPDATE rendition SET text = 'Two areas.'", "E-VERIFY-RENDITION", "rendition"),
    "a removed rendition": ("DELETE FROM rendition", "E-VERIFY-ROOT", "Commit 2"),
}

INVENTED = """
    INSERT INTO version (record_id, entry_id, known_from, kind, local_id, attributes, place, organisation, state,
                         sensitivity)
    SELECT 99, entry_id, known_from, kind, local_id, attributes, place, organisation, state, sensitivity FROM version
    WHERE entry_id = 2"""
NOTHING = """UPDATE version SET attributes = '{"name": "Nothing here"}' WHERE entry_id = 2"""
MOVED = "UPDATE record SET geometry = (SELECT geometry FROM record WHERE fid = 3) WHERE fid = 2"
PROJECTIONS = {
    "a changed column": ("UPDATE record SET local_id = 'HA-X' WHERE fid = 2", "record differs from the entries of hazard HA-1"),
    "a changed attribute": (NOTHING, "in attributes"),
    "an open window": ("UPDATE version SET known_to = NULL WHERE entry_id = 2", "in known_to"),
    "a moved geometry": (MOVED, "in geometry"),
    "a removed version": ("DELETE FROM version WHERE entry_id = 3", "version"),
    "an invented version": (INVENTED, "table version has"),
    "a removed link": ("DELETE FROM link", "link"),
}


@pytest.fixture
def book(programme):
    """Three commits: the opening, two hazards with a source and its text, a change with a link."""
    reading = NewRendition(text="One area.", extractor="test", extractor_version="1")
    put(
        [hazard("1"), hazard("2", geometry=shapely.box(47, 40, 47.1, 40.1))],
        source=source("return", date(2024, 3, 1)),
        renditions=[reading],
    )
    put(replace(hazard("1", area_type="CHA"), links={"parent_hazard": (hazard("2").record,)}), clock=day(1))
    report = verify()
    assert (report.ok, report.commits, report.entries, report.head) == (True, 3, 4, head())
    return programme


@pytest.mark.parametrize("deed", DEEDS)
def test_altered_truth_is_found(book, deed):
    sql, code, words = DEEDS[deed]
    with behind_the_guards():
        execute(sql)
    report = verify()
    assert not report.ok
    assert any(finding.code == code and words in finding.sentence for finding in report.findings)


def test_a_flipped_byte_of_a_body_is_found(book):
    with behind_the_guards():
        execute(BODY[book.vendor])
    faults = [finding for finding in verify().findings if finding.code == "E-VERIFY-ENTRY"]
    assert ["Entry 2" in fault.sentence for fault in faults] == [True]


@pytest.mark.parametrize("deed", PROJECTIONS)
def test_an_altered_projection_is_found_and_rebuilt(book, deed):
    sql, words = PROJECTIONS[deed]
    execute(sql)
    report = verify()
    assert {finding.code for finding in report.findings} == {"E-VERIFY-PROJECTION"}
    assert any(words in finding.sentence for finding in report.findings)
    assert rebuild() == 3
    assert verify().ok
    assert rows(everything(), "hazard").get(local_id="HA-1").attributes["area_type"] == "CHA"


def test_a_removed_trigger_is_found(book):
    on = ' ON "entry"' if book.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER entry_no_delete{on}")
    (finding,) = verify().findings
    assert (finding.code, "entry_no_delete" in finding.sentence) == ("E-VERIFY-GUARD", True)


@pytest.mark.parametrize("deed", ["delete", "alter"])
def test_bytes_of_a_source_that_are_gone_or_altered_are_found(book, deed):
    path = source_path(value("SELECT sha256 FROM source"))
    if deed == "delete":
        path.unlink()
    else:
        path.write_bytes(b"another content")
    (finding,) = verify().findings
    assert (finding.code, path.name in finding.sentence) == ("E-VERIFY-BYTES", True)


def test_verifying_does_not_change_the_book(book):
    before = head()
    assert verify() == verify()
    assert head() == before
