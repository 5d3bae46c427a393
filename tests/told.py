"""For tests that read what may be absent: here it is there, or the test fails saying so."""

from typing import TypeVar

Value = TypeVar("Value")


def told(value: Value | None) -> Value:
    """The value, which is not None."""
    assert value is not None, "nothing is told here"
    return value
