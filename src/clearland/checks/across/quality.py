"""Rules 57, 58, 60 and 61: visits, what they found, what was done about it, and what must be closed before handover."""

from collections.abc import Iterator

from clearland.checks.across.model import Book, Row, noted, target, targets
from clearland.checks.across.work import days_between
from clearland.checks.model import Noted

_WORK = ("survey", "clearance", "spot_task")


def handovers(book: Book) -> Iterator[Noted]:
    """57: passed control, no critical non-conformity open, an approved completion behind it."""
    open_critical = _open_critical(book)
    products = book.by_record("land_release")
    for row in book.rows("handover"):
        for product in (products[each] for each in targets(row, "products") if each in products):
            if product.get("qc_state") != "passed":
                yield noted("handover", row, "R-HANDOVER-QC", [product], product=product["local_id"])
            critical = open_critical.get(target(product, "activity"))
            if critical and not _closed_by(critical, str(row.get("handed_over_on") or "")):
                yield noted("handover", row, "R-HANDOVER-OPEN", [critical], non_conformity=critical["local_id"])
        completion = book.by_record("completion").get(target(row, "completion"))
        if completion is None or not completion.get("approved_on"):
            yield noted("handover", row, "R-HANDOVER-COMPLETION", [completion] if completion else ())


def _open_critical(book: Book) -> dict[str, Row]:
    """Per activity a critical non-conformity about it, the one that closed last or never."""
    found: dict[str, Row] = {}
    for row in book.rows("non_conformity"):
        if row.get("severity") != "critical":
            continue
        visit = book.by_record("qa_visit").get(target(row, "visit"))
        for activity in (target(row, "activity"), target(visit, "activity") if visit else ""):
            earlier = found.get(activity)
            if activity and (earlier is None or not row.get("closed_on")):
                found[activity] = row
    return found


def _closed_by(row: Row, day: str) -> bool:
    closed = str(row.get("closed_on") or "")
    return bool(closed) and (not day or closed[: len(day)] <= day[: len(closed)])


def visits(book: Book) -> Iterator[Noted]:
    """58 and 60: completed clearance was visited, and while it went on."""
    visited = book.linked("qa_visit", "activity")
    for row in book.rows("clearance"):
        days = days_between(str(row.get("end_date") or ""), book.today)
        late = days is not None and days > book.limits.visit_days
        if row.get("status") == "completed" and late and row["record"] not in visited:
            yield noted("clearance", row, "R-NO-VISIT", ended=str(row["end_date"]), days=days)
    for kind in _WORK:
        for record, several in visited.items():
            work = book.by_record(kind).get(record)
            for visit in several if work else ():
                when = str(visit.get("inspected_on") or "")
                if work and visit.get("visit_type") in ("qa", "internal") and _outside(when, work):
                    yield noted("qa_visit", visit, "R-VISIT-DATE", [work], date=when)


def _outside(when: str, work: Row) -> bool:
    began, ended = str(work.get("start_date") or ""), str(work.get("end_date") or "")
    early = bool(when and began) and when[: len(began)] < began[: len(when)]
    return early or (bool(when and ended) and when[: len(ended)] > ended[: len(when)])


def measures(book: Book) -> Iterator[Noted]:
    """61: a critical non-conformity has an action with a date, and actions are done by theirs."""
    actions = book.linked("corrective_action", "non_conformity")
    for row in book.rows("non_conformity"):
        due = [each for each in actions.get(row["record"], ()) if each.get("due_on")]
        if row.get("severity") == "critical" and not due:
            yield noted("non_conformity", row, "R-NO-MEASURE")
    today = book.today.isoformat()
    for row in book.rows("corrective_action"):
        due_on = str(row.get("due_on") or "")
        if due_on and due_on < today and not row.get("done_on") and row.get("status") not in ("done", "verified", "rejected"):
            yield noted("corrective_action", row, "R-MEASURE-OVERDUE", date=due_on)
