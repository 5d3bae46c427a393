"""Rules 25 to 27, 65, 66 and 90: what a hazard rests on, and accidents against recorded ground."""

from collections.abc import Iterator

import numpy as np
import shapely

from clearland.checks.across.model import Book, Row, noted, target, targets
from clearland.checks.model import Noted

_EXPECTED = ("expected_direct", "confirmed_direct")
_PEOPLE = ("women", "men", "girls", "boys")


def has_evidence(book: Book) -> Iterator[Noted]:
    """25: a confirmed hazard rests on direct evidence, a suspected one on any; a record of it, or its class said."""
    rests_on = book.linked("evidence", "hazard")
    for row in book.rows("hazard"):
        kinds = {each.get("evidence_kind") for each in rests_on.get(row["record"], ())} | {row.get("evidence_class")}
        if row.get("area_type") == "CHA" and "direct" not in kinds:
            yield noted("hazard", row, "R-NO-DIRECT-EVIDENCE")
        elif row.get("area_type") == "SHA" and not kinds & {"direct", "indirect"}:
            yield noted("hazard", row, "R-NO-EVIDENCE")


def evidence_inside(book: Book) -> Iterator[Noted]:
    """26: direct evidence lies in the hazard that it speaks for."""
    place_of = {row["record"]: place for place, row in enumerate(book.rows("hazard"))}
    for number, row in enumerate(book.rows("evidence")):
        place = place_of.get(target(row, "hazard"))
        if place is None or row.get("evidence_kind") != "direct" or row.get("geometry") is None:
            continue
        hazard = book.rows("hazard")[place]
        if hazard.get("geometry") is None:
            continue
        away = float(shapely.distance(book.in_plane("hazard")[place], book.in_plane("evidence")[number]))
        if away > book.limits.near_m:
            yield noted("hazard", hazard, "R-EVIDENCE-OUTSIDE", [row], evidence=row["local_id"], distance_m=away)


def found_by(book: Book) -> Iterator[Noted]:
    """27: a hazard names the survey that found it, or a survey names the hazard."""
    surveyed = book.linked("survey", "hazards").keys()
    for row in book.rows("hazard"):
        if not row.get("found_by") and row["record"] not in surveyed:
            yield noted("hazard", row, "R-NOT-FOUND-BY")


def accidents_on_ground(book: Book) -> Iterator[Noted]:
    """65 and 66: an accident after release on released ground, or outside every hazard."""
    rows, points = book.rows("accident"), book.in_plane("accident")
    if not len(rows):
        return
    known = np.array([row.get("geometry") is not None for row in rows])
    products, hazards = book.in_plane("land_release"), book.in_plane("hazard")
    on_released, product = shapely.STRtree(products).query(points, predicate="dwithin", distance=book.limits.residual_m)
    told: set[int] = set()
    for number, place in zip(on_released.tolist(), product.tolist(), strict=True):
        released = book.rows("land_release")[place]
        if number not in told and _after(rows[number], released):
            told.add(number)
            yield noted("accident", rows[number], "R-ACCIDENT-RELEASED", [released],
                        product=released["local_id"], distance_m=book.limits.residual_m)  # fmt: skip
    inside = set(shapely.STRtree(hazards).query(points, predicate="dwithin", distance=book.limits.near_m)[0].tolist())
    for number in np.flatnonzero(known).tolist():
        if number not in inside and number not in set(on_released.tolist()) and not rows[number].get("hazard"):
            yield noted("accident", rows[number], "R-ACCIDENT-NO-HAZARD")


def _after(accident: Row, released: Row) -> bool:
    when, ended = str(accident.get("date") or ""), str(released.get("release_date") or "")
    return bool(when) and bool(ended) and when[: len(ended)] >= ended[: len(when)]


def beneficiaries(book: Book) -> Iterator[Noted]:
    """90: confirmed people near those expected, and only once the ground was handed over."""
    handed = {hazard for row in book.rows("handover") for hazard in targets(row, "hazards")}
    handed |= {
        hazard for row in book.rows("land_release") if row.get("handed_over_on") for hazard in targets(row, "hazards")
    }  # fmt: skip
    for row in book.rows("hazard"):
        expected, confirmed = (_people(row, prefix) for prefix in _EXPECTED)
        if confirmed and expected and confirmed > book.limits.beneficiaries_times * expected:
            yield noted("hazard", row, "R-BENEFICIARIES", confirmed=confirmed, expected=expected)
        if confirmed and row["record"] not in handed:
            yield noted("hazard", row, "R-CONFIRMED-EARLY", confirmed=confirmed)


def _people(row: Row, prefix: str) -> float:
    return float(sum(row.get(f"{prefix}_{who}") or 0 for who in _PEOPLE))
