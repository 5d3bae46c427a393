"""The program `clearland`: global options, then the commands, each in the module of what it is about."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from clearland.work.programme import setup

setup()  # Django must know its apps before any module with a model is imported

from clearland.cli import (  # noqa: E402
    answers,
    backups,
    bench,
    books,
    bundles,
    checks,
    collecting,
    dictionaries,
    documents,
    editions,
    exchange,
    identities,
    lands,
    mappings,
    matches,
    minefields,
    moving,
    people,
    planning,
    reports,
    tables,
)
from clearland.cli.output import fail  # noqa: E402
from clearland.core.errors import ClearlandError  # noqa: E402

app = typer.Typer(
    name="clearland", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="The open mine action information system. Every square metre is counted once; every figure has a footnote.",
)  # fmt: skip
for part in (
    books, dictionaries, tables, documents, mappings, exchange, collecting, bundles, identities, lands, checks, minefields,
    moving, matches, answers, reports, editions, backups, people, planning, bench,
):  # fmt: skip
    part.register(app)


@app.callback()
def options(
    programme: Annotated[
        Path | None, typer.Option(help="The programme's folder.", envvar="CLEARLAND_PROGRAMME", show_default="./programme")
    ] = None,
) -> None:
    """Choose the programme that the command works on."""
    if programme is not None:
        os.environ["CLEARLAND_PROGRAMME"] = str(programme)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program; errors of ours become a sentence and exit 1, wrong use exits 2."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except ClearlandError as error:
        try:
            fail(error)
        except typer.Exit as stop:
            raise SystemExit(stop.exit_code) from error


if __name__ == "__main__":
    main()
