"""Five numbers for how well a record agrees with the ground, each from 0 to 1 with the size of its sample.

    position   how near the record lies: identified reference points, and the shift that brings its mines onto the finds
    geometry   whether rows run, are spaced and end as written, once the record is moved by that shift
    count      mines accounted for, against mines claimed
    type       share of mines found inside that are of a claimed type
    coverage   share of mines found in and near the field that lie inside it as drawn

A score without a sample is None: nothing is known, which is neither good nor bad. A score says nothing of anybody's
intent, and nothing about ground that nobody searched (`searched_share` of the assessment).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry import Point

from clearland.land.minefields.accounting import Account
from clearland.land.minefields.angles import turn_between
from clearland.land.minefields.matching import Shift
from clearland.land.minefields.model import Count, Find, Row
from clearland.land.minefields.traverse import Spot, spread

NOT_BEFORE_M = 100.0  # a record this far off has lost its worth for placing: the size of a wrong datum
AZIMUTH_DEGREES = 10.0  # a row turned by more than a usual declination has nothing of its azimuth left
NEAR_ROW_M = 10.0
LEAST_IN_ROW = 3
SCORES = ("position", "geometry", "count", "type", "coverage")


@dataclass(frozen=True, kw_only=True)
class Score:
    """A number from 0 to 1, None where nothing could be compared, and how many things were compared."""

    value: float | None = None
    n: int = 0


def position(offsets_m: Sequence[float], shift: Shift | None) -> Score:
    """From distances between reference points as written and as identified, and from the best shift: the mean of
    1 − distance ÷ 100 m, never below 0. n: points identified and finds that agreed on the shift."""
    measured = [*offsets_m, *([shift.metres] if shift else [])]
    if not measured:
        return Score()
    worth = [max(0.0, 1.0 - metres / NOT_BEFORE_M) for metres in measured]
    return Score(value=float(np.mean(worth)), n=len(offsets_m) + (shift.matched if shift else 0))


@dataclass(frozen=True, kw_only=True)
class PlaneRow:
    """A row in metres of the plane: its ends as laid out, moved by the best shift, and its spacing where said."""

    row: Row
    start: Spot
    end: Spot
    spacing_m: float | None


def geometry(rows: Sequence[PlaneRow], finds: Sequence[Point]) -> Score:
    """Mean over rows with at least three finds of the mean of azimuth (1 − turn ÷ 10°), length (shorter ÷ longer) and,
    where a spacing is said, spacing (1 − difference ÷ half the spacing). n: finds in those rows."""
    in_rows = _by_row(rows, finds)
    worth, used = [], 0
    for number, points in in_rows.items():
        if len(points) >= LEAST_IN_ROW:
            worth.append(_row_worth(rows[number], points))
            used += len(points)
    return Score(value=float(np.mean(worth)), n=used) if worth else Score()


def _by_row(rows: Sequence[PlaneRow], finds: Sequence[Point]) -> dict[int, list[Point]]:
    """Each find with its nearest row, where one is within NEAR_ROW_M of its line."""
    found: dict[int, list[Point]] = {}
    for find in finds:
        away = [_from_segment((find.x, find.y), row.start, row.end) for row in rows]
        nearest = int(np.argmin(away)) if away else -1
        if nearest >= 0 and away[nearest] <= NEAR_ROW_M:
            found.setdefault(nearest, []).append(find)
    return found


def _from_segment(point: Spot, start: Spot, end: Spot) -> float:
    along, line = np.subtract(point, start), np.subtract(end, start)
    length2 = float(line @ line)
    share = min(max(float(along @ line) / length2, 0.0), 1.0) if length2 else 0.0
    return float(np.hypot(*(along - share * line)))


def _row_worth(row: PlaneRow, points: Sequence[Point]) -> float:
    spots = spread(points)
    line = np.subtract(row.end, row.start)
    length = float(np.hypot(*line))
    middle = spots - spots.mean(axis=0)
    direction = np.linalg.svd(middle, full_matrices=False)[2][0]
    direction = direction if direction @ line >= 0 else -direction
    along = np.sort(middle @ direction)
    extent = float(along[-1] - along[0])
    turned = turn_between(_azimuth(direction), _azimuth(line))
    parts = [max(0.0, 1.0 - turned / AZIMUTH_DEGREES), min(extent, length) / max(extent, length) if length else 0.0]
    if row.spacing_m:
        parts.append(_spacing_worth(along, row.spacing_m))
    return float(np.mean(parts))


def _azimuth(direction: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(np.degrees(np.arctan2(direction[0], direction[1])))


def _spacing_worth(along: np.ndarray[tuple[int], np.dtype[np.float64]], spacing_m: float) -> float:
    """Gaps are whole numbers of spacings where mines between were not found; the spacing they imply is compared."""
    gaps = np.diff(along)
    gaps = gaps[gaps > spacing_m / 4]  # two items of one hole are no gap
    if not len(gaps):
        return 0.0
    implied = float(np.median(gaps / np.maximum(np.round(gaps / spacing_m), 1)))
    return max(0.0, 1.0 - abs(implied - spacing_m) / (spacing_m / 2))


def count(account: Account, searched_share: float | None) -> Score:
    """Accounted ÷ claimed, or the inverse where more was accounted for than claimed. n: mines claimed.

    Where nothing was searched and nothing is accounted for, nobody has looked: nothing is known.
    """
    if not account.claimed or not (searched_share or account.accounted):
        return Score()
    low, high = sorted((account.accounted, account.claimed))
    return Score(value=low / high, n=account.claimed)


def types(counts: Sequence[Count], inside: Sequence[Find]) -> Score:
    """Share of mines found inside that are of a claimed category and, where both tell it, model. n: mines compared."""
    claimed: dict[str, set[str]] = {}
    for each in counts:
        claimed.setdefault(each.category, set()).add(_folded(each.model))
    total = sum(find.quantity for find in inside)
    if not claimed or not total:
        return Score()
    agreeing = sum(find.quantity for find in inside if _agrees(claimed.get(find.category), _folded(find.model)))
    return Score(value=agreeing / total, n=total)


def _agrees(models: set[str] | None, model: str) -> bool:
    return models is not None and (not model or "" in models or model in models)


def _folded(model: str) -> str:
    return "".join(letter for letter in model.casefold() if letter.isalnum())


def coverage(inside: Sequence[Find], nearby: Sequence[Find]) -> Score:
    """Share of mines in and near the field that lie inside it as drawn. n: mines in and near."""
    total = sum(find.quantity for find in nearby)
    return Score(value=sum(find.quantity for find in inside) / total, n=total) if total else Score()
