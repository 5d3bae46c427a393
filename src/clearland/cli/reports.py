"""Commands about reports: compile one, see what a form needs, answer a slot, freeze, sign and publish an edition."""

from pathlib import Path
from typing import Annotated, Any

import typer

from clearland.cli.books import _day, opened
from clearland.cli.output import out
from clearland.core.errors import ClearlandError
from clearland.dictionary.forms import AUDIENCES
from clearland.work.report import write_report

AUDIENCE_HELP = "public, partner or programme; the form's own when left out."
COVERS_HELP = "What it covers: 2025, 2025-Q3, 2025-09 or 2025-W36."


def audience_of(text: str) -> Any:
    """An audience, None for none. Raises ClearlandError E-REPORT-AUDIENCE for another word."""
    if text and text not in AUDIENCES:
        raise ClearlandError("E-REPORT-AUDIENCE", f"“{text}” is no audience.", remedy=f"Use one of {', '.join(AUDIENCES)}.")
    return text or None


def report(
    name: Annotated[str, typer.Argument(help="The form: annual-statement, country-profile, …")],
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write: .pdf, .docx, .html, .xlsx, .md or .json.")],
    year: Annotated[int | None, typer.Option(help="Calendar year reported on.")] = None,
    period: Annotated[str, typer.Option(help=COVERS_HELP)] = "",
    lang: Annotated[str, typer.Option(help="Language: en, az, ru.")] = "en",
    country: Annotated[str, typer.Option(help="ISO 3166-1 code, for forms about a country; the programme's by default.")] = "",
    audience: Annotated[str, typer.Option(help=AUDIENCE_HELP)] = "",
    about: Annotated[str, typer.Option(help="Identifier of the record, for forms about one: an accident, a place, …")] = "",
    as_known: Annotated[str, typer.Option("--as-known", help="Date of knowledge, YYYY-MM-DD; now when left out.")] = "",
) -> None:
    """Compile a report in which every figure has a footnote."""
    opened()
    compiled = write_report(
        name, covers=covers(year, period), language=lang, country=country, audience=audience_of(audience), about=about,
        as_known=_day(as_known) if as_known else None, output=output,
    )  # fmt: skip
    states = [slot["status"] for slot in compiled.data["slots"]]
    counts = ", ".join(f"{states.count(state)} {state.replace('_', ' ')}" for state in dict.fromkeys(states))
    out.print(f"{output}: {len(states)} slots: {counts}.", markup=False)


def covers(year: int | None, period: str) -> str:
    """The period asked for. Raises ClearlandError E-REPORT-PERIOD where none is given."""
    if not year and not period:
        raise ClearlandError("E-REPORT-PERIOD", "A report covers a period.", remedy="Give --year 2025 or --period 2025-Q3.")
    return period or str(year)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    for command in (report,):
        app.command()(command)
