"""Commands about mapping files: suggest."""

from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.books import opened
from clearland.cli.output import out
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.suggest import starter_mapping
from clearland.ledger.vocabulary import current_dictionary

mapping_app = typer.Typer(help="Mapping files: which column of a table is which field.", no_args_is_help=True)


@mapping_app.command("suggest")
def suggest(
    file: Annotated[Path, typer.Argument(help="Table or layer.")],
    kind: Annotated[str, typer.Option(help="Kind of record that the rows are; guessed when left out.")] = "",
    sheet: Annotated[str, typer.Option(help="Sheet or layer; the largest when left out.")] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="YAML file to write; printed when left out.")] = None,
) -> None:
    """Propose a mapping: columns told by heading and content, units, dates, coordinates and their datum."""
    opened()
    tables = [table for table in read_tables(file) if not sheet or table.sheet == sheet]
    if not tables:
        raise typer.BadParameter(f"{file.name} has no sheet or layer {sheet!r}", param_hint="--sheet")
    text = starter_mapping(max(tables, key=len), current_dictionary(), kind or None)
    if output is None:
        out.print(text, markup=False)
        return
    output.write_text(text, encoding="utf-8")
    open_questions = sum(line.startswith("#") for line in text.splitlines())
    out.print(
        f"{output}: written, {open_questions} notes to look at; then: clearland check {file} --mapping {output}", markup=False
    )


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.add_typer(mapping_app, name="mapping")
