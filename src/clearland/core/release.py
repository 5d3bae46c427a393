"""Which Clearland this is."""

from functools import cache
from importlib.metadata import version


@cache
def release() -> str:
    """The version of the installed package. Its metadata is read once: to parse it takes longer than many a query."""
    return version("clearland")
