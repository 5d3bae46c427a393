"""One way in: bytes or a path to a Document, by what the file is, not by what its name says."""

from clearland.evidence.reading.document import Document
from clearland.evidence.reading.text import read_text


def read_document(data: bytes, filename: str) -> Document:
    """The passages, notes and findings of a document. Raises RefusedInput with code, place and remedy, nothing else."""
    return read_text(data, filename)
