"""Commands that hand records on: export, forms."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.books import given_day, opened
from clearland.cli.output import out, print_findings, print_json
from clearland.exchange.forms import write_xlsform, xlsform
from clearland.ledger.scope import system_actor
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.exporting import DEFAULT_AUDIENCE, export_kind

TargetOption = Annotated[Path, typer.Option("--output", "-o", help="File to write.")]
AudienceOption = Annotated[str, typer.Option(help="For whom: public, partner, programme or restricted.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def day_or_none(text: str) -> datetime.date | None:
    """A day given as YYYY-MM-DD, None for nothing. Raises ClearlandError E-CLI-DATE."""
    return given_day(text) if text else None


def export(
    kind: Annotated[str, typer.Argument(help="Kind of record.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV, XLSX, GEOJSON, GPKG, PARQUET or KML, told by its suffix.")],
    audience: AudienceOption = DEFAULT_AUDIENCE,
    as_known: Annotated[str, typer.Option(help="As known at the end of this day, YYYY-MM-DD; today when left out.")] = "",
    unverified: Annotated[
        bool, typer.Option("--unverified", help="With what is submitted or verified and not yet approved.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the records of a kind to a file, cut for an audience and marked with it."""
    opened()
    made = export_kind(
        kind, output, actor=system_actor("export"), audience=audience, as_known=day_or_none(as_known), unverified=unverified
    )
    if as_json:
        print_json({
            "file": str(made.file), "records": made.records, "audience": made.audience, "as_known": made.as_known.isoformat(),
            "findings": [finding.as_json() for finding in made.findings],
        })  # fmt: skip
        return
    out.print(
        f"{made.file}: {made.records:,} records, made for {made.audience.upper()}, as known on {made.as_known.isoformat()}",
        markup=False,
    )
    print_findings(made.findings)


def forms(
    kind: Annotated[str, typer.Argument(help="Kind of record.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="XLSX file to write.")],
    with_identities: Annotated[
        bool, typer.Option("--identities", help="Ask who a person is, too: device and server then hold it openly.")
    ] = False,
) -> None:
    """Write the XLSForm of a kind, for ODK Collect, ODK Central and KoboToolbox."""
    opened()
    dictionary = current_dictionary()
    form = xlsform(dictionary, dictionary.kind(kind), identities=with_identities)
    write_xlsform(form, output)
    questions = sum(not row["type"].startswith(("begin", "end", "start")) for row in form.survey)
    out.print(
        f"{output}: {questions} questions; form {form.settings['form_id']}, version {form.settings['version']}", markup=False
    )


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.command()(export)
    app.command()(forms)
