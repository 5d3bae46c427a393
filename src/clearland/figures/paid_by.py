"""Which contribution paid for what: records of work under an order that names the contribution it is paid from.

    paid_by   entry of the record, contribution: the local id of the contribution

An order names one contribution; a sum of several donors is one contribution of joint donors. So each record counts for
one contribution at most, and figures split by it add up. Products and finds are paid as the activity they come from.
"""

from clearland.ledger.snapshot import Snapshot

_RESTS_ON = ("contribution", "task_order", "clearance", "survey", "spot_task", "eore_session", "completion", "land_release",
             "ordnance", "budget_line")  # fmt: skip
_PAID = """
    WITH paid AS (
        SELECT t.record, t.number, t.entry, c.local_id AS contribution
        FROM task_order t JOIN contribution c ON c.record = t.contribution),
    by_number AS (SELECT number, min(contribution) AS contribution FROM paid GROUP BY number),
    work AS (
        SELECT w.record, w.entry, p.contribution
        FROM (SELECT record, entry, task FROM clearance UNION ALL SELECT record, entry, task FROM survey
              UNION ALL SELECT record, entry, task FROM spot_task UNION ALL SELECT record, entry, task FROM eore_session) w
        JOIN by_number p ON p.number = w.task),
    product AS (
        SELECT r.record, r.entry, coalesce(p.contribution, w.contribution) AS contribution
        FROM land_release r LEFT JOIN by_number p ON p.number = r.task LEFT JOIN work w ON w.record = r.activity)
    SELECT entry, contribution FROM paid
    UNION ALL SELECT entry, contribution FROM work
    UNION ALL SELECT entry, contribution FROM product WHERE contribution IS NOT NULL
    UNION ALL SELECT o.entry, coalesce(w.contribution, p.contribution)
        FROM ordnance o LEFT JOIN work w ON w.record = o.activity LEFT JOIN product p ON p.record = o.product
        WHERE coalesce(w.contribution, p.contribution) IS NOT NULL
    UNION ALL SELECT d.entry, p.contribution FROM completion d JOIN paid p ON p.record = d.task
    UNION ALL SELECT b.entry, c.local_id FROM budget_line b JOIN contribution c ON c.record = b.contribution
    ORDER BY ALL"""


def prepare_paid_by(snapshot: Snapshot) -> None:
    """Make the table `paid_by` known to the snapshot's SQL."""
    snapshot.derive("paid_by", lambda: snapshot.sql(_PAID), rests_on=_RESTS_ON)


def with_payer(snapshot: Snapshot, sql: str) -> str:
    """A query whose rows have an `entry`, with the column `contribution` beside: empty where none is known to have paid."""
    prepare_paid_by(snapshot)
    return (
        f"SELECT done.*, coalesce(paid_by.contribution, '') AS contribution "
        f"FROM ({sql}) AS done LEFT JOIN paid_by ON paid_by.entry = done.entry"
    )
