"""Commands that bring files in: check, add, and a starter for a mapping file."""

from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.books import given_day, opened
from clearland.cli.output import err, out, print_findings, print_json, progress
from clearland.core.errors import ClearlandError, RefusedInput
from clearland.intake.plan import Plan
from clearland.ledger.scope import system_actor
from clearland.work import quarantine
from clearland.work.add import Added, AddOptions, OnConflict, add_file, check_file, is_document
from clearland.work.reading import claims_of_file

FilesArgument = Annotated[list[Path], typer.Argument(help="Tables, layers or documents.")]
KindOption = Annotated[str, typer.Option(help="Kind of record that the rows are.")]
MappingOption = Annotated[Path | None, typer.Option(help="Mapping file: columns to fields, units, codes, dates, key.")]
PublisherOption = Annotated[str, typer.Option(help="Who published it.")]
PublishedOption = Annotated[str, typer.Option(help="When: YYYY, YYYY-MM or YYYY-MM-DD.")]
ReceivedOption = Annotated[str, typer.Option(help="Day it reached the programme, YYYY-MM-DD; today when left out.")]
SeriesOption = Annotated[str, typer.Option(help="Series that the file is an edition of.")]
FullOption = Annotated[bool, typer.Option("--full", help="The edition is complete: what it does not repeat is superseded.")]
ConflictOption = Annotated[
    str, typer.Option(help="Rows that contradict a person's later change: refuse, keep (the person's) or take (the file's).")
]
MarkedOption = Annotated[
    Path | None, typer.Option(help="Write the workbook back to this XLSX, with a status and a note beside each wrong cell.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _options(
    kind: str, mapping: Path | None, publisher: str, published: str, received: str, series: str, full: bool, on_conflict: str
) -> AddOptions:
    choices: dict[str, OnConflict] = {"refuse": "refuse", "keep": "keep", "take": "take"}
    if on_conflict not in choices:
        raise typer.BadParameter("refuse, keep or take", param_hint="--on-conflict")
    return AddOptions(
        kind=kind or None, mapping=mapping, publisher=publisher, published=published,
        received=given_day(received) if received else None, series=series or None, full=full, on_conflict=choices[on_conflict],
    )  # fmt: skip


def add(
    files: FilesArgument, kind: KindOption = "", mapping: MappingOption = None, publisher: PublisherOption = "",
    published: PublishedOption = "", received: ReceivedOption = "", series: SeriesOption = "", full: FullOption = False,
    on_conflict: ConflictOption = "refuse", as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Add files to the programme: all or nothing per file, and adding the same file again changes nothing."""
    opened()
    options = _options(kind, mapping, publisher, published, received, series, full, on_conflict)
    done, refused, aside = [], [], 0
    with progress("Adding", len(files)) as step:
        for path in files:
            try:
                added = add_file(path, options, actor=system_actor("import"))
                done.append(added)
                quarantine.release([added.receipt.source] if added.receipt.source else [])
            except ClearlandError as error:  # the other files still go in; the exit code tells
                refused.append((path, error))
                if is_document(path, options) and quarantine.keep(path, error):
                    aside += 1
            step()
    if as_json:
        print_json({"added": [_added_json(each) for each in done], "refused": [
            {"file": str(path), **refusal.as_json(), "findings": _findings_json(refusal)} for path, refusal in refused
        ]})  # fmt: skip
    else:
        for each in done:
            _say_added(each)
        for path, refusal in refused:
            err.print(f"{path}: refused, nothing of it was added", style="bold", markup=False)
            err.print(str(refusal), markup=False)
            print_findings(getattr(refusal, "findings", ()))
        if aside:
            err.print(f"{aside:,} documents lie in quarantine with their reasons: clearland quarantine", markup=False)
    if refused:
        raise typer.Exit(1)


def _findings_json(error: ClearlandError) -> list[dict[str, object]]:
    return [finding.as_json() for finding in error.findings] if isinstance(error, RefusedInput) else []


def _added_json(added: Added) -> dict[str, object]:
    receipt = added.receipt
    return {
        "file": added.file, "sort": added.sort, "new": receipt.new, "changed": receipt.changed, "unchanged": receipt.unchanged,
        "superseded": receipt.superseded, "claims": added.claims, "source": receipt.source, "commit": receipt.commit,
        "head": receipt.head, "findings": [finding.as_json() for finding in added.findings],
    }  # fmt: skip


def _say_added(added: Added) -> None:
    receipt = added.receipt
    if added.sort == "document":
        out.print(f"{added.file}: kept, {added.claims:,} claims proposed; head {receipt.head[:12]}", markup=False)
    else:
        out.print(
            f"{added.file}: {receipt.new:,} new, {receipt.changed:,} changed, {receipt.unchanged:,} same, "
            f"{receipt.superseded:,} superseded; head {receipt.head[:12]}", markup=False,
        )  # fmt: skip
    print_findings(added.findings)


def check(
    files: FilesArgument, kind: KindOption = "", mapping: MappingOption = None, received: ReceivedOption = "",
    series: SeriesOption = "", full: FullOption = False, on_conflict: ConflictOption = "refuse", marked: MarkedOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Show what adding files would do: new, same, changed, conflicting, refused. Nothing is written."""
    opened()
    options = _options(kind, mapping, "", "", received, series, full, on_conflict)
    if marked is not None and len(files) > 1:
        raise typer.BadParameter("one file at a time", param_hint="--marked")
    plans: dict[str, object] = {}
    wrong = False
    for path in files:
        if is_document(path, options):
            claims = claims_of_file(path)
            plans[str(path)] = {"claims": len(claims)}
            if not as_json:
                out.print(f"{path.name}: a document, {len(claims):,} claims would be proposed", markup=False)
            continue
        try:
            plan = check_file(path, options, actor=system_actor("import"), marked=marked)
        except ClearlandError as error:  # the plans of the other files are still shown
            plans[str(path)] = {"refused": error.as_json()}
            wrong = True
            err.print(str(error), markup=False)
            print_findings(error.findings if isinstance(error, RefusedInput) else ())
            continue
        plans[str(path)] = plan.as_json()
        wrong = wrong or bool(plan.errors)
        if not as_json:
            _say_plan(path, plan)
    if as_json:
        print_json(plans)
    if wrong:
        raise typer.Exit(1)


def _say_plan(path: Path, plan: Plan) -> None:
    out.print(
        f"{path.name}: {len(plan.rows):,} rows: {plan.new:,} new, {plan.same:,} same, {plan.changed:,} changed, "
        f"{plan.conflicting:,} conflicting, {plan.refused:,} refused; {len(plan.missing):,} records of the series not repeated, "
        f"{plan.duplicate_rows:,} exact duplicates", markup=False,
    )  # fmt: skip
    print_findings(plan.findings)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.command()(check)
    app.command()(add)
