"""Commands about identities of people: the sealing key, and redaction."""

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from clearland.cli.books import opened
from clearland.cli.output import out
from clearland.cli.recovery import show_and_keep
from clearland.core.errors import ClearlandError, RefusedInput
from clearland.core.sealing import SealingKey, new_secret, parsed
from clearland.ledger import sealing_keys
from clearland.ledger.scope import system_actor
from clearland.work import identities, key_change, programme

key_app = typer.Typer(help="The key that identities of people are sealed under.", no_args_is_help=True)


@key_app.command("show-fingerprint")
def show_fingerprint() -> None:
    """Print the fingerprint of the programme's sealing key and whether this machine holds the key."""
    opened()
    fingerprint = sealing_keys.programme_fingerprint()
    if not fingerprint:
        out.print("This programme has no sealing key: it keeps no identities.", markup=False)
        return
    state = "held on this machine" if sealing_keys.key_here() else "not on this machine"
    out.print(f"{fingerprint}  {state}", markup=False)


@key_app.command("import")
def import_key() -> None:
    """Read a printed key from standard input, up to its end, and keep it for this user."""
    opened()
    secret = parsed(sys.stdin.read())
    given, due = SealingKey.from_secret(secret).fingerprint, sealing_keys.programme_fingerprint()
    if given != due:
        raise RefusedInput(
            "E-SEALED-KEY", f"This is the sealing key {given}; the programme's is {due or 'none'}.",
            remedy="Take the paper that bears the programme's fingerprint.",
        )  # fmt: skip
    out.print(f"Kept in {sealing_keys.keep(secret)}.", markup=False)


@key_app.command("new")
def new_key() -> None:
    """Make a sealing key for a programme that has none."""
    opened()
    secret = new_secret()
    programme.state_sealing_key(SealingKey.from_secret(secret).fingerprint)
    show_and_keep(secret)


@key_app.command("change")
def change_key(
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a change that broke off: read its printed key.")] = False,
) -> None:
    """Seal every identity and every sealed source anew under a new key, which is printed first."""
    opened()
    secret = parsed(sys.stdin.read()) if resume else new_secret()
    if resume:
        sealing_keys.keep(secret)
    else:
        show_and_keep(secret)
    done = key_change.change(system_actor("cli"), secret)
    out.print(
        f"{done.values} values and {done.sources} sources are sealed under the new key. Keep the old one as long as you keep "
        "backups made before.", markup=False,
    )  # fmt: skip


def sealed_source(
    sha256: Annotated[str, typer.Argument(help="SHA-256 of the source.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the ledger.")],
) -> None:
    """Write out the bytes of a file that names people; that you did, and why, is recorded first."""
    opened()
    name, blocks = identities.open_source(system_actor("cli"), sha256, reason)
    with output.open("xb") as stream:
        stream.writelines(blocks)
    out.print(f"{name} is in {output}, readable by whoever reads that file. Delete it when it has served.", markup=False)


def redact(
    record: Annotated[str, typer.Argument(help="Id of the record.")],
    fields: Annotated[list[str], typer.Option("--field", help="Sealed field whose values are deleted; may be repeated.")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the ledger.")],
) -> None:
    """Delete what tells who a person is. It cannot be undone; the ledger still proves."""
    opened()
    try:
        identity = UUID(record)
    except ValueError as error:
        remedy = "It stands in the address of the record's page."
        raise ClearlandError("E-CLI-RECORD", f"“{record}” is no id of a record.", remedy=remedy) from error
    gone = identities.redact(system_actor("cli"), identity, fields, reason)
    out.print(f"{gone} sealed values deleted. Backups made before still hold them: delete them there too.", markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.add_typer(key_app, name="sealing-key")
    app.command()(redact)
    app.command()(sealed_source)
