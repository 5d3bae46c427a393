"""Commands that keep a programme from being lost or left behind: backup, restore, backup-key, upgrade."""

from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.books import opened
from clearland.cli.output import err, out, print_findings, print_json
from clearland.core.errors import ClearlandError
from clearland.work import backing_up, backup_keys, programme
from clearland.work.bundling import key_ring

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
key_app = typer.Typer(help="The key that backups are encrypted to.", no_args_is_help=True)


def backup(
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, or a folder for a file named by the moment.")],
    recipients: Annotated[
        list[str] | None, typer.Option("--to", help="Recipient (age1…); those of `backup-key new` when left out.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write everything a programme is into one encrypted file, while people go on working."""
    opened()
    made = backing_up.back_up(output, recipients=tuple(recipients or ()), step=_say)
    manifest = made.manifest
    if as_json:
        print_json({"file": str(made.path), "size_bytes": made.size, "head": manifest.head, "entries": manifest.entries})
        return
    out.print(f"{made.path}: {made.size / 2**20:,.1f} MiB, {manifest.entries:,} entries, head {manifest.head[:12]}", markup=False)


def restore(
    file: Annotated[Path, typer.Argument(help="What `clearland backup` wrote.")],
    directory: Annotated[Path, typer.Argument(help="A new folder for the programme.")],
    key_file: Annotated[Path | None, typer.Option(help="File with the printed key (AGE-SECRET-KEY-1…).")] = None,
    key: Annotated[
        str, typer.Option(envvar="CLEARLAND_BACKUP_KEY", show_envvar=True, help="The key itself; better in a file.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a programme from a backup and prove it: every digest, the chain, every projection. Exit 1 where the proof fails."""
    text = _key_of(key_file) if key_file else key or typer.prompt("Key of the backup", hide_input=True)
    restored = backing_up.restore(file, directory, text, step=_say)
    manifest, report = restored.manifest, restored.report
    if as_json:
        print_json({
            "folder": str(restored.folder), "made_at": manifest.made_at, "complete": restored.complete, **report.as_json()
        })  # fmt: skip
    else:
        print_findings(report.findings)
        said = "proved: every entry of the backup is here" if restored.complete else "NOT whole: read what stands above"
        out.print(
            f"{restored.folder}: backup of {manifest.made_at[:16]}, {report.entries:,} entries, head {report.head[:12]}; {said}",
            markup=False,
        )
        out.print("Identities open again with the printed sealing key: clearland sealing-key import", markup=False)
    if not restored.complete:
        raise typer.Exit(1)


def _key_of(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ClearlandError(
            "E-BACKUP-KEY", f"The key cannot be read from {path}.", remedy="Name the file it was typed into."
        ) from error


def _say(text: str) -> None:
    err.print(f"… {text}", markup=False)


def upgrade() -> None:
    """Bring a programme that an older Clearland made up to this one. Make a backup first; entries are not touched."""
    opened()
    older = programme.upgrade()
    out.print(f"Brought up to date: {', '.join(older)}." if older else "The programme is up to date.", markup=False)


@key_app.command("new")
def key_new() -> None:
    """Make a key, print it for the safe, and encrypt backups to it from now on. The key itself is not kept here."""
    opened()
    secret, recipient = backup_keys.new()
    backup_keys.keep(key_ring().folder, recipient)
    for copy in (1, 2):
        out.print(f"- - 8< - - - - backup key, copy {copy} of 2 - - - - - - - - -\n  {secret}", markup=False, soft_wrap=True)
    out.print("- - 8< - - - - print both, cut, keep them in two places; without the key no backup can be opened", markup=False)
    out.print(f"Backups of this programme are encrypted to {recipient}", markup=False, soft_wrap=True)


@key_app.command("show")
def key_show() -> None:
    """Print whom backups of this programme are encrypted to."""
    opened()
    for recipient in backup_keys.recipients(key_ring().folder):
        out.print(recipient, markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    app.command()(backup)
    app.command()(restore)
    app.command()(upgrade)
    app.add_typer(key_app, name="backup-key")
