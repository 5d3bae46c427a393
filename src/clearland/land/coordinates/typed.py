"""Coordinates as typed characters, read in a named system: `39°45'12.5"N 46°00'30"E`, `38S MJ 12345 01234`,
`X 4402301 Y 8586401`.

Where no letter says which number is which, the first is the northing or latitude, as field papers have it; after the
number of a UTM zone the easting comes first, as receivers show it.
"""

import re
from dataclasses import dataclass

from clearland.core.errors import ClearlandError
from clearland.land.coordinates import mgrs
from clearland.land.coordinates.systems import system

NORTHS, EASTS = frozenset("NSСЮXХ"), frozenset("EWВЗYУ")  # Russian papers: С, Ю, В, З; and X is north, Y is east
_NEGATIVE = frozenset("SWЮЗ")
_TOKEN = re.compile(r"-?\d+(?:\.\d+)?|[A-ZА-Я]")
_ZONE = re.compile(r"^(?P<zone>\d{1,2})\s*(?P<band>[C-HJ-NP-X])?\s+(?=\S*\d)")
_UNITS = re.compile(r"(?<=[\d\s])[MМ](?=[\s,;]|$)")  # metres, in either script


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The pair of numbers for `systems.place`, with zone and hemisphere where the text itself tells them."""

    north: float
    east: float
    zone: int | None = None
    southern: bool | None = None


def read(text: str, code: str) -> Typed:
    """What a text says in the system `code`. Raises ClearlandError E-COORD-TEXT where it is no place of that system."""
    plain = " ".join(text.replace("\N{MINUS SIGN}", "-").upper().split())
    grid = system(code).grid
    if grid == "degrees":
        return _pair(plain, plain, most=3)
    if grid == "UTM" and mgrs.is_mgrs(plain):
        cell = mgrs.read(plain)
        return Typed(north=cell.north, east=cell.east, zone=cell.zone, southern=cell.southern)
    match = _ZONE.match(plain) if grid == "UTM" else None
    if match is None:
        return _pair(plain, plain, most=1)
    found = _pair(plain, plain[match.end():], most=1, east_first=True)
    # S after a zone is a band of the northern half to some and *south* to others: it settles nothing.
    southern = match["band"] < "N" if match["band"] and match["band"] != "S" else None
    return Typed(north=found.north, east=found.east, zone=int(match["zone"]), southern=southern)


def _pair(whole: str, plain: str, *, most: int, east_first: bool = False) -> Typed:
    """Two quantities of at most so many numbers each (degrees, minutes, seconds), with or without letters."""
    decimal_comma = "." not in plain  # where there are points too, commas only part things
    tokens = _TOKEN.findall(_UNITS.sub(" ", re.sub(r"(?<=\d),(?=\d)", "." if decimal_comma else " ", plain)))
    numbers = [float(token) for token in tokens if not token.isalpha()]
    letters = [token for token in tokens if token.isalpha()]
    size = len(numbers) // 2
    if len(numbers) % 2 or not 1 <= size <= most or len(letters) not in {0, 2}:
        raise _unreadable(whole, "Two quantities of one form are expected, with both letters or none.")
    first, second = _quantity(numbers[:size], letters[:1]), _quantity(numbers[size:], letters[1:])
    if not letters:
        return Typed(north=second, east=first) if east_first else Typed(north=first, east=second)
    if letters[0] in NORTHS and letters[1] in EASTS:
        return Typed(north=first, east=second)
    if letters[0] in EASTS and letters[1] in NORTHS:
        return Typed(north=second, east=first)
    raise _unreadable(whole, "Its letters do not tell north from east.")


def _quantity(numbers: list[float], letter: list[str]) -> float:
    size = sum((abs(number) / 60.0**place for place, number in enumerate(numbers)), 0.0)
    return -size if numbers[0] < 0 or _NEGATIVE.intersection(letter) else size


def _unreadable(plain: str, why: str) -> ClearlandError:
    return ClearlandError("E-COORD-TEXT", f"{plain!r} cannot be read as a place. {why}",
                          remedy="Type the two numbers apart, or read them in another system.")
