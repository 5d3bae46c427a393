"""How large a document may be, so that reading one stays within about two gigabytes and a few seconds."""

from clearland.core.errors import Place, RefusedInput

MIB = 1024 * 1024
MAX_TEXT_BYTES = 64 * MIB
MAX_HTML_BYTES = 32 * MIB
MAX_DOCX_BYTES = 64 * MIB
MAX_PDF_BYTES = 256 * MIB
MAX_PDF_PAGES = 10_000
MAX_TEXT_CHARACTERS = 64 * MIB
MAX_LINES = 1_000_000
MAX_BLOCKS = 500_000
MAX_PART_BYTES = 64 * MIB
MAX_UNPACKED_BYTES = 512 * MIB
MAX_RATIO = 200
RATIO_FROM_BYTES = MIB
MAX_PARTS = 10_000


def too_large(file: str, found: int, limit: int, unit: str = "bytes") -> RefusedInput:
    """E-DOC-TOO-LARGE with both sizes and what to do."""
    return RefusedInput(
        "E-DOC-TOO-LARGE",
        f"The document has {found:,} {unit}; at most {limit:,} are read.",
        place=Place(file=file),
        remedy="Split the document, or add tables through a mapping instead of as a document.",
    )


def refused(code: str, sentence: str, file: str, remedy: str) -> RefusedInput:
    """A refusal of one file."""
    return RefusedInput(code, sentence, place=Place(file=file), remedy=remedy)
