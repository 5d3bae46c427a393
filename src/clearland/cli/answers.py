"""Commands that answer: figures, trace."""

import datetime
import sys
from typing import Annotated

import typer

from clearland.cli.books import _day, opened
from clearland.cli.output import out, print_json, print_table
from clearland.figures.indicators import figures as compute
from clearland.figures.model import Scope
from clearland.figures.trace import trace as follow
from clearland.ledger.snapshot import snapshot


def _optional_day(text: str) -> datetime.date | None:
    return _day(text) if text else None


def figures(
    codes: Annotated[list[str] | None, typer.Argument(help="Indicator codes; all when left out.")] = None,
    start: Annotated[str, typer.Option("--from", help="First day of the period, YYYY-MM-DD.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day of the period, YYYY-MM-DD.")] = "",
    by: Annotated[str, typer.Option(help="Dimensions to split by, with commas: device,place.")] = "",
    place: Annotated[str, typer.Option(help="Code of a place; its parts are included.")] = "",
    as_known: Annotated[str, typer.Option("--as-known", help="Date of knowledge, YYYY-MM-DD; now when left out.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON, with lineage.")] = False,
) -> None:
    """Compute indicators, each with its scope, status and lineage."""
    opened()
    scope = Scope(period_from=_optional_day(start), period_to=_optional_day(end), place=place or None)
    made = compute(
        snapshot(as_known=_optional_day(as_known)), codes or (), scope=scope,
        by=[name.strip() for name in by.split(",") if name.strip()],
    )  # fmt: skip
    if as_json:
        print_json([figure.as_json() for figure in made])
        return
    print_table(
        "", ("code", "scope", "value", "unit", "status", "records"),
        (
            (f.code, ", ".join(f"{k} {v or 'not said'}" for k, v in f.scope.as_json().items()), f.value, f.unit, f.status,
             f.lineage.entries + f.lineage.claims)
            for f in made
        ),
    )  # fmt: skip


def trace(
    ref: Annotated[str, typer.Argument(help="record:ID, entry:ID, claim:ID, source:SHA#START-END, figure:CODE?SCOPE@HEAD")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Follow a reference to the records, rows and sentences behind it."""
    opened()
    for step in follow(ref):
        if as_json:
            print_json(step)
        else:
            out.print("  ".join(f"{name}: {value}" for name, value in step.items() if value not in (None, "")), markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    for command in (figures, trace):
        app.command()(command)
    if sys.stdout.encoding and sys.stdout.encoding.lower() not in ("utf-8", "utf8"):
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
