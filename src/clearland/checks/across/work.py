"""Rules 7 and 48 to 53: who works, on whose order, how much in a day, and where a team can be at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations

import numpy as np
import shapely

from clearland.checks.across.model import Book, Row, noted, target, targets
from clearland.checks.model import Noted

_WORK = ("survey", "clearance", "spot_task")
# kind of work and its type -> the work that an accreditation covers
_COVERED: Mapping[tuple[str, str], frozenset[str]] = {
    ("survey", "nts"): frozenset({"nts"}),
    ("survey", "community"): frozenset({"nts"}),
    ("survey", "ts"): frozenset({"ts"}),
    ("clearance", "clearance"): frozenset({"manual", "mechanical", "animal"}),
    ("clearance", "bac"): frozenset({"bac"}),
    ("clearance", "eod_spot"): frozenset({"eod"}),
    ("clearance", "road_clearance"): frozenset({"manual", "mechanical", "animal"}),
    ("spot_task", ""): frozenset({"eod"}),
}
_VALID = frozenset({"granted", "provisional"})
_LINES = (("cancelled_m2", "cancelled"), ("reduced_m2", "reduced"), ("cleared_m2", "cleared"))
_PERCENT = (1.0, 99.0)


def planned_products(book: Book) -> Iterator[Noted]:
    """7: work that is only planned has released nothing."""
    for row in book.rows("land_release"):
        for kind in ("survey", "clearance"):
            work = book.by_record(kind).get(target(row, "activity"))
            if work and work.get("status") == "planned":
                yield noted("land_release", row, "R-PLANNED-PRODUCT", [work], work=work["local_id"])


def organisations(book: Book) -> Iterator[Noted]:
    """48: the organisation exists, was active and accredited. Silent where a programme keeps no organisations at all."""
    known = {row["short_name"]: row for row in book.rows("organisation") if row.get("short_name")}
    accredited: dict[str, list[Row]] = defaultdict(list)
    for row in book.rows("accreditation"):
        accredited[str(row.get("organisation") or "")].append(row)
    if not known:
        return
    for kind in _WORK:
        for row in book.rows(kind):
            name, began = str(row.get("organisation") or ""), str(row.get("start_date") or "")
            if not name:
                continue
            if name not in known:
                yield noted(kind, row, "R-ORGANISATION-UNKNOWN", organisation=name)
                continue
            body = known[name]
            if began and not _within(began, body.get("active_from"), body.get("active_to")):
                yield noted(kind, row, "R-ORGANISATION-INACTIVE", [body], organisation=name, date=began)
            wanted = _COVERED.get((kind, str(row.get("activity_type") or "")))
            if began and wanted and accredited and not any(_covers(each, wanted, began) for each in accredited[name]):
                yield noted(kind, row, "R-NOT-ACCREDITED", organisation=name, date=began)


def _covers(accreditation: Row, wanted: frozenset[str], when: str) -> bool:
    valid = accreditation.get("status") in _VALID and bool(wanted & set(accreditation.get("work_covered") or ()))
    return valid and _within(when, accreditation.get("in_force_from"), accreditation.get("in_force_to"))


def _within(when: str, first: str | None, last: str | None) -> bool:
    """Whether a date may lie in a period, months and days that nobody said being possible."""
    if first and when[: len(first)] < first[: len(when)]:
        return False
    return not last or when[: len(last)] <= last[: len(when)]


def task_orders(book: Book) -> Iterator[Noted]:
    """49: the order that the work names exists, was issued before, and holds its ground. """
    orders = {row["number"]: place for place, row in enumerate(book.rows("task_order")) if row.get("number")}
    if not orders:
        return
    for kind in ("survey", "clearance"):
        for number, row in enumerate(book.rows(kind)):
            name = str(row.get("task") or "")
            place = orders.get(name)
            if place is None:
                if row.get("status") != "planned":
                    yield noted(kind, row, "R-NO-TASK-ORDER", task=name or "—")
                continue
            order = book.rows("task_order")[place]
            began, issued = str(row.get("start_date") or ""), str(order.get("issued_on") or "")
            if began and issued and began[: len(issued)] < issued[: len(began)]:
                yield noted(kind, row, "R-BEFORE-TASK-ORDER", [order], date=began, task=name)
            if order.get("geometry") is not None and row.get("geometry") is not None:
                allowed = shapely.buffer(book.in_plane("task_order")[place], book.limits.task_buffer_m)
                outside_m2 = float(shapely.area(shapely.difference(book.in_plane(kind)[number], allowed)))
                if outside_m2 > book.limits.least_m2:
                    yield noted(kind, row, "R-OUTSIDE-TASK", [order], outside_m2=outside_m2, task=name)


def productivity(book: Book) -> Iterator[Noted]:
    """50: far from what the organisation does with that method; asked, never held against anybody."""
    rates: dict[tuple[str, str], list[tuple[Row, float]]] = defaultdict(list)
    for row in book.rows("clearance"):
        days, staff = row.get("days_worked"), row.get("staff")
        cleared = sum(row.get(name) or 0.0 for name in ("cleared_manual_m2", "cleared_mechanical_m2", "cleared_animal_m2"))
        if days and staff and cleared:
            method = ",".join(row.get("operational_method") or ()) if isinstance(row.get("operational_method"), list) \
                else str(row.get("operational_method") or "")  # fmt: skip
            rates[str(row.get("organisation") or ""), method].append((row, cleared / (float(days) * staff)))
    for (organisation, _method), several in rates.items():
        if len(several) < book.limits.outlier_least:
            continue
        low, high = np.percentile([rate for _, rate in several], _PERCENT)
        for row, rate in several:
            if rate < low or rate > high:
                yield noted("clearance", row, "R-PRODUCTIVITY", m2_per_day=rate, organisation=organisation)


def teams(book: Book) -> Iterator[Noted]:
    """51 and 53: one team in two distant places on one day; two reports of one team for the same days and ground."""
    by_team: dict[str, list[tuple[str, int, str, str]]] = defaultdict(list)
    for kind in ("survey", "clearance"):
        for number, row in enumerate(book.rows(kind)):
            began, ended = str(row.get("start_date") or ""), str(row.get("end_date") or "")
            if row.get("team") and len(began) == len(ended) == 10 and row.get("geometry") is not None:
                by_team[str(row["team"])].append((kind, number, began, ended))
    for team, several in by_team.items():
        for one, other in combinations(sorted(several, key=lambda each: each[2]), 2):
            if other[2] <= one[3]:
                yield from _at_once(book, team, one, other)


def _at_once(book: Book, team: str, one: tuple[str, int, str, str], other: tuple[str, int, str, str]) -> Iterator[Noted]:
    first, second = (book.in_plane(each[0])[each[1]] for each in (one, other))
    row, twin = book.rows(other[0])[other[1]], book.rows(one[0])[one[1]]
    away_km = float(shapely.distance(first, second)) / 1000
    if away_km > book.limits.team_km:
        yield noted(other[0], row, "R-TEAM-TWO-PLACES", [twin], team=team, distance_km=away_km, other_work=twin["local_id"])
    elif one[0] == other[0] and float(shapely.area(shapely.intersection(first, second))) > book.limits.least_m2:
        yield noted(other[0], row, "R-REPORTS-OVERLAP", [twin], twin=twin["local_id"])


def completions(book: Book) -> Iterator[Noted]:
    """52: what the completion says is what its products have."""
    shapes = book.in_plane("land_release")
    at = {row["record"]: place for place, row in enumerate(book.rows("land_release"))}
    for row in book.rows("completion"):
        named = [at[product] for product in targets(row, "products") if product in at]
        for name, line in _LINES if named else ():
            said = row.get(name)
            mine = [place for place in named if book.rows("land_release")[place].get("product_type") == line]
            products_m2 = float(shapely.area(shapes[np.array(mine, dtype=np.intp)]).sum())
            tolerated_m2 = max(book.limits.sum_share * products_m2, book.limits.stated_m2)
            if said is not None and abs(float(said) - products_m2) > tolerated_m2:
                yield noted("completion", row, "R-COMPLETION-SUM", [book.rows("land_release")[place] for place in mine[:3]],
                            field=name, said_m2=float(said), products_m2=products_m2)  # fmt: skip


def days_between(first: str, last: date) -> int | None:
    """Days from a day to another; None where the first is no day."""
    return (last - date.fromisoformat(first)).days if len(first) == 10 else None
