"""Moving from IMSMA: what was read goes through the intake's plan, turn by turn, and in as one commit, all or nothing.

Each field report of an item is an entry with its date of information. A run again brings only what IMSMA says otherwise
since; where nothing does, nothing is written.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import RefusedInput
from clearland.core.ids import record_id
from clearland.intake.imsma.overlay import NAME as OVERLAY
from clearland.intake.imsma.reading import Handed
from clearland.intake.imsma.rules import Rules
from clearland.ledger import search_index
from clearland.ledger.drafts import Draft, NewSource, Receipt
from clearland.ledger.opening import current_opening
from clearland.ledger.rows import head_entries
from clearland.ledger.scope import Actor, scope
from clearland.ledger.vocabulary import current_dictionary
from clearland.ledger.write import write, write_in_turn
from clearland.work.add import INDEXED_AT_ONCE
from clearland.work.moving_plan import PURPOSE, SENSITIVITY, MoveOptions, PlannedMove, Step, no_step, plan_move


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What a move did."""

    receipt: Receipt
    planned: PlannedMove


def move(
    handed: Handed, rules: Rules, options: MoveOptions, *, actor: Actor, clock: Clock = system_clock, step: Step = no_step
) -> Moved:
    """Bring everything in as one commit. Raises RefusedInput with every reason found; no record lands then."""
    planned = plan_move(handed, rules, options, actor=actor, clock=clock, step=step)
    if errors := planned.errors:
        more = f" (and {len(errors) - 1:,} more errors)" if len(errors) > 1 else ""
        raise RefusedInput(
            errors[0].code, f"{errors[0].sentence}{more} Nothing was moved.", place=errors[0].place, remedy=errors[0].remedy,
            findings=planned.findings,
        )  # fmt: skip
    kept = handed.kept
    received = options.received or clock().astimezone(current_opening().time_zone).date()
    _lay_overlay(planned.overlay, received, actor, clock)
    source = NewSource(
        data=kept.data, filename=kept.filename, media_type=kept.media_type, received=received, series=options.series,
        title=f"{options.series}: {handed.extract.origin}", symbol=f"sha256:{handed.sha256}", sensitivity=SENSITIVITY,
    )  # fmt: skip
    turns = [turn for turn in planned.turns if turn] or [[]]
    receipt = write_in_turn(turns, actor=actor, reason=f"Moved from {options.series}", source=source, clock=clock)
    if receipt.new + receipt.changed <= INDEXED_AT_ONCE:
        search_index.refresh()
    return Moved(receipt=receipt, planned=planned)


def _lay_overlay(content: Mapping[str, Any], received: date, actor: Actor, clock: Clock) -> None:
    """The overlay as a source and an entry of its own, written only where it adds something."""
    now = {kind.name: {each.name for each in kind.fields} for kind in current_dictionary().kinds.values()}
    if all(each["name"] in now.get(kind["name"], ()) for kind in content["kinds"] for each in kind["fields"]):
        return
    record = record_id("dictionary overlay", OVERLAY)
    draft = Draft(
        record=record, kind="overlay", local_id=OVERLAY,
        based_on=head_entries(scope(actor, PURPOSE), "overlay", [OVERLAY]).get(record),
        attributes={"name": OVERLAY, "content": json.dumps(content, ensure_ascii=False, sort_keys=True)},
    )  # fmt: skip
    data = yaml.safe_dump({"name": OVERLAY, **content}, allow_unicode=True, sort_keys=True).encode()
    source = NewSource(data=data, filename=f"{OVERLAY}.yaml", media_type="application/yaml", title="Dictionary: IMSMA",
                       received=received)  # fmt: skip
    write([draft], actor=actor, reason="Dictionary: fields of IMSMA", source=source, clock=clock)
