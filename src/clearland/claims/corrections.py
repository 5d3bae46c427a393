"""Claimants who correct or take back what they said, and sources that say why two figures differ.

What makes a correction is said around the figure, not in it, so these comparisons need the words beside a claim. Without
them nothing is found. A correction is a matter between two figures of one claimant; an explanation may lie beside
either of two figures that differ.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from clearland.claims.bounds import base_value, unit_words
from clearland.claims.comparison import Comparison, bare, is_number, ordered_pair
from clearland.claims.cues import cue
from clearland.claims.model import Claim
from clearland.claims.periods import interval, lie
from clearland.claims.reasons import Reason
from clearland.claims.scopes import apart, differences
from clearland.core.units import unit_family

AROUND = 320  # characters on either side of a claim that may tell of it
_BEFORE_FIGURE = 40  # characters before a figure in which a word marks it as the former one
_AFTER_FIGURE = 25
_MOST = 40
_STOP = re.compile(r"[.!?…][\"'”’»)\]]*(?:\[\d+\])*\s+(?=[^\W\d_a-zа-яё]|[\"“«(\[])|\n\s*\n")


@dataclass(frozen=True)
class Around:
    """The characters of a claim with those before and after it in its text."""

    before: str
    words: str
    after: str

    @property
    def sentence(self) -> str:
        """The sentence that the claim's characters stand in, as far as the characters around it reach."""
        start = max((stop.end() for stop in _STOP.finditer(self.before)), default=0)
        stop = _STOP.search(self.after)
        return " ".join((self.before[start:] + self.words + (self.after[: stop.start() + 1] if stop else self.after)).split())

    @property
    def sentences(self) -> list[str]:
        """The sentences of its paragraph that are near enough to speak of it."""
        paragraph = re.split(r"\n\s*\n", self.before)[-1] + self.words + re.split(r"\n\s*\n", self.after)[0]
        ends = [0, *(stop.start() + 1 for stop in _STOP.finditer(paragraph)), len(paragraph)]
        return [" ".join(paragraph[a:b].split()) for a, b in pairwise(ends) if paragraph[a:b].strip()]

    def is_former(self) -> bool:
        """Whether the words beside the figure mark it as one that holds no more."""
        before = re.split(r"\d", self.before[-_BEFORE_FIGURE:])[-1]
        beside = self.after[:_AFTER_FIGURE]
        return bool(cue("former").search(before) or re.search(r"previously|earlier|ранее|əvvəl", beside, re.IGNORECASE))


Surroundings = Callable[[Claim], Around | None]


def nothing_around(_claim: Claim) -> Around | None:
    """Where the words around claims are not at hand."""
    return None


def own_changes(ordered: Sequence[Claim], around: Surroundings) -> Iterator[Comparison]:
    """`corrects` and `retracts`: two claims of one claimant on one matter, and the words beside one of them."""
    matters: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in ordered:
        if claim.claimant:
            matters[bare(claim.claimant), bare(claim.subject), claim.attribute].append(claim)
    for claims in matters.values():
        if len(claims) > 1:
            yield from _corrected(claims, around)
            yield from _retracted(claims, around)


def _corrected(claims: Sequence[Claim], around: Surroundings) -> Iterator[Comparison]:
    figures = [claim for claim in claims if is_number(claim)]
    if len({base_value(claim) for claim in figures}) < 2:
        return
    for new in figures:
        beside = around(new)
        if beside is None or not cue("corrected").search(beside.sentence) or beside.is_former():
            continue
        old = _former(new, beside, figures, around)
        if old is not None:
            values = {"claimant": str(new.claimant), "new": _figure(new), "old": _figure(old)}
            yield ordered_pair("corrects", new, old, Reason("corrected", values))


def _former(new: Claim, beside: Around, figures: Sequence[Claim], around: Surroundings) -> Claim | None:
    """The figure that a corrected one replaces: one in the same sentence first, else the nearest told before it."""
    rivals = [one for one in figures if _may_replace(new, one)][:_MOST]
    for old in rivals:
        other = around(old)
        if old.file == new.file and other is not None and other.sentence == beside.sentence:
            return old if other.is_former() or old.start < new.start else None
    told_before = [old for old in rivals if _earlier(old, new) and not _is_corrected(old, around)]
    return max(told_before, key=lambda old: (old.file == new.file, old.as_of or "", old.start), default=None)


def _is_corrected(claim: Claim, around: Surroundings) -> bool:
    beside = around(claim)
    return beside is not None and bool(cue("corrected").search(beside.sentence))


def _may_replace(new: Claim, old: Claim) -> bool:
    if old is new or base_value(old) == base_value(new) or unit_family(old.unit) != unit_family(new.unit):
        return False
    other, _unsaid = differences(new.scope, old.scope)
    return lie(new.period, old.period) != "apart" and not apart(new.scope, old.scope, other)


def _earlier(old: Claim, new: Claim) -> bool:
    if old.file == new.file:
        return old.start < new.start
    a, b = interval(old.as_of), interval(new.as_of)
    return a is not None and b is not None and a[1] < b[0]


def _figure(claim: Claim) -> Reason:
    return Reason("amount", {"figure": str(claim.value), "unit": unit_words(claim.unit)})


def _retracted(claims: Sequence[Claim], around: Surroundings) -> Iterator[Comparison]:
    for claim in claims:
        beside = around(claim)
        if beside is None or not cue("retracted").search(beside.sentence):
            continue
        earlier = [
            one for one in claims
            if _earlier(one, claim) and lie(one.period, claim.period) != "apart" and not _takes_back(one, around)
        ]  # fmt: skip
        if earlier:
            first = max(earlier, key=lambda one: (one.file == claim.file, one.as_of or "", one.start))
            values = {"claimant": str(claim.claimant), "words": beside.sentence}
            yield ordered_pair("retracts", claim, first, Reason("retracted", values))


def _takes_back(claim: Claim, around: Surroundings) -> bool:
    beside = around(claim)
    return beside is not None and bool(cue("retracted").search(beside.sentence))


def explained(comparison: Comparison, around: Surroundings) -> Comparison:
    """A difference for which a source gives the reason, as `explains` with the source's words; any other as it was."""
    if comparison.kind not in ("contradicts", "tension") or not (is_number(comparison.left) and is_number(comparison.right)):
        return comparison
    for side in (comparison.left, comparison.right):
        beside = around(side)
        for sentence in beside.sentences if beside else ():
            if cue("explained").search(sentence):
                why = Reason("explained", {"difference": comparison.why, "words": sentence})
                return replace(comparison, kind="explains", why=why)
    return comparison
