"""Plain text to passages."""

from clearland.evidence.reading.assemble import assemble
from clearland.evidence.reading.blocks import blocks_of
from clearland.evidence.reading.document import Document
from clearland.evidence.reading.encoding import decode
from clearland.evidence.reading.limits import MAX_LINES, too_large

EXTRACTOR = "clearland-text"
VERSION = "2"


def read_text(data: bytes, file: str) -> Document:
    """The decoded bytes with newlines untouched, and their passages. Raises RefusedInput E-DOC-TOO-LARGE or
    E-DOC-BINARY.
    """
    lines = max(data.count(b"\n"), data.count(b"\r"), data.count(b"\f"))
    if lines > MAX_LINES:
        raise too_large(file, lines, MAX_LINES, "lines")
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
