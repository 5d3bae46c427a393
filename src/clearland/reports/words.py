"""The words of a source around a claim, where the claim's own characters say too little: a date alone tells nothing."""

import re

from django.db.models.functions import Substr

from clearland.ledger.rows import renditions
from clearland.ledger.scope import scope, system_actor
from clearland.reports.book import Told

FEW_WORDS = 4
REACH = 300
# A date or a year repeats the claim's period; what happened stands around it.
CALENDAR = frozenset({"date", "year", "years", "interval"})
_END = re.compile(r"[.?!][”\"’)]?(?P<marks>(?:\[\d+\])*)\s|\n")


def words(told: Told) -> str:
    """The claim's characters, or the sentence they stand in where they are but a date."""
    quote = " ".join(str(told.row["quote"]).split())
    if told.claim.unit not in CALENDAR or len(quote.split()) > FEW_WORDS:
        return quote
    return _sentence(told) or quote


def _sentence(told: Told) -> str:
    """Up to REACH characters to either side, cut at the ends of the sentence or line."""
    first = max(0, told.claim.start - REACH)
    seen = renditions(scope(system_actor("figures"), "quote the sentence of a claim"), str(told.row["source"]))
    found = seen.annotate(near=Substr("text", first + 1, REACH + (told.claim.end - first))).values_list("near", flat=True).last()
    if not found:
        return ""
    start, end = told.claim.start - first, told.claim.end - first
    before = list(_END.finditer(found, 0, start))
    after = _END.search(found, end)
    stop = len(found) if after is None else after.start() if after["marks"] is None else after.start("marks")
    return " ".join(found[before[-1].end() if before else 0 : stop].split()).rstrip(" |")  # a row of a table ends in a bar
