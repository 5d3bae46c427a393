"""A programme sets thresholds of rules: an entry of its own record, so that each change has a date, an author and a reason."""

from collections.abc import Sequence

from clearland.checks.limits import Limits, limits_said
from clearland.core.clock import Clock, system_clock
from clearland.core.errors import ClearlandError
from clearland.ledger.drafts import Draft
from clearland.ledger.opening import PROGRAMME_RECORD
from clearland.ledger.rows import record
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.write import write

FIELD = "check_limits"


def limits_of(seen: Scope) -> Limits:
    """The limits that hold for what comes in now; the defaults where the programme set none."""
    standing = record(seen, PROGRAMME_RECORD)
    return limits_said(standing.attributes.get(FIELD, ()) if standing else ())


def set_limits(lines: Sequence[str], *, actor: Actor, clock: Clock = system_clock) -> tuple[str, ...]:
    """Set limits by lines such as `near_m=30`, beside those set before; an empty number takes the default again.

    Returns every line that now holds. Raises ClearlandError E-CHECK-LIMIT, E-PROGRAMME-NONE.
    """
    standing = record(scope(actor, "set limits of rules"), PROGRAMME_RECORD)
    if standing is None:
        raise ClearlandError("E-PROGRAMME-NONE", "No programme was initialised.", remedy="Run `clearland init` first.")
    held = dict(line.split("=", 1) for line in standing.attributes.get(FIELD, ()))
    for line in lines:
        name, _equals, value = (part.strip() for part in line.partition("="))
        held[name] = value
    kept = tuple(sorted(f"{name}={value}" for name, value in held.items() if value))
    limits_said([*kept, *(f"{name}=0" for name, value in held.items() if not value)])
    attributes = {name: value for name, value in standing.attributes.items() if name != FIELD}
    draft = Draft(
        record=PROGRAMME_RECORD, kind=standing.kind, local_id=standing.local_id, links={},
        attributes={**attributes, **({FIELD: list(kept)} if kept else {})}, state=standing.state,
        sensitivity=standing.sensitivity, based_on=standing.entry_uuid,  # type: ignore[attr-defined]
    )  # fmt: skip
    write([draft], actor=actor, reason=f"Limits of rules: {', '.join(lines)}", clock=clock)
    return kept
