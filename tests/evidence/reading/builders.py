"""Small files made in the test: a PDF of placed words, a DOCX with notes, archives that swell."""

import io
import zipfile

Placed = tuple[float, float, float, str]
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(pages: list[list[Placed]]) -> bytes:
    """A PDF whose pages hold words at (x, y) in points, with a size, in a fixed-width font (0.6 of the size a sign)."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    font = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>")
    parent = 2 + 2 * len(pages)
    kids = []
    for items in pages:
        stream = b"".join(b"BT /F1 %g Tf %g %g Td (%s) Tj ET\n" % (size, x, y, _escaped(words)) for x, y, size, words in items)
        content = add(b"<< /Length %d >>\nstream\n%sendstream" % (len(stream), stream))
        kids.append(
            add(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                b"/Resources << /Font << /F1 %d 0 R >> >> >>" % (parent, content, font)
            )
        )
    add(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids)))
    catalog = add(b"<< /Type /Catalog /Pages %d 0 R >>" % parent)
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, catalog, table)
    return bytes(out)


def _escaped(words: str) -> bytes:
    return words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def column(x: float, top: float, lines: list[str], size: float = 8) -> list[Placed]:
    """Lines under each other, 1.3 sizes apart."""
    return [(x, top - number * 1.3 * size, size, line) for number, line in enumerate(lines)]


def docx(body: str, *, footnotes: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """A DOCX with the given WordprocessingML body."""
    parts: dict[str, bytes] = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>".encode(),
        **(extra or {}),
    }
    if footnotes:
        parts["word/footnotes.xml"] = f"<w:footnotes {_W}>{footnotes}</w:footnotes>".encode()
    return archive(parts)


def paragraph(words: str, *, properties: str = "", runs: str = "") -> str:
    """A paragraph of one run, and further runs as they are."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{words}</w:t></w:r>{runs}</w:p>'


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip of the parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return stream.getvalue()


def numbering() -> bytes:
    """Two lists: 1 counts (1., then (a)), 2 has bullets."""
    return (
        f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>'
        '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
        '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="x"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/>'
        '</w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    ).encode()
