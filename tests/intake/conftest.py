"""What every test of intake needs: the shipped examples, the dictionary, a day, and files made on the spot."""

from datetime import date
from pathlib import Path

import pytest

from clearland.dictionary import loader
from clearland.dictionary.model import Dictionary
from clearland.intake.plan import Circumstances

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = date(2026, 11, 21)
AZERBAIJAN = (44.7, 38.3, 51.0, 42.0)


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    """The built-in dictionary."""
    return loader.builtin()


@pytest.fixture
def circumstances() -> Circumstances:
    """A fixed day, the box of Azerbaijan, an empty ledger."""
    return Circumstances(today=TODAY, box=AZERBAIJAN)
