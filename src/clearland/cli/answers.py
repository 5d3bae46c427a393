"""Commands that answer: figures, trace."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, cast

import typer

from clearland.cli.books import opened
from clearland.cli.exchange import day_or_none
from clearland.cli.output import out, print_json, print_table
from clearland.cli.reconciling import reconcile_operator
from clearland.dictionary.forms import AUDIENCES, Audience
from clearland.figures.disclosing import disclosed
from clearland.figures.disclosure import Disclosed
from clearland.figures.files import write_file
from clearland.figures.indicators import figures as compute
from clearland.figures.model import Figure, Scope
from clearland.figures.trace import trace as follow
from clearland.ledger.snapshot import snapshot


def figures(
    codes: Annotated[list[str] | None, typer.Argument(help="Indicator codes; all when left out.")] = None,
    start: Annotated[str, typer.Option("--from", help="First day of the period, YYYY-MM-DD.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day of the period, YYYY-MM-DD.")] = "",
    by: Annotated[str, typer.Option(help="Dimensions to split by, with commas: device,place.")] = "",
    place: Annotated[str, typer.Option(help="Code of a place; its parts are included.")] = "",
    as_known: Annotated[str, typer.Option("--as-known", help="Date of knowledge, YYYY-MM-DD; now when left out.")] = "",
    audience: Annotated[str, typer.Option(help="public, partner or programme: who will read them.")] = "programme",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write a .csv, .hxl.csv, .xlsx or .parquet file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON, with lineage.")] = False,
) -> None:
    """Compute indicators, each with its scope, status and lineage, cut for an audience."""
    if audience not in AUDIENCES:
        raise typer.BadParameter("public, partner or programme", param_hint="--audience")
    opened()
    shot = snapshot(as_known=day_or_none(as_known))
    scope = Scope(period_from=day_or_none(start), period_to=day_or_none(end), place=place or None)
    made = compute(shot, codes or (), scope=scope, by=[name.strip() for name in by.split(",") if name.strip()])
    told: Sequence[Figure | Disclosed] = made if audience == "programme" else disclosed(shot, made, cast(Audience, audience))
    if output is not None:
        write_file(shot, told, output, about=f"{audience.upper()} · ledger head {shot.head[:12]}")
    if as_json:
        print_json([figure.as_json() for figure in told])
    if output is not None or as_json:
        return
    print_table("", ("code", "scope", "value", "unit", "status", "records"), map(_row, told))


def _row(figure: Figure | Disclosed) -> tuple[object, ...]:
    scope = ", ".join(f"{name} {value or 'not said'}" for name, value in figure.scope.as_json().items())
    withheld = isinstance(figure, Disclosed) and figure.withheld
    records: object = figure.lineage.entries + figure.lineage.claims if figure.lineage else ""
    if isinstance(figure, Disclosed) and figure.sealed:
        records = f"{figure.sealed.records} {figure.sealed.reference}".strip()
    return figure.code, scope, figure.value, figure.unit, "withheld" if withheld else figure.status, records


def trace(
    ref: Annotated[
        str, typer.Argument(help="record:ID, entry:ID, claim:ID, source:SHA#START-END, figure:CODE?SCOPE@HEAD, sealed:DIGITS")
    ],
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
    app.command("reconcile")(reconcile_operator)
    if sys.stdout.encoding and sys.stdout.encoding.lower() not in ("utf-8", "utf8"):
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
