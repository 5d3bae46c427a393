"""Editions: what was published stays byte for byte, a second person signs, late records are named one by one, and strangers
can verify; an audience reads nothing it may not, whatever file it looks into."""

import json
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from io import BytesIO
from uuid import uuid4

import pyarrow as pa
import pytest
from django.db import connections

from clearland.core.errors import ClearlandError, NotPermitted, RefusedInput
from clearland.figures.report_editions import report_edition
from clearland.figures.report_lineage import SCHEMA
from clearland.figures.report_restatement import restated
from clearland.ledger.drafts import Draft
from clearland.ledger.scope import Actor, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.reports.breaches import breaches, small_counts, texts
from clearland.work import programme
from clearland.work.demonstration.nation import synthetic_nation
from clearland.work.evidence_pack import evidence_pack
from clearland.work.report_answers import Given, answer
from clearland.work.report_editions import Asked, freeze_report, publish, rerender, restate_report, sign

FIRST, SECOND = Actor("user:1", "First"), Actor("user:2", "Second")
LATE = 1_000
SMALL = "completion-declaration"


@pytest.fixture(scope="module")
def nation_folder(sqlite_template, tmp_path_factory, django_db_blocker):
    """One programme with a small synthetic nation; each test gets a copy."""
    folder = tmp_path_factory.mktemp("editions") / "programme"
    shutil.copytree(sqlite_template, folder)
    with django_db_blocker.unblock():
        programme.use(folder)
        nation = synthetic_nation(seed=7, hazards=15)
        write([draft for _, draft in nation.drafts], actor=system_actor("demo"), reason="SYNTHETIC")
        connections.close_all()
    return folder


@pytest.fixture
def nation(nation_folder, tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        folder = tmp_path / "programme"
        shutil.copytree(nation_folder, folder)
        programme.use(folder)
        yield folder
        connections.close_all()


def late_finds() -> list[Draft]:
    """A thousand items of ordnance of 2024 that come to light after the edition was frozen."""
    return [
        Draft(record=uuid4(), kind="ordnance", local_id=f"SYN-LATE-{number}", attributes={
            "category": "AP", "quantity": 1, "found_on": "2024-05-05", "fate": "destroyed", "destroyed_on": "2024-05-05",
        })
        for number in range(LATE)
    ]  # fmt: skip


def test_a_thousand_late_records_change_no_byte_and_are_named_all(nation):
    edition = freeze_report("statement-2024", Asked("annual-statement", "2024"), actor=FIRST)
    before = {each.format: edition.data(each.format) for each in edition.files}
    assert set(before) == {"pdf", "docx", "html", "xlsx", "md", "json"}
    late = late_finds()
    write(late, actor=system_actor("demo"), reason="late finds")
    again = report_edition(snapshot(), "statement-2024")
    assert {each.format: again.data(each.format) for each in again.files} == before
    made = rerender(again)
    assert made.holds
    assert all(made.same.values())
    told = restate_report(again, None)
    assert set(told.records()) == {str(draft.record) for draft in late}
    assert {one.cause for one in told.records().values()} == {"added"}
    assert {line.figure.partition("?")[0] for line in told.lines} == {"LR-5"}


def test_an_edition_is_signed_by_a_second_person_and_published_once(nation):
    freeze_report("twice", Asked(SMALL, "2024"), actor=FIRST)
    with pytest.raises(RefusedInput, match="twice"):
        freeze_report("twice", Asked(SMALL, "2024"), actor=FIRST)
    with pytest.raises(RefusedInput, match="frozen"):
        publish("twice", actor=FIRST)
    for nobody in (FIRST, system_actor("cli")):
        with pytest.raises(NotPermitted, match="did not freeze"):
            sign("twice", actor=nobody)
    assert sign("twice", actor=SECOND).signed_by == SECOND.id
    assert publish("twice", actor=FIRST).step == "published"
    with pytest.raises(RefusedInput, match="published"):
        publish("twice", actor=FIRST)


def test_a_period_that_is_not_over_and_a_name_that_is_none_are_refused(nation):
    with pytest.raises(RefusedInput, match="not over"):
        freeze_report("early", Asked("annual-statement", "2030"), actor=FIRST)
    with pytest.raises(RefusedInput, match="cannot name"):
        freeze_report("../x", Asked("annual-statement", "2024"), actor=FIRST)


def test_words_that_tell_a_place_or_a_day_cannot_be_frozen_for_the_public(nation):
    answer(snapshot(), Given("completion-declaration", "statement", "filled", words="Found at SYN-HAZARD-00001."), actor=FIRST)
    with pytest.raises(RefusedInput, match="SYN-HAZARD-00001"):
        freeze_report("told", Asked("completion-declaration", "2024", audience="public"), actor=FIRST)


def test_a_public_edition_tells_no_record_day_coordinate_or_small_count(nation):
    form = "article-7"
    edition = freeze_report(f"public-{form}", Asked(form, "2024", audience="public"), actor=FIRST)
    files = {each.name: edition.data(each.format) for each in edition.files}
    every = "\n".join(text for name, data in files.items() for text in texts(name, data))
    ids = snapshot().sql(
        "SELECT record, entry, local_id FROM accident UNION SELECT record, entry, local_id FROM hazard "
        "UNION SELECT record, entry, local_id FROM victim"
    ).to_pylist()  # fmt: skip
    assert ids
    for row in ids:
        assert not {row["record"], row["entry"], row["local_id"]} & set(every.split())
        assert row["entry"] not in every
    told = json.loads(files[f"public-{form}.json"])["figures"]
    assert all("reference" in each["lineage"] for each in told)
    assert small_counts(told) == []
    annex = " ".join(texts("x.xlsx", files[f"public-{form}.xlsx"]))
    assert "figure:" not in annex
    assert "entry" not in annex


@pytest.mark.parametrize(
    ("words", "what"),
    [("blew up on 3 May 2024", "day"), ("seen 2024-05-03", "day"), ("near 40.1234, 47.5678", "coordinate"),
     ("entry:0a0a", "reference"), ("40°12'30\"N", "coordinate")],
)  # fmt: skip
def test_the_last_look_finds_what_must_not_be_told(words, what):
    found = breaches({"x.md": f"Something {words} here.".encode()}, "public")
    assert what in {each.what for each in found}
    assert breaches({"x.md": f"Something {words} here.".encode()}, "programme") == []


def test_a_count_that_follows_from_a_total_is_found():
    def row(value, **scope):
        return {"code": "CAS-1", "unit": "people", "value": value, "scope": scope, "lineage": {"reference": "sealed:1"}}

    whole, seven, hidden = row(9.0), row(7.0, outcome="injured"), row(None, outcome="killed")
    assert small_counts([whole, seven, hidden]) == ["CAS-1 {'outcome': 'killed'} = 2.0"]
    assert small_counts([row(None), seven, hidden]) == []
    assert small_counts([row(3.0)])


@pytest.mark.parametrize("audience", ["programme", "public"])
def test_a_stranger_verifies_the_pack_and_sees_a_changed_byte(nation, tmp_path, audience):
    edition = freeze_report("pack", Asked(SMALL, "2024", audience=audience), actor=FIRST)
    with zipfile.ZipFile(BytesIO(evidence_pack(edition))) as archive:
        archive.extractall(tmp_path / "pack")
    run = [sys.executable, str(tmp_path / "pack" / "verify.py")]
    assert subprocess.run(run, capture_output=True, text=True, check=False).returncode == 0
    assert (tmp_path / "pack" / "lineage.csv").exists() == (audience == "programme")
    changed = tmp_path / "pack" / "pack.md"
    changed.write_bytes(changed.read_bytes().replace(b"2024", b"2025", 1))
    told = subprocess.run(run, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "pack.md" in told.stdout


def test_causes_tell_moved_from_changed():
    def lineage(*rows):
        names = SCHEMA.names
        return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], SCHEMA)

    day, other = date(2024, 4, 1), date(2024, 6, 1)
    before = lineage(
        ("F?a=1", "e1", "r1", "k", "R1", 1.0, day, day), ("F?a=1", "e2", "r2", "k", "R2", 1.0, day, day),
        ("F?a=1", "e3", "r3", "k", "R3", 1.0, day, day), ("F?a=1", "e4", "r4", "k", "R4", 1.0, day, day),
    )  # fmt: skip
    after = lineage(
        ("F?a=2", "e9", "r1", "k", "R1", 1.0, day, day), ("F?a=1", "e8", "r2", "k", "R2", 1.0, other, other),
        ("F?a=1", "e3", "r3", "k", "R3", 0.5, day, day), ("F?a=1", "e5", "r5", "k", "R5", 1.0, day, day),
    )  # fmt: skip
    told = restated(("x", "y"), ({"F?a=1": 4.0, "F?a=2": None}, {"F?a=1": 2.5, "F?a=2": 1.0}), (before, after))
    causes = {(line.figure, one.record): one.cause for line in told.lines for one in line.moved}
    assert causes == {
        ("F?a=1", "r1"): "reclassified", ("F?a=2", "r1"): "reclassified", ("F?a=1", "r2"): "re-dated",
        ("F?a=1", "r3"): "recounted", ("F?a=1", "r4"): "withdrawn", ("F?a=1", "r5"): "added",
    }  # fmt: skip


def test_two_editions_of_different_periods_are_not_compared(nation):
    first = freeze_report("a", Asked(SMALL, "2024"), actor=FIRST)
    second = freeze_report("b", Asked(SMALL, "2023"), actor=FIRST)
    with pytest.raises(ClearlandError, match="not of one report and period"):
        restate_report(first, second)
