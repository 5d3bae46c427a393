"""All rules over one state of knowledge, in the order of their numbers."""

from clearland.checks import land, ordnance
from clearland.checks.finds import Ground
from clearland.checks.model import Known, Noted

SEVERITIES = ("error", "warning", "query", "info")


def findings(known: Known) -> list[Noted]:
    """What the rules of land and ordnance find, sorted by rule, severity, local id and code."""
    ground = Ground(known)
    found = [one for rule in (*land.RULES, *ordnance.RULES) for one in rule(ground)]
    return sorted(found, key=lambda one: (
        one.finding.rule or 0, SEVERITIES.index(one.finding.severity), one.local_id, one.finding.code, one.others,
    ))  # fmt: skip
