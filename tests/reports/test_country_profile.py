"""The country profile: every claim and figure with a note that leads back, nothing rejected, nothing of another country."""

import re
import shutil
import time
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connections

from clearland.core.errors import ClearlandError
from clearland.figures.disagreements import claims_of
from clearland.figures.trace import trace
from clearland.ledger.drafts import Draft
from clearland.ledger.opening import PROGRAMME_RECORD
from clearland.ledger.rows import record
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.reports import book
from clearland.reports.compile import compile_report
from clearland.reports.render import render
from clearland.work import programme
from clearland.work.add import AddOptions, add_file
from clearland.work.demonstration.nation import synthetic_nation
from clearland.work.judging import judge
from tests.reports.test_annual_statement import REF, footnotes

DOCUMENTS = Path(__file__).parents[2] / "examples" / "documents"
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
DEMO = system_actor("demo")
SECONDS = 5


def programme_of(folder: Path, documents: list[Path], hazards: int) -> None:
    """A programme of Azerbaijan with these documents and a synthetic nation, in use."""
    programme.use(folder)
    now: Any = record(scope(DEMO, "tests"), PROGRAMME_RECORD)
    attributes = {**now.attributes, "country": "AZ"}
    own = Draft(record=PROGRAMME_RECORD, kind="programme", local_id="programme", based_on=now.entry_uuid, attributes=attributes)
    write([own], actor=DEMO, reason="A country for tests")
    if hazards:
        write([draft for _, draft in synthetic_nation(seed=7, hazards=hazards).drafts], actor=DEMO, reason="SYNTHETIC")
    for path in documents:
        add_file(path, AddOptions(received=date(2026, 2, 1)), actor=system_actor("import"))
    connections.close_all()


@pytest.fixture(scope="module")
def folder(sqlite_template, tmp_path_factory, django_db_blocker):
    made = tmp_path_factory.mktemp("profile") / "programme"
    shutil.copytree(sqlite_template, made)
    with django_db_blocker.unblock():
        programme_of(made, [*sorted(DOCUMENTS.glob("azerbaijan-*")), DOCUMENTS / "talmere-questionnaire-synthetic.txt"], 40)
    return made


@pytest.fixture
def shot(folder, django_db_blocker):
    with django_db_blocker.unblock():
        programme.use(folder)
        yield snapshot()
        connections.close_all()


def printed(markdown: str) -> list[str]:
    """Lines of the body that tell something: bullets and rows of tables, the list of empty slots left out."""
    lines = markdown.split("## Slots without data", maxsplit=1)[0].splitlines()
    heads = {number for number, line in enumerate(lines[1:]) if line.startswith("| --")}
    told = [line for number, line in enumerate(lines) if number not in heads and not line.startswith("| --")]
    return [line for line in told if line.startswith(("- ", "| "))]


def test_every_line_has_a_note_and_every_note_leads_back(shot):
    compiled = compile_report(shot, "country-profile", year=2026)
    data = render(compiled, "docx")
    document = docx.Document(BytesIO(data))
    headings = [each.text for each in document.paragraphs if each.style and each.style.name == "Heading 1"]
    assert headings[0] == "Overview"
    assert {"Status and position", "Use", "Where sources disagree"} <= set(headings)
    assert len(document.tables) >= 2
    notes = footnotes(data)
    assert len(notes) == len(re.findall(r"^\[\^\d+\]:", compiled.markdown, re.MULTILINE)) > 20
    assert all(REF.search(note) for note in notes)
    refs = {ref for note in notes for ref in REF.findall(note)}
    assert {ref.split(":")[0] for ref in refs} >= {"figure", "source"}
    for ref in sorted(refs):
        first = next(iter(trace(ref)), None)
        assert ref.startswith("figure:") or (first is not None and first.get("words", first.get("entry")))
    lines = printed(compiled.markdown)
    assert lines
    assert all("[^" in line or "*not known*" in line for line in lines)


def test_a_rejected_claim_is_printed_nowhere_and_an_accepted_one_without_the_mark(shot, monkeypatch):
    before = compile_report(shot, "country-profile", year=2026).markdown.replace("\\", "")
    kept = claims_of(shot)
    status = next(row for claim, row in kept if claim.attribute == "treaty.status" and claim.scope.definition == "APMBC")
    words = f"source:{status['source']}#{status['start']}-{status['end']}"
    assert words in before

    def judged(verdict):
        rows = [(claim, {**row, "judgement": verdict if row["ref"] == status["ref"] else "proposed"}) for claim, row in kept]
        monkeypatch.setattr(book, "claims_of", lambda _: rows)
        return compile_report(shot, "country-profile", year=2026).markdown.replace("\\", "")

    assert words not in judged("rejected")
    accepted = judged("accepted")
    note = next(line for line in accepted.splitlines() if line.startswith("[^") and words in line)
    assert "Proposed" not in note
    row = next(line for line in accepted.splitlines() if line.startswith("| Mine Ban Convention"))
    assert "†" not in row


def test_an_empty_programme_says_not_known_of_everything(sqlite_programme):
    compiled = compile_report(snapshot(), "country-profile", year=2022)
    assert "[^1]" not in compiled.markdown
    assert {slot["status"] for slot in compiled.data["slots"]} == {"not_known", "filled"}
    told = {slot["slot"] for slot in compiled.data["slots"] if slot["status"] == "filled"}
    assert told == {"since-last-edition", "disagreeing", "silence", "unknowns"}


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_three_languages_name_the_country(shot, language):
    compiled = compile_report(shot, "country-profile", year=2026, language=language)
    page = render(compiled, "html").decode()
    assert f'lang="{language}"' in page
    assert {"en": "Azerbaijan", "az": "Azərbaycan", "ru": "Азербайджан"}[language] in compiled.title
    assert "{" not in re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("target", ["docx", "html", "md", "json"])
def test_the_same_head_gives_the_same_bytes(shot, target):
    first = render(compile_report(shot, "country-profile", year=2026), target)
    assert first == render(compile_report(snapshot(), "country-profile", year=2026), target)


def test_records_of_one_country_do_not_stand_in_the_profile_of_another(shot):
    other = compile_report(shot, "country-profile", year=2026, country_code="ge")
    assert other.data["country"] == "GE"
    assert not other.figures
    assert "*not applicable*" in other.markdown
    assert "not acceded" not in other.markdown
    own = compile_report(shot, "country-profile", year=2026)
    assert own.figures
    assert "not acceded" in own.markdown


def test_a_country_nobody_knows_or_asked_for_in_vain_is_refused(shot):
    with pytest.raises(ClearlandError, match="no country"):
        compile_report(shot, "country-profile", year=2026, country_code="Q1")
    with pytest.raises(ClearlandError, match="about the programme"):
        compile_report(shot, "annual-statement", year=2026, country_code="AZ")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of published reports is not here")
def test_the_corpus_gives_a_profile_in_time(sqlite_template, tmp_path, django_db_blocker):
    made = tmp_path / "programme"
    shutil.copytree(sqlite_template, made)
    with django_db_blocker.unblock():
        programme_of(made, sorted(CORPUS.glob("*.txt")), 0)
        shot = snapshot()
        before = time.perf_counter()
        compiled = compile_report(shot, "country-profile", year=2022)
        assert time.perf_counter() - before <= SECONDS
        refs = set(re.findall(r"source:[0-9a-f]{64}#\d+-\d+", compiled.markdown.replace("\\", "")))
        assert len(refs) > 50
        assert all(next(iter(trace(ref)))["words"] for ref in refs)
        assert all("[^" in line or "*not known*" in line for line in printed(compiled.markdown))
        later = [row for _, row in claims_of(shot) if row["period"] == "as-of 2025-05-06"]
        assert later
        assert not any(f"source:{row['source']}#{row['start']}-{row['end']}" in refs for row in later)
        connections.close_all()


def test_what_people_decided_reaches_the_profile(folder, tmp_path, django_db_blocker):
    made = tmp_path / "programme"
    shutil.copytree(folder, made)
    with django_db_blocker.unblock():
        programme.use(made)
        claims = [(claim, row) for claim, row in claims_of(snapshot()) if claim.attribute == "treaty.status"]
        told = {claim.scope.definition: (claim, str(row["source"])) for claim, row in claims if claim.subject == "Azerbaijan"}
        for definition, verdict, correction in (
            ("APMBC", "accepted", None), ("CCM", "rejected", None), ("CCW", "corrected", {"value": "no party to it"}),
        ):  # fmt: skip
            claim, source = told[definition]
            judge(source, claim.start, claim.end, claim.attribute, verdict, correction=correction, actor=DEMO, seen=None)
        body = compile_report(snapshot(), "country-profile", year=2026).markdown.split("\n[^1]: ", maxsplit=1)[0]
        connections.close_all()
    rows = {line.split(" | ")[0][2:]: line for line in body.splitlines() if line.startswith("| ")}
    assert "not acceded (" in rows["Mine Ban Convention"]
    assert "[^" not in rows["Convention on Cluster Munitions"]
    assert "CCW: no party to it (" in rows["Convention on Certain Conventional Weapons and its protocols"]
