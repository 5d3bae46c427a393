"""Commands about a programme as a whole: init, demo, serve, verify."""

import datetime
import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.output import out, print_findings, print_json, progress
from clearland.cli.recovery import show_and_keep
from clearland.core.errors import ClearlandError
from clearland.core.sealing import SealingKey, new_secret
from clearland.ledger import verify as proof
from clearland.work import programme
from clearland.work.demonstration import build
from clearland.work.serving import run

DEFAULT_FOLDER = "programme"


def folder() -> Path:
    """The programme that `--programme`, CLEARLAND_PROGRAMME or the default names."""
    return Path(os.environ.get("CLEARLAND_PROGRAMME") or DEFAULT_FOLDER)


def opened() -> Path:
    """The chosen programme, opened. Raises ClearlandError when there is none."""
    programme.use(folder())
    return folder()


def init(
    directory: Annotated[Path, typer.Argument(help="A new folder for the programme.")],
    name: Annotated[str, typer.Option(help="The programme's name.")] = "",
    country: Annotated[str, typer.Option(help="ISO 3166-1 code of the country.")] = "",
    opened_on: Annotated[str, typer.Option(help="Day the programme opens, YYYY-MM-DD; today by default.")] = "",
    time_zone: Annotated[str, typer.Option(help="IANA name, such as Asia/Baku.")] = "UTC",
    admin: Annotated[str, typer.Option(help="User name of the first administrator.")] = "admin",
    password: Annotated[str, typer.Option(help="Their password; one is made and shown once when left out.")] = "",
    sealing_key: Annotated[
        bool, typer.Option("--sealing-key/--no-sealing-key", help="Make the key that identities of people are sealed under.")
    ] = True,
    one_person: Annotated[
        bool, typer.Option("--one-person", help="Authors may approve their own work; every page says so.")
    ] = False,
) -> None:
    """Make a new, empty programme."""
    chosen = password or secrets.token_urlsafe(12)
    secret = new_secret() if sealing_key else b""
    programme.init(
        directory, name=name or directory.name, country=country, opened_on=given_day(opened_on) if opened_on else None,
        time_zone=time_zone, admin_username=admin, admin_password=chosen, one_person=one_person,
        sealing_key=SealingKey.from_secret(secret).fingerprint if secret else "",
    )  # fmt: skip
    out.print(f"Programme made in {directory}.", markup=False)
    if not password:
        out.print(f"Administrator: {admin}   password: {chosen}   (shown this once)", markup=False)
    if secret:
        show_and_keep(secret)
    out.print(f"Next: clearland --programme {directory} add FILE", markup=False)


def given_day(text: str) -> datetime.date:
    """The day of an option, YYYY-MM-DD. Raises ClearlandError E-CLI-DATE."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise ClearlandError("E-CLI-DATE", f"“{text}” is not a date.", remedy="Write dates as YYYY-MM-DD.") from error


def demo(
    directory: Annotated[Path, typer.Argument(help="A new folder for the demonstration.")],
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Do nothing when it is already there.")] = False,
) -> None:
    """Build the demonstration programme: published figures as claims, and a synthetic nation."""
    if if_missing and (directory / "programme.gpkg").exists():
        return
    with progress("Building the demonstration", build.STEPS) as step:
        head = build.build(directory, step=step)
    out.print(f"Demonstration made in {directory}; ledger head {head[:12]}.", markup=False)
    out.print(f"Next: clearland --programme {directory} serve", markup=False)


def serve(port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8000) -> None:
    """Serve the web site of the programme on this machine."""
    opened()
    run(port, ready=lambda: out.print(f"Clearland is at http://127.0.0.1:{port}/   (Ctrl-C stops it)", markup=False))


def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    repair: Annotated[bool, typer.Option(help="First put triggers back and rebuild records from entries.")] = False,
) -> None:
    """Prove the book: chain, digests, triggers, sources, and every projection rebuilt and compared."""
    programme.use(folder(), guarded=False)
    if repair:
        programme.repair()
    report = proof.verify()
    if as_json:
        print_json(report.as_json())
    else:
        print_findings(report.findings, limit=50)
        state = "holds" if report.ok else "DOES NOT HOLD"
        out.print(f"The ledger {state}: {report.commits} commits, {report.entries} entries, head {report.head}.", markup=False)
        if report.redacted:
            named = "; ".join(report.redacted)
            out.print(f"Sealed values not held here (redacted, or kept by another programme): {named}.", markup=False)
    if not report.ok:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    for command in (init, demo, serve, verify):
        app.command()(command)
