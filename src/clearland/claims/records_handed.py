"""Records of mines: who handed them over, who kept them back, and what figures and words say of those that were given.

A figure read from a party's records presupposes that the party gave them. Claims meet where one names the party that the
other is about, in its subject or in the sentence it stands in.
"""

from collections.abc import Iterator, Mapping, Sequence

from clearland.claims.bounds import told
from clearland.claims.comparison import Comparison, is_number, key, one_voice, ordered_pair, words
from clearland.claims.corrections import Surroundings
from clearland.claims.cues import cue
from clearland.claims.model import Claim
from clearland.claims.reasons import Reason

_TOLD_BY = ("record.handover", "record.custody", "conduct")
_READ_FROM = ("record.mines_claimed", "record.coverage", "record.accuracy")
_QUALITY = ("record.accuracy", "record.coverage")
_HALF = 50  # percent: from here on a share of records speaks for them
_MOST = 40  # claims of one kind that one other is held against


def handovers(by_attribute: Mapping[str, Sequence[Claim]], around: Surroundings) -> Iterator[Comparison]:
    """`tension` between a handover and a refusal, `confirms` between a handover and a figure read from what was given."""
    told_of = [claim for name in _TOLD_BY for claim in by_attribute.get(name, ()) if _of_records(claim)]
    kept_back = [claim for claim in told_of if _withheld(claim)]
    handed = [claim for claim in told_of if not _withheld(claim) and cue("handed").search(str(claim.value))]
    handed = [claim for claim in handed if not cue("asked").search(str(claim.value))]
    figures = [claim for name in _READ_FROM for claim in by_attribute.get(name, ()) if is_number(claim)]
    for figure in figures:
        giver = _names(figure, around)
        if not _told_as_given(figure, around):
            continue
        for claim in _about(kept_back, giver, figure):
            if one_voice(figure, claim):
                continue  # what one voice says of some records and of the rest
            yield ordered_pair("tension", figure, claim, Reason("records_kept_back", {"figure": told(figure), **_who(claim)}))
        for claim in _about(handed, giver, figure):
            yield ordered_pair("confirms", figure, claim, Reason("records_handed", {"figure": told(figure), **_who(claim)}))
    yield from _worth(by_attribute, around)


def _worth(by_attribute: Mapping[str, Sequence[Claim]], around: Surroundings) -> Iterator[Comparison]:
    """A share of accuracy beside words for it: a quarter right and *of low use* point the same way."""
    for name in _QUALITY:
        claims = by_attribute.get(name, ())
        shares = [claim for claim in claims if is_number(claim) and claim.unit == "percent"]
        worded = [claim for claim in claims if isinstance(claim.value, str) and degree(claim) is not None]
        for share in shares[:_MOST]:
            for claim in _about(worded, _names(share, around), share, around):
                assert isinstance(share.value, int | float)
                kind = "confirms" if (share.value >= _HALF) == (degree(claim) == "much") else "tension"
                values = {"figure": told(share), "words": str(claim.value)}
                yield ordered_pair(kind, share, claim, Reason(f"words_{kind}", values))  # type: ignore[arg-type]


def degree(claim: Claim) -> str | None:
    """`much` or `little`, as the words of a statement rate what they tell of; None where they rate nothing, or both ways."""
    rated = [name for name in ("much", "little") if cue(name).search(str(claim.value))]
    if len(rated) != 1:
        return None
    return rated[0] if claim.polarity == "affirmed" else {"much": "little", "little": "much"}[rated[0]]


def _of_records(claim: Claim) -> bool:
    return isinstance(claim.value, str) and bool(cue("records").search(claim.value) or claim.attribute == "record.handover")


def _withheld(claim: Claim) -> bool:
    return claim.polarity == "negated" or bool(cue("withheld").search(str(claim.value)))


def _told_as_given(figure: Claim, around: Surroundings) -> bool:
    beside = around(figure)
    return beside is not None and bool(cue("records").search(beside.sentence) and cue("handed").search(beside.sentence))


def _about(claims: Sequence[Claim], named: frozenset[str], other: Claim, around: Surroundings | None = None) -> Iterator[Claim]:
    """Of `claims` those about somebody whom the other one names."""
    for claim in claims[:_MOST]:
        mine = _names(claim, around) if around else words(claim.subject)
        if mine & named and key(claim) != key(other):
            yield claim


def _names(claim: Claim, around: Surroundings) -> frozenset[str]:
    """Whom a claim names: words of its subject and claimant, and those with a capital in its sentence."""
    beside = around(claim)
    sentence = beside.sentence if beside else ""
    capitals = " ".join(word for word in sentence.split()[1:] if word.strip("“\"'(‘")[:1].isupper())
    return words(claim.subject) | words(claim.claimant) | words(capitals.replace("’s", "").replace("'s", ""))


def _who(claim: Claim) -> dict[str, object]:
    return {"who": claim.claimant or Reason("another"), "words": str(claim.value)}
