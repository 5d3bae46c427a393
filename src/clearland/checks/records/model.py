"""What a rule over one record reads and says.

Attributes are canonical values as the ledger keeps them (dates as ISO text, decimals as text) or as a snapshot has them
(decimals as numbers): the readers here take both.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from clearland.checks.catalogue import Value
from clearland.checks.limits import LIMITS, Limits
from clearland.core.sealing import is_commitment

Attributes = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule found: a code with its values, the field it is `about`; `rule` where several rules share the code."""

    code: str
    about: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    rule: int | None = None


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the rules know beside the record: the day of receipt, and the programme's limits."""

    today: date
    limits: Limits = LIMITS


Rule = Callable[[Attributes, Setting], Iterator[Said]]


def number(said: Attributes, name: str) -> float | None:
    """A number, or None where there is none."""
    value = said.get(name)
    return float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None


def added(said: Attributes, *names: str) -> float:
    """The sum of what is said of several numbers."""
    return sum(number(said, name) or 0.0 for name in names)


def says_any(said: Attributes, *names: str) -> bool:
    """Whether any of them is said."""
    return any(said.get(name) is not None for name in names)


def day(said: Attributes, name: str) -> str:
    """A date as ISO text, as precisely as it is said; empty where there is none, or where it is sealed."""
    value = said.get(name)
    return value if isinstance(value, str) and not is_commitment(value) else ""


def before(first: str, second: str) -> bool:
    """Whether a date lies before another for certain, whatever the months and days that are not said."""
    shorter = min(len(first), len(second))
    return bool(shorter) and first[:shorter] < second[:shorter]


def text(said: Attributes, name: str) -> str:
    """A text; empty where there is none."""
    value = said.get(name)
    return value if isinstance(value, str) else ""
