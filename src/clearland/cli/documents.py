"""Commands about documents: extract claims, list disagreements."""

from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.books import opened
from clearland.cli.output import fail, out, print_json, print_table, progress
from clearland.core.errors import ClearlandError
from clearland.figures.disagreements import found
from clearland.ledger.snapshot import snapshot
from clearland.work.reading import claims_of_file


def claims(
    files: Annotated[list[Path], typer.Argument(help="Documents: TXT, HTML, PDF, DOCX.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the claims as JSON.")] = False,
) -> None:
    """Extract claims from documents. Needs no programme and writes nothing."""
    extracted, failed = [], None
    with progress("Reading", len(files)) as step:
        for path in files:
            try:
                extracted.extend(claims_of_file(path))
            except ClearlandError as error:  # the rest of the files still go through
                failed = failed or error
            step()
    if as_json:
        print_json([claim.as_json() for claim in extracted])
    elif extracted or failed is None:
        print_table(
            f"{len(extracted)} claims", ("file", "characters", "subject", "attribute", "value", "unit", "claimant", "period"),
            ((c.file, f"{c.start}–{c.end}", c.subject, c.attribute, c.value, c.unit, c.claimant, c.period) for c in extracted),
        )  # fmt: skip
    if failed is not None:
        fail(failed)


def disagreements(as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False) -> None:
    """Claims that contradict each other or stand in tension, both sides with their words."""
    opened()
    pairs = found(snapshot())
    if as_json:
        print_json([
            {"kind": pair.kind, "reason": pair.reason, "left": pair.left.as_json(), "right": pair.right.as_json()}
            for pair in pairs
        ])
        return
    for pair in pairs:
        out.print(f"{pair.kind}: {pair.reason}", markup=False, style="bold")
        for side in (pair.left, pair.right):
            value = f"{side.value} {side.unit or ''}".strip()
            said = f"{side.claimant or 'claimant not said'}: {side.attribute} {value} ({side.period or 'period not said'})"
            out.print(f"  {said}  {side.file} characters {side.start}–{side.end}", markup=False)
    out.print(f"{len(pairs)} disagreements.", markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.command()(claims)
    app.command()(disagreements)
