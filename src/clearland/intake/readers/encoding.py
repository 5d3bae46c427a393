"""Bytes to text: byte order mark, then UTF-8, then the likeliest of the code pages that our users' programmes write."""

import codecs

from charset_normalizer import from_bytes

from clearland.core.errors import Finding, Place, RefusedInput

# Order settles ties: Cyrillic, Turkish and Azerbaijani, Western, Central European, Arabic.
CODE_PAGES = ("cp1251", "cp1254", "cp1252", "cp1250", "cp1256")
_SAMPLE_BYTES = 64 * 1024
_BLOCK_BYTES = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "cp1251": "Windows-1251",
    "cp1254": "Windows-1254",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1256": "Windows-1256",
}


def decode(data: bytes, file: str, declared: str | None = None) -> tuple[str, list[Finding]]:
    """The text, and a finding where the encoding was guessed. Raises RefusedInput E-TEXT-ENCODING or E-TEXT-BINARY."""
    encoding, findings = encoding_of(data, file, declared)
    return data.decode(encoding), findings


def encoding_of(data: bytes, file: str, declared: str | None = None) -> tuple[str, list[Finding]]:
    """The encoding in which all of it can be read, and the finding and refusals of `decode`; the text itself is not kept."""
    place = Place(file=file)
    said = declared or next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    if said:
        _prove(data, said, place)
        return said, []
    if b"\x00" in data[:_SAMPLE_BYTES]:
        raise RefusedInput(
            "E-TEXT-BINARY",
            "This is not a text file: it holds zero bytes.",
            place=place,
            remedy="Export the table again as CSV (UTF-8), or add the original workbook or layer.",
        )
    if _readable(data, "utf-8"):
        return "utf-8", []
    guessed = guess(data)
    if guessed is None:
        raise RefusedInput(
            "E-TEXT-ENCODING",
            "The encoding of the text could not be told.",
            place=place,
            remedy="Save it as UTF-8, or name it in the mapping (`encoding: windows-1251`).",
        )
    known = ", ".join(NAMES.values())
    finding = Finding(
        code="W-TEXT-ENCODING",
        severity="warning",
        place=place,
        sentence=f"The text is not UTF-8; it was read as {NAMES[guessed]}, the likeliest.",
        remedy=f"Look at the names in the plan; if they are wrong, say `encoding: …` in the mapping: {known}.",
        values={"encoding": NAMES[guessed]},
    )
    _prove(data, guessed, place)
    return guessed, [finding]


def guess(data: bytes) -> str | None:
    """The likeliest code page of text that is not UTF-8, or None. Only lines with non-ASCII bytes decide."""
    lines = [line for line in data[: 16 * _SAMPLE_BYTES].splitlines() if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE_BYTES]
    matches = [match for match in from_bytes(sample, cp_isolation=list(CODE_PAGES)) if match.encoding in CODE_PAGES]
    readable = [encoding for encoding in CODE_PAGES if _can_decode(sample, encoding)]
    if not matches:
        return readable[0] if readable else None
    least = min(match.chaos for match in matches)
    calm = [match for match in matches if match.chaos <= least + 0.02]
    most = max(match.coherence for match in calm)
    likely = {match.encoding for match in calm if match.coherence >= most - 0.1}
    return min(likely, key=CODE_PAGES.index)


def _can_decode(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _readable(data: bytes, encoding: str) -> bool:
    """Whether all of it is text in this encoding, looked at by the block, so that the text is never there as a whole."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    try:
        for start in range(0, len(view), _BLOCK_BYTES):
            decoder.decode(bytes(view[start : start + _BLOCK_BYTES]))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _prove(data: bytes, encoding: str, place: Place) -> None:
    try:
        if not _readable(data, encoding):
            data.decode(encoding)  # says where
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RefusedInput(
            "E-TEXT-ENCODING",
            f"The text is not {encoding}: byte {error.start:,} cannot be read.",
            place=Place(file=place.file, row=line),
            remedy="Save it as UTF-8, or name its encoding in the mapping.",
        ) from error
    except LookupError as error:
        raise RefusedInput(
            "E-TEXT-ENCODING",
            f"There is no encoding called {encoding!r}.",
            place=place,
            remedy="Use a name such as utf-8, windows-1251 or windows-1254.",
        ) from error
