"""Rules 22, 23, 79 and 80: legs that close, what a laying record must say, what destroyed stock counts as."""

from collections.abc import Iterator
from math import cos, hypot, pi, sin

from clearland.checks.across.model import Book, Row, noted
from clearland.checks.model import Noted

_TURN = {"degree": 360.0, "mil_6400": 6400.0, "mil_6000": 6000.0, "grad": 400.0}
_OF_MINED_AREAS = frozenset({"apmbc_5"})


def legs(book: Book) -> Iterator[Noted]:
    """22 and 23: the legs of an outline are complete, in order, and come back to their first point."""
    by_field = book.linked("minefield_leg", "minefield")
    for row in book.rows("minefield_record"):
        outline = sorted(
            (leg for leg in by_field.get(row["record"], ()) if leg.get("part") == "perimeter"), key=lambda leg: leg["sequence"]
        )
        if len(outline) < 3:
            continue
        missing = next((place for place, leg in enumerate(outline, start=1) if leg["sequence"] != place), None)
        if missing is not None:
            yield noted("minefield_record", row, "R-LEG-GAP", outline[:1], missing=missing)
            continue
        if row.get("length_unit") in (None, "metre"):
            yield from _walked(book, row, outline)


def _walked(book: Book, row: Row, outline: list[Row]) -> Iterator[Noted]:
    turn = _TURN.get(str(row.get("angle_unit") or "degree"), 360.0)
    length = sum(float(leg["distance"]) for leg in outline)
    steps = [(2 * pi * float(leg["azimuth"]) / turn, float(leg["distance"])) for leg in outline]
    gap = hypot(sum(far * sin(way) for way, far in steps), sum(far * cos(way) for way, far in steps))
    if gap > max(book.limits.closure_m, book.limits.closure_share * length):
        yield noted("minefield_record", row, "R-LEGS-OPEN", gap_m=gap, perimeter_m=length)
    longest = max(outline, key=lambda leg: float(leg["distance"]))
    length_m = float(longest["distance"])
    if length_m > book.limits.leg_m:
        yield noted("minefield_record", row, "R-LEG-LONG", [longest], leg=longest["sequence"], length_m=length_m)


def laying(book: Book) -> Iterator[Noted]:
    """80: two reference points, a date, and a count near what left the ground, for records whose paper is held."""
    points, counts = book.linked("minefield_reference", "minefield"), book.linked("minefield_count", "minefield")
    for row in book.rows("minefield_record"):
        if row.get("custody") != "held":
            continue
        number = len(points.get(row["record"], ()))
        if number < 2:
            yield noted("minefield_record", row, "R-LAYING-POINTS", points=number)
        if not row.get("laid_from") and not row.get("laid_to"):
            yield noted("minefield_record", row, "R-LAYING-DATE")
        several = counts.get(row["record"], ())
        claimed = sum(each.get("claimed") or 0 for each in several)
        found = sum((each.get("removed") or 0) + (each.get("detonated") or 0) for each in several)
        if found > claimed:
            yield noted("minefield_record", row, "R-LAYING-COUNT", several[:3], claimed=claimed, found=found)


def destruction_basis(book: Book) -> Iterator[Noted]:
    """79: what came out of a stockpile is not counted as found in mined areas."""
    for row in book.rows("stockpile_destruction"):
        if row.get("basis") in _OF_MINED_AREAS and row.get("stockpile"):
            yield noted("stockpile_destruction", row, "R-DESTRUCTION-BASIS", basis=row["basis"])
