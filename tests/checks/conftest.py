"""One nation with every defect seeded once, read and known once for all tests that look at what came back."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from clearland.ledger.scope import system_actor
from clearland.work import programme as programmes
from tests.checks.defects import Defect
from tests.checks.run_defects import Found, read_and_known
from tests.checks.seeded import IN_FILE, KNOWN

CLEAN = 20


@dataclass(frozen=True)
class Nation:
    """The defect of each unit that has one, and the codes that came back by kind and local id."""

    seeded: dict[int, Defect]
    said: Found

    def codes_of(self, unit: int, kind: str = "") -> set[str]:
        """What came back about the rows of a unit, of one kind where asked."""
        rows = (codes for (own, name), codes in self.said.items() if kind in ("", own) and name.endswith(f"-{unit}"))
        return set().union(*rows)

    @property
    def in_order(self) -> range:
        """The units without a defect."""
        return range(len(self.seeded), len(self.seeded) + CLEAN)


@pytest.fixture(scope="module")
def broken_nation(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Nation:
    """The nation, in a programme of its own."""
    folder = tmp_path_factory.mktemp("nation")
    shutil.copytree(sqlite_template, folder / "programme")
    seeded = dict(enumerate((*IN_FILE, *KNOWN)))
    with django_db_blocker.unblock():
        programmes.use(folder / "programme")
        said = read_and_known(len(seeded) + CLEAN, seeded, folder, system_actor("cli"))
        connections.close_all()
    return Nation(seeded, said)
