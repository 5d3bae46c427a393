"""Rules 63, 64, 74, 75 and 77: accidents and their victims, services for them, and how many come to a session."""

from collections.abc import Iterator

from clearland.checks.across.model import Book, noted, target, targets
from clearland.checks.model import Noted

_HURT = ("killed", "injured", "outcome_unknown")
_FAMILY = frozenset({"survivor", "family_of_killed", "family_of_injured"})
_CHILDREN, _ADULTS = ("girls", "boys", "children_sex_unknown"), ("women", "men", "adults_sex_unknown")
_HURT_OUTCOMES = frozenset({"killed", "injured", "unknown"})


def casualties(book: Book) -> Iterator[Noted]:
    """63: as many people as victims' records; silent for an accident without any."""
    victims = book.linked("victim", "accident")
    for row in book.rows("accident"):
        linked = [each for each in victims.get(row["record"], ()) if each.get("outcome") in _HURT_OUTCOMES]
        if not linked or all(row.get(name) is None for name in _HURT):
            continue
        counted, rows = sum(row.get(name) or 0 for name in _HURT), len(linked)
        if rows > counted:
            yield noted("accident", row, "R-VICTIM-ROWS-MORE", linked[:3], rows=rows, counted=counted)
        elif rows < counted:
            yield noted("accident", row, "R-VICTIM-ROWS-FEWER", rows=rows, counted=counted)
        killed = sum(each.get("outcome") == "killed" for each in linked)
        if killed > (row.get("killed") or 0) and rows <= counted:
            yield noted("accident", row, "R-VICTIM-OUTCOMES", linked[:3], rows=killed, counted=row.get("killed") or 0)


def demining_accidents(book: Book) -> Iterator[Noted]:
    """64: who worked there, at what, and how it was investigated."""
    investigated = book.linked("accident_investigation", "accident")
    for row in book.rows("accident"):
        if not row.get("demining"):
            continue
        for name in ("organisation", "activity"):
            if not row.get(name):
                yield noted("accident", row, "R-DEMINING-ACCIDENT", field=name)
        if row.get("investigation") in (None, "none") and row["record"] not in investigated:
            yield noted("accident", row, "R-DEMINING-ACCIDENT", field="investigation")


def services(book: Book) -> Iterator[Noted]:
    """77: a service for a survivor or the family names the victim and starts after the accident."""
    for row in book.rows("assistance_service"):
        victim = book.by_record("victim").get(target(row, "victim"))
        if victim is None:
            if row.get("beneficiary_type") in _FAMILY and not row.get("not_disaggregated"):
                yield noted("assistance_service", row, "R-SERVICE-NO-VICTIM")
            continue
        began, happened = str(row.get("start_date") or ""), str(victim.get("accident_date") or "")
        if began and happened and began[: len(happened)] < happened[: len(began)]:
            yield noted("assistance_service", row, "R-SERVICE-EARLY", [victim], date=began)


def sessions(book: Book) -> Iterator[Noted]:
    """74 and 75: people per direct session, and children at schools."""
    session = book.by_record("eore_session")
    for row in book.rows("eore_beneficiaries"):
        held = [session[each] for each in targets(row, "sessions") if each in session]
        if not held or row.get("reach") != "direct":
            continue
        count = sum(each.get("sessions_count") or 1 for each in held)
        persons = (row.get("total") or 0) / count
        if persons and not book.limits.session_least <= persons <= book.limits.session_most:
            yield noted("eore_beneficiaries", row, "R-SESSION-SIZE", held[:3], persons=persons, sessions=count)
        children, adults = (sum(row.get(name) or 0 for name in names) for names in (_CHILDREN, _ADULTS))
        if all(each.get("place_type") == "school" for each in held) and adults > children:
            yield noted("eore_beneficiaries", row, "R-CHILDREN-AT-SCHOOL", held[:3], children=children, adults=adults)
