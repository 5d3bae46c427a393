"""PDF to passages with page numbers: columns in order, running heads removed, hyphens joined, notes at the foot
kept apart.
"""

from threading import Lock

import pypdfium2
import pypdfium2.raw as pdfium

from clearland.core.errors import Finding, Place, RefusedInput
from clearland.evidence.reading.assemble import assemble
from clearland.evidence.reading.document import Document
from clearland.evidence.reading.limits import MAX_PDF_BYTES, MAX_PDF_PAGES, refused, too_large
from clearland.evidence.reading.pdf_blocks import write_pages
from clearland.evidence.reading.pdf_lines import Line, characters, lines_of_page
from clearland.evidence.reading.rendition import Rendition

EXTRACTOR = f"clearland-pdf (pdfium {pypdfium2.PDFIUM_INFO})"
VERSION = "2"

_NO_TEXT_REMEDY = "The pages are pictures: run OCR on the file first (or ask the publisher for a text version), then add it."
_MAX_NAMED_PAGES = 20
# PDFium may not be called from two threads at once: the web server's threads would bring the process down.
_ONE_AT_A_TIME = Lock()
_PASSWORD = "password"  # noqa: S105 (a word in PDFium's message)


def read_pdf(data: bytes, file: str) -> Document:
    """Passages in reading order. Raises RefusedInput E-DOC-TOO-LARGE, E-DOC-ENCRYPTED, E-DOC-BROKEN or
    E-DOC-NO-TEXT.
    """
    if len(data) > MAX_PDF_BYTES:
        raise too_large(file, len(data), MAX_PDF_BYTES)
    with _ONE_AT_A_TIME:
        pages, metadata = _pages(data, file)
    empty = [number for number, lines in enumerate(pages, start=1) if not lines]
    rendition = Rendition(file)
    write_pages(rendition, pages)
    if not rendition.blocks:
        raise refused("E-DOC-NO-TEXT", f"None of the {len(pages):,} pages holds text.", file, _NO_TEXT_REMEDY)
    return assemble(
        rendition.text,
        rendition.blocks,
        file=file,
        media_type="application/pdf",
        extractor=EXTRACTOR,
        extractor_version=VERSION,
        findings=_empty_pages(empty, file),
        metadata=metadata,
    )


def _pages(data: bytes, file: str) -> tuple[list[list[Line]], dict[str, str]]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _broken(error, file) from error
    try:
        if len(document) > MAX_PDF_PAGES:
            raise too_large(file, len(document), MAX_PDF_PAGES, "pages")
        pages = [_page(document, index) for index in range(len(document))]
        stated = document.get_metadata_dict(skip_empty=True)
    except pypdfium2.PdfiumError as error:
        raise _broken(error, file) from error
    finally:
        document.close()
    names = {"Title": "title", "Author": "author", "CreationDate": "created", "ModDate": "modified"}
    return pages, {names[name]: value[:500] for name, value in stated.items() if name in names}


def _page(document: pypdfium2.PdfDocument, index: int) -> list[Line]:
    page = document[index]
    textpage = pdfium.FPDFText_LoadPage(page.raw)
    try:
        return lines_of_page(characters(textpage), index + 1) if textpage else []
    finally:
        if textpage:
            pdfium.FPDFText_ClosePage(textpage)
        page.close()


def _broken(error: pypdfium2.PdfiumError, file: str) -> RefusedInput:
    if _PASSWORD in str(error).lower():
        return refused("E-DOC-ENCRYPTED", "The PDF is protected by a password.", file, "Remove the password and add it again.")
    return refused(
        "E-DOC-BROKEN",
        "The PDF is damaged or cut short.",
        file,
        "Download or export it again; compare its size with the original.",
    )


def _empty_pages(empty: list[int], file: str) -> list[Finding]:
    if not empty:
        return []
    named = ", ".join(str(number) for number in empty[:_MAX_NAMED_PAGES]) + (" …" if len(empty) > _MAX_NAMED_PAGES else "")
    return [
        Finding(
            code="W-DOC-PAGES-NO-TEXT",
            severity="warning",
            place=Place(file=file),
            values={"pages": named},
            sentence=f"No text on page {named}: nothing was read from there.",
            remedy=_NO_TEXT_REMEDY,
        )
    ]
