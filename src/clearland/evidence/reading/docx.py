"""DOCX to passages: headings, numbered lists, tables, notes bound to their marks; bounded against archives that
swell.
"""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from clearland.evidence.reading.assemble import assemble
from clearland.evidence.reading.document import Document
from clearland.evidence.reading.docx_blocks import DocxWriter, Numbering, Style
from clearland.evidence.reading.limits import (
    MAX_DOCX_BYTES,
    MAX_PART_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    RATIO_FROM_BYTES,
    refused,
    too_large,
)
from clearland.evidence.reading.ooxml import W, name_of, value_of
from clearland.evidence.reading.rendition import Rendition

EXTRACTOR = "clearland-docx"
VERSION = "2"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_BODY = "word/document.xml"
# What zipfile, zlib and the XML parser raise on altered bytes, negative offsets and unknown encodings included (fuzzed).
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    ParseError,
    LookupError,
    ValueError,
    EOFError,
    OSError,
    OverflowError,
    struct.error,
    NotImplementedError,
)
_SAVE_AGAIN = "Open the document in a word processor, save it again as DOCX, and add it."


def read_docx(data: bytes, file: str) -> Document:
    """Passages of the main text and its notes; headers and footers of the pages are left out.

    Raises RefusedInput E-DOC-TOO-LARGE, E-DOC-BOMB, E-DOC-ENCRYPTED, E-DOC-BROKEN or E-DOC-NO-TEXT.
    """
    if len(data) > MAX_DOCX_BYTES:
        raise too_large(file, len(data), MAX_DOCX_BYTES)
    rendition = Rendition(file)
    with _refusing_broken(file), zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_archive(archive, file)
        names = set(archive.namelist())
        if _BODY not in names:
            raise refused("E-DOC-BROKEN", "The archive holds no word-processing text.", file, _SAVE_AGAIN)
        notes = {kind: _notes(archive, names, kind) for kind in ("footnote", "endnote")}
        writer = DocxWriter(rendition, _styles(archive, names), _numbering(archive, names), notes)
        for element in _body_parts(archive):
            writer.write(element)
        writer.write_notes()
        metadata = _core(archive, names)
    if not rendition.blocks:
        raise refused(
            "E-DOC-NO-TEXT", "The document holds no text, perhaps only pictures of pages.", file, "Run OCR on it first."
        )
    return assemble(
        rendition.text,
        rendition.blocks,
        file=file,
        media_type=MEDIA_TYPE,
        extractor=EXTRACTOR,
        extractor_version=VERSION,
        metadata=metadata,
        known_headings=any(block.kind == "heading" for block in rendition.blocks),
    )


@contextmanager
def _refusing_broken(file: str) -> Iterator[None]:
    """Every way an archive or its XML can be broken, as one refusal with a remedy."""
    try:
        yield
    except DefusedXmlException as error:
        sentence = "The document's XML declares entities, which are never expanded."
        raise refused("E-DOC-ENTITIES", sentence, file, _SAVE_AGAIN) from error
    except _BROKEN as error:
        sentence = f"The document is damaged or cut short ({type(error).__name__})."
        raise refused("E-DOC-BROKEN", sentence, file, _SAVE_AGAIN) from error
    except RuntimeError as error:
        raise refused(
            "E-DOC-ENCRYPTED", "The document is protected by a password.", file, "Remove the password and add it again."
        ) from error


def check_archive(archive: zipfile.ZipFile, file: str) -> None:
    """Refuse an archive by what its directory states, before anything is unpacked; unpacking never goes past that."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    worst = max((part for part in parts if part.file_size >= RATIO_FROM_BYTES), key=_ratio, default=None)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or (worst is not None and _ratio(worst) > MAX_RATIO):
        raise refused(
            "E-DOC-BOMB",
            f"The archive would unpack to {unpacked:,} bytes in {len(parts):,} parts: more than any document of its size.",
            file,
            _SAVE_AGAIN,
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise refused(
            "E-DOC-ENCRYPTED", "The document is protected by a password.", file, "Remove the password and add it again."
        )
    large = next((part for part in parts if part.filename.endswith(".xml") and part.file_size > MAX_PART_BYTES), None)
    if large is not None:
        raise too_large(file, large.file_size, MAX_PART_BYTES, f"bytes in {large.filename}")


def _ratio(part: zipfile.ZipInfo) -> float:
    return part.file_size / max(1, part.compress_size)


def _body_parts(archive: zipfile.ZipFile) -> Iterator[Element]:
    """Paragraphs and tables of the body in order, each freed after use; what stands inside a table comes with it."""
    tables = boxes = 0
    with archive.open(_BODY) as stream:
        for event, element in iterparse(stream, events=("start", "end")):
            name = name_of(element)
            step = 1 if event == "start" else -1
            # A text box stands inside a paragraph and is read with it.
            boxes += step * (name == "txbxContent")
            tables += step * (name == "tbl")
            if event == "end" and not boxes and not tables and name in {"p", "tbl"}:
                yield element
                element.clear()


def _part(archive: zipfile.ZipFile, names: set[str], name: str) -> Iterator[Element]:
    if name in names:
        with archive.open(name) as stream:
            for _event, element in iterparse(stream, events=("end",)):
                yield element


def _notes(archive: zipfile.ZipFile, names: set[str], kind: str) -> dict[str, list[Element]]:
    """Paragraphs of each note by its id; separators are no notes."""
    return {
        element.get(f"{W}id", ""): [part for part in element.iter() if name_of(part) == "p"]
        for element in _part(archive, names, f"word/{kind}s.xml")
        if name_of(element) == kind and element.get(f"{W}type", "normal") == "normal"
    }


def _styles(archive: zipfile.ZipFile, names: set[str]) -> dict[str, Style]:
    """Style id to its name in lower case ("heading 2", "title", whatever the word processor's language) and its
    list.
    """
    found = {}
    for element in _part(archive, names, "word/styles.xml"):
        if name_of(element) == "style":
            values = {name_of(part): value_of(part) for part in element.iter()}
            name = next((value_of(part) for part in element if name_of(part) == "name"), "").lower()
            outline = values.get("outlineLvl", "")
            if not name.startswith(("heading", "title")) and outline.isdecimal() and int(outline) < 9:
                name = f"heading {int(outline) + 1}"
            level = values.get("ilvl", "0")
            found[element.get(f"{W}styleId", "")] = Style(name, values.get("numId", ""), int(level) if level.isdecimal() else 0)
    return found


def _numbering(archive: zipfile.ZipFile, names: set[str]) -> Numbering:
    levels: dict[str, dict[str, tuple[str, str]]] = {}
    lists: dict[str, str] = {}
    for element in _part(archive, names, "word/numbering.xml"):
        if name_of(element) == "abstractNum":
            levels[element.get(f"{W}abstractNumId", "")] = {
                level.get(f"{W}ilvl", "0"): _level(level) for level in element if name_of(level) == "lvl"
            }
        elif name_of(element) == "num":
            abstract = next((value_of(part) for part in element if name_of(part) == "abstractNumId"), "")
            lists[element.get(f"{W}numId", "")] = abstract
    return Numbering({number: levels.get(abstract, {}) for number, abstract in lists.items()})


def _level(level: Element) -> tuple[str, str]:
    parts = {name_of(part): value_of(part) for part in level}
    return parts.get("numFmt", "bullet"), parts.get("lvlText", "")


def _core(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    wanted = {
        "title": "title",
        "creator": "author",
        "created": "created",
        "modified": "modified",
        "language": "language",
    }
    return {
        wanted[name_of(element)]: element.text.strip()[:500]
        for element in _part(archive, names, "docProps/core.xml")
        if name_of(element) in wanted and element.text and element.text.strip()
    }
