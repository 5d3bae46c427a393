"""Commands about the data dictionary: check, conformity, add."""

from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.books import opened
from clearland.cli.output import err, out, print_findings, print_json, print_table
from clearland.dictionary.conformity import Held, conformity, standard
from clearland.dictionary.lint import lint
from clearland.dictionary.loader import builtin
from clearland.ledger.scope import system_actor
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.vocabulary import add_to_dictionary

dictionary_app = typer.Typer(help="The data dictionary.", no_args_is_help=True)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dictionary_app.command("check")
def check() -> None:
    """Lint the dictionary: labels, names, codes, translations, definitions."""
    findings = lint(builtin())
    print_findings(findings, limit=200)
    if findings:
        raise typer.Exit(1)
    err.print("The dictionary is clean.", markup=False)


@dictionary_app.command("conformity")
def conform(
    of_programme: Annotated[
        bool, typer.Option("--of-programme", help="The dictionary of the chosen programme, its own additions included.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show for each of the 52 minimum data requirements the fields that hold it; exit 1 when one is lost."""
    if of_programme:
        opened()
    found = conformity(current_dictionary() if of_programme else builtin())
    if as_json:
        print_json([_as_json(held) for held in found])
    else:
        entities = standard().entities
        print_table(
            standard().labels["en"], ("item", "of", "what", "held by"),
            [(held.item.code, entities[held.item.entity]["en"], held.item.labels["en"], _places(held)) for held in found],
        )  # fmt: skip
    lost = [held for held in found if not held.is_held]
    err.print(f"{len(found) - len(lost)} of {len(found)} items are held.", markup=False)
    if lost:
        raise typer.Exit(1)


def _places(held: Held) -> str:
    return ", ".join([*held.fields, *(f"LOST: {place}" for place in held.missing)])


def _as_json(held: Held) -> dict[str, object]:
    return {
        "item": held.item.code, "entity": held.item.entity, "labels": dict(held.item.labels), "held": held.is_held,
        "fields": list(held.fields), "also": list(held.also), "missing": list(held.missing),
    }  # fmt: skip


@dictionary_app.command("add")
def add(
    files: Annotated[
        list[Path], typer.Argument(help="YAML files: a kind, a code list, or an overlay.", exists=True, dir_okay=False)
    ],
) -> None:
    """Add kinds, code lists or fields of your own to the programme; a running site has them at its next page."""
    opened()
    receipts, remarks = add_to_dictionary(files, actor=system_actor("import"))
    for file, receipt in zip(files, receipts, strict=True):
        state = "in force" if receipt.new + receipt.changed else "was in force already"
        out.print(f"{file.name}: {state}; ledger head {receipt.head[:12]}.", markup=False)
    print_findings(remarks)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.add_typer(dictionary_app, name="dictionary")
