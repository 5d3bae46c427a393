"""The rules as a page for people: what each asks for, where it is enforced, its codes, limits and remedies."""

from dataclasses import asdict

from clearland.checks.catalogue import Rule, rules
from clearland.checks.limits import LIMITS

_INTRODUCTION = """# Checks

The ninety rules that records are held against, made from the registry by `make docs`; edit `src/clearland/checks`, not
this page. `clearland checks` lists them with what is open in a programme; on the site they stand under Data.

*Where*: **intake** reads a file (values, geometry, identity, links) · **record** looks at one record alone, at intake and
on everything known · **across** looks at several records, on everything known · **land** looks at the partition of land
and the finds on it · **balance** is asserted with every balance · **write** is held by the write path and its triggers ·
**publish** looks at the dictionary and its forms.

An *error* found in a file refuses the file; on what is known already it is an open finding. A *warning* lets in and asks
somebody to look, a *query* is a question to the operator and never a rejection. In a source that its mapping declares
`legacy: true` errors of rules without a mark in the column *kept* become counted gaps that block nothing.

A programme sets limits with `clearland checks --set near_m=30`; they are kept in its own record, dated and signed. What
GICHD's geocheck looks for stands check by check in [geocheck](geocheck.md).

| rule | asks for | where | codes | limits | kept | source |
| --- | --- | --- | --- | --- | --- | --- |
"""


def render_markdown() -> str:
    """The whole page."""
    lines = [_line(rule) for rule in rules().values()]
    return _INTRODUCTION + "\n".join(lines) + "\n\n## What to do\n\n" + "\n".join(_remedies()) + "\n"


def _line(rule: Rule) -> str:
    held = asdict(LIMITS)
    limits = ", ".join(f"`{name}` {'not set' if held[name] is None else format(held[name], 'g')}" for name in rule.limits)
    codes = ", ".join(f"`{code}` {severity}" for code, severity in rule.codes.items())
    kept = "yes" if rule.kept else ""
    return f"| {rule.number} | {rule.statement()} | {rule.where} | {codes} | {limits} | {kept} | {rule.source} |"


def _remedies() -> list[str]:
    return [f"- **{rule.number}**: {' '.join(rule.remedies())}" for rule in rules().values() if rule.remedies()]
