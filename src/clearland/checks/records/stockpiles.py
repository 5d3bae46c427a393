"""Rule 78: what a stockpile held, got and lost gives what it holds."""

from collections.abc import Iterator

from clearland.checks.records.model import Attributes, Said, Setting, added, number, says_any


def stock(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """78: no more left than was held; opening, acquisitions and losses give the closing."""
    if not says_any(said, "opening"):
        return
    held, gone = added(said, "opening", "acquired"), added(said, "destroyed", "transferred")
    if gone > held:
        yield Said("R-STOCK-DESTROYED", "destroyed", {"gone": gone, "held": held})
    closing = number(said, "closing")
    if closing is not None and closing != held - gone:
        yield Said("R-STOCK-CLOSING", "closing", {"parts": held - gone, "closing": closing})
