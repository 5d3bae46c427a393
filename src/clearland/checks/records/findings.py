"""What rules over one record said, as findings; and which of them a legacy source is forgiven."""

from clearland.checks.catalogue import finding_of, rule_of
from clearland.checks.records.model import Said
from clearland.core.errors import Finding

_MADE_HERE = "R-"


def finding(said: Said) -> Finding:
    """The finding with its sentence in English; its place is the caller's to add."""
    return finding_of(said.code, said.values, said.rule)


def is_legacy_gap(code: str) -> bool:
    """Whether a refusal by a rule of these modules is only counted in a legacy source."""
    rule = rule_of(code)
    return code.startswith(_MADE_HERE) and rule is not None and not rule.kept
