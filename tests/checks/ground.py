"""Ground to check on: squares of about 100 m near the equator, named by column and row."""

from typing import Any

from shapely.geometry import Point, box

from clearland.checks.finds import Ground
from clearland.checks.limits import Limits
from clearland.checks.model import Accident, Find, Known, Work
from clearland.core.partial_dates import PartialDate
from clearland.land.model import Hazard, HazardVersion, Product
from clearland.land.partition import partition

STEP = 0.0009  # degrees: about 100 m


def when(text: str) -> PartialDate:
    return PartialDate.parse(text)


def square(column: float, row: float, width: float = 1, height: float = 1) -> Any:
    return box(column * STEP, row * STEP, (column + width) * STEP, (row + height) * STEP)


def point(column: float, row: float) -> Point:
    return Point(column * STEP, row * STEP)


def hazard(name: str, shape: Any, contamination: str = "AP", **words: Any) -> Hazard:
    version = HazardVersion(
        geometry=shape, area_type=words.pop("area_type", "CHA"), contamination=frozenset(contamination.split("+")),
        valid_from=when(words.pop("identified", "2020-01-01")), required_depth_cm=words.pop("required_depth_cm", None),
    )
    return Hazard(id=name, local_id=name, versions=(version,), **words)


def product(name: str, shape: Any, **words: Any) -> Product:
    given: dict[str, Any] = {
        "product_type": "cleared", "ended": when("2022-06-30"), "hazards": frozenset({"H"}), "depth_cm": 20.0,
        "qc_state": "passed", **words,
    }
    return Product(id=name, local_id=name, geometry=shape, **given)


def find(name: str, at: Point | None = None, **words: Any) -> Find:
    given: dict[str, Any] = {"category": "AP", "quantity": 1, "found_on": when("2022-06-01"), **words}
    return Find(record=name, local_id=name, point=at, **given)


def work(name: str, kind: Any = "clearance", activity_type: str = "clearance", **words: Any) -> Work:
    return Work(record=name, local_id=name, kind=kind, activity_type=activity_type, **words)


def accident(name: str, at: Point, on: str, category: str = "AP") -> Accident:
    return Accident(record=name, local_id=name, category=category, happened_on=when(on), point=at)


def known(*things: Any, limits: Limits | None = None) -> Known:
    def of(kind: type) -> list[Any]:
        return [thing for thing in things if isinstance(thing, kind)]

    return Known(
        cut=partition(of(Hazard), of(Product)), finds=of(Find), works=of(Work), accidents=of(Accident),
        limits=limits or Limits(),
    )


def ground(*things: Any, limits: Limits | None = None) -> Ground:
    return Ground(known(*things, limits=limits))
