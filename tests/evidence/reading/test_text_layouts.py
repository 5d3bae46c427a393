"""Each layout of a text document, on documents of our own."""

from collections.abc import Mapping
from pathlib import Path

from clearland.evidence.reading.document import Document, Note, Passage
from clearland.evidence.reading.read import read_document, read_path

_DOCUMENTS = Path(__file__).parents[1] / "documents"


def _read(name: str) -> Document:
    return read_path(_DOCUMENTS / name)


def _kind(document: Document, kind: str) -> list[str]:
    return [document.words(passage) for passage in document.passages if passage.kind == kind]


def _containing(document: Document, words: str) -> Passage:
    return next(passage for passage in document.passages if words in document.words(passage))


def _note(document: Document, label: str) -> Note:
    return next(note for note in document.notes if note.label == label)


def _ibid(document: Document, label: str) -> Mapping[str, object]:
    passage = next(passage for passage in document.passages if passage.kind == "note" and passage.label == label)
    found = passage.details["ibid"]
    assert isinstance(found, Mapping)
    return found


def test_profile_with_blank_lines_has_titles_date_headings_and_notes() -> None:
    document = _read("profile-blank-lines.txt")
    assert _kind(document, "title") == ["Ostravia", "Mine Ban Policy"]
    assert _kind(document, "metadata") == ["Last updated: 14 October 2019"]
    assert _kind(document, "heading") == ["Policy", "Production, transfer, and stockpiling", "Use"]
    assert document.metadata["document_date"] == "14 October 2019"
    assert document.metadata["country"] == "Ostravia"
    assert _containing(document, "annual meeting").section == "Policy"


def test_missing_bodies_are_said_and_do_not_shift_the_others() -> None:
    document = _read("profile-blank-lines.txt")
    assert [note.label for note in document.notes] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert [note.label for note in document.notes if note.body_start is None] == ["3", "6"]
    finding = next(finding for finding in document.findings if finding.code == "W-DOC-NOTE-MISSING")
    assert finding.values["notes"] == "3, 6"
    fourth = _note(document, "4")
    assert document.text[fourth.body_start : fourth.body_end].startswith("Letter from the Ministry")
    assert [document.text[start:end] for start, end in fourth.markers] == ["[4]"]


def test_single_newlines_tables_and_a_marker_glued_to_the_next_word() -> None:
    document = _read("profile-single-newline.txt")
    assert _kind(document, "heading") == ["Policy overview", "Policy", "Use and clearance"]
    rows = [passage for passage in document.passages if passage.kind == "table_row"]
    assert [passage.details["role"] for passage in rows] == ["label", "value"] * 3
    assert rows[3].details["label_text"] == "Meetings attended"
    assert rows[3].details["label_passage"] == rows[2].number
    cells = rows[3].details["cells"]
    assert isinstance(cells, list)
    assert document.text[cells[0][0] : cells[0][1]] == "Took part in the Second Meeting of States Parties in September 2011"
    start, end = _note(document, "1").markers[0]
    assert document.text[start : end + 9] == "[1]Officials"
    assert all(note.body_start is not None for note in document.notes)


def test_navigation_of_an_old_site_and_headings_that_were_lost() -> None:
    document = _read("old-site-with-navigation.txt")
    assert _kind(document, "title") == ["TAVASTIA, Border Clearance Report 2001"]
    assert len(_kind(document, "navigation")) == 7
    assert _containing(document, "Main points").section == "Main points since June 2000"
    assert [passage.number for passage in document.passages if passage.details.get("lost_heading")] == [
        _containing(document, "Fighting in").number,
        _containing(document, "awareness class").number,
    ]
    assert _containing(document, "awareness class").section == ""
    assert _containing(document, "The teams found").section == "Mine Action"


def test_ibid_with_a_page_goes_back_to_the_last_source_that_has_pages() -> None:
    document = _read("old-site-with-navigation.txt")
    near, far = _ibid(document, "4"), _ibid(document, "6")
    assert near["note"] == far["note"] == "3"
    assert far["doubtful"] is True
    start, end = far["start"], far["end"]
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert document.text[start:end].strip().startswith("Regional Peace Institute, Atlas")
    letter = _containing(document, "Ministry of Schools")
    assert letter.details["refers_to_notes"] == ["3"]


def test_plain_ibid_is_the_note_before_without_doubt() -> None:
    found = _ibid(_read("profile-blank-lines.txt"), "5")
    assert (found["note"], found["doubtful"]) == ("4", False)


def test_questionnaire_letterhead_and_cover() -> None:
    document = _read("questionnaire.txt")
    assert document.metadata["symbol"] == "FSC.EMI/999/12"
    assert document.metadata["document_date"] == "14 May 2012"
    letterhead = _kind(document, "letterhead")
    assert len(letterhead) == 9
    assert letterhead[0].startswith("The Forum Secretariat bears no responsibility")
    assert letterhead[-1] == "Nirgends**"
    assert _kind(document, "paragraph") == [document.words(_containing(document, "presents its compliments"))]


def test_questions_have_keys_of_form_part_number_and_letter() -> None:
    document = _read("questionnaire.txt")
    questions = [passage for passage in document.passages if passage.kind == "question"]
    assert [passage.question for passage in questions] == [
        "APM Part I 1",
        "APM Part I 2",
        "APM Part I 3",
        "APM Part I 4",
        "APM Part II 5a",
        "APM Part II 5b",
        "ERW 1",
        "ERW 2",
    ]
    words = questions[0].details["words"]
    assert isinstance(words, list)
    assert document.text[words[0] : words[1]] == "Is your country a State Party to the Amended Protocol on Mines (AP)"
    assert questions[1].details["condition"] == "If yes"
    assert questions[2].details["depends_on"] == "APM Part I 1"
    assert "condition" not in questions[3].details


def test_answers_carry_their_question_and_say_where_nothing_was_answered() -> None:
    document = _read("questionnaire.txt")
    answers = [passage for passage in document.passages if passage.kind == "answer"]
    assert {passage.question for passage in answers if "non_answer" in passage.details} == {
        "APM Part I 3",
        "APM Part II 5a",
    }
    assert [document.words(passage) for passage in answers if passage.question == "APM Part I 4"][
        1
    ] == "1. All fields were fenced."
    references = [
        found["question"]
        for passage in answers
        for found in passage.details.get("refers_to", [])  # type: ignore[attr-defined]
    ]
    assert references == ["APM Part I 2", "APM Part I 4"]


def test_a_sentence_broken_by_a_page_is_joined_while_offsets_stay() -> None:
    document = _read("questionnaire.txt")
    first, second = _containing(document, "It counts 14 minefields"), _containing(document, "border, of which")
    assert first.details["continued_by"] == second.number
    assert second.details["continues"] == first.number
    assert document.words(second) == "border, of which 9 have been cleared."


def test_inline_citations_are_cut_out_and_the_next_sentence_begins_after_them() -> None:
    document = _read("inline-citations.txt")
    assert _kind(document, "citation") == [
        "“Norvia to seek more time for its minefields”, The Norvian Post, 7 February 2022, at:",
        "Email from the head of operations, Norvian Mine Action Centre, 12 April 2022.",
    ]
    after = _containing(document, "The plan sets")
    assert document.words(after).startswith("The plan sets yearly targets")
    assert after.details["part_of"] == _containing(document, "reported the release").number
    # A quoted name inside a sentence is no citation.
    assert "“Second Look”" in document.words(_containing(document, "publish the results"))


def test_labels_and_values_on_following_lines_and_furniture() -> None:
    document = _read("inline-citations.txt")
    pairs = {
        passage.details["label_text"]: document.words(passage)
        for passage in document.passages
        if passage.details.get("role") == "value"
    }
    assert pairs == {"Performance": "Average", "On track": "No"}
    assert _kind(document, "heading") == ["Key Developments", "Recommendations for Action"]
    assert _kind(document, "navigation")[0] == "Cluster Munition Remnants"
    assert _kind(document, "navigation")[-1].startswith("Click here to download")
    assert len(_kind(document, "list_item")) == 2


def test_hard_wrapped_lines_are_put_together_again() -> None:
    document = _read("hard-wrapped.txt")
    assert _kind(document, "heading") == ["1. Progress", "2. Plans"]
    assert [" ".join(words.split())[:30] for words in _kind(document, "paragraph")] == [
        "Mister President, in the past ",
        "We found and destroyed 402 ant",
        "We thank all who helped.",
        "For the coming year we plan:",
        "The cost of the plan is 3.4 mi",
    ]
    assert len(_kind(document, "list_item")) == 3
    assert "Page 1 of 2" in _kind(document, "navigation")


def test_numbered_paragraphs_under_roman_headings_and_values_in_one_line() -> None:
    text = (
        "CD/WP.9/2014\n3 March 2014\n\nReport on progress in 2013\n\nI. Introduction\n\n1. The state joined in 1999. It has "
        "named 123 areas.\n\nII. What remains\n\n2. The rest is 77.6 square kilometres, namely:\n\n(a) one valley;\n\n"
        "(b) two hills.\n\nThe worst places by size are the following ones:\nPlace A: 4 km2\nPlace B: 6 km2\n"
    )
    document = read_document(text.encode(), "a.txt")
    assert _kind(document, "heading") == ["I. Introduction", "II. What remains"]
    assert _containing(document, "two hills").section == "II. What remains"
    assert _kind(document, "list_item")[-1] == "(b) two hills."
    assert "Place B: 6 km2" in _kind(document, "paragraph")


def test_a_form_keeps_its_name_when_its_submitter_stands_below_the_title() -> None:
    text = (
        "QUESTIONNAIRE ON ANTI-PERSONNEL MINES\n\nSubmitted by: Maridia\n\nPART I\n\n1. Is your country a party?\n\nYes\n\n"
        "PART II\n\n1. Has it ratified the second text?\n\nNo\n"
    )
    document = read_document(text.encode(), "a.txt")
    keys = [passage.question for passage in document.passages if passage.kind == "question"]
    assert keys == ["APM Part I 1", "APM Part II 1"]
    assert _kind(document, "answer") == ["Yes", "No"]


def _rows(document):
    return [passage for passage in document.passages if passage.kind == "table_row"]


def test_tables_drawn_with_gaps_have_heads_and_cells():
    text = (
        "KEB\n\nClearance in 2018 was as follows.\n\nOperator    Area cleared (m2)    AP mines destroyed\n"
        "Army    1,410,000    102\nTrust    776,500    5\n\nTwo deminers were injured.\n"
    )
    document = read_document(text.encode(), "a.txt")
    rows = _rows(document)
    assert [row.details["role"] for row in rows] == ["header", "row", "row"]
    assert rows[1].details["columns"] == ["Operator", "Area cleared (m2)", "AP mines destroyed"]
    assert [text[start:end] for start, end in rows[2].details["cells"]] == ["Trust", "776,500", "5"]


def test_empty_cells_between_bars_keep_their_columns():
    text = (
        "Form D\n\nInstitution | Type | 2019 | Remarks\nSchool | PMN | 300 | 25 were used in 2019.\nTOTAL | | 450 |\n\n"
        "The mines are kept for the training of dogs.\n"
    )
    rows = _rows(read_document(text.encode(), "a.txt"))
    assert [row.details["filled_columns"] for row in rows[1:]] == [[0, 1, 2, 3], [0, 2]]
    assert rows[2].details["columns"] == ["Institution", "Type", "2019", "Remarks"]


def test_a_menu_between_bars_is_no_table():
    document = read_document(b"Home | About | Contact\nNews | Reports | Search\n\nThe army cleared 12 fields in 2004.\n", "a.txt")
    assert not _rows(document)


def test_a_plain_numbered_list_at_the_end_is_notes_where_its_numbers_are_cited():
    text = (
        "Report\n\nThe army cleared 12 fields (SHA).1 The figures rose in 2018.2\n\n"
        "1. Email from the centre, 2 May 2019.\n2. Interview, 4 May 2019.\n"
    )
    document = read_document(text.encode(), "a.txt")
    assert [(note.label, [text[a:b] for a, b in note.markers]) for note in document.notes] == [("1", ["1"]), ("2", ["2"])]


def test_a_plain_numbered_list_nobody_cites_is_a_list():
    text = "Report\n\nThe army has three tasks in the north.\n\n1. Clear the fields near the town.\n2. Train the new teams.\n"
    document = read_document(text.encode(), "a.txt")
    assert not document.notes
    assert [passage.kind for passage in document.passages].count("list_item") == 2
