"""Status of a hazard: derived from its ground, work and handover, never typed (standards note b.3).

    open ⇄ in_progress ⇄ suspended        work on the ground
    any of these → closed_cancelled       nothing remains, all of it by cancellation
    any of these → closed_completed       nothing remains, some of it reduced or cleared
    closed_completed → released           handover signed
    closed or released → open             never: what is found later is a new hazard with `parent` set

A hazard closes only when every product is approved and every cleared product passed quality control.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from clearland.core.errors import Finding
from clearland.core.partial_dates import PartialDate
from clearland.land.model import AreaType, Product

Status = Literal["open", "in_progress", "suspended", "closed_cancelled", "closed_completed", "released"]
Work = Literal["none", "ongoing", "suspended"]

REMAINS_M2 = 1.0
PASSED = frozenset({"passed", "waived"})

# from: to: what must hold; anything not listed is refused
ALLOWED: dict[Status, dict[Status, str]] = {
    "open": {"in_progress": "work", "suspended": "work", "closed_cancelled": "cancelled", "closed_completed": "done"},
    "in_progress": {"open": "work", "suspended": "work", "closed_cancelled": "cancelled", "closed_completed": "done"},
    "suspended": {"open": "work", "in_progress": "work", "closed_cancelled": "cancelled", "closed_completed": "done"},
    "closed_completed": {"released": "handover"},
    "closed_cancelled": {},
    "released": {},
}
OPEN_BY_WORK: dict[Work, Status] = {"none": "open", "ongoing": "in_progress", "suspended": "suspended"}
NEVER_BACK = frozenset({"closed_cancelled", "closed_completed", "released"})


@dataclass(frozen=True, kw_only=True)
class State:
    """What a status is derived from. `products` are all that name or release the hazard, approved or not."""

    remaining_m2: float
    products: Sequence[Product] = field(default_factory=tuple)
    work: Work = "none"
    handover: PartialDate | None = None


def hindrances(state: State) -> list[Finding]:
    """Why a hazard cannot close yet; empty when it can."""
    found = []
    if state.remaining_m2 > REMAINS_M2:
        found.append(_refused("L-CLOSE-REMAINING", 29, "Ground remains.", remaining_m2=state.remaining_m2))
    unapproved = sum(not product.approved for product in state.products)
    if unapproved:
        found.append(_refused("L-CLOSE-UNAPPROVED", 30, "A product is not approved.", products=unapproved))
    unchecked = sum(product.product_type == "cleared" and product.qc_state not in PASSED for product in state.products)
    if unchecked:
        found.append(_refused("L-CLOSE-QC", 57, "A cleared product has not passed control.", products=unchecked))
    return found


def status_of(state: State) -> Status:
    """The status that follows from the state."""
    if hindrances(state):
        return OPEN_BY_WORK[state.work]
    if all(product.product_type == "cancelled" for product in state.products):
        return "closed_cancelled"
    return "closed_completed" if state.handover is None else "released"


def transition(before: Status, after: Status, state: State) -> list[Finding]:
    """Why a change of status is refused; empty when it is allowed and follows from the state."""
    if before == after:
        return []
    if after not in ALLOWED[before]:
        remedy = "Record a new hazard with this one as its parent." if before in NEVER_BACK else ""
        return [_refused("L-STATUS-REFUSED", 30, f"A hazard does not go from {before} to {after}.", remedy=remedy)]
    needed = ALLOWED[before][after]
    if needed == "work":
        return []
    found = hindrances(state)
    if needed == "handover" and state.handover is None:
        found.append(_refused("L-STATUS-HANDOVER", 57, "There is no signed handover."))
    if needed == "cancelled" and any(product.product_type != "cancelled" for product in state.products):
        found.append(_refused("L-STATUS-CANCELLED", 30, "Ground was reduced or cleared, not only cancelled."))
    return found


def class_change(before: AreaType, after: AreaType, reason: str | None) -> list[Finding]:
    """A confirmed hazard becomes a suspected one only with a written reason."""
    if (before, after) == ("CHA", "SHA") and not reason:
        return [_refused("L-CLASS-DOWNGRADE", 30, "A confirmed hazard became suspected without a written reason.")]
    return []


def _refused(code: str, rule: int, sentence: str, remedy: str = "", **values: float) -> Finding:
    return Finding(code=code, severity="error", rule=rule, sentence=sentence, remedy=remedy, values=values)
