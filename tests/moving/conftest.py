"""A scratch IMSMA NG database, and a programme that can seal."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from clearland.core.clock import Clock, fixed_clock
from clearland.intake.imsma.reading import Handed, hand_database
from clearland.intake.imsma.rules import load_rules
from clearland.ledger.scope import Actor, Scope, scope, system_actor
from clearland.work.moving import Moved, move
from clearland.work.moving_plan import MoveOptions
from tests import postgres
from tests.moving import ng_database
from tests.moving.synthetic import Nation, nation

MOVED_AT = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
MOVER = system_actor("import")


@dataclass
class NG:
    """The database's address and the nation it holds."""

    url: str
    nation: Nation

    def fill(self) -> None:
        ng_database.fill(self.url, self.nation)

    def handed(self) -> Handed:
        return hand_database(self.url, load_rules())


@pytest.fixture
def ng(postgres_server: str) -> Iterator[NG]:
    """A filled database of its own."""
    name = f"clearland_imsma_{os.getpid()}"
    postgres.execute(postgres_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    made = NG(postgres.database_url(postgres_server, name), nation())
    made.fill()
    yield made
    postgres.execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


AT = fixed_clock(MOVED_AT)


def moved(handed: Handed, clock: Clock = AT, actor: Actor = MOVER, **options: object) -> Moved:
    """Move with the options given, identities left out unless said."""
    made = MoveOptions(**{"identities": "leave_out", **options})  # type: ignore[arg-type]
    return move(handed, load_rules(), made, actor=actor, clock=clock)


def reader() -> Scope:
    """What the mover sees."""
    return scope(MOVER, "tests")
