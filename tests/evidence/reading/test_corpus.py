"""The published documents kept beside the project: counts of the reference note, no rule made for any of them."""

from pathlib import Path

import pytest

from clearland.evidence.reading.document import Document
from clearland.evidence.reading.read import read_path
from clearland.evidence.reading.sentences import sentences

_CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not _CORPUS.is_dir(), reason="the shared corpus is not here")


def _read(pattern: str) -> Document:
    return read_path(next(_CORPUS.glob(pattern)))


@pytest.mark.parametrize(
    ("pattern", "notes", "missing"),
    [
        ("*monitor-2022*", 18, ["3", "8", "9", "14"]),
        ("*monitor-2011*", 7, []),
        ("*monitor-2000*", 28, []),
        ("osce*", 0, []),
        ("clearing*", 0, []),
    ],
)
def test_notes_are_bound_and_missing_bodies_said(pattern: str, notes: int, missing: list[str]) -> None:
    document = _read(pattern)
    assert len(document.notes) == notes
    assert [note.label for note in document.notes if note.body_start is None] == missing
    assert all(len(note.markers) == 1 for note in document.notes)


def test_every_note_closes_exactly_one_sentence() -> None:
    for pattern in ("*monitor-2022*", "*monitor-2011*", "*monitor-2000*"):
        document = _read(pattern)
        labels = [label for sentence in sentences(document) for label in sentence.markers]
        assert labels == [note.label for note in document.notes]


def test_questionnaires_and_their_numbers() -> None:
    document = _read("osce*")
    keys = [passage.question for passage in document.passages if passage.kind == "question"]
    assert len(keys) == 17
    assert keys[-4:] == ["ERW 1", "ERW 2", "ERW 3", "ERW 4"]
    assert "APM Part II 8c" in keys
    assert sum(1 for passage in document.passages if "continues" in passage.details) == 2
    assert sum(1 for passage in document.passages if "non_answer" in passage.details) == 3


def test_navigation_and_lost_headings() -> None:
    document = _read("*monitor-2000*")
    assert sum(1 for passage in document.passages if passage.kind == "navigation") == 10
    lost = [document.words(passage)[:20] for passage in document.passages if passage.details.get("lost_heading")]
    assert [words for words in lost if not words.startswith("Key developments")] == [
        "Azerbaijan and Armen",
        "Landmines were used ",
    ]


def test_inline_citations_between_glued_sentences() -> None:
    document = _read("clearing*")
    assert sum(1 for passage in document.passages if passage.kind == "citation") == 2
    assert sum(1 for passage in document.passages if passage.kind == "list_item") == 5


def test_country_and_publisher_are_read_from_the_documents() -> None:
    for pattern in ("*monitor*", "osce*", "clearing*"):
        document = _read(pattern)
        assert document.metadata["country"] == "Azerbaijan"
        assert document.metadata["publisher"]
