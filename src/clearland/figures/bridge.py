"""From one agency's ground cleared of one type to a published total, step by step: what each widening of the scope adds.

Two published numbers on released land may differ a hundredfold and both be right, because one counts all actors, all types,
survey and land without outline, and the other does not. Each step is a figure of its own or the difference of two; what is
left between all of them and the published number is said to be unexplained, never spread over the others.
"""

from dataclasses import dataclass, replace
from typing import Literal

from clearland.figures.indicators import figures
from clearland.figures.model import Figure, Scope
from clearland.ledger.snapshot import Snapshot

StepName = Literal[
    "narrow", "other_types", "other_actors", "reduced", "cancelled", "outside", "reported_only", "unexplained", "published"
]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: what it adds in m² (the whole for `narrow` and `published`), and the figure it was taken from, if any."""

    name: StepName
    m2: float
    figure: Figure | None = None


def bridge(
    snapshot: Snapshot, published_m2: float, *, scope: Scope, device: str = "", operator: str = "", start_m2: float | None = None
) -> list[Step]:
    """The steps from area cleared of one type by one organisation to a published area, in `scope`'s period and place.

    `start_m2` is a narrower published area to begin with in the place of our figure. All steps but the last add up to the
    last. Steps that add nothing are there too: they say that the scope was looked at.
    """

    def cleared(**where: str) -> Figure:
        return _figure(snapshot, "LR-3", replace(scope, where={name: value for name, value in where.items() if value}))

    narrow, by_operator, by_all = cleared(device=device, operator=operator), cleared(operator=operator), cleared()
    wide = replace(scope, where={})
    steps = [
        Step(name="narrow", m2=_m2(narrow), figure=narrow) if start_m2 is None else Step(name="narrow", m2=start_m2),
        Step(name="other_types", m2=_m2(by_operator) - _m2(narrow), figure=by_operator),
        Step(name="other_actors", m2=_m2(by_all) - _m2(by_operator), figure=by_all),
    ]
    names: tuple[tuple[StepName, str], ...] = (
        ("reduced", "LR-2"), ("cancelled", "LR-1"), ("outside", "LR-8"), ("reported_only", "LR-0R"),
    )  # fmt: skip
    for name, code in names:
        figure = _figure(snapshot, code, wide)
        steps.append(Step(name=name, m2=_m2(figure), figure=figure))
    explained = sum(step.m2 for step in steps)
    return [*steps, Step(name="unexplained", m2=published_m2 - explained), Step(name="published", m2=published_m2)]


def _figure(snapshot: Snapshot, code: str, scope: Scope) -> Figure:
    return figures(snapshot, [code], scope=scope)[0]


def _m2(figure: Figure) -> float:
    return figure.value or 0.0
