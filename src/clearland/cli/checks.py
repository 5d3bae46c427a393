"""`clearland checks`: the rules with where each is enforced, how much of what it found is open, and the limits it reads."""

from dataclasses import asdict
from typing import Annotated

import typer

from clearland.checks.catalogue import Rule, rules
from clearland.checks.limits import LIMITS, Limits
from clearland.cli.books import opened
from clearland.cli.output import out, print_json, print_table
from clearland.figures.findings import Asked, counted
from clearland.figures.findings_records import limits_of
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.work.answering import answers
from clearland.work.limits import set_limits


def checks(
    given: Annotated[list[str] | None, typer.Option("--set", help="Set a limit, such as near_m=30; empty: the default.")] = None,
    without_counts: Annotated[bool, typer.Option("--rules-only", help="Do not run the rules; no programme is needed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rules as JSON.")] = False,
) -> None:
    """List the 90 validator rules with open findings, where each is enforced, and its limits; set a limit."""
    limits, open_counts = LIMITS, {}
    if not without_counts or given:
        opened()
        if given:
            kept = set_limits(given, actor=system_actor("cli"))
            out.print(f"Limits that differ from the defaults: {', '.join(kept) or 'none'}.", markup=False)
            return
        shot = snapshot()
        limits = limits_of(shot)
        asked = Asked(answered=tuple(answers(scope(system_actor("cli"), "list checks"))))
        open_counts = {row["rule"]: row["n"] for row in counted(shot, asked, ("rule",))}
    if as_json:
        print_json([_as_json(rule, limits, open_counts.get(rule.number, 0)) for rule in rules().values()])
        return
    print_table("Rules", ("rule", "where", "open", "says", "limits"), [
        (rule.number, rule.where, open_counts.get(rule.number, 0), rule.statement(), _limits(rule, limits))
        for rule in rules().values()
    ])  # fmt: skip


def _limits(rule: Rule, limits: Limits) -> str:
    held = asdict(limits)
    return ", ".join(f"{name}={held[name]:g}" if held[name] is not None else f"{name} not set" for name in rule.limits)


def _as_json(rule: Rule, limits: Limits, number: int) -> dict[str, object]:
    held = asdict(limits)
    return {
        "rule": rule.number, "where": rule.where, "codes": dict(rule.codes), "statement": rule.statement(),
        "remedies": list(rule.remedies()), "source": rule.source, "kept_in_legacy": rule.kept, "open": number,
        "limits": {name: held[name] for name in rule.limits},
    }  # fmt: skip


def register(app: typer.Typer) -> None:
    """Hang the command on the program."""
    app.command()(checks)
