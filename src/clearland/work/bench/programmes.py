"""Programmes that live as long as one run of the bench."""

from datetime import UTC, date, datetime
from pathlib import Path

from clearland.core.clock import fixed_clock
from clearland.ledger.scope import Actor
from clearland.work import programme

WRITER = Actor("user:1", "Bench", is_admin=True)
OPENED = datetime(2026, 1, 2, 8, tzinfo=UTC)


def make(folder: Path, database_url: str = "") -> Path:
    """A new programme, in use."""
    clock = fixed_clock(OPENED)
    return programme.init(folder, name="Bench", opened_on=date(2026, 1, 2), clock=clock, database_url=database_url)


def use(folder: Path) -> Path:
    """One that was made before, in use again."""
    return programme.use(folder)
