"""Commands about documents: extract claims, list disagreements."""

from pathlib import Path
from typing import Annotated

import typer

from clearland.claims.comparison import Comparison
from clearland.claims.model import Claim
from clearland.cli.books import opened
from clearland.cli.output import fail, out, print_json, print_table, progress
from clearland.core.errors import ClearlandError
from clearland.figures.disagreements import found
from clearland.figures.published_beside import published_beside
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
    """Claims that contradict, deny, correct or explain one another, and published figures beside ours."""
    opened()
    known = snapshot()
    pairs, figures = found(known), published_beside(known)
    if as_json:
        print_json([*(_pair(pair) for pair in pairs), *(one.as_json() for one in figures)])
        return
    for pair in pairs:
        out.print(f"{pair.kind}: {pair.reason}", markup=False, style="bold")
        for side in (pair.left, pair.right):
            _print_side(side)
    for one in figures:
        out.print(one.why.say("en"), markup=False, style="bold")
        _print_side(one.claim)
    out.print(f"{len(pairs)} disagreements, {len(figures)} published figures beside ours.", markup=False)


def _pair(pair: Comparison) -> dict[str, object]:
    return {
        "kind": pair.kind, "reason": pair.reason, "why": pair.why.as_json(), "left": pair.left.as_json(),
        "right": pair.right.as_json(),
    }  # fmt: skip


def _print_side(side: Claim) -> None:
    value = f"{side.value} {side.unit or ''}".strip()
    said = f"{side.claimant or 'claimant not said'}: {side.attribute} {value} ({side.period or 'period not said'})"
    out.print(f"  {said}  {side.file} characters {side.start}–{side.end}", markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.command()(claims)
    app.command()(disagreements)
