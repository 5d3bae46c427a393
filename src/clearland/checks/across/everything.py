"""All rules over several records, in the order of their numbers."""

from collections.abc import Iterator

from clearland.checks.across import duplicates, evidence, minefields, people, places, quality, reporting, work
from clearland.checks.across.model import Book, Rule
from clearland.checks.model import Noted

RULES: tuple[Rule, ...] = (
    duplicates.near_duplicates, work.planned_products, places.in_district, places.crowded_points, duplicates.same_outlines,
    minefields.legs, evidence.has_evidence, evidence.evidence_inside, evidence.found_by, work.organisations,
    work.task_orders, work.productivity, work.teams, work.completions, quality.handovers, quality.visits, quality.measures,
    people.casualties, people.demining_accidents, evidence.accidents_on_ground, duplicates.victims_twice,
    people.sessions, people.services, minefields.destruction_basis, minefields.laying, reporting.operator_totals,
    reporting.unsigned_answers, places.known_places, evidence.beneficiaries,
)  # fmt: skip


def found_across(book: Book) -> Iterator[Noted]:
    """What they find."""
    for rule in RULES:
        yield from rule(book)
