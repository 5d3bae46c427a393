"""Documents to claims and, where a programme is open, into its ledger."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from clearland.claims.model import Claim
from clearland.evidence.extraction.extract import EXTRACTOR_VERSION, extract_claims
from clearland.evidence.extraction.names import Names
from clearland.evidence.reading.document import Document
from clearland.evidence.reading.read import read_path
from clearland.ledger.drafts import NewRendition, NewSource

DOCUMENT_SUFFIXES = frozenset({".txt", ".html", ".htm", ".pdf", ".docx", ".md"})


def claims_of_file(path: Path) -> list[Claim]:
    """Claims of one document on disk; nothing is kept. Raises RefusedInput when it cannot be read."""
    return extract_claims(read_path(path), path.name)


def told_by(document: Document, publisher: str) -> Document:
    """The document with the publisher that the person named, who knows better than its letterhead."""
    if not publisher:
        return document
    return replace(document, metadata={**document.metadata, "publisher": publisher, "publisher_stated": publisher})


def rendition_of(document: Document, filename: str, names: Names) -> NewRendition:
    """What the ledger keeps of a reading: the text, its passages and notes, and the claims proposed with these names."""
    return NewRendition(
        text=document.text, extractor=document.extractor,
        extractor_version=f"{document.extractor_version}+claims.{EXTRACTOR_VERSION}",
        passages=document.passages, notes=document.notes,
        claims=[claim.as_json() for claim in extract_claims(document, filename, names)],
    )  # fmt: skip


def source_of(
    path: Path, document: Document, *, publisher: str = "", published: str = "", received: date, series: str = "", title: str = ""
) -> NewSource:
    """The source record of a document: what the user said first, what the document says of itself second."""
    about = document.metadata
    return NewSource(
        data=path, filename=path.name, media_type=document.media_type, received=received,
        title=title or str(about.get("title") or path.stem), publisher=publisher or str(about.get("publisher") or ""),
        published=published or str(about.get("document_date") or ""), symbol=str(about.get("symbol") or ""),
        language=str(about.get("language") or ""), series=series,
    )  # fmt: skip
