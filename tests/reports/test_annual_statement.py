"""The annual statement: every figure has a real footnote that leads back, unknown is a word, bytes repeat."""

import re
import shutil
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from django.db import connections

from clearland.core.errors import ClearlandError
from clearland.figures.trace import trace
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.reports.compile import compile_report
from clearland.reports.phrases import phrases
from clearland.reports.render import render
from clearland.work import programme
from clearland.work.add import AddOptions, add_file
from clearland.work.demonstration.nation import synthetic_nation

DOCUMENTS = Path(__file__).parents[2] / "examples" / "documents"
REF = re.compile(r"(?:figure:[A-Z0-9-]+\?[^\s@]+@[0-9a-f]{12}|source:[0-9a-f]{64}#\d+-\d+|entry:[0-9a-f-]{36})")


@pytest.fixture(scope="module")
def filled_folder(sqlite_template, tmp_path_factory, django_db_blocker):
    """One programme for all tests of this module; they read it only."""
    folder = tmp_path_factory.mktemp("statement") / "programme"
    shutil.copytree(sqlite_template, folder)
    with django_db_blocker.unblock():
        programme.use(folder)
        nation = synthetic_nation(seed=7, hazards=40)
        write([draft for _, draft in nation.drafts], actor=system_actor("demo"), reason="SYNTHETIC")
        for name in ("azerbaijan-published-figures.txt", "talmere-summary-synthetic.docx"):
            add_file(DOCUMENTS / name, AddOptions(received=date(2024, 2, 1)), actor=system_actor("import"))
        connections.close_all()
    return folder


@pytest.fixture
def filled(filled_folder, django_db_blocker):
    with django_db_blocker.unblock():
        programme.use(filled_folder)
        yield snapshot()
        connections.close_all()


def footnotes(data: bytes) -> list[str]:
    """The text of every footnote of a DOCX, as a word processor would show it."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        xml = package.read("word/footnotes.xml").decode()
    notes = re.findall(r"<w:footnote\b[^>]*>(.*?)</w:footnote>", xml, re.DOTALL)
    return ["".join(re.findall(r"<w:t\b[^>]*>([^<]*)</w:t>", note)).replace("&amp;", "&") for note in notes][2:]


def test_footnotes_lead_back_to_records_and_characters(filled):
    compiled = compile_report(filled, "annual-statement", year=2022)
    data = render(compiled, "docx")
    body = "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(data)).paragraphs)
    assert "Contamination at the end of the year" in body
    notes = footnotes(data)
    assert len(notes) == compiled.markdown.count("\n[^")
    refs = {ref for note in notes for ref in REF.findall(note)}
    assert all(REF.search(note) for note in notes)
    assert {ref.split(":")[0] for ref in refs} == {"figure", "source", "entry"}
    for ref in sorted(refs):
        first = next(iter(trace(ref)), None)
        assert first is not None or ref.startswith("figure:")
        if ref.startswith("source:"):
            assert first is not None
            assert first["words"]


def test_every_value_of_a_table_has_its_own_note(filled):
    compiled = compile_report(filled, "annual-statement", year=2022)
    rows = [line for line in compiled.markdown.splitlines() if line.startswith("| ") and "---" not in line]
    values = [row for row in rows if re.search(r"\d", row.split("|")[-2])]
    assert values
    assert all("[^" in row for row in values)


def test_unknown_is_a_word_and_is_listed(sqlite_programme):
    compiled = compile_report(snapshot(), "annual-statement", year=2022)
    assert "not known" in compiled.markdown
    assert {slot["status"] for slot in compiled.data["slots"]} == {"not_known", "filled"}
    assert "- Accidents and casualties: Accidents" in compiled.markdown


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_three_languages_with_their_numbers(filled, language):
    compiled = compile_report(filled, "annual-statement", year=2023, language=language)
    page = render(compiled, "html").decode()
    assert f'lang="{language}"' in page
    assert "SYNTHETIC" in page
    assert "{" not in re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)


def test_languages_have_the_same_phrases():
    english = phrases("en")
    for language in ("az", "ru"):
        other = phrases(language)
        assert set(other) == set(english)
        for name, phrase in english.items():
            assert set(re.findall(r"{(\w+)}", other[name])) == set(re.findall(r"{(\w+)}", phrase)), name


@pytest.mark.parametrize("target", ["docx", "html", "md", "json"])
def test_the_same_head_gives_the_same_bytes(filled, target):
    first = render(compile_report(filled, "annual-statement", year=2022), target)
    second = render(compile_report(snapshot(), "annual-statement", year=2022), target)
    assert first == second


def test_what_cannot_be_made_is_refused_with_what_can(filled):
    with pytest.raises(ClearlandError, match="annual-statement"):
        compile_report(filled, "weekly", year=2022)
    with pytest.raises(ClearlandError, match="en, az, ru"):
        compile_report(filled, "annual-statement", year=2022, language="fr")
    with pytest.raises(ClearlandError, match="docx"):
        render(compile_report(filled, "annual-statement", year=2022), "pptx")
