"""Commands about editions of reports: freeze, sign off, publish, open again, compare, and the pack that proves one."""

from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.books import given_day, opened
from clearland.cli.output import out, print_json, print_table
from clearland.cli.reports import AUDIENCE_HELP, COVERS_HELP, audience_of, covers
from clearland.figures.report_editions import ReportEdition, report_edition, report_editions
from clearland.figures.report_restatement import ReportRestatement
from clearland.ledger.snapshot import snapshot
from clearland.work.evidence_pack import evidence_pack
from clearland.work.persons import person
from clearland.work.report import write_file
from clearland.work.report_editions import Asked, freeze_report, publish, rerender, restate_report, sign

_BY_HELP = "User name of the person who does it."


def freeze_edition(
    name: Annotated[str, typer.Argument(help="What the edition is called, e.g. article7-2025-en.")],
    form: Annotated[str, typer.Argument(help="The report form.")],
    year: Annotated[int | None, typer.Option(help="Calendar year reported on.")] = None,
    period: Annotated[str, typer.Option(help=COVERS_HELP)] = "",
    lang: Annotated[str, typer.Option(help="Language: en, az, ru.")] = "en",
    audience: Annotated[str, typer.Option(help=AUDIENCE_HELP)] = "",
    country: Annotated[str, typer.Option(help="ISO 3166-1 code, for forms about a country.")] = "",
    about: Annotated[str, typer.Option(help="Identifier of the record, for forms about one.")] = "",
    as_known: Annotated[str, typer.Option("--as-known", help="Date of knowledge, YYYY-MM-DD; today when left out.")] = "",
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")] = "",
    by: Annotated[str, typer.Option(help=_BY_HELP)] = "",
) -> None:
    """Freeze a report as an edition: every file rendered and kept; refused where it tells its audience too much."""
    opened()
    asked = Asked(form, covers(year, period), lang, audience_of(audience), about, country)
    edition = freeze_report(
        name, asked, actor=person(by), as_known=given_day(as_known) if as_known else None, reason=reason
    )
    _tell(edition)


def sign_edition(
    name: Annotated[str, typer.Argument(help="The edition.")], by: Annotated[str, typer.Option(help=_BY_HELP)]
) -> None:
    """Sign an edition off; whoever froze it cannot."""
    opened()
    _tell(sign(name, actor=person(by)))


def publish_edition(
    name: Annotated[str, typer.Argument(help="The edition.")], by: Annotated[str, typer.Option(help=_BY_HELP)] = ""
) -> None:
    """Publish a signed edition at its permanent address."""
    opened()
    _tell(publish(name, actor=person(by)))


def edition(
    name: Annotated[str, typer.Argument(help="The edition; all are listed when left out.")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the file kept, by its suffix.")] = None,
    pack: Annotated[Path | None, typer.Option(help="Write the evidence pack, a ZIP that a stranger can verify.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Render it again and compare every byte.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List editions; open one as frozen, render it again, or write its evidence pack."""
    opened()
    if not name:
        _list(report_editions(snapshot()), as_json=as_json)
        return
    found = report_edition(snapshot(), name)
    if output is not None:
        write_file(output, found.data(output.suffix.lstrip(".").lower()))
    if pack is not None:
        write_file(pack, evidence_pack(found))
    if as_json:
        print_json(_plain(found))
    else:
        _tell(found)
    if again:
        made = rerender(found)
        for tool, (then, now) in made.tools.items():
            out.print(f"{tool} was {then or 'not there'}, is {now or 'not there'}", markup=False)
        for target, same in made.same.items():
            word = "the same bytes" if same else "other bytes; the stored file is what was published"
            out.print(f"{target}: {word}", markup=False)
        if not made.holds:
            raise typer.Exit(1)


def restate_reports(before: ReportEdition, after: ReportEdition | None, *, as_json: bool) -> None:
    """Print what changed from an edition to another, or to what is known now."""
    told = restate_report(before, after)
    if as_json:
        print_json(told.as_json())
    else:
        _print(told)


def _print(told: ReportRestatement) -> None:
    for line in told.lines:
        was, now = ("not given" if value is None else f"{value:,.2f}" for value in (line.before, line.after))
        out.print(f"{line.figure}: {was} → {now}", markup=False)
        for one in line.moved:
            moved = f"{one.cause}: {one.kind} {one.local_id}, {one.after - one.before:+,.2f}"
            out.print(f"    {moved}  {', '.join(one.entries)}", markup=False)
    out.print(f"{told.before} → {told.after}: {len(told.lines)} lines, {len(told.records())} records.", markup=False)


def _list(found: list[ReportEdition], *, as_json: bool) -> None:
    if as_json:
        print_json([_plain(each) for each in found])
        return
    columns = ("name", "report", "covers", "language", "audience", "as known", "step")
    rows = ((e.name, e.report, e.covers, e.language, e.audience, str(e.as_known), e.step) for e in found)
    print_table("", columns, rows)


def _plain(found: ReportEdition) -> dict[str, object]:
    return {
        "name": found.name, "report": found.report, "covers": found.covers, "about": found.about or None,
        "language": found.language, "audience": found.audience, "as_known": str(found.as_known), "head": found.head,
        "dictionary": found.dictionary, "tools": found.tools, "step": found.step, "frozen_by": found.frozen_by,
        "signed_by": found.signed_by or None, "published_on": str(found.published_on) if found.published_on else None,
        "files": [{"name": each.name, "sha256": each.sha256} for each in found.files],
    }  # fmt: skip


def _tell(found: ReportEdition) -> None:
    files = ", ".join(f"{each.format} {each.sha256[:12]}" for each in found.files)
    out.print(
        f"Edition {found.name}: {found.report} {found.covers}, for {found.audience}, as known {found.as_known}, "
        f"{found.step}. {files}", markup=False,
    )  # fmt: skip


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.command("freeze-report")(freeze_edition)
    app.command("sign")(sign_edition)
    app.command("publish")(publish_edition)
    app.command()(edition)
