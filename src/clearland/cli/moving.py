"""Commands of moving from IMSMA: bring a database, maXML or a Core export in, and compare both sides."""

import os
from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.books import opened
from clearland.cli.output import err, out, print_findings, print_json, print_table, progress
from clearland.core.errors import ClearlandError
from clearland.intake.imsma.database import moved_tables
from clearland.intake.imsma.reading import Handed, hand_database, hand_path
from clearland.intake.imsma.rules import Rules, load_rules
from clearland.ledger.scope import system_actor
from clearland.work.add import OnConflict
from clearland.work.moving import Moved, move
from clearland.work.moving_plan import SERIES, Identity, MoveOptions, PlannedMove, plan_move
from clearland.work.parity import ParityReport, report
from clearland.work.parity_sheet import write_parity

URL_VARIABLE = "CLEARLAND_IMSMA_URL"
moving = typer.Typer(help="Move from IMSMA: its data with all versions, again and again, and the comparison of both sides.")

SeriesOption = Annotated[str, typer.Option(help="Name of this installation of IMSMA; the same one at each run.")]
FieldsOption = Annotated[Path | None, typer.Option(help="YAML: which cells fill which fields, what types become.")]
IdentitiesOption = Annotated[str, typer.Option(help="Who victims are: seal, or leave-out (they stay in IMSMA).")]
ConflictOption = Annotated[str, typer.Option(help="Where a person changed a record here since: refuse, keep or take.")]
LeaveOption = Annotated[bool, typer.Option("--leave-out-refused", help="Move without the items that are refused.")]
CheckOption = Annotated[bool, typer.Option("--check", help="Show what would happen; write nothing.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
UrlOption = Annotated[
    str,
    typer.Option("--database-url", envvar=URL_VARIABLE, help="postgresql://USER:PASSWORD@HOST/DATABASE; a role that may SELECT."),
]
SchemaOption = Annotated[str, typer.Option(help="Schema of the tables; found when left out.")]


@moving.command("imsma-ng")
def imsma_ng(
    database_url: UrlOption = "", schema: SchemaOption = "", series: SeriesOption = SERIES, fields: FieldsOption = None,
    identities: IdentitiesOption = "seal", on_conflict: ConflictOption = "refuse", leave_out_refused: LeaveOption = False,
    check: CheckOption = False, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Move a restored IMSMA NG database. It is read in one read-only transaction and never written to."""
    opened()
    rules = load_rules(fields)
    handed = _database(database_url, schema, rules)
    _run(handed, rules, _options(series, identities, on_conflict, leave_out_refused), check=check, as_json=as_json)


@moving.command("files")
def files(
    path: Annotated[Path, typer.Argument(help="A maXML file, a file geodatabase, a GeoPackage, a CSV file or a folder of them.")],
    series: SeriesOption = SERIES, fields: FieldsOption = None, identities: IdentitiesOption = "seal",
    on_conflict: ConflictOption = "refuse", leave_out_refused: LeaveOption = False, check: CheckOption = False,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Move a maXML file or an export of IMSMA Core."""
    opened()
    rules = load_rules(fields)
    with progress("Reading", 1) as step:
        handed = hand_path(path, rules)
        step()
    _run(handed, rules, _options(series, identities, on_conflict, leave_out_refused), check=check, as_json=as_json)


@moving.command("parity")
def parity(
    path: Annotated[Path | None, typer.Argument(help="Compare this export; the rows of the last move when left out.")] = None,
    database_url: UrlOption = "", schema: SchemaOption = "", series: SeriesOption = SERIES, fields: FieldsOption = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write the report to this workbook, too.")] = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Count IMSMA and Clearland side by side, with the records behind each difference. Exit 1 while one is unexplained."""
    opened()
    rules = load_rules(fields)
    handed = hand_path(path, rules) if path else _database(database_url, schema, rules) if database_url else None
    made = report(rules, actor=system_actor("cli"), series=series, handed=handed)
    if xlsx is not None:
        write_parity(made, xlsx)
    if as_json:
        print_json(made.as_json())
    else:
        _say_parity(made)
    if made.open:
        raise typer.Exit(1)


def _database(url: str, schema: str, rules: Rules) -> Handed:
    if not url:
        raise ClearlandError(
            "E-MOVE-URL", "No database is named.",
            remedy=f"Give --database-url, or set {URL_VARIABLE}, which does not show the password to others.",
        )  # fmt: skip
    # The address holds a password: it must not reach what this process starts.
    os.environ.pop(URL_VARIABLE, None)
    with progress("Reading tables", len(moved_tables())) as step:
        return hand_database(url, rules, schema=schema, step=step)


def _options(series: str, identities: str, on_conflict: str, leave_out_refused: bool) -> MoveOptions:
    people: dict[str, Identity] = {"seal": "seal", "leave-out": "leave_out"}
    conflicts: dict[str, OnConflict] = {"refuse": "refuse", "keep": "keep", "take": "take"}
    if identities not in people:
        raise typer.BadParameter("seal or leave-out", param_hint="--identities")
    if on_conflict not in conflicts:
        raise typer.BadParameter("refuse, keep or take", param_hint="--on-conflict")
    return MoveOptions(
        series=series, identities=people[identities], on_conflict=conflicts[on_conflict], leave_out_refused=leave_out_refused
    )


def _run(handed: Handed, rules: Rules, options: MoveOptions, *, check: bool, as_json: bool) -> None:
    actor = system_actor("import")
    if check:
        with progress("Planning", None) as step:
            planned = plan_move(handed, rules, options, actor=actor, step=step)
        if as_json:
            print_json(_plan_json(planned))
        else:
            _say_plan(planned)
        if planned.errors:
            raise typer.Exit(1)
        return
    with progress("Moving", None) as step:
        done = move(handed, rules, options, actor=actor, step=step)
    if as_json:
        print_json({**_plan_json(done.planned), **_receipt_json(done)})
    else:
        _say_moved(done)


def _plan_json(planned: PlannedMove) -> dict[str, object]:
    return {
        "items": len(planned.laid.placed), "states": sum(map(len, planned.turns)), "left_behind": len(planned.left_behind),
        "without_kind": len(planned.laid.not_taken), "unresolved_links": len(planned.laid.unresolved),
        "legacy_gaps": planned.standing.legacy_gaps, "findings": [finding.as_json() for finding in planned.findings],
    }  # fmt: skip


def _receipt_json(done: Moved) -> dict[str, object]:
    receipt = done.receipt
    told = {"new": receipt.new, "changed": receipt.changed, "source": receipt.source, "commit": receipt.commit}
    return {**told, "head": receipt.head}


def _say_plan(planned: PlannedMove) -> None:
    out.print(
        f"{len(planned.laid.placed):,} items, {sum(map(len, planned.turns)):,} states to write; "
        f"{len(planned.laid.not_taken):,} items have no kind, {len(planned.laid.unresolved):,} links lead nowhere, "
        f"{len(planned.left_behind):,} refused items stay behind, {planned.standing.legacy_gaps:,} legacy gaps.", markup=False,
    )  # fmt: skip
    print_findings(planned.findings)


def _say_moved(done: Moved) -> None:
    receipt = done.receipt
    out.print(
        f"{receipt.new:,} records new, {receipt.changed:,} more states; head {receipt.head[:12]}. "
        "Next: clearland move parity", markup=False,
    )  # fmt: skip
    print_findings(done.planned.findings)


def _say_parity(made: ParityReport) -> None:
    print_table(
        "", ["kind", "by", "value", "IMSMA", "here", "IMSMA m²", "here m²", "difference m²"],
        ([row.kind, row.dimension, row.value, row.imsma, row.here, round(row.imsma_m2), round(row.here_m2),
          round(row.here_m2 - row.imsma_m2)] for row in made.parity.rows if row.dimension == "all" or row.differs),
    )  # fmt: skip
    out.print("\nDifferences and their causes:", markup=False)
    print_table(
        "", ["kind", "cause", "records", "count", "m²", "answer"],
        ([each.difference.kind, each.difference.cause, len(each.difference.lines), each.difference.count,
          round(each.difference.area_m2), each.reason or "open"] for each in made.differences),
    )  # fmt: skip
    if made.open:
        waiting = f"{len(made.open):,} of {len(made.differences):,} differences wait for an explanation"
        err.print(f"{waiting}: a person gives it on the page Moving.", markup=False)
    else:
        out.print("Every difference is explained.", markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.add_typer(moving, name="move")
