"""HTML of monitor sites to passages: main content only, notes bound to their marks, nothing executed or fetched.

Scripts, styles, menus, forms' controls and hidden parts are left out of the rendition. Note marks are printed `[n]`
whatever their form on the page, so that text and page read alike.
"""

import re

from lxml import etree

from clearland.core.errors import Finding
from clearland.evidence.reading.assemble import assemble
from clearland.evidence.reading.document import Document
from clearland.evidence.reading.encoding import decode
from clearland.evidence.reading.html_blocks import BlockWriter
from clearland.evidence.reading.html_page import find_main, note_links, notes_outside, page_metadata
from clearland.evidence.reading.limits import MAX_HTML_BYTES, refused, too_large
from clearland.evidence.reading.rendition import Rendition

EXTRACTOR = "clearland-html"
VERSION = "2"

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
_HEAD_BYTES = 4096


def read_html(data: bytes, file: str) -> Document:
    """Passages of the main content. Raises RefusedInput E-DOC-TOO-LARGE, E-DOC-BINARY, E-DOC-NESTED or E-DOC-NO-TEXT."""
    if len(data) > MAX_HTML_BYTES:
        raise too_large(file, len(data), MAX_HTML_BYTES)
    markup, findings = _decode(data, file)
    root = _parse(markup, file)
    rendition = Rendition(file)
    if root is not None:
        main, links = find_main(root), note_links(root)
        BlockWriter(rendition, links).write(main)
        for listed in notes_outside(main, links):
            BlockWriter(rendition, links).write(listed)
    if not rendition.blocks:
        raise refused(
            "E-DOC-NO-TEXT",
            "The page holds no readable text.",
            file,
            "Save the page as it shows in the browser, or as PDF.",
        )
    return assemble(
        rendition.text,
        rendition.blocks,
        file=file,
        media_type="text/html",
        extractor=EXTRACTOR,
        extractor_version=VERSION,
        findings=findings,
        metadata=page_metadata(root),
        known_headings=any(block.kind == "heading" for block in rendition.blocks),
    )


def _decode(data: bytes, file: str) -> tuple[str, list[Finding]]:
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared.group(1).decode("ascii")), []
        except (LookupError, UnicodeError):
            # A page that declares one encoding and is written in another is common: its bytes decide.
            pass
    text, _encoding, findings = decode(data, file)
    return text, findings


def _parse(markup: str, file: str) -> "etree._Element | None":
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    # Past a limit of depth the parser stops without an error of its own: half a page would pass for a whole one.
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise refused(
            "E-DOC-NESTED",
            "The page's elements are nested more deeply than can be read.",
            file,
            "Save the page as it shows in the browser, or as PDF.",
        )
    return root
