"""Azimuths of a record to degrees from true north: units of angle, and the north they were counted from."""

import math

from clearland.core.errors import ClearlandError

FULL_CIRCLE = {"degree": 360.0, "grad": 400.0, "mil_6000": 6000.0, "mil_6400": 6400.0}
METRES = {"metre": 1.0, "foot": 0.3048, "yard": 0.9144}


def degrees(angle: float, unit: str) -> float:
    """An angle in degrees. Raises ClearlandError E-MINEFIELD-ANGLE for an unknown unit or more than a full circle."""
    circle = FULL_CIRCLE.get(unit)
    if circle is None or not 0 <= angle <= circle:
        raise ClearlandError("E-MINEFIELD-ANGLE", f"An azimuth of {angle:g} cannot be read in the unit {unit!r}.",
                             remedy="Correct the azimuth, or the unit of angle of the record.")
    return angle * 360.0 / circle


def declination(text: str) -> float:
    """A declination written in degrees, east positive. Raises ClearlandError E-MINEFIELD-ANGLE when it is none."""
    try:
        value = float(text.replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        value = math.nan
    if not -180 <= value <= 180:
        raise ClearlandError("E-MINEFIELD-ANGLE", f"{text!r} is no declination.",
                             remedy="Write degrees with a decimal point, east positive: 5.75 or -2.")
    return value


def true_azimuth(angle_degrees: float, north: str, *, declination_degrees: float, convergence_degrees: float) -> float:
    """Degrees clockwise from true north, 0 to below 360.

    Declination (true to magnetic north) and convergence (true to grid north) are east positive, so both are added.
    """
    turn = {"true": 0.0, "magnetic": declination_degrees, "grid": convergence_degrees}[north]
    return (angle_degrees + turn) % 360.0


def turn_between(first_degrees: float, second_degrees: float) -> float:
    """The smaller angle between two directions, 0 to 180 degrees."""
    return abs((first_degrees - second_degrees + 180.0) % 360.0 - 180.0)
