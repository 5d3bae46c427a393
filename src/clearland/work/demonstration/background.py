"""What the stories behind the land of a synthetic nation share."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from clearland.ledger.drafts import Draft
from clearland.work.demonstration.nation import LAST_WORK, Nation

_REPORTED_AFTER = timedelta(days=21)


@dataclass(frozen=True)
class Background:
    """What the stories below share: the nation, a source of chance, and the nation's own records by kind."""

    nation: Nation
    rng: random.Random
    by_kind: dict[str, list[Draft]]

    def add(self, day: date, kind: str, attributes: dict[str, Any], **rest: Any) -> UUID:
        """A record known three weeks after its day."""
        return self.nation.add(min(day, LAST_WORK) + _REPORTED_AFTER, kind, attributes, **rest)
