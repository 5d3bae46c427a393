"""Claims side by side: which contradict, confirm or deny one another, and why (design section 7).

`contradicts` needs one subject, attribute, scope and definition, one period, and values beyond what their bounds allow.
Where only scope (device, actor), definition or period differs it is `tension`; where the same thing is told of other
times, `series`; two prints of one quotation or note are `same_source`, one witness; a later edition of one voice
`supersedes` its earlier figure. `part_of`, `share_of` and `implies` tie figures of one passage by arithmetic
(`relations`); `corrects`, `retracts` and `explains` rest on the words around a figure (`corrections`); claims of other
attributes meet where one presupposes the other (`bearing`). A scope not said never equals a code.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from clearland.claims.bearing import bearings
from clearland.claims.comparison import ORDER, Comparison, Key, bare, is_number, key, ordered_pair
from clearland.claims.corrections import Surroundings, explained, nothing_around, own_changes
from clearland.claims.model import Claim
from clearland.claims.pairs import compare, shares
from clearland.claims.periods import interval
from clearland.claims.relations import relations
from clearland.claims.replies import denials, left_open
from clearland.claims.witnesses import quotation

_TENSIONS = 8  # the most tensions one claim keeps: those whose scopes are most alike
_WINDOW = 40


def disagreements(claims: Iterable[Claim], around: Surroundings = nothing_around) -> list[Comparison]:
    """Every comparison worth showing, the gravest kind and the most alike scopes first, whatever the order of `claims`.

    `around` gives the words beside a claim, for corrections and explanations. Claims meet only within a bucket (subject
    and attribute; quotation; accusation and reply), and within a bucket with their next forty in order of period, so
    that the work grows with the number of claims and not with its square.
    """
    ordered = sorted({key(claim): claim for claim in claims}.values(), key=key)
    found: dict[tuple[Key, Key], Comparison] = {}
    for comparison in _all(ordered, around):
        pair = (key(comparison.left), key(comparison.right))
        held = found.get(pair)
        if held is None or ORDER.index(comparison.kind) < ORDER.index(held.kind):
            found[pair] = comparison
    ranked = sorted(found, key=lambda pair: (ORDER.index(found[pair].kind), -found[pair].alike, pair))
    kept = _bounded([found[pair] for pair in ranked])
    told = [explained(comparison, around) for comparison in kept]
    return sorted(told, key=lambda comparison: ORDER.index(comparison.kind))


def _bounded(ranked: Sequence[Comparison]) -> list[Comparison]:
    """Ranked comparisons without those tensions of a claim that come after its most alike ones."""
    held: dict[Key, int] = defaultdict(int)
    kept = []
    for comparison in ranked:
        if comparison.kind == "tension" and comparison.alike < 1:
            sides = (key(comparison.left), key(comparison.right))
            if any(held[side] >= _TENSIONS for side in sides):
                continue
            for side in sides:
                held[side] += 1
        kept.append(comparison)
    return kept


def _all(ordered: Sequence[Claim], around: Surroundings) -> Iterator[Comparison]:
    topics: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in ordered:
        topics["same", bare(claim.subject), claim.attribute].append(claim)
        printed = quotation(claim)
        if printed is not None:
            topics["quoted", *printed].append(claim)
        if is_number(claim) and claim.unit == "percent" and "." in claim.attribute:
            topics["share", claim.attribute.split(".")[0]].append(claim)
    for name, bucket in topics.items():
        for left, right in _neighbours(bucket):
            comparison = shares(left, right) if name[0] == "share" else compare(left, right)
            if comparison is not None:
                yield comparison
    yield from denials(ordered)
    yield from left_open(ordered)
    yield from own_changes(ordered, around)
    yield from bearings(ordered, around)
    for kind, one, other, why in relations(ordered, around):
        yield ordered_pair(kind, one, other, why)


def _neighbours(bucket: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of a bucket; in a large one only claims near one another in time."""
    by_time = sorted(bucket, key=lambda claim: ((interval(claim.period) or (date.max, date.max)), key(claim)))
    for index, left in enumerate(by_time):
        for right in by_time[index + 1 : index + 1 + _WINDOW]:
            yield left, right
