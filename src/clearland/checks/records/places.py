"""Rules 12 and 81: how accurate a point is, and the coordinates of a paper as it has them."""

from collections.abc import Iterator

from clearland.checks.records.model import Attributes, Said, Setting


def accuracy(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """12: a point without its accuracy looks exact and may be the middle of a district."""
    if not said.get("location_accuracy"):
        yield Said("R-PLACE-ACCURACY", "location_accuracy")


def as_written(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """81: a point of a minefield record keeps the coordinates that the paper gives."""
    if not said.get("coordinates_as_written") and said.get("written_north") is None:
        yield Said("R-COORDINATES-WRITTEN", "coordinates_as_written")
