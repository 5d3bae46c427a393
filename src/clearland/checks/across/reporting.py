"""Rule 87: what an operator's report says against what its records give, by month and category; what was reconciled is signed."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from clearland.checks.across.model import Book, Row, noted
from clearland.checks.model import Noted

_CATEGORIES = ("AP", "AP_IMPRO", "AV", "AV_IMPRO", "CMR", "UXO", "AXO", "BT", "IED")
_LEAST = 1.0


def operator_totals(book: Book) -> Iterator[Noted]:
    """87: for reports of one month by an operator that records its finds one by one."""
    recorded: Counter[tuple[str, str, str]] = Counter()
    operators: set[str] = set()
    for row in book.rows("ordnance"):
        when, organisation = str(row.get("destroyed_on") or ""), str(row.get("organisation") or "")
        if organisation and len(when) >= 7:
            operators.add(organisation)
            recorded[organisation, when[:7], str(row["category"])] += row.get("quantity") or 0
    for row in book.rows("activity_report"):
        organisation, first, last = (str(row.get(name) or "") for name in ("organisation", "period_from", "period_to"))
        if organisation not in operators or first[:7] != last[:7] or row.get("district"):
            continue
        for category in _CATEGORIES:
            said = row.get(f"{category.lower()}_destroyed")
            counted = recorded[organisation, first[:7], category]
            if said is not None and abs(said - counted) > max(_LEAST, book.limits.total_share * counted):
                yield noted("activity_report", row, "R-OPERATOR-TOTAL", organisation=organisation, what=category,
                            said=said, recorded=counted)  # fmt: skip


def unsigned_answers(book: Book) -> Iterator[Noted]:
    """87: an operator's answers are that operator's word once somebody signed the sheet; told once for each sheet."""
    sheets: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in book.rows("reconciliation"):
        if not (row.get("signed_as") and row.get("signed_on")):
            sheets[str(row["organisation"]), str(row["period_from"]), str(row["period_to"])].append(row)
    for (organisation, first, last), rows in sheets.items():
        yield noted("reconciliation", rows[0], "R-NOT-SIGNED", rows[1:4], organisation=organisation, first=first, last=last,
                    count=len(rows))  # fmt: skip
