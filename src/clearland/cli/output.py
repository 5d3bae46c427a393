"""How the command line speaks: tables and sentences for people, JSON for machines, exit codes for scripts.

0 done · 1 findings or refused input · 2 wrong use.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from clearland.core.errors import ClearlandError, Finding, RefusedInput

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
SHOWN_FINDINGS = 20


def print_json(value: Any) -> None:
    """Plain JSON on standard output, never decorated."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people; numbers are right-aligned."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    kept = [[_cell(value) for value in row] for row in rows]
    for position, name in enumerate(columns):
        numeric = all(row[position][:1] in "-0123456789" for row in kept if row[position]) and bool(kept)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in kept:
        table.add_row(*row)
    out.print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def print_findings(findings: Sequence[Finding], *, limit: int = SHOWN_FINDINGS) -> None:
    """Findings one a line on standard error: code, place, sentence, remedy. The rest is counted, never hidden."""
    for finding in findings[:limit]:
        place = f" [{finding.place}]" if str(finding.place) else ""
        remedy = f" → {finding.remedy}" if finding.remedy else ""
        err.print(f"{finding.severity} {finding.code}{place}: {finding.sentence}{remedy}", markup=False)
    if len(findings) > limit:
        err.print(f"… and {len(findings) - limit} more findings; --json lists all.", markup=False)


def fail(error: ClearlandError) -> NoReturn:
    """Say an error as the person who can mend it needs it, and exit 1."""
    err.print(f"{error.code}: {error.sentence}", style="bold", markup=False)
    if str(error.place):
        err.print(f"  where: {error.place}", markup=False)
    if error.remedy:
        err.print(f"  what to do: {error.remedy}", markup=False)
    if isinstance(error, RefusedInput):
        print_findings(error.findings)
    raise typer.Exit(1)


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Any]:
    """A progress bar on standard error; yields a function to call with the number of finished items."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=err, transient=True
    )
    with bar:
        task = bar.add_task(label, total=total)
        yield lambda done=1: bar.advance(task, done)
