"""Which workflow state may follow which (design section 4).

Approved, withdrawn and superseded are *settled*: each holds until the next settled state, whatever is drafted
meanwhile. Who may take a step is decided above the ledger; that the step exists is decided here."""

from collections.abc import Callable

from clearland.core.errors import RefusedInput

SETTLED = frozenset({"approved", "withdrawn", "superseded"})
UNVERIFIED = frozenset({"submitted", "verified"})

_ENTERING = frozenset({"draft", "submitted", "approved"})
FOLLOWERS: dict[str | None, frozenset[str]] = {
    None: _ENTERING,
    "draft": _ENTERING | SETTLED,
    "submitted": frozenset({"draft", "submitted", "verified", "returned"}) | SETTLED,
    "verified": frozenset({"submitted", "verified", "returned"}) | SETTLED,
    "returned": frozenset({"draft", "submitted", "returned", "withdrawn", "superseded"}),
    "approved": _ENTERING | SETTLED,
    "superseded": _ENTERING | SETTLED,
    "withdrawn": _ENTERING | SETTLED,
}


def check_step(before: str | None, after: str, name: Callable[[], str]) -> None:
    """Raise RefusedInput (E-LEDGER-STATE) when `after` may not follow `before`; `name` tells the record's name."""
    if after not in FOLLOWERS[before]:
        raise RefusedInput(
            "E-LEDGER-STATE",
            f"{name()}: the state {after!r} cannot follow {before or 'nothing'!r}.",
            remedy=f"Allowed here: {', '.join(sorted(FOLLOWERS[before]))}.",
        )
