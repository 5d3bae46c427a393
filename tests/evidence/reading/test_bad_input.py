"""What bad input gets: a code, the place, a remedy; soon, and without filling the memory."""

import contextlib
import random
import time
import tracemalloc
from pathlib import Path

import pytest

from clearland.core.errors import RefusedInput
from clearland.evidence.reading import limits
from clearland.evidence.reading.read import read_document, read_path
from clearland.evidence.reading.sentences import sentences
from tests.evidence.reading import builders
from tests.evidence.reading.builders import paragraph

_ENTITIES = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'
_WHOLE_PDF = builders.pdf([[(50.0, 700.0, 8.0, "Some words on a page.")]])


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.txt", "E-DOC-EMPTY"),
        (b" \n\n\t", "a.txt", "E-DOC-EMPTY"),
        (bytes(range(256)) * 20, "a.txt", "E-DOC-BINARY"),
        (builders.pdf([[]]), "a.pdf", "E-DOC-NO-TEXT"),
        (_WHOLE_PDF[: len(_WHOLE_PDF) // 3], "a.pdf", "E-DOC-BROKEN"),
        (builders.docx(paragraph("Some words."))[:-40], "a.docx", "E-DOC-BROKEN"),
        (builders.docx(""), "a.docx", "E-DOC-NO-TEXT"),
        (builders.archive({"other.txt": b"words"}), "a.docx", "E-DOC-BROKEN"),
        (builders.archive({"word/document.xml": _ENTITIES}), "a.docx", "E-DOC-ENTITIES"),
        (builders.archive({"word/document.xml": b"<w:document"}), "a.docx", "E-DOC-BROKEN"),
        (builders.docx("", extra={"word/media/a.bin": bytes(30 * 1024 * 1024)}), "a.docx", "E-DOC-BOMB"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx", "E-DOC-KIND"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.pdf", "E-DOC-KIND"),
        (b"<html><body>" + b"<b>x" * 5000, "a.html", "E-DOC-NESTED"),
        (b"<html><body><script>x()</script></body></html>", "a.html", "E-DOC-NO-TEXT"),
    ],
)
def test_refused_with_code_place_and_remedy(data: bytes, name: str, code: str) -> None:
    with pytest.raises(RefusedInput) as caught:
        read_document(data, name)
    assert caught.value.code == code
    assert caught.value.place.file == name
    assert caught.value.remedy


def test_a_text_of_200_mb_is_refused_by_its_size_without_being_loaded(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.write(b"Words at the beginning.\n")
        stream.truncate(200 * limits.MIB)
    tracemalloc.start()
    begun = time.monotonic()
    with pytest.raises(RefusedInput) as caught:
        read_path(path)
    elapsed = time.monotonic() - begun
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.code == "E-DOC-TOO-LARGE"
    assert "67,108,864" in caught.value.sentence
    assert peak < limits.MIB
    assert elapsed < 1


def test_a_missing_file_is_refused_not_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(RefusedInput) as caught:
        read_path(tmp_path / "none.txt")
    assert caught.value.code == "E-DOC-UNREADABLE"


def test_the_content_decides_not_the_name() -> None:
    assert read_document(_WHOLE_PDF, "a.txt").media_type == "application/pdf"
    assert read_document(b"<!DOCTYPE html><p>Some words.</p>", "a.txt").media_type == "text/html"
    assert read_document(builders.docx(paragraph("Some words.")), "a.bin").media_type.endswith("wordprocessingml.document")
    assert read_document(b"Some words.", "a.pdf").media_type == "text/plain"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        (
            "Комитет сообщил, что в прошлом году было очищено двенадцать гектаров земли в северных районах страны.",
            "cp1251",
        ),
        (
            "Geçen yıl kuzey bölgelerinde on iki hektar alan temizlendi ve kırk mayın yok edildi, dedi yetkili.",
            "cp1254",
        ),
        ("L’équipe a dépollué douze hectares l’année dernière dans les régions du nord, près de la rivière.", "cp1252"),
    ],
)
def test_code_pages_are_recognised_and_the_guess_is_said(words: str, encoding: str) -> None:
    document = read_document(words.encode(encoding), "a.txt")
    assert document.text == words
    finding = next(finding for finding in document.findings if finding.code == "W-DOC-ENCODING")
    assert finding.values["encoding"] == encoding


def test_utf8_with_a_damaged_byte_is_still_utf8_and_the_loss_is_said() -> None:
    words = "Fizuli və Ağdam rayonlarında təmizləmə işləri gedir."
    document = read_document(words.encode().replace(b"F", b"\xff", 1), "a.txt")
    assert document.text == "\ufffd" + words[1:]
    assert [finding.values["encoding"] for finding in document.findings] == ["utf-8 with 1 characters lost"]


def test_altered_archives_and_files_are_read_or_refused() -> None:
    chance = random.Random(7)
    whole = builders.docx(paragraph("Some words here.") * 5, extra={"word/numbering.xml": builders.numbering()})
    refusals = 0
    for base, name in ((whole, "a.docx"), (_WHOLE_PDF, "a.pdf")):
        for _ in range(120):
            data = bytearray(base)
            for _ in range(chance.choice((1, 3, 20))):
                data[chance.randrange(8, len(data))] = chance.randrange(256)
            try:
                read_document(bytes(data), name)
            except RefusedInput:
                refusals += 1
    assert refusals > 50


def test_a_byte_order_mark_is_no_text() -> None:
    document = read_document(b"\xef\xbb\xbf" + "Fizuli və Ağdam rayonları təmizləndi.".encode(), "a.txt")
    assert document.text.startswith("Fizuli")
    assert document.passages[0].start == 0
    assert read_document("Some words of text.".encode("utf-16"), "a.txt").text == "Some words of text."


def test_deeply_nested_markup_is_read_or_refused_soon() -> None:
    begun = time.monotonic()
    for markup in (
        b"<div class=nav>" * 60_000 + b"<p>Words.</p>",
        b"<ul><li>" * 40_000 + b"Words",
        b"<html><!--" + b"<!--" * 200_000,
    ):
        with contextlib.suppress(RefusedInput):
            read_document(b"<html><body>" + markup, "a.html")
    assert time.monotonic() - begun < 10


def test_more_lines_than_any_document_has_are_refused_before_they_are_read() -> None:
    begun = time.monotonic()
    with pytest.raises(RefusedInput) as caught:
        read_document(b"a\n" * (limits.MAX_LINES + 1), "a.txt")
    assert caught.value.code == "E-DOC-TOO-LARGE"
    assert "lines" in caught.value.sentence
    assert time.monotonic() - begun < 2


def test_long_lines_of_one_sign_take_linear_time() -> None:
    begun = time.monotonic()
    for sign in (
        "a",
        ".",
        "“",
        "[",
        "1",
        "(",
        "* ",
        "a. ",
        "A-",
        "| ",
        "“a”, ",
        "at: ",
        "see question 1 ",
        "\u00a0",
        "B.“",
    ):
        read_document((sign * (60_000 // len(sign)) + "x").encode(), "a.txt")
    assert time.monotonic() - begun < 20


def test_twenty_pages_a_second_and_more() -> None:
    page = "\n\n".join(
        f"In {2000 + number}, the teams cleared {number}.5 km2 of land and destroyed {number * 31}"
        f" mines.[{number + 1}] They went on."
        for number in range(25)
    )
    text = "\n\n".join([page] * 100).encode()
    begun = time.monotonic()
    document = read_document(text, "a.txt")
    assert len(list(sentences(document))) == 5_000
    assert 100 / (time.monotonic() - begun) > 20
