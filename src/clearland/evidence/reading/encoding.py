"""Bytes to text: byte order marks, UTF-8, then the most likely of the code pages that mine action files come in."""

import codecs

from charset_normalizer import from_bytes

from clearland.core.errors import Finding, Place, RefusedInput

# UTF-32 before UTF-16: its mark begins with the mark of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODE_PAGES = ["cp1252", "cp1251", "cp1254", "cp1256", "koi8_r", "cp866", "iso8859_9"]
_REPLACED = "\ufffd"
_SAMPLE_BYTES = 200_000
_MAX_CONTROL_SHARE = 0.02
_MIN_EVIDENCE = 24
_TEXT_CONTROLS = frozenset("\t\n\r\f\v\x1c\x1d\x1e\x1f\x85")


def decode(data: bytes, file: str) -> tuple[str, str, list[Finding]]:
    """Text, name of the encoding, and what a person should know about the choice.

    Raises RefusedInput E-DOC-BINARY where the bytes are no text in any of the encodings.
    """
    text, encoding, guessed = _decode(data)
    if text is None or _looks_binary(text):
        raise RefusedInput(
            "E-DOC-BINARY",
            "The file holds no readable text.",
            place=Place(file=file),
            remedy="Give the document as text, HTML, PDF or DOCX.",
        )
    findings = []
    if guessed:
        findings.append(
            Finding(
                code="W-DOC-ENCODING",
                severity="warning",
                place=Place(file=file),
                values={"encoding": encoding},
                sentence=f"The file does not say its encoding; it was read as {encoding}.",
                remedy="If letters look wrong, save the file as UTF-8 and add it again.",
            )
        )
    elif encoding != "utf-8" or data.startswith(codecs.BOM_UTF8):
        findings.append(
            Finding(
                code="I-DOC-ENCODING",
                severity="info",
                place=Place(file=file),
                values={"encoding": encoding},
                sentence=f"A byte order mark says {encoding}; the mark is not part of the text.",
            )
        )
    return text, encoding, findings


def _decode(data: bytes) -> tuple[str | None, str, bool]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), encoding, False
            except UnicodeDecodeError:
                continue
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _guess(data)


def _damaged_utf8(data: bytes) -> tuple[str, str, bool] | None:
    """UTF-8 with a few bytes lost or altered: most of its letters beyond ASCII still decode; of a code page none do."""
    text = data.decode("utf-8", "replace")
    lost = text.count(_REPLACED)
    beyond = sum(1 for char in text if char > "\x7f") - lost
    return (text, f"utf-8 with {lost} characters lost", True) if lost * 4 <= beyond else None


def _guess(data: bytes) -> tuple[str | None, str, bool]:
    """The code page whose letters make the likeliest words, by a sample dense in the bytes that differ."""
    sample = _telling_lines(data)
    best = from_bytes(sample, cp_isolation=_CODE_PAGES, threshold=0.4).best()
    candidates = [best.encoding] if best is not None and len(sample) >= _MIN_EVIDENCE else []
    for encoding in [*_prefer_turkish(candidates, sample), "cp1252", "cp1251", "cp1254"]:
        try:
            return data.decode(encoding), encoding, True
        except UnicodeDecodeError:
            continue
    return None, "", True


def _prefer_turkish(candidates: list[str], sample: bytes) -> list[str]:
    """1252 and 1254 differ in six letters only: ð, þ and ý inside words of a non-Icelandic text are ğ, ş and ı."""
    if candidates and candidates[0] not in {"cp1252", "cp1254", "iso8859_9"}:
        return candidates
    turkish = sum(sample.count(byte) for byte in (b"\xf0", b"\xfe", b"\xfd", b"\xdd", b"\xde", b"\xd0"))
    icelandic_vowels = sum(sample.count(byte) for byte in (b"\xe6", b"\xe1", b"\xed", b"\xf3", b"\xfa"))
    return ["cp1254", *candidates] if turkish > icelandic_vowels else candidates


def _telling_lines(data: bytes) -> bytes:
    chosen: list[bytes] = []
    size = 0
    for line in data[: 20 * _SAMPLE_BYTES].splitlines(keepends=True):
        if not line.isascii():
            chosen.append(line)
            size += len(line)
            if size >= _SAMPLE_BYTES:
                break
    return b"".join(chosen)[:_SAMPLE_BYTES]


def _looks_binary(text: str) -> bool:
    sample = text[:_SAMPLE_BYTES]
    control = sum(1 for char in sample if (char < " " or "\x7f" <= char < "\xa0") and char not in _TEXT_CONTROLS)
    return "\x00" in sample or control > max(2, len(sample) * _MAX_CONTROL_SHARE)
