"""Commands for work without a network: bundle, merge, keys."""

import json
from pathlib import Path
from typing import Annotated

import shapely
import typer
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from clearland.cli.books import opened
from clearland.cli.exchange import day_or_none
from clearland.cli.output import out, print_findings, print_json
from clearland.core.errors import ClearlandError, Place
from clearland.exchange.keys import parse_identity
from clearland.ledger.scope import system_actor
from clearland.work.bundling import Chosen, Merged, key_ring, make_bundle, merge_bundle

PassphraseOption = Annotated[
    str, typer.Option(help="Passphrase of the bundle.", envvar="CLEARLAND_BUNDLE_PASSPHRASE", show_envvar=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
keys_app = typer.Typer(help="The keys that bundles are signed with and encrypted to.", no_args_is_help=True)


def bundle(
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    kinds: Annotated[list[str] | None, typer.Option("--kind", help="Kind of record; all when left out.")] = None,
    area: Annotated[Path | None, typer.Option(help="GeoJSON file: only records that meet this area.")] = None,
    since: Annotated[str, typer.Option(help="Only records with something recorded on or after this day, YYYY-MM-DD.")] = "",
    audience: Annotated[str, typer.Option(help="For whom: public, partner, programme or restricted.")] = "restricted",
    partners: Annotated[list[str] | None, typer.Option("--for", help="Trusted partner who can open it.")] = None,
    forms: Annotated[list[str] | None, typer.Option("--form", help="Kind whose XLSForm goes with it.")] = None,
    passphrase: PassphraseOption = "",
    as_json: JsonOption = False,
) -> None:
    """Write a signed, encrypted bundle: a task pack for a team, or a day's work for the office."""
    opened()
    chosen = Chosen(
        kinds=tuple(kinds or ()), area=_area(area) if area else None, since=day_or_none(since), audience=audience,
        forms=tuple(forms or ()),
    )  # fmt: skip
    recipients = [key_ring().named(name) for name in partners or ()]
    made = make_bundle(output, chosen, actor=system_actor("export"), recipients=recipients, passphrase=passphrase)
    if as_json:
        print_json({
            "file": str(made.file), "records": made.records, "entries": made.entries,
            "findings": [finding.as_json() for finding in made.findings],
        })  # fmt: skip
        return
    out.print(f"{made.file}: {made.records:,} records with {made.entries:,} entries, for {audience.upper()}", markup=False)
    print_findings(made.findings)


def _area(path: Path) -> BaseGeometry:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        features = content.get("features", [content])
        return shapely.union_all([shapely.geometry.shape(each.get("geometry", each)) for each in features])
    except (OSError, ValueError, AttributeError, TypeError, KeyError, ShapelyError) as error:
        raise ClearlandError(
            "E-BUNDLE-AREA", "The area cannot be read.", place=Place(file=path.name), remedy="Give GeoJSON in WGS 84."
        ) from error


def merge(
    file: Annotated[Path, typer.Argument(help="Bundle.")],
    passphrase: PassphraseOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take over what a bundle holds: every entry as it was written, twice is once, conflicts wait for a person."""
    opened()
    merged = merge_bundle(file, actor=system_actor("import"), passphrase=passphrase)
    if as_json:
        print_json(_receipt_json(merged))
        return
    receipt = merged.receipt
    out.print(
        f"{file}: from {merged.sender} ({merged.programme}): {len(receipt.entries):,} entries taken over, "
        f"{receipt.known:,} known already, {len(receipt.conflicts):,} conflicts; head {receipt.head[:12]}",
        markup=False,
    )
    for record, entry in receipt.entries:
        out.print(f"  entry:{entry}  record:{record}", markup=False)
    for path in merged.attachments:
        out.print(f"  {path}", markup=False)
    if receipt.conflicts:
        out.print("Somebody must choose between versions: see Conflicts on the site.", markup=False)


def _receipt_json(merged: Merged) -> dict[str, object]:
    receipt = merged.receipt
    return {
        "sender": merged.sender, "programme": merged.programme, "head": receipt.head, "known": receipt.known,
        "commits": receipt.commits, "entries": [{"record": record, "entry": entry} for record, entry in receipt.entries],
        "conflicts": list(receipt.conflicts), "files": [str(path) for path in merged.attachments],
    }  # fmt: skip


@keys_app.command("show")
def keys_show() -> None:
    """Print this programme's identity, for partners, and those it trusts."""
    opened()
    ring = key_ring()
    out.print(str(ring.identity), markup=False)
    for name, identity in ring.trusted().items():
        out.print(f"{name}: {identity.fingerprint}", markup=False)


@keys_app.command("trust")
def keys_trust(
    name: Annotated[str, typer.Argument(help="What to call the partner.")],
    identity: Annotated[str, typer.Argument(help="The line that `clearland keys show` printed there.")],
) -> None:
    """Take bundles from a partner from now on. Compare the digits with them first, by another way than the identity came."""
    opened()
    known = parse_identity(identity)
    key_ring().trust(name, known)
    out.print(f"{name}: {known.fingerprint}", markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.command()(bundle)
    app.command()(merge)
    app.add_typer(keys_app, name="keys")
