"""HTML, DOCX and PDF come out as the same passages as text does."""

from pathlib import Path

from clearland.evidence.reading.document import Document
from clearland.evidence.reading.read import read_document, read_path
from clearland.evidence.reading.sentences import sentences
from tests.evidence.reading import builders
from tests.evidence.reading.builders import Placed, column, paragraph

_PAGE = Path(__file__).parents[1] / "documents" / "monitor-page.html"


def _kinds(document: Document) -> list[str]:
    return [passage.kind for passage in document.passages]


def _kind(document: Document, kind: str) -> list[str]:
    return [document.words(passage) for passage in document.passages if passage.kind == kind]


def test_html_keeps_the_content_and_nothing_that_runs_or_hides() -> None:
    document = read_path(_PAGE)
    for words in ("SCRIPT", "STYLE", "HIDDEN", "alert", "All rights reserved", "About", "Profiles", "<"):
        assert words not in document.text
    assert _kind(document, "title") == ["Ostravia"]
    assert _kind(document, "heading") == ["Casualties", "Casualties by year", "Assistance"]
    assert document.metadata["publisher"] == "Example Observatory"
    assert document.metadata["document_date"] == "2 November 2018"
    assert "14 km² of farmland" in document.text


def test_html_notes_are_bound_to_their_marks() -> None:
    document = read_path(_PAGE)
    assert [(note.label, note.body_start is None) for note in document.notes] == [
        ("1", False),
        ("2", False),
        ("3", True),
    ]
    first = document.notes[0]
    assert document.text[first.body_start : first.body_end] == (
        "National registry, Yearly Tables, 2018, p. 5.\n\nTables for earlier years were revised."
    )
    closing = {sentence.text[:8]: sentence.markers for sentence in sentences(document)}
    assert closing["In 2017,"] == ("1",)
    assert closing["Eleven w"] == ("2",)


def test_html_notes_in_a_box_after_the_content_are_read_where_links_lead_there() -> None:
    page = (
        "<html><body><main><h1>Varenia</h1><p>Mines covered 14 km2 of farmland and of forest at the end of the year."
        "<a href='#fn1'>[1]</a> Nobody was hurt in that year, as far as the registry knows it.</p></main>"
        "<section><ol><li id='fn1'>[1] National registry, Yearly Tables, 2018.</li></ol></section></body></html>"
    )
    document = read_document(page.encode(), "page.html")
    (note,) = document.notes
    assert document.text[note.body_start : note.body_end] == "National registry, Yearly Tables, 2018."
    assert len(note.markers) == 1


def test_html_tables_lists_and_notes_inside_a_sentence() -> None:
    document = read_path(_PAGE)
    rows = [passage for passage in document.passages if passage.kind == "table_row"]
    assert [passage.details["role"] for passage in rows] == ["header", "row", "row"]
    assert rows[2].details["columns"] == ["Year", "Killed", "Injured"]
    assert _kind(document, "list_item") == [
        "• Karsk, since 2004;",
        "• Osto, since 2009, with a workshop for limbs.[3]",
        "4. Fourth step",
    ]
    assert _kind(document, "citation") == ["Interview with the director of the Karsk center, 8 May 2018."]


def test_html_in_an_undeclared_code_page_is_read_and_the_guess_is_said() -> None:
    words = "Комитет сообщил, что в прошлом году было очищено двенадцать гектаров земли в северных районах страны."
    document = read_document(f"<html><body><h1>Отчёт</h1><p>{words}</p></body></html>".encode("cp1251"), "a.html")
    assert words in document.text
    assert [finding.values["encoding"] for finding in document.findings if finding.code == "W-DOC-ENCODING"] == ["cp1251"]


def test_docx_headings_numbers_tables_and_notes() -> None:
    mark = '<w:r><w:footnoteReference w:id="7"/></w:r><w:r><w:t xml:space="preserve"> It then stopped.</w:t></w:r>'
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>'
    item = '<w:numPr><w:ilvl w:val="{0}"/><w:numId w:val="{1}"/></w:numPr>'
    body = (
        paragraph("Report of the centre", properties='<w:pStyle w:val="Title"/>')
        + paragraph("Results", properties='<w:pStyle w:val="Heading1"/>')
        + paragraph("The teams cleared a field in the valley.", runs=mark)
        + paragraph("In all they cleared 9 km", runs=raised)
        + paragraph("first", properties=item.format(0, 1))
        + paragraph("under it", properties=item.format(1, 1))
        + paragraph("second", properties=item.format(0, 1))
        + paragraph("a point", properties=item.format(0, 2))
        + "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc>"
        + paragraph("Year")
        + "</w:tc><w:tc>"
        + paragraph("Items")
        + "</w:tc></w:tr><w:tr><w:tc>"
        + paragraph("2011")
        + "</w:tc><w:tc>"
        + paragraph("40")
        + "</w:tc></w:tr></w:tbl>"
        + "<w:p><w:del><w:r><w:delText>deleted words</w:delText></w:r></w:del></w:p>"
    )
    words = paragraph("Letter of the centre, 4 May 2012.")
    notes = f'<w:footnote w:id="0" w:type="separator"/><w:footnote w:id="7">{words}</w:footnote>'
    document = read_document(builders.docx(body, footnotes=notes, extra={"word/numbering.xml": builders.numbering()}), "a.docx")
    assert _kind(document, "title") == ["Report of the centre"]
    assert _kind(document, "heading") == ["Results"]
    assert _kind(document, "list_item") == ["1. first", "(a) under it", "2. second", "• a point"]
    assert _kind(document, "note") == ["[1] Letter of the centre, 4 May 2012."]
    assert "cleared 9 km²" in document.text
    assert "deleted" not in document.text
    assert document.text[document.notes[0].markers[0][0] :].startswith("[1] It then stopped.")
    assert document.passages[-2].details["columns"] == ["Year", "Items"]


def test_docx_note_without_body_is_said() -> None:
    body = paragraph("The teams cleared a field in the valley.", runs='<w:r><w:footnoteReference w:id="3"/></w:r>')
    document = read_document(builders.docx(body), "a.docx")
    assert [note.body_start for note in document.notes] == [None]
    assert [finding.code for finding in document.findings] == ["W-DOC-NOTE-MISSING"]


_LEFT = [
    "Teams walked the whole northern belt",
    "of the district in spring and they",
    "found that most of the contami-",
    "nated ground lay along the railway",
    "which nobody had used for years.",
]
_RIGHT = [
    "A second team surveyed the banks of",
    "the river, where villagers had seen",
    "devices after the flood. Nothing was",
    "found there by the team, and so the",
    "land was cancelled in late August.",
]


def _pages() -> list[list[Placed]]:
    pages = []
    for number, chapter in enumerate(("Survey", "Clearance", "Victims"), start=1):
        page: list[Placed] = [
            (50, 810, 7, "Yearly report of the centre"),
            (290, 20, 7, str(number)),
            (50, 780, 14, chapter),
        ]
        page += column(50, 740, [f"Here is the {chapter.lower()} chapter.", *_LEFT]) + column(
            310, 740, [f"More of {chapter} is here.", *_RIGHT]
        )
        across = f"Both teams of {chapter} together released in the whole of the year 12 km"
        end = 50 + 4.8 * len(across)
        page += [(50, 640, 8, across), (end, 643, 5, "2"), (end + 3, 640, 8, "."), (end + 7.8, 643, 5, str(number))]
        page += [(50, 60, 6, f"{number} Interview with the head of {chapter.lower()}, 3 May 2020.")]
        pages.append(page)
    return pages


def test_pdf_columns_hyphens_running_heads_and_foot_notes() -> None:
    document = read_document(builders.pdf(_pages()), "a.pdf")
    assert "Yearly report" not in document.text
    assert document.text.count("contaminated ground lay along the railway which nobody") == 3
    assert document.text.index("nobody had used") < document.text.index("A second team") < document.text.index("Both teams")
    assert _kind(document, "heading") == ["Clearance", "Victims"]
    assert _kind(document, "title") == ["Survey"]
    assert [passage.page for passage in document.passages if passage.kind == "note"] == [1, 2, 3]
    assert [len(note.markers) for note in document.notes] == [1, 1, 1]
    assert document.text.count("12 km².") == 3


def test_pdf_rows_of_cells_are_a_table_not_columns() -> None:
    rows = [
        (50.0, 700.0 - 12 * number, 8.0, words) for number, words in enumerate(("Year", "2018", "2019", "2020", "2021", "2022"))
    ]
    rows += [(300.0, 700.0 - 12 * number, 8.0, words) for number, words in enumerate(("Items", "4", "5", "6", "7", "8"))]
    document = read_document(builders.pdf([rows]), "a.pdf")
    assert _kind(document, "table_row")[1] == "2018 | 4 |"
    assert set(_kinds(document)) == {"table_row"}


def test_pdf_page_without_text_is_named() -> None:
    words: list[Placed] = [(50, 700, 8, "One page of words that end as sentences do.")]
    document = read_document(builders.pdf([words, [], words]), "a.pdf")
    assert [finding.values["pages"] for finding in document.findings if finding.code == "W-DOC-PAGES-NO-TEXT"] == ["2"]


def test_raised_numbers_meet_a_list_after_the_content():
    page = (
        b"<html><body><main><h1>Keb</h1><p>Twelve fields were cleared.<sup>1</sup> Two remain.<sup>2</sup></p></main>"
        b"<ol><li>Email, 2 May 2019.</li><li>Interview, 4 May 2019.</li></ol></body></html>"
    )
    document = read_document(page, "a.html")
    assert [(note.label, len(note.markers)) for note in document.notes] == [("1", 1), ("2", 1)]


def test_terms_and_their_values_are_pairs_but_questions_are_not():
    page = (
        b"<html><body><h1>Keb</h1><p>The army reports every year on what it has done.</p><dl><dt>Mines destroyed</dt><dd>212</dd>"
        b"<dt>1. Is your country a State Party?</dt><dd>No.</dd></dl></body></html>"
    )
    document = read_document(page, "a.html")
    pairs = [(passage.details["role"], document.words(passage)) for passage in document.passages if passage.kind == "table_row"]
    assert pairs == [("label", "Mines destroyed"), ("value", "212")]


def test_a_bold_first_row_heads_its_table():
    page = (
        b"<html><body><h1>Keb</h1><p>Donors gave as follows in 2010.</p><table>"
        b"<tr><td><b>Donor</b></td><td><b>Amount</b></td></tr>"
        b"<tr><td>Norway</td><td>1,000</td></tr><tr><td>Japan</td><td>2,000</td></tr></table></body></html>"
    )
    roles = [p.details["role"] for p in read_document(page, "a.html").passages if p.kind == "table_row"]
    assert roles == ["header", "row", "row"]
