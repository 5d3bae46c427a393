"""The command that sets an operator's books beside the national database."""

from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.books import given_day, opened
from clearland.cli.output import out, print_json, print_table
from clearland.figures.reconciliation import MEASURES, STATES, reconcile
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.work.reconciling import take_answers_file, workbook


def reconcile_operator(
    operator: Annotated[str, typer.Argument(help="Short name of the operator.")] = "",
    start: Annotated[str, typer.Option("--from", help="First day of the work compared, YYYY-MM-DD.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day of the work compared, YYYY-MM-DD.")] = "",
    answers: Annotated[Path | None, typer.Option(help="Take in this filled workbook instead.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the workbook for the operator, .xlsx.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print both sides as JSON.")] = False,
) -> None:
    """Set an operator's books beside the database, task by task: ours, theirs, agreed, disputed."""
    if answers is None and not (operator and start and end):
        raise typer.BadParameter("Name the operator with --from and --to, or give --answers.")
    opened()
    if answers is not None:
        receipt = take_answers_file(answers, actor=system_actor("cli"))
        out.print(f"{receipt.new} new answers, {receipt.changed} changed.", markup=False)
        return
    shot = snapshot()
    told = reconcile(shot, operator, given_day(start), given_day(end))
    if output is not None:
        output.write_bytes(workbook(told, shot.head))
    if as_json:
        print_json(told.as_json())
        return
    print_table(
        "", ("task", "state", *(f"{side} {name}" for name in MEASURES for side in ("our", "their"))),
        (
            (line.task, line.state, *((side or {}).get(name) for name in MEASURES for side in (line.ours, line.theirs)))
            for line in told.lines
        ),
    )  # fmt: skip
    out.print(", ".join(f"{state.replace('_', ' ')} {told.count(state)}" for state in STATES), markup=False)
