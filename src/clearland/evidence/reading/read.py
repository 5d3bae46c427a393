"""One way in: bytes or a path to a Document, by what the file is, not by what its name says."""

import re
from collections.abc import Callable
from pathlib import Path

from clearland.evidence.reading import docx, html, pdf, text
from clearland.evidence.reading.document import Document
from clearland.evidence.reading.limits import (
    MAX_DOCX_BYTES,
    MAX_HTML_BYTES,
    MAX_PDF_BYTES,
    MAX_TEXT_BYTES,
    refused,
    too_large,
)

_HEAD_BYTES = 2048
_HTML = re.compile(
    rb"^(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body|div|p|h1|table|article|main|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_NAMES = frozenset({".html", ".htm", ".xhtml"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "Save it as DOCX, PDF, HTML or text, and add that."
_FOREIGN = (
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a table file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
_Reader = Callable[[bytes, str], Document]


def read_document(data: bytes, filename: str) -> Document:
    """The passages, notes and findings of a document of at most the sizes in `limits`.

    Raises RefusedInput with code, place and remedy: E-DOC-EMPTY, E-DOC-TOO-LARGE, E-DOC-KIND, E-DOC-BINARY,
    E-DOC-BROKEN, E-DOC-ENCRYPTED, E-DOC-BOMB, E-DOC-ENTITIES, E-DOC-NESTED, E-DOC-NO-TEXT.
    """
    reader, limit = _reader(data[:_HEAD_BYTES], filename)
    if len(data) > limit:
        raise too_large(filename, len(data), limit)
    if not data.strip():
        raise refused("E-DOC-EMPTY", "The file is empty.", filename, "Look whether the download or copy was completed.")
    return reader(data, filename)


def read_path(path: Path) -> Document:
    """As `read_document`; a file over its limit is refused by its size alone, without loading it. Raises
    RefusedInput.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            _, limit = _reader(stream.read(_HEAD_BYTES), path.name)
            if size > limit:
                raise too_large(path.name, size, limit)
            stream.seek(0)
            # One byte more than allowed: a file that grows while it is read is still caught.
            data = stream.read(limit + 1)
    except OSError as error:
        raise refused(
            "E-DOC-UNREADABLE",
            f"The file cannot be opened: {error.strerror}.",
            path.name,
            "Check path and permissions.",
        ) from error
    return read_document(data, path.name)


def _reader(head: bytes, filename: str) -> tuple[_Reader, int]:
    """The reader for what the first bytes show, and the size it reads up to."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    # Readers tolerate some bytes before a PDF's mark (ISO 32000, annex on implementation).
    if b"%PDF-" in head[:1024]:
        return pdf.read_pdf, MAX_PDF_BYTES
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return docx.read_docx, MAX_DOCX_BYTES
    if start.startswith(_OLE):
        raise refused(
            "E-DOC-KIND",
            "The file is an old binary or a password-protected office document.",
            filename,
            f"Remove a password if there is one. {_SAVE_AS}",
        )
    for mark, name in _FOREIGN:
        if start.startswith(mark):
            raise refused("E-DOC-KIND", f"The file is {name}, not a document that can be read.", filename, _SAVE_AS)
    if _HTML.match(start) or (Path(filename).suffix.lower() in _HTML_NAMES and b"<" in start):
        return html.read_html, MAX_HTML_BYTES
    return text.read_text, MAX_TEXT_BYTES
