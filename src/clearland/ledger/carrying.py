"""Judgements brought to the claims of a rendition, also of one they were not made on.

A judgement finds its place by its words: the same characters, else the one place with the same words around them, else
the only place with these words. There it meets the proposals of its attribute. What was accepted, corrected or added
stands as the person stated it, whether or not the reader still proposes it; a rejection holds for the reading it rejected.
Nothing is dropped without a word: what finds no place is listed with the reason.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from clearland.ledger.judgements import PROPOSED, REJECTED, Body, Judgement

AROUND = 60  # characters kept on either side of judged words
NO_WORDS = "words"  # the rendition does not hold the words, or more than once without telling which
NO_PROPOSAL = "proposal"  # a rejected claim that is no longer proposed, or proposed with another value
_READING = ("value", "value_status", "unit", "polarity")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A claim as it stands in a rendition. `body` has the person's words where there are any, and always the span in this
    rendition; `ref` is that of the proposal, empty where the reader proposes none; `reread` says that the reader now
    reads something else than was judged."""

    start: int
    end: int
    attribute: str
    ref: str
    body: Body
    proposal: Body | None = None
    judgement: Judgement | None = None
    reread: bool = False

    @property
    def verdict(self) -> str:
        """`proposed` until a person decides."""
        return self.judgement.verdict if self.judgement else PROPOSED

    @property
    def part(self) -> int:
        """Which of several claims of one attribute in the same words, for those that were judged."""
        return self.judgement.part if self.judgement else 1


@dataclass(frozen=True)
class Lost:
    """A judgement that is not carried over, and why (`words` or `proposal`)."""

    judgement: Judgement
    why: str


@dataclass
class _Desk:
    """The proposals not yet met, by their span and attribute."""

    proposals: dict[tuple[int, int, str], list[tuple[str, Body]]] = field(default_factory=dict)

    def take(self, key: tuple[int, int, str], judged: Body | None, *, any_reading: bool) -> tuple[str, Body] | None:
        """A proposal of these words and attribute: the one that was judged, else (if `any_reading`) the first."""
        there = self.proposals.get(key, [])
        same = [each for each in there if judged is not None and reading(each[1]) == reading(judged)]
        alike = [each for each in same if judged is not None and each[1].get("subject") == judged.get("subject")]
        candidates = alike or same or (there if any_reading else [])
        if not candidates:
            return None
        met = candidates[0]
        there.remove(met)
        return met

    def take_near(self, key: tuple[int, int, str], judged: Body | None) -> tuple[str, Body] | None:
        """A proposal of the same attribute and reading whose words hold these or lie in them."""
        start, end, attribute = key
        for other_start, other_end, other_attribute in self.proposals:
            within = (start <= other_start and other_end <= end) or (other_start <= start and end <= other_end)
            if other_attribute == attribute and within:
                found = self.take((other_start, other_end, attribute), judged, any_reading=False)
                if found:
                    return found
        return None


def reading(claim: Body) -> tuple[object, ...]:
    """What a claim was read as: value, its status, unit and polarity, with what goes without saying filled in."""
    defaults = {"value_status": "known", "polarity": "affirmed"}
    return tuple(claim.get(name) or defaults.get(name) if name != "value" else claim.get(name) for name in _READING)


def folded(text: str) -> str:
    """Text for comparing words: composed, without control characters, white space as one space."""
    plain = "".join(" " if unicodedata.category(each) == "Cc" else each for each in unicodedata.normalize("NFC", text))
    return " ".join(plain.split())


@lru_cache(maxsize=4096)
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(r"[\s\x00-\x1f]+".join(re.escape(word) for word in words.split(" ")))


def places(text: str, words: str) -> list[tuple[int, int]]:
    """Every [start, end) of the text that holds these folded words, whatever the white space between them."""
    return [match.span() for match in _pattern(words).finditer(text)] if words else []


def place_of(text: str, rendition: str, judgement: Judgement) -> tuple[int, int] | None:
    """Where a judgement's words stand in a rendition; None where that cannot be told."""
    start, end = judgement.start, judgement.end
    if rendition == judgement.rendition:
        return start, end
    here = folded(text[start:end]) == judgement.quote
    if here and sides_of(text, start, end) == (judgement.before, judgement.after):
        return start, end
    found = places(text, judgement.quote)
    around = [span for span in found if sides_of(text, *span) == (judgement.before, judgement.after)]
    # Text may be taken out or put in on one side; the words on the other still tell which place it is.
    half = [span for span in found if _shares_a_side(sides_of(text, *span), judgement)]
    for candidates in (around, half, found):
        if len(candidates) == 1:
            return candidates[0]
    return None


def sides_of(text: str, start: int, end: int) -> tuple[str, str]:
    """The folded characters just before and after a span."""
    return folded(text[max(0, start - AROUND) : start]), folded(text[end : end + AROUND])


def _shares_a_side(sides: tuple[str, str], judgement: Judgement) -> bool:
    before = bool(judgement.before) and sides[0] == judgement.before
    return before or (bool(judgement.after) and sides[1] == judgement.after)


def settle(
    text: str, rendition: str, proposals: Iterable[tuple[str, Body]], judged: Sequence[Judgement]
) -> tuple[list[Standing], list[Lost]]:
    """The claims of a rendition as they stand, in the order of its characters, and the judgements not carried over.

    `proposals` are references and bodies of the claims the reader proposes for `text`, whose SHA-256 name is `rendition`.
    """
    desk = _Desk()
    for ref, body in proposals:
        desk.proposals.setdefault((body["start"], body["end"], body["attribute"]), []).append((ref, body))
    standing: list[Standing] = []
    lost: list[Lost] = []
    waiting: list[tuple[Judgement, tuple[int, int, str]]] = []
    for each in judged:
        span = place_of(text, rendition, each)
        if span is None:
            lost.append(Lost(each, NO_WORDS))
            continue
        key = (*span, each.attribute)
        # Readings that agree are met first, so that of two claims in the same words each finds its own judgement.
        met = desk.take(key, each.proposed, any_reading=False)
        if met:
            standing.append(_judged(each, key, met))
        else:
            waiting.append((each, key))
    for each, key in waiting:
        met = desk.take(key, each.stated, any_reading=each.verdict != REJECTED and each.part == 1)
        met = met or desk.take_near(key, each.proposed or each.stated)
        if met or each.stated is not None:
            standing.append(_judged(each, key, met))
        else:
            lost.append(Lost(each, NO_PROPOSAL))
    for (start, end, attribute), left in desk.proposals.items():
        standing += [
            Standing(start=start, end=end, attribute=attribute, ref=ref, body=body, proposal=body) for ref, body in left
        ]
    return sorted(standing, key=lambda each: (each.start, each.end, each.attribute, each.part, each.ref)), lost


def _judged(judgement: Judgement, key: tuple[int, int, str], met: tuple[str, Body] | None) -> Standing:
    start, end, attribute = key
    ref, proposal = met or ("", None)
    stated = judgement.stated
    if stated is None and proposal is not None:
        start, end = proposal["start"], proposal["end"]
    body = {**(stated if stated is not None else proposal or {}), "start": start, "end": end}
    if (start, end) != (judgement.start, judgement.end):
        # Further spans count characters of the other rendition: they are not carried.
        body.pop("evidence", None)
    was = judgement.proposed
    reread = proposal is not None and was is not None and reading(proposal) != reading(was)
    return Standing(
        start=start, end=end, attribute=attribute, ref=ref, body=body, proposal=proposal, judgement=judgement, reread=reread
    )
