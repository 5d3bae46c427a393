"""Plain text to passages."""

from clearland.evidence.reading.assemble import assemble
from clearland.evidence.reading.blocks import blocks_of
from clearland.evidence.reading.document import Document
from clearland.evidence.reading.encoding import decode

EXTRACTOR = "clearland-text"
VERSION = "1"


def read_text(data: bytes, file: str) -> Document:
    """The decoded bytes with newlines untouched, and their passages. Raises RefusedInput E-DOC-BINARY."""
    text, encoding, findings = decode(data, file)
    return assemble(
        text,
        blocks_of(text),
        file=file,
        media_type="text/plain",
        extractor=EXTRACTOR,
        extractor_version=VERSION,
        findings=findings,
        metadata={"encoding": encoding},
    )
