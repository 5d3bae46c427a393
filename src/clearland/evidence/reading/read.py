"""One way in: bytes or a path to a Document, by what the file is, not by what its name says."""

from clearland.evidence.reading.document import Document
from clearland.evidence.reading.docx import read_docx
from clearland.evidence.reading.html import read_html
from clearland.evidence.reading.pdf import read_pdf
from clearland.evidence.reading.text import read_text


def read_document(data: bytes, filename: str) -> Document:
    """The passages, notes and findings of a document. Raises RefusedInput with code, place and remedy, nothing else."""
    if data[:20].lower().startswith((b"<!doctype html", b"<html")):
        return read_html(data, filename)
    if data.startswith(b"%PDF"):
        return read_pdf(data, filename)
    if data.startswith(b"PK"):
        return read_docx(data, filename)
    return read_text(data, filename)
