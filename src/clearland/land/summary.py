"""What a balance is made of, summed per row: summaries of disjoint sets of hazards and products add up.

So ground can be cut in blocks, by other processes or on other machines, and only sums travel.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from clearland.core.errors import Finding
from clearland.land.area import Floats
from clearland.land.columns import Texts
from clearland.land.flows import Dimensions, Sums
from clearland.land.partition import Partition
from clearland.land.rows import RowKey, nothing

LARGEST_GAP_M2 = 1.0  # per hazard
Flows = dict[RowKey, Floats]
Areas = dict[RowKey, float]


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which balance is asked for. Days are ordinals; `published` is the last day an edition before covered."""

    first_day: int
    last_day: int
    dimensions: Dimensions
    published: int | None = None


@dataclass(kw_only=True)
class Summary:
    """Flows, ground held and gross cover per row, the largest loss of any cutting, and what was found.

    `until` are the flows to the end of the published time, `between` those after it and before the period; `held_then`
    is the ground held at the end of the published time.
    """

    flows: Flows = field(default_factory=dict)
    not_said: Flows = field(default_factory=dict)
    until: Flows = field(default_factory=dict)
    between: Flows = field(default_factory=dict)
    closing: Areas = field(default_factory=dict)
    opening: Areas = field(default_factory=dict)
    held_then: Areas = field(default_factory=dict)
    outside: Areas = field(default_factory=dict)
    gross: dict[RowKey, dict[str, float]] = field(default_factory=dict)
    ever_held: Counter[RowKey] = field(default_factory=Counter)
    undated: Counter[str] = field(default_factory=Counter)
    largest_residual_m2: float = 0.0
    findings: list[Finding] = field(default_factory=list)


def summarise(cut: Partition, question: Question) -> Summary:
    """The sums of one partition."""
    sums, start, end = Sums(cut, question.dimensions), question.first_day, question.last_day
    book = cut.register
    undated: Texts = book.products.local_id[book.approved & (book.ended == 0) & cut.answers_for]
    made = Summary(
        flows=sums.flows(lambda first, last: (last >= start) & (last <= end) & (first >= start)),
        not_said=sums.flows(lambda first, last: (last >= start) & (last <= end) & (first < start)),
        gross=sums.gross(start, end), outside=sums.outside(start, end), undated=Counter(undated.tolist()),
        largest_residual_m2=float(np.abs(cut.residual_m2).max(initial=0.0)), findings=list(book.findings),
    )
    if not question.dimensions.party:
        made.ever_held = sums.ever_held()
        made.closing, made.opening = sums.held(end), sums.held(start - 1)
    if question.published is not None:
        until = question.published
        made.until = sums.flows(_until(until))
        made.between = sums.flows(lambda _, last: (last > until) & (last < start))
        made.held_then = {} if question.dimensions.party else sums.held(until)
    return made


def added(summaries: Iterable[Summary]) -> Summary:
    """The sums of all of them. A finding that several made is told once."""
    total = Summary()
    for one in summaries:
        for name in ("flows", "not_said", "until", "between"):
            _add(getattr(total, name), getattr(one, name), nothing)
        for name in ("closing", "opening", "held_then", "outside"):
            _add(getattr(total, name), getattr(one, name), float)
        for key, columns in one.gross.items():
            _add(total.gross.setdefault(key, {}), columns, float)
        total.ever_held.update(one.ever_held)
        total.undated.update(one.undated)
        total.largest_residual_m2 = max(total.largest_residual_m2, one.largest_residual_m2)
        total.findings += [finding for finding in one.findings if finding not in total.findings]
    return total


def _add(total: dict[Any, Any], more: dict[Any, Any], zero: Callable[[], Any]) -> None:
    for key, value in more.items():
        total[key] = total.get(key, zero()) + value


def _until(day: int) -> Callable[[Any, Any], Any]:
    return lambda _, last: last <= day
