"""Who wrote what waits for approval: nobody approves their own work (rule 82; design section 4).

The rule is about persons and the records they hand in. What a source brings as approved was approved where the source was
made; a decision of which the system keeps the book (a judgement, a choice between versions) is the decider's own; and a
programme that says it is one person's (`one_person`) has switched the rule off.
"""

import json
from collections.abc import Sequence
from typing import Any

from clearland.core.errors import RefusedInput
from clearland.ledger.opening import PROGRAMME_RECORD
from clearland.ledger.store import Store
from clearland.ledger.windows import Line
from clearland.ledger.workflow import SETTLED

_PART = 5_000


def waiting(history: Sequence[Line]) -> tuple[int, ...]:
    """Sequences of the entries of an ordered history that wait for a settled state; those that contest others do not."""
    found: list[int] = []
    for line in reversed(history):
        if line.state in SETTLED:
            break
        if not line.held:
            found.append(line.sequence)
    return tuple(found)


def refuse_own_work(store: Store, actor: str, approved: Sequence[tuple[str, tuple[int, ...]]]) -> None:
    """Refuse what an actor approves of entries that the same actor wrote.

    `approved` pairs a record's name with the entries that waited (`waiting`). Raises RefusedInput (E-LEDGER-OWN-WORK)."""
    sequences = [sequence for _, found in approved for sequence in found]
    if not sequences or _one_person(store):
        return
    own: set[int] = set()
    for first in range(0, len(sequences), _PART):
        listed = ", ".join(map(str, sequences[first : first + _PART]))
        # What this very write has just said has no commit yet: it is the actor's own.
        store.cursor.execute(
            f"""SELECT e.sequence FROM "entry" e LEFT JOIN "commit" c ON c.sequence = e.commit_id
                WHERE e.sequence IN ({listed}) AND (c.actor = %s OR c.sequence IS NULL)""",
            [actor],
        )
        own.update(row[0] for row in store.cursor.fetchall())
    named = [name for name, found in approved if own.intersection(found)]
    if named:
        more = f" and {len(named) - 1} more" if len(named) > 1 else ""
        raise RefusedInput(
            "E-LEDGER-OWN-WORK",
            f"{named[0]}{more}: who wrote it cannot approve it.",
            remedy="Ask somebody else to approve it; a programme of one person says so when it is made (--one-person).",
        )


def _one_person(store: Store) -> bool:
    """Whether the programme has said that its authors approve their own work."""
    store.cursor.execute(f'SELECT attributes FROM "record" WHERE {store.among("id")}', [store.listed([PROGRAMME_RECORD])])
    row: tuple[Any, ...] | None = store.cursor.fetchone()
    attributes = json.loads(row[0]) if row and isinstance(row[0], str) else row[0] if row else {}
    return bool(attributes.get("one_person"))
