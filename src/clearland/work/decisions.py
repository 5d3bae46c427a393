"""A person's decision about something that is told elsewhere, as an entry of its own kind: taken back by another entry."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from clearland.core.clock import Clock
from clearland.core.errors import NotPermitted
from clearland.ledger.drafts import Draft
from clearland.ledger.rows import head_entries
from clearland.ledger.scope import Actor
from clearland.ledger.write import write
from clearland.work.judging import judging_scope


def write_decision(
    kind: str, record: UUID, local_id: str, attributes: Mapping[str, Any], state: str, *, actor: Actor | None, reason: str,
    clock: Clock, links: Mapping[str, Sequence[UUID]] | None = None, sensitivity: str | None = None,
) -> None:  # fmt: skip
    """Write a decision over whatever stood of it; `sensitivity` None is the class of its kind.

    Raises NotPermitted for those who may not decide, StaleWrite for a race."""
    if actor is None:
        raise NotPermitted("E-SCOPE-ACTOR", "Nobody is logged in.", remedy="Log in.")
    based_on = head_entries(judging_scope(actor), kind, [local_id]).get(record)
    draft = Draft(
        record=record, kind=kind, local_id=local_id, attributes=attributes, links=links or {}, state=state, based_on=based_on,
        sensitivity=sensitivity,
    )  # fmt: skip
    write([draft], actor=actor, reason=reason, clock=clock)
