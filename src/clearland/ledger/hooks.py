"""Where the write path and migrations meet the layers of the programme file."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from clearland.ledger.projections import IndexedRow
from clearland.ledger.vocabulary import dictionary_of


def index(cursor: Any, rows: Sequence[IndexedRow]) -> None:
    if find_spec("clearland.ledger.layers"):
        import_module("clearland.ledger.layers").index(cursor, rows)


def install(connection: Any) -> None:
    if find_spec("clearland.ledger.layers"):
        import_module("clearland.ledger.layers").install(connection, dictionary_of(connection.cursor()))


def uninstall(connection: Any) -> None:
    if find_spec("clearland.ledger.layers"):
        import_module("clearland.ledger.layers").uninstall(connection)
