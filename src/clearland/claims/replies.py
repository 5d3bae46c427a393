"""Accusations and what answers them: the denial of the accused, and the observer who leaves the matter open."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from clearland.claims.comparison import Comparison, bare, ordered_pair, words
from clearland.claims.model import Claim
from clearland.claims.periods import interval, lie
from clearland.claims.reasons import Reason

_REACH = 250  # characters between an accusation and its denial, where a nearer accusation lies between
_MOST = 40
_ACCUSATIONS = ("use.", "conduct", "production.", "transfer.")
_OPEN = "use.provenance"
_MADE = ("production.", "items.produced", _OPEN)


def denials(ordered: Sequence[Claim]) -> Iterator[Comparison]:
    """Each denial with the accusation it answers: the nearest before it in its document, else one of the same time."""
    by_file: dict[str, list[Claim]] = defaultdict(list)
    by_year: dict[int, list[Claim]] = defaultdict(list)
    for claim in ordered:
        if claim.stance == "alleged" and claim.attribute.startswith(_ACCUSATIONS):
            by_file[claim.file].append(claim)
            days = interval(claim.period)
            if days is not None and days[0].year == days[1].year:
                by_year[days[0].year].append(claim)
    for claim in ordered:
        if claim.stance != "denied":
            continue
        accused = words(claim.claimant) | words(claim.subject)
        days = interval(claim.period)
        near = [other for other in by_file[claim.file] if other.start < claim.start or claim.in_footnote is not None]
        elsewhere = by_year.get(days[0].year, [])[:_MOST] if days else []
        for other in [
            *_answered(near, claim),
            *(one for one in elsewhere if one.file != claim.file and lie(one.period, claim.period) in {"same", "overlap"}),
        ]:
            if accused & words(other.subject) and bare(other.claimant) != bare(claim.claimant):
                who, accuser = claim.claimant or Reason("the_accused"), other.claimant or Reason("another")
                yield ordered_pair("denies", claim, other, Reason("denied", {"who": who, "other": accuser}))


def _answered(near: Sequence[Claim], denial: Claim) -> list[Claim]:
    """Accusations a denial in the same document can answer: those of its note's sentence, else the nearest before it."""
    if denial.in_footnote is not None:
        cited = [claim for claim in near if claim.footnote == denial.in_footnote]
        if cited:
            return cited
    before = [claim for claim in near if claim.start < denial.start]
    return [claim for claim in before[-3:] if denial.start - claim.end <= _REACH or claim is before[-1]]


def left_open(ordered: Sequence[Claim]) -> Iterator[Comparison]:
    """Where somebody says who made or brought a weapon, and another says that this is still to be found out."""
    doubts = [claim for claim in ordered if claim.attribute == _OPEN and claim.stance != "alleged"]
    alleged = [claim for claim in ordered if claim.stance == "alleged" and claim.attribute.startswith(_MADE)]
    for doubt in doubts:
        about = words(doubt.subject)
        told = [
            one for one in alleged
            if bare(one.claimant) != bare(doubt.claimant) and about & (words(one.subject) | words(one.claimant))
        ]  # fmt: skip
        for claim in told[:_MOST]:
            who, other = doubt.claimant or Reason("another"), claim.claimant or Reason("another")
            yield ordered_pair("tension", doubt, claim, Reason("left_open", {"who": who, "other": other}))
