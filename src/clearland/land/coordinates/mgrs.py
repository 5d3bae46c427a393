"""The military grid reference system on WGS 84 and ED50: `38S MJ 12345 01234` to metres of UTM.

The 100 km squares are lettered in the scheme that both datums use; older maps on other ellipsoids letter them otherwise.
"""

import re
from dataclasses import dataclass

from clearland.core.errors import ClearlandError
from clearland.land.coordinates.systems import written

BANDS = "CDEFGHJKLMNPQRSTUVWX"  # eight degrees each from 80° south; I and O are never used
ROWS = "ABCDEFGHJKLMNPQRSTUV"
COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
SQUARE_M = 100_000.0
CYCLE_M = 2_000_000.0
_FORM = re.compile(
    r"^(?P<zone>\d{1,2})\s*(?P<band>[C-HJ-NP-X])\s*(?P<column>[A-HJ-NP-Z])(?P<row>[A-HJ-NP-V])\s*(?P<digits>[\d\s]*)$"
)


@dataclass(frozen=True, kw_only=True)
class Utm:
    """Metres of UTM at the middle of the cell that was named; `cell_m` is its side."""

    zone: int
    southern: bool
    north: float
    east: float
    cell_m: float


def is_mgrs(text: str) -> bool:
    """Whether a text has the form of a grid reference."""
    return _FORM.match(text.strip().upper()) is not None


def read(text: str) -> Utm:
    """The cell that a reference names. Raises ClearlandError E-COORD-TEXT where it names none."""
    match = _FORM.match(text.strip().upper())
    digits = "".join(match["digits"].split()) if match else ""
    if match is None or len(digits) % 2 or len(digits) > 10:
        raise _none(text, "It is no grid reference with an even number of digits.")
    zone, band = int(match["zone"]), match["band"]
    columns = COLUMNS[(zone - 1) % 3]
    if not 1 <= zone <= 60 or match["column"] not in columns:
        raise _none(text, f"Zone {zone} has no column {match['column']}.")
    half = len(digits) // 2
    cell_m = SQUARE_M / 10**half
    east = (columns.index(match["column"]) + 1) * SQUARE_M + int(digits[:half] or 0) * cell_m + cell_m / 2
    row = (ROWS.index(match["row"]) - (0 if zone % 2 else 5)) % len(ROWS)
    north = row * SQUARE_M + int(digits[half:] or 0) * cell_m + cell_m / 2
    return Utm(zone=zone, southern=band < "N", north=_in_band(text, zone, band, north), east=east, cell_m=cell_m)


def _in_band(text: str, zone: int, band: str, north: float) -> float:
    """The letters of rows repeat every 2,000 km: the band says which time is meant."""
    south = -80.0 + 8 * BANDS.index(band)
    lon = zone * 6 - 183.0
    lowest = written("WGS84_UTM", lon, south, zone=zone)[0]
    length = 1_400_000.0 if band == "X" else 900_000.0  # the last band is twelve degrees high
    low = lowest - SQUARE_M  # away from the middle of the zone a parallel bends; a square reaches over the edge of a band
    placed = low + (north - low) % CYCLE_M
    if placed > lowest + length + SQUARE_M:
        raise _none(text, f"Band {band} has no such row.")
    return placed


def _none(text: str, why: str) -> ClearlandError:
    return ClearlandError("E-COORD-TEXT", f"{text!r} cannot be read as a place. {why}",
                          remedy="Compare it with the paper, letter by letter.")
