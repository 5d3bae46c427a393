"""Command that fetches submissions from a form server: collect."""

from typing import Annotated

import typer

from clearland.cli.books import opened
from clearland.cli.output import out, print_findings, print_json
from clearland.ledger.scope import system_actor
from clearland.work.collecting import Server, System, collect

_SYSTEMS: dict[str, System] = {"odk": "odk", "kobo": "kobo"}


def collect_command(
    server: Annotated[str, typer.Option(help="Address of the server, https://…")],
    form: Annotated[str, typer.Option(help="Form id (ODK Central) or asset uid (KoboToolbox).")],
    kind: Annotated[str, typer.Option(help="Kind of record that the submissions are.")],
    token: Annotated[str, typer.Option(help="Access token.", envvar="CLEARLAND_COLLECT_TOKEN", show_envvar=True)],
    system: Annotated[str, typer.Option(help="odk or kobo.")] = "odk",
    project: Annotated[str, typer.Option(help="Project number on ODK Central.")] = "1",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fetch the submissions of a form with their attachments and add them; fetching again changes nothing."""
    if system not in _SYSTEMS:
        raise typer.BadParameter("odk or kobo", param_hint="--system")
    opened()
    where = Server(url=server, system=_SYSTEMS[system], form=form, token=token, project=project)
    done = collect(where, kind, actor=system_actor("import"))
    receipt = done.added.receipt
    if as_json:
        print_json({
            "submissions": done.submissions, "new": receipt.new, "changed": receipt.changed, "unchanged": receipt.unchanged,
            "attachments": done.attachments, "head": receipt.head, "findings": [each.as_json() for each in done.added.findings],
        })  # fmt: skip
        return
    out.print(
        f"{done.submissions:,} submissions: {receipt.new:,} new, {receipt.changed:,} changed, {receipt.unchanged:,} same; "
        f"{done.attachments:,} new attachments; head {receipt.head[:12]}",
        markup=False,
    )
    print_findings(done.added.findings)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.command("collect")(collect_command)
