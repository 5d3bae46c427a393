"""Commands about land: the balance of a period, and what the rules find in the records."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from clearland.cli.books import given_day, opened
from clearland.cli.editions import restate_reports
from clearland.cli.ledger_editions import restate_ledger_files
from clearland.cli.output import fail, out, print_findings, print_json, print_table
from clearland.core.errors import ClearlandError
from clearland.figures.editions import edition_named
from clearland.figures.efficiency import efficiency as measures
from clearland.figures.findings import Row, found
from clearland.figures.land import land_balance, land_balance_on
from clearland.figures.report_editions import report_edition, report_editions
from clearland.figures.restatement import explain
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.work import editions as work_editions

_SHOWN = (
    "opening_m2", "newly_identified_m2", "extended_m2", "reopened_m2", "reclassified_in_m2", "reclassified_out_m2",
    "cancelled_m2", "reduced_m2", "cleared_m2", "corrected_in_m2", "corrected_out_m2", "closing_m2", "gap_m2",
)  # fmt: skip


def balance(
    start: Annotated[str, typer.Option("--from", help="First day of the period, YYYY-MM-DD.")],
    end: Annotated[str, typer.Option("--to", help="Last day of the period, YYYY-MM-DD.")],
    by: Annotated[str, typer.Option(help="place, type, class, operator or donor, with commas.")] = "type,class",
    as_known: Annotated[str, typer.Option("--as-known", help="Date of knowledge, YYYY-MM-DD; now when left out.")] = "",
    cluster: Annotated[str, typer.Option(help="Address of a Dask scheduler, tcp://host:8786, whose workers cut it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
) -> None:
    """Balance land for a period: opening, every change, closing; the identity is asserted and its gap printed."""
    opened()
    shot = snapshot(as_known=given_day(as_known) if as_known else None)
    dimensions = [name.strip() for name in by.split(",") if name.strip()]
    if cluster:
        result = land_balance_on(cluster, shot, period_from=given_day(start), period_to=given_day(end), by=dimensions)
    else:
        result = land_balance(shot, period_from=given_day(start), period_to=given_day(end), by=dimensions, asks_once=True)
    rows = result.as_json()
    if as_json:
        print_json({"rows": rows, "as_known": as_known or None, "head": shot.head})
    else:
        keys = [name for name in ("place", "type", "class", "operator", "donor") if name in dimensions or name == "type"]
        print_table(
            "", [*keys, *(name.removesuffix("_m2").replace("_", " ") for name in _SHOWN)],
            ([row.get(key) for key in keys] + [row[name] for name in _SHOWN] for row in rows),
        )  # fmt: skip
        print_findings(result.findings)
        out.print(f"Areas in m². Largest gap {result.gap_m2:.6f} m² (asserted). Head {shot.head[:12]}.", markup=False)
    if not result.closes:
        fail(ClearlandError(
            "L-BALANCE-GAP", f"The balance does not close: {result.gap_m2:.2f} m² are missing.",
            remedy="Use no figure of it; run clearland verify and report this with the programme's findings.",
        ))  # fmt: skip


def findings(
    rule: Annotated[int, typer.Option(help="Only this rule of the rule list; all when left out.")] = 0,
    severity: Annotated[str, typer.Option(help="error, warning or query; all when left out.")] = "",
    as_known: Annotated[str, typer.Option("--as-known", help="Date of knowledge, YYYY-MM-DD; now when left out.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """List what the rules find in hazards, released land and finds; exit 1 where one is an error."""
    opened()
    shot = snapshot(as_known=given_day(as_known) if as_known else None)
    rows = found(shot, rule=rule or None, severity=severity)
    if as_json:
        print_json([_finding(row) for row in rows])
    else:
        for row in rows:
            where = f" {row['local_id']}" if row["local_id"] else ""
            out.print(f"{row['severity']} {row['code']}{where}: {row['sentence']} → {row['remedy']}", markup=False)
        out.print(f"{len(rows)} findings. Head {shot.head[:12]}.", markup=False)
    if any(row["severity"] == "error" for row in rows):
        raise typer.Exit(1)


def _finding(row: Row) -> dict[str, Any]:
    """A finding as plain data with stable keys; records as references that `trace` follows."""
    return {
        "code": row["code"], "severity": row["severity"], "rule": row["rule"], "sentence": row["sentence"],
        "remedy": row["remedy"], "kind": row["kind"] or None, "record": f"record:{row['record']}" if row["record"] else None,
        "local_id": row["local_id"] or None, "others": [f"record:{other}" for other in row["others"]],
        "values": json.loads(row["values"]),
    }  # fmt: skip


def efficiency(
    start: Annotated[str, typer.Option("--from", help="First day of the period, YYYY-MM-DD.")],
    end: Annotated[str, typer.Option("--to", help="Last day of the period, YYYY-MM-DD.")],
    as_known: Annotated[str, typer.Option("--as-known", help="Date of knowledge, YYYY-MM-DD; now when left out.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the measures as JSON, with the records.")] = False,
) -> None:
    """Measure how work met contamination: clearance without finds, age of evidence, share of survey; as questions."""
    opened()
    shot = snapshot(as_known=given_day(as_known) if as_known else None)
    made = measures(shot, period_from=given_day(start), period_to=given_day(end))
    if as_json:
        print_json({"measures": [one.as_json() for one in made], "as_known": as_known or None, "head": shot.head})
        return
    for one in made:
        value = "not known" if one.value is None else f"{one.value:,.1f} {one.unit}"
        out.print(f"{one.code.replace('_', ' ')}: {value}{'  ? ' + one.question if one.question else ''}", markup=False)
        if one.records:
            out.print(f"    {', '.join(record.local_id for record in one.records)}", markup=False)


def freeze(
    name: Annotated[str, typer.Argument(help="What the edition is called, e.g. land-2025.")],
    end: Annotated[str, typer.Option("--to", help="Last day of the period, YYYY-MM-DD.")],
    start: Annotated[str, typer.Option("--from", help="First day; the day after the last edition when left out.")] = "",
    reason: Annotated[str, typer.Option(help="Why it is closed, for the ledger.")] = "",
    audience: Annotated[str, typer.Option(help="public, partner or programme.")] = "programme",
) -> None:
    """Close a period: freeze its balance as published; what comes to light later stands as adjustments."""
    opened()
    edition = work_editions.freeze(
        name, period_to=given_day(end), period_from=given_day(start) if start else None, reason=reason, audience=audience,
        actor=system_actor("cli"),
    )  # fmt: skip
    out.print(
        f"Edition {edition.name}: {edition.period_from} to {edition.period_to}, {len(edition.rows)} rows, on head "
        f"{edition.head[:12]}, kept as {edition.file[:12]}.", markup=False,
    )  # fmt: skip


def restate(
    before: Annotated[str, typer.Argument(help="An edition; with --mapping, the earlier file of a ledger.")],
    after: Annotated[str, typer.Argument(help="An edition of the same period, or the later file; now when left out.")] = "",
    mapping: Annotated[list[Path] | None, typer.Option(help="Compare two files, read by this mapping (twice: one each).")] = None,
    key: Annotated[str, typer.Option(help="Of files: fields that tell lines apart; the mapping's key if left out.")] = "",
    start: Annotated[str, typer.Option("--from", help="Of files: first day of the periods compared.")] = "",
    end: Annotated[str, typer.Option("--to", help="Of files: last day of the periods compared.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the lines as JSON, with the entries.")] = False,
) -> None:
    """Explain why a published balance, report or ledger reads differently: per line, by what made the difference."""
    if mapping:
        span = (given_day(start) if start else None, given_day(end) if end else None)
        restate_ledger_files(before, after, mapping, key, span, as_json=as_json)
        return
    opened()
    shot = snapshot()
    reports = {each.name: each for each in report_editions(shot)}
    if before in reports:
        restate_reports(reports[before], report_edition(shot, after) if after else None, as_json=as_json)
        return
    told = explain(shot, edition_named(shot, before), edition_named(shot, after) if after else None)
    if as_json:
        print_json(told.as_json())
        return
    for line in told.lines:
        words = f"{line['place']} · {line['type']} · {line['class']} · {line['line'].replace('_', ' ')}"
        out.print(f"{words}: {line['before_m2']:,.1f} → {line['after_m2']:,.1f} m²", markup=False)
        for record in line["records"]:
            out.print(
                f"    {record['moved_m2']:+,.1f} m²  {record['local_id']}  {', '.join(record['entries'])}", markup=False
            )
    changes = f"{len(told.changes)} entries differ" if told.changes else "no entry differs"
    out.print(f"{told.before} → {told.after}: {len(told.lines)} lines changed, {changes}. Both balances close.", markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    for command in (balance, findings, efficiency, freeze, restate):
        app.command()(command)
