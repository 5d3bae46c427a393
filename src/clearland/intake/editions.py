"""What a full edition no longer repeats: moved to another key, or withdrawn? A person decides; this finds the likeness.

A record counts as moved where a new row of the edition has the same telling quantities (numbers other than zero, without
decimals, because a later edition may cut them off): at least two, its largest among them, and no other row as many.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from clearland.core.errors import Finding, Place
from clearland.dictionary.model import Dictionary
from clearland.intake.existing import Content, ExistingState
from clearland.ledger.drafts import Draft

_TELLING = 2
_NUMBERS = ("integer", "decimal")
Quantity = tuple[str, int]


def missing_findings(
    missing: Sequence[UUID],
    known: Mapping[UUID, ExistingState],
    new: Iterable[Draft],
    dictionary: Dictionary,
    file: str,
) -> list[Finding]:
    """A finding per record of the series that the edition does not repeat."""
    asked = {
        quantity
        for state in (known[record] for record in missing if record in known)
        for quantity in _quantities(state.content.kind, state.content.attributes, dictionary)
    }
    by_quantity: dict[Quantity, list[Draft]] = defaultdict(list)
    for draft in new:
        for quantity in asked.intersection(_quantities(draft.kind, draft.attributes, dictionary)):
            by_quantity[quantity].append(draft)
    findings = []
    for record in missing:
        state = known.get(record)
        if state is None:
            continue
        moved = _moved_to(state.content, by_quantity, dictionary)
        findings.append(_finding(state.content, moved, file))
    return findings


def _quantities(kind: str, attributes: Mapping[str, object], dictionary: Dictionary) -> list[Quantity]:
    numbers = [field.name for field in dictionary.kind(kind).fields if field.type in _NUMBERS]
    values = ((name, int(Decimal(str(attributes[name])))) for name in numbers if name in attributes)
    return [(name, value) for name, value in values if value]


def _moved_to(content: Content, by_quantity: Mapping[Quantity, list[Draft]], dictionary: Dictionary) -> Draft | None:
    shared: Counter[UUID] = Counter()
    drafts: dict[UUID, Draft] = {}
    quantities = _quantities(content.kind, content.attributes, dictionary)
    if not quantities:
        return None
    # Small counts are alike everywhere; the largest number is what a moved row is recognised by.
    largest = max(quantities, key=lambda quantity: abs(quantity[1]))
    alike = {draft.record for draft in by_quantity.get(largest, ())}
    for quantity in quantities:
        for draft in by_quantity.get(quantity, ()):
            if draft.record in alike:
                shared[draft.record] += 1
                drafts[draft.record] = draft
    best = shared.most_common(2)
    if not best or best[0][1] < _TELLING or (len(best) > 1 and best[1][1] == best[0][1]):
        return None
    return drafts[best[0][0]]


def _finding(content: Content, moved: Draft | None, file: str) -> Finding:
    if moved is None:
        return Finding(
            code="W-EDITION-WITHDRAWN",
            severity="warning",
            place=Place(file=file),
            sentence=f"The edition no longer has {content.local_id}.",
            remedy="Ask its publisher whether it was withdrawn; it leaves figures as known from this edition's receipt on.",
        )
    differs = [
        name
        for name in sorted({*content.attributes, *moved.attributes})
        if content.attributes.get(name) != moved.attributes.get(name)
    ]
    return Finding(
        code="W-EDITION-MOVED",
        severity="query",
        place=Place(file=file),
        sentence=f"The edition no longer has {content.local_id}; {moved.local_id} has the same quantities "
        f"(different: {', '.join(differs)}).",
        remedy="Compare the two: it was probably re-dated or given another key.",
        values={"before": content.local_id, "now": moved.local_id},
    )
