"""Figures of a snapshot cut for an audience: the places around places and the organisations behind numbers are looked up here,
what may be shown is decided by `figures.disclosure`.
"""

from collections.abc import Sequence

from clearland.dictionary.forms import Audience
from clearland.figures.disclosure import Behind, Disclosed, Policy, disclose, policy_of
from clearland.figures.indicators import contributions
from clearland.figures.model import Figure
from clearland.ledger.snapshot import Snapshot

_MOST_ORGANISATIONS = 12


def disclosed(snapshot: Snapshot, figures: Sequence[Figure], audience: Audience) -> list[Disclosed]:
    """All figures of one publication as an audience may read them, in the same order. Give them in one call."""
    policy = programme_policy(snapshot)
    guarded = {figure.lineage.ref: figure for figure in figures if policy.protects(figure.code, audience)}
    return disclose(figures, audience, policy, {ref: behind(snapshot, figure) for ref, figure in guarded.items()})


def programme_policy(snapshot: Snapshot) -> Policy:
    """The policy of the dictionary with the programme's own places."""
    rows = snapshot.sql(
        "SELECT inner_.code AS code, outer_.code AS around FROM place inner_ JOIN place outer_ ON outer_.record = inner_.parent "
        "WHERE inner_.code IS NOT NULL AND outer_.code IS NOT NULL"
    )
    return policy_of(snapshot.dictionary, dict(zip(rows["code"].to_pylist(), rows["around"].to_pylist(), strict=True)))


def behind(snapshot: Snapshot, figure: Figure) -> Behind:
    """The organisations that the contributions of a figure name, and the first and last day they speak of."""
    if not figure.lineage.entries:
        return Behind()
    rows = contributions(snapshot, figure.code, figure.scope)
    names: set[str] = set()
    if "operator" in rows.column_names:
        names = {part for name in rows["operator"].unique().to_pylist() if name for part in name.split("+")}
    first = min((day for day in rows["first"].to_pylist() if day), default=None)
    last = max((day for day in rows["last"].to_pylist() if day), default=None)
    return Behind(organisations=tuple(sorted(names)[:_MOST_ORGANISATIONS]), first=first, last=last)
