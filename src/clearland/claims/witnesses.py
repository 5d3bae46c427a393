"""Independent voices: prints of one quotation, or of one cited note with one value, are one witness."""

import re
from collections.abc import Iterable

from clearland.claims.comparison import bare
from clearland.claims.model import Claim


def quotation(claim: Claim) -> tuple[str, ...] | None:
    """What makes two prints one: the same quoted words (four or more), else the same cited note with the same value."""
    if claim.quoted and isinstance(claim.value, str) and len(claim.value.split()) >= 4:
        return "words", bare(claim.value)
    if claim.cited_source and not re.match(r"\s*ibid", claim.cited_source, re.IGNORECASE):
        return "note", bare(claim.cited_source), claim.attribute, str(claim.value), str(claim.unit), claim.polarity
    return None


def witnesses(claims: Iterable[Claim]) -> int:
    """How many independent voices say it: prints of one quotation or of one cited note count once."""
    return len({quotation(claim) or (bare(claim.claimant or claim.file),) for claim in claims})
