"""Adding a file: a document to passages and claims, a table or layer to records. All or nothing, and idempotent."""

import hashlib
import io
import mimetypes
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Literal

from clearland.core.clock import Clock, system_clock
from clearland.core.collector import collector_paused
from clearland.core.errors import ClearlandError, Finding, Place, RefusedInput
from clearland.evidence.reading.read import read_path
from clearland.intake.ledger_state import existing_in_ledger, linked_in_ledger, records_in_series
from clearland.intake.mapping import load_mappings, with_series
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, Plan, plan
from clearland.intake.returned import write_returned
from clearland.intake.tables import Table
from clearland.ledger import search_index
from clearland.ledger.drafts import NewSource, Receipt
from clearland.ledger.opening import current_opening
from clearland.ledger.scope import Actor, scope
from clearland.ledger.sealed import known_commitments
from clearland.ledger.sources import file_sha256, sources_folder
from clearland.ledger.vocabulary import current_dictionary
from clearland.ledger.write import write
from clearland.work.gazetteer import names_of_programme
from clearland.work.legacy import gap_drafts
from clearland.work.limits import limits_of
from clearland.work.reading import DOCUMENT_SUFFIXES, rendition_of, source_of, told_by

# Indexing the words of more than this is left to the next search, or to the running server, so that nobody waits here.
INDEXED_AT_ONCE = 2_000
OnConflict = Literal["refuse", "keep", "take"]


@dataclass(frozen=True, kw_only=True)
class AddOptions:
    """What the person says about the files. `received` is the day they reached the programme; today by default."""

    kind: str | None = None
    mapping: Path | None = None
    publisher: str = ""
    published: str = ""
    received: date | None = None
    title: str = ""
    series: str | None = None
    full: bool = False
    on_conflict: OnConflict = "refuse"


@dataclass(frozen=True, kw_only=True)
class Added:
    """What adding one file did. `claims` counts the proposals of a document; `findings` are those that refuse nothing."""

    file: str
    sort: Literal["document", "table"]
    receipt: Receipt
    findings: tuple[Finding, ...]
    claims: int = 0
    superseded: int = 0


def is_document(path: Path, options: AddOptions) -> bool:
    """Whether a file is read as a document: by its suffix, unless a mapping or kind says that it is a table."""
    return options.mapping is None and options.kind is None and path.suffix.lower() in DOCUMENT_SUFFIXES


def add_file(path: Path, options: AddOptions, *, actor: Actor, clock: Clock = system_clock) -> Added:
    """Add one file to the open programme. Raises RefusedInput with every reason found; nothing of it lands then.

    A refused table comes back marked: its path stands in the error's remedy.
    """
    _must_exist(path)
    received = options.received or clock().astimezone(current_opening().time_zone).date()
    if is_document(path, options):
        return _add_document(path, options, received, actor, clock)
    with collector_paused():
        planned, tables, series = _planned(path, options, received, actor)
    try:
        planned.refuse_if_wrong()
    except RefusedInput as refusal:
        raise _returned_marked(path, tables, planned, refusal) from refusal
    data = _one_file(path)
    source = NewSource(
        data=data, filename=path.name, media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        received=received, title=options.title or path.stem, publisher=options.publisher, published=options.published,
        series=series or "", full_edition=options.full,
        # A file that tells who a person is, is kept as a person's identity is: encrypted.
        sensitivity="sealed" if planned.sealed_columns else "programme",
    )  # fmt: skip
    sha256 = file_sha256(path)[0] if isinstance(data, Path) else hashlib.sha256(data).hexdigest()
    gaps = gap_drafts(planned, sha256, path.name) if planned.gaps else []
    receipt = write(
        chain(planned.drafts, gaps), actor=actor, reason=f"Added {path.name}", source=source, clock=clock,
        supersede_missing_of=series if options.full else None,
    )  # fmt: skip
    if receipt.new + receipt.changed + receipt.superseded <= INDEXED_AT_ONCE:
        search_index.refresh()
    findings = tuple(finding for finding in planned.findings if finding.severity != "error")
    return Added(file=path.name, sort="table", receipt=receipt, findings=findings, superseded=receipt.superseded)


def check_file(
    path: Path, options: AddOptions, *, actor: Actor, clock: Clock = system_clock, marked: Path | None = None
) -> Plan:
    """What `add_file` would do with a table. Raises RefusedInput where it cannot even be read.

    `marked`: where the person's own workbook goes, with a status before each row and a note beside each wrong cell.
    """
    _must_exist(path)
    received = options.received or clock().astimezone(current_opening().time_zone).date()
    planned, tables, _ = _planned(path, options, received, actor)
    if marked is not None:
        write_returned(tables, planned.findings, marked, planned.rows)
    return planned


def _one_file(path: Path) -> Path | bytes:
    """A file as it is; a folder (a file geodatabase) as a zip whose bytes depend on its content only."""
    if path.is_file():
        return path
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in sorted(part for part in path.rglob("*") if part.is_file()):
            info = zipfile.ZipInfo(f"{path.name}/{member.relative_to(path).as_posix()}")
            archive.writestr(info, member.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _must_exist(path: Path) -> None:
    if not path.exists():
        raise ClearlandError(
            "E-ADD-FILE", "There is no such file.", place=Place(file=str(path)), remedy="Check the name and the folder."
        )


def _add_document(path: Path, options: AddOptions, received: date, actor: Actor, clock: Clock) -> Added:
    document = told_by(read_path(path), options.publisher)
    rendition = rendition_of(document, path.name, names_of_programme(scope(actor, "find places in a document")))
    source = source_of(
        path, document, publisher=options.publisher, published=options.published, received=received,
        series=options.series or "", title=options.title,
    )  # fmt: skip
    receipt = write(
        [], actor=actor, reason=f"Added {path.name}", source=source, renditions=[rendition], clock=clock
    )
    search_index.refresh()
    return Added(
        file=path.name, sort="document", receipt=receipt, findings=document.findings, claims=len(rendition.claims)
    )


def _planned(
    path: Path, options: AddOptions, received: date, actor: Actor
) -> tuple[Plan, list[Table], str | None]:
    """The plan for a table, as known on the day of receipt where that lies before the programme's opening."""
    dictionary = current_dictionary()
    mappings = load_mappings(options.mapping) if options.mapping else None
    tables, fitted = open_file(path, mappings, dictionary, kind=options.kind)
    fitted = tuple(with_series(mapping, options.series) for mapping in fitted)
    series = options.series or next((mapping.series for mapping in fitted if mapping.series), None)
    if options.full and not series:
        raise ClearlandError(
            "E-ADD-SERIES", "A full edition belongs to a series, and none is named.", place=Place(file=path.name),
            remedy="Name it with --series, or in the mapping.",
        )  # fmt: skip
    seen = scope(actor, "add a file")
    opened_on = current_opening().opened_on
    as_known = received if received < opened_on else None
    circumstances = Circumstances(
        today=max(received, opened_on), series=series, linked=linked_in_ledger(seen, as_known),
        in_series=records_in_series(seen, series, as_known) if options.full and series else (),
        on_conflict=options.on_conflict, limits=limits_of(seen),
        sealed_already=known_commitments,
    )  # fmt: skip
    planned = plan(tables, fitted, dictionary, existing_in_ledger(seen, series, as_known), circumstances)
    return planned, tables, series


def _hiding(table: Table, planned: Plan) -> Table:
    """The table without what tells who a person is: the marked sheet lies in the programme's folder."""
    sealed = planned.sealed_columns.get(table.sheet, frozenset())
    return replace(table, cells={name: [None] * len(table) if name in sealed else cells for name, cells in table.cells.items()})


def _returned_marked(path: Path, tables: list[Table], planned: Plan, refusal: RefusedInput) -> RefusedInput:
    """The same refusal, saying where the person's own sheet lies with every error beside its row."""
    folder = sources_folder().parent / "returned"
    folder.mkdir(exist_ok=True)
    mark = file_sha256(path)[0][:8] if path.is_file() else "layer"
    target = folder / f"{path.stem}-{mark}-returned.xlsx"
    write_returned([_hiding(table, planned) for table in tables], planned.findings, target, planned.rows)
    return RefusedInput(
        refusal.code, refusal.sentence, place=refusal.place, findings=refusal.findings,
        remedy=f"{refusal.remedy} Your sheet with every error marked: {target}".strip(),
    )  # fmt: skip
