"""Commands about reports: compile one, see what a form needs and lacks, answer a slot."""

from pathlib import Path
from typing import Annotated, Any

import typer

from clearland.cli.books import given_day, opened
from clearland.cli.output import out, print_json, print_table
from clearland.core.errors import ClearlandError
from clearland.dictionary.forms import AUDIENCES
from clearland.ledger.snapshot import snapshot
from clearland.reports.compile import report_form
from clearland.reports.needs import needs
from clearland.reports.sums import agreements
from clearland.work.persons import person
from clearland.work.report import write_report
from clearland.work.report_answers import Given, answer

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
        as_known=given_day(as_known) if as_known else None, output=output,
    )  # fmt: skip
    states = [slot["status"] for slot in compiled.data["slots"]]
    counts = ", ".join(f"{states.count(state)} {state.replace('_', ' ')}" for state in dict.fromkeys(states))
    out.print(f"{output}: {len(states)} slots: {counts}.", markup=False)


def covers(year: int | None, period: str) -> str:
    """The period asked for. Raises ClearlandError E-REPORT-PERIOD where none is given."""
    if not year and not period:
        raise ClearlandError("E-REPORT-PERIOD", "A report covers a period.", remedy="Give --year 2025 or --period 2025-Q3.")
    return period or str(year)


def forms_of_reports(
    as_json: Annotated[bool, typer.Option("--json", help="Print the forms as JSON.")] = False,
) -> None:
    """List the report forms: for what periods, for whom, about what."""
    opened()
    forms = snapshot().dictionary.reports.values()
    rows = [
        (form.name, form.titles["en"], " ".join(form.grains), form.audience, form.subject, len(form.slots())) for form in forms
    ]
    if as_json:
        print_json([dict(zip(("name", "title", "periods", "audience", "about", "slots"), row, strict=True)) for row in rows])
        return
    print_table("", ("name", "title", "periods", "audience", "about", "slots"), rows)


def checklist(
    name: Annotated[str, typer.Argument(help="The form.")],
    year: Annotated[int | None, typer.Option(help="Calendar year reported on.")] = None,
    period: Annotated[str, typer.Option(help=COVERS_HELP)] = "",
    about: Annotated[str, typer.Option(help="Identifier of the record, for forms about one.")] = "",
    audience: Annotated[str, typer.Option(help=AUDIENCE_HELP)] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """Tell before a report is made what its form needs and the programme lacks."""
    opened()
    shot, asked = snapshot(), covers(year, period)
    needed = needs(shot, name, covers=asked, about=about, audience=audience_of(audience))
    sums = agreements(shot, report_form(shot, name), covers=asked)
    if as_json:
        print_json([*(need.as_json() for need in needed), *(each.as_json() for each in sums)])
    else:
        print_table("", ("slot", "status", "what would fill it"), ((need.title, need.status, need.fills) for need in needed))
        lacking = sum(need.status == "not_known" for need in needed)
        out.print(f"{len(needed)} slots, {lacking} of them lack what they need.", markup=False)
        for each in sums:
            out.print(f"{each.title}: {each.status.replace('_', ' ')}: {each.words}", markup=False)
    if any(need.status == "not_known" for need in needed) or any(each.status == "differs" for each in sums):
        raise typer.Exit(1)


def answer_slot(
    name: Annotated[str, typer.Argument(help="The form.")],
    slot: Annotated[str, typer.Argument(help="Code of the slot; clearland checklist lists them.")],
    status: Annotated[str, typer.Option(help="filled, unchanged_since, not_applicable, withheld or not_known.")] = "filled",
    words: Annotated[str, typer.Option(help="What is printed, for filled.")] = "",
    reason: Annotated[str, typer.Option(help="Why; printed beside it.")] = "",
    since: Annotated[str, typer.Option(help="The period reported last in other words, for unchanged_since.")] = "",
    period: Annotated[str, typer.Option(help="The period it holds for; until another answer when left out.")] = "",
    by: Annotated[str, typer.Option(help="User name of the person who answers.")] = "",
) -> None:
    """Answer one slot of a form in words, or say why nothing stands there."""
    opened()
    answer(snapshot(), Given(name, slot, status, words, reason, since, period), actor=person(by))
    out.print(f"{name} {slot}: {status.replace('_', ' ')}.", markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.command()(report)
    app.command("report-forms")(forms_of_reports)
    app.command()(checklist)
    app.command("answer-slot")(answer_slot)
