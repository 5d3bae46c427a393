"""From grounds to pairs: the odds of all grounds together, the likeliest partner of each source, the most telling first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from clearland.checks.matching.blocking import Blocked
from clearland.checks.matching.model import Compare, Pair, Reason, Things

LEAST_SCORE = 0.35
MOST_KEPT = 60_000
_LEAST_SAID = 0.2


class TwoRecords(Protocol):
    """Whatever names two records."""

    @property
    def first(self) -> str: ...

    @property
    def second(self) -> str: ...


Two = TypeVar("Two", bound=TwoRecords)


@dataclass(frozen=True)
class Compared:
    """What comparing one kind gave: pairs from the likeliest down, how many records and comparisons, and what was too much."""

    pairs: tuple[Pair, ...]
    records: int
    comparisons: int
    left_out: int


def compared(things: Things, found: Blocked, prior: float, grounds: Sequence[Compare]) -> Compared:
    """The pairs whose odds, `prior` and all grounds together, are worth asking about."""
    left, right = found.left, found.right
    made = [compare(left, right) for compare in grounds] if len(left) else []
    odds = prior + sum((each.weights for each in made), np.zeros(len(left)))
    scores = 1 / (1 + np.exp(-odds))
    likely = np.flatnonzero(scores >= LEAST_SCORE)
    likely = likely[np.argsort(-scores[likely], kind="stable")][:MOST_KEPT]
    pairs = [
        _pair(things, int(left[place]), int(right[place]), float(scores[place]), [each.told(int(place)) for each in made])
        for place in likely.tolist()
    ]
    pairs.sort(key=lambda each: (-each.score, each.first, each.second))
    return Compared(tuple(pairs), len(things), len(left), found.left_out)


def _pair(things: Things, left: int, right: int, score: float, told: Iterable[Reason | None]) -> Pair:
    first, second = sorted(str(things.rows[place]["record"]) for place in (left, right))
    said = [each for each in told if each is not None and abs(each.weight) >= _LEAST_SAID]
    if str(things.rows[left]["record"]) != first:
        said = [_turned(each) for each in said]
    said.sort(key=lambda each: -abs(each.weight))
    return Pair(kind=things.kind, first=first, second=second, score=round(score, 3), reasons=tuple(said))


def _turned(reason: Reason) -> Reason:
    """The same, said of the pair in its other order."""
    if "one" not in reason.values:
        return reason
    return Reason(reason.code, reason.weight, {**reason.values, "one": reason.values["other"], "other": reason.values["one"]})


def one_to_one(
    pairs: Iterable[Two], source: Mapping[str, object], same: Iterable[tuple[str, str]], settled: Collection[frozenset[str]]
) -> list[Two]:
    """What is left to ask: of each record the likeliest partner in each source, as long as nobody found another for it.

    A source lists a thing once. So three alike rows here and three there are three pairs, not nine, and whoever was matched
    asks no more. `settled` pairs were decided and are not asked again; `source` is that of each record, None for one told by
    hand, which may be told again by hand.
    """
    taken: set[tuple[str, object]] = set()
    for first, second in same:
        taken |= {(first, source.get(second)), (second, source.get(first))}
    left = []
    for pair in pairs:
        if frozenset((pair.first, pair.second)) in settled or pair.first not in source or pair.second not in source:
            continue
        partners = {
            (one, source[other]) for one, other in ((pair.first, pair.second), (pair.second, pair.first)) if source[other]
        }  # fmt: skip
        if not partners & taken:
            taken |= partners
            left.append(pair)
    return left


def clusters(same: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Record -> the one that counts for it, of pairs (told again, counts); several pairs in a row lead to one record.

    Where pairs lead round in a circle the record whose id sorts first counts.
    """
    above: dict[str, set[str]] = {}
    members: dict[str, set[str]] = {}
    for again, counts in same:
        above.setdefault(again, set()).add(counts)
        joined = members.get(again, {again}) | members.get(counts, {counts})
        for each in joined:
            members[each] = joined
    kept: dict[str, str] = {}
    for joined in {id(each): each for each in members.values()}.values():
        counting = min(each for each in joined if each not in above) if any(each not in above for each in joined) else min(joined)
        kept |= {each: counting for each in joined if each != counting}
    return kept
