"""The one record that some reports are about: an accident, a task's completion, a place, a contribution."""

from clearland.core.errors import ClearlandError
from clearland.dictionary.forms import ReportForm
from clearland.ledger.snapshot import Snapshot
from clearland.ledger.snapshot_columns import quoted
from clearland.reports.draft import Subject


def subject(snapshot: Snapshot, form: ReportForm, asked: str) -> Subject | None:
    """The record of the form's kind with a local id or key. Raises ClearlandError E-REPORT-SUBJECT where there is none."""
    if not form.subject:
        if asked:
            raise ClearlandError(
                "E-REPORT-SUBJECT", f"“{form.name}” is about the whole programme.", remedy="Leave the record out (--about)."
            )
        return None
    kind = snapshot.dictionary.kind(form.subject)
    title = quoted(kind.title_field) if kind.title_field else "local_id"
    key = f" OR CAST({quoted(kind.key_field)} AS VARCHAR) = ?" if kind.key_field else ""
    rows = snapshot.sql(
        f"SELECT record, local_id, CAST({title} AS VARCHAR) AS title, sensitivity FROM {quoted(kind.name)} "
        f"WHERE local_id = ?{key} LIMIT 1",
        [asked] * (2 if key else 1),
    ).to_pylist()
    if not rows:
        raise ClearlandError(
            "E-REPORT-SUBJECT", f"There is no {kind.label('en').lower()} “{asked}” for this report to be about.",
            remedy="Give the identifier of one with --about.",
        )
    row = rows[0]
    return Subject(kind.name, row["record"], row["local_id"], row["title"] or row["local_id"], row["sensitivity"])


def candidates(snapshot: Snapshot, form: ReportForm) -> list[tuple[str, str]]:
    """Local id and title of the records a form could be about, newest first; at most a thousand."""
    if not form.subject:
        return []
    kind = snapshot.dictionary.kind(form.subject)
    title = quoted(kind.title_field) if kind.title_field else "local_id"
    rows = snapshot.sql(
        f"SELECT local_id, CAST({title} AS VARCHAR) AS title FROM {quoted(kind.name)} "
        "ORDER BY valid_from DESC NULLS LAST, local_id LIMIT 1000"
    ).to_pylist()
    return [(row["local_id"], row["title"] or row["local_id"]) for row in rows]
