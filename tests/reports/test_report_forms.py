"""Report forms as data: each names what exists, fills from what is held, prints a person's answer, and says what it lacks."""

import re
import shutil
from collections import Counter
from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
import python_calamine
from django.db import connections

from clearland.core.errors import ClearlandError, RefusedInput
from clearland.dictionary.loader import builtin
from clearland.figures.trace import trace
from clearland.ledger.scope import Actor, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.reports.compile import compile_report
from clearland.reports.needs import needs
from clearland.reports.periods import period
from clearland.reports.render import render
from clearland.reports.scores import band, weighted
from clearland.reports.subjects import candidates
from clearland.work import programme
from clearland.work.demonstration.nation import synthetic_nation
from clearland.work.report_answers import Given, answer

PERSON = Actor("user:1", "First")
REFERENCE = re.compile(
    r"(?:figure:[A-Z0-9-]+\?[^\s@]+@[0-9a-f]{12}|record:[0-9a-f-]{36}@[0-9a-f-]{36}|source:[0-9a-f]{64}#\d+-\d+)"
)


@pytest.fixture(scope="module")
def nation_folder(sqlite_template, tmp_path_factory, django_db_blocker):
    """One programme with a small synthetic nation; tests that write take a copy."""
    folder = tmp_path_factory.mktemp("forms") / "programme"
    shutil.copytree(sqlite_template, folder)
    with django_db_blocker.unblock():
        programme.use(folder)
        nation = synthetic_nation(seed=7, hazards=15)
        write([draft for _, draft in nation.drafts], actor=system_actor("demo"), reason="SYNTHETIC")
        connections.close_all()
    return folder


@pytest.fixture
def nation(nation_folder, django_db_blocker):
    with django_db_blocker.unblock():
        programme.use(nation_folder)
        yield snapshot()
        connections.close_all()


@pytest.fixture
def own(nation_folder, tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        shutil.copytree(nation_folder, tmp_path / "programme")
        programme.use(tmp_path / "programme")
        yield
        connections.close_all()


def test_every_form_names_kinds_fields_and_dimensions_that_are_there():
    words = builtin()
    assert len(words.reports) >= 20
    for form in words.reports.values():
        for slot in form.slots():
            if slot.records is not None:
                assert {*slot.records.fields, *slot.records.where} <= set(words.kinds[slot.records.kind].by_name), slot.code
            if slot.indicator is not None:
                found = words.indicators[slot.indicator]
                assert {*slot.by} <= {*found.dimensions, "place"}, (form.name, slot.code)
                assert {*found.requires} <= {*slot.by, *slot.filter}, (form.name, slot.code)


@pytest.mark.parametrize(
    ("name", "covers"), [("article-7", "2024"), ("programme-statement", "2024-Q2"), ("place-extract", "2024")]
)
def test_a_report_is_made_and_its_footnotes_lead_back(nation, name, covers):
    form = nation.dictionary.reports[name]
    about = "SYN-D01" if form.subject else ""
    made = compile_report(nation, name, covers=covers, about=about)
    notes = [line for line in made.markdown.splitlines() if re.match(r"\[\^\d+\]:", line)]
    assert len(notes) > 10
    plain = [note.replace("\\", "") for note in notes]
    assert all(REFERENCE.search(note) for note in plain)
    for ref in sorted({REFERENCE.search(note)[0] for note in plain})[::7]:  # type: ignore[index]
        list(trace(ref))
    pages = pypdfium2.PdfDocument(render(made, "pdf"))
    assert made.front.title in " ".join(pages[0].get_textpage().get_text_range().split())
    assert len(render(made, "docx")) > 10_000


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_a_pdf_speaks_three_languages_with_fonts_of_its_own(nation, language):
    made = compile_report(nation, "annual-statement", covers="2024", language=language)
    data = render(made, "pdf")
    assert data == render(made, "pdf")
    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    title = nation.dictionary.reports["annual-statement"].titles[language]
    assert title.split()[0] in text
    assert "\N{REPLACEMENT CHARACTER}" not in text
    assert b"Libertinus" in data


def test_the_annex_holds_every_figure(nation):
    made = compile_report(nation, "annual-statement", covers="2024")
    book = python_calamine.load_workbook(BytesIO(render(made, "xlsx", nation)))
    rows = book.get_sheet_by_name("Figures").to_python()[1:]
    assert {row[9] for row in rows} == {figure.lineage.ref for figure in made.figures}
    assert sum(figure.lineage.entries for figure in {f.lineage.ref: f for f in made.figures}.values()) <= len(
        book.get_sheet_by_name("Lineage").to_python()
    )
    assert render(made, "xlsx", nation) == render(made, "xlsx", nation)


def test_an_answer_withholds_a_form_or_fills_it_and_is_cited(own):
    answer(snapshot(), Given("article-7", "stockpile", "withheld", reason="Not part of this report."), actor=PERSON)
    answer(snapshot(), Given("article-7", "measures", "filled", words="A decree of the ministry."), actor=PERSON)
    answer(snapshot(), Given("article-7", "laws", "unchanged_since", since="2022"), actor=PERSON)
    made = compile_report(snapshot(), "article-7", covers="2024")
    status = {row["slot"]: row["status"] for row in made.data["slots"]}
    assert (status["stockpile"], status["measures"], status["laws"]) == ("withheld", "filled", "unchanged_since")
    plain = made.markdown.replace("\\", "")
    assert "*withheld*" in plain
    assert "A decree of the ministry." in plain
    assert "*unchanged since 2022*" in plain
    with pytest.raises(RefusedInput, match="no slot"):
        answer(snapshot(), Given("article-7", "nothing", "withheld"), actor=PERSON)
    with pytest.raises(RefusedInput, match="too little"):
        answer(snapshot(), Given("article-7", "measures", "filled"), actor=PERSON)


def test_the_checklist_says_what_would_fill_each_slot(nation):
    listed = {need.slot: need for need in needs(nation, "article-7", covers="2024")}
    assert listed["laws"].status == "not_known"
    assert listed["laws"].fills == "Laws and policies"
    assert listed["known"].status == "filled"
    assert "CONT-1" in listed["known"].fills


def test_a_record_above_the_audience_makes_no_report(nation):
    accident = candidates(nation, nation.dictionary.reports["accident-notification"])[0][0]
    made = compile_report(nation, "accident-notification", covers="2024", about=accident)
    assert Counter(row["status"] for row in made.data["slots"])["filled"] >= 2
    with pytest.raises(ClearlandError, match="not open to its audience"):
        compile_report(nation, "accident-notification", covers="2024", about=accident, audience="public")


def test_scores_are_peoples_and_bands_are_the_forms(own):
    form = snapshot().dictionary.reports["performance-2019"]
    scores = [slot for slot in form.slots() if slot.weight]
    assert sum(slot.weight for slot in scores) == 100
    assert sum(slot.weight for slot in snapshot().dictionary.reports["performance-2022"].slots()) == 100
    for slot in scores:
        answer(snapshot(), Given(form.name, slot.code, "filled", words="7 Because of what stands above."), actor=PERSON)
    made = compile_report(snapshot(), form.name, covers="2024")
    assert "Weighted average 7.0: good." in made.markdown.replace("\\", "")


def test_weights_and_bands():
    assert weighted([(20, Decimal(8)), (10, Decimal(5))]) == Decimal("7.0")
    assert weighted([(20, Decimal(8)), (10, None)]) is None
    assert [band(Decimal(text)) for text in ("8.0", "7.9", "6.9", "4.9", "3.9")] == [
        "very_good", "good", "average", "poor", "very_poor",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2025", "2025-01-01", "2025-12-31"), ("2024-Q1", "2024-01-01", "2024-03-31"), ("2024-02", "2024-02-01", "2024-02-29"),
     ("2026-W01", "2025-12-29", "2026-01-04")],
)  # fmt: skip
def test_periods(text, first, last):
    found = period(text)
    assert (str(found.first), str(found.last), found.code) == (first, last, text)
    assert found.before().last == date.fromordinal(found.first.toordinal() - 1)
    assert found.before(3).before() == found.before(4)
    for wrong in ("2025-13", "2025-Q5", "2025-W60", "spring"):
        with pytest.raises(ClearlandError):
            period(wrong)
