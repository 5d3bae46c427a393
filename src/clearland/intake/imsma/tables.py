"""Items as tables for the intake plan: one table per kind and turn, with the mapping that fits its cells.

A turn holds at most one version of an item; the last turn holds the newest version of every item.
"""

from collections import defaultdict
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from clearland.core.errors import Finding, Place
from clearland.dictionary.model import Dictionary
from clearland.intake.crs import WGS84
from clearland.intake.folding import cell_text
from clearland.intake.imsma.model import Extract, Item, OwnField, Unresolved, Version
from clearland.intake.imsma.rules import Route, Rules
from clearland.intake.mapping import FieldSource, GeometrySource, Key, LinkSource, Mapping, Numbers
from clearland.intake.tables import Cell, Table

GUID, LOCAL_ID, STATE = "imsma_guid", "clearland_local_id", "clearland_state"
REPORT, REPORTED_ON, FIRST_ON, DEMINING = "imsma_report", "clearland_reported_on", "clearland_first_on", "clearland_demining"
OWN_NAMES: MappingType[str, str] = {"imsma_guid": GUID, "imsma_report": REPORT, "imsma_reported_on": REPORTED_ON}
_STATUS = ("status_guid", "status_enum", "status", "activity_status")
_SEPARATOR = "\x1f"


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An item with what it becomes and the local id it gets here."""

    item: Item
    route: Route
    local_id: str
    links: MappingType[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Tables and mappings of one turn; `versions` tells which version of which item each row is, table by table."""

    tables: list[Table]
    mappings: tuple[Mapping, ...]
    versions: list[list[tuple[Placed, Version]]]


@dataclass(frozen=True, kw_only=True)
class Laid:
    """All turns, oldest first, with what could not be placed."""

    turns: Sequence[Turn]
    placed: Sequence[Placed]
    not_taken: Sequence[Item]
    unresolved: Sequence[Unresolved]
    findings: Sequence[Finding]


def lay_out(extract: Extract, rules: Rules, dictionary: Dictionary, series: str, file: str) -> Laid:
    """Every item that has a kind, turn by turn. Items without one, and links without a role, are listed."""
    routed = [(item, rules.route(item)) for item in extract.items if item.versions]
    taken = [(item, route) for item, route in routed if route.kind]
    local_ids, findings = _local_ids(taken, file)
    links, unresolved = _links(extract, taken, rules, dictionary, local_ids)
    placed = [
        Placed(item=item, route=route, local_id=local_ids[item.guid], links=links.get(item.guid, {})) for item, route in taken
    ]
    most = max((len(each.item.versions) for each in placed), default=0)
    turns = [_turn(placed, number, most, rules, dictionary, extract.own_fields, series, file) for number in range(most)]
    return Laid(turns=turns, placed=placed, not_taken=[item for item, route in routed if not route.kind],
                unresolved=[*extract.unresolved, *unresolved], findings=findings)  # fmt: skip


def _local_ids(taken: Sequence[tuple[Item, Route]], file: str) -> tuple[dict[str, str], list[Finding]]:
    """Local ids by guid. An id that several items of one kind bear is numbered; an empty one is the guid."""
    bearers: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item, route in taken:
        bearers[route.kind, item.local_id.strip() or item.guid].append(item)
    given: dict[str, str] = {}
    findings = []
    for (_, text), items in bearers.items():
        for number, item in enumerate(sorted(items, key=_first_told), 1):
            given[item.guid] = text if number == 1 else f"{text}#{number}"
            if number > 1:
                findings.append(
                    Finding(
                        code="W-MOVE-DUPLICATE", severity="warning", rule=1,
                        place=Place(file=file, sheet=item.table, row=item.row, column="local id"),
                        sentence=f"The local id {text} is given {len(items)} times; here this one is {given[item.guid]}.",
                        remedy="Find out whether it is one item entered twice; in IMSMA give each its own id.",
                    )
                )  # fmt: skip
    return given, findings


def _first_told(item: Item) -> tuple[date, str]:
    """What sorts items of one local id: the one that was told of first keeps it."""
    return min((each.reported_on for each in item.versions if each.reported_on), default=date.max), item.guid


def _links(
    extract: Extract, taken: Sequence[tuple[Item, Route]], rules: Rules, dictionary: Dictionary, local_ids: MappingType[str, str]
) -> tuple[dict[str, dict[str, list[str]]], list[Unresolved]]:
    """guid -> role -> ends as `kind:local_id`; links between items that no field can link are unresolved."""
    by_guid = {item.guid: (item, route) for item, route in taken}
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    lost = []
    for pair in extract.links:
        if any(end not in by_guid for end in pair):
            lost.append(Unresolved(item=pair[0], other=pair[1], why="no_such_item"))
            continue
        for ours, theirs in (pair, pair[::-1]):
            (item, route), (other, other_route) = by_guid[ours], by_guid[theirs]
            fields = dictionary.kind(route.kind).by_name
            fitting = (name for name in rules.roles(item.sort, other.sort) if name in fields)
            role = next((name for name in fitting if fields[name].target_kind in (None, other_route.kind)), None)
            if role is not None:
                found[ours][role].append(f"{other_route.kind}:{local_ids[theirs]}")
                break
        else:
            lost.append(Unresolved(item=pair[0], other=pair[1], why="no_role"))
    return {guid: dict(roles) for guid, roles in found.items()}, lost


def _turn(
    placed: Sequence[Placed], number: int, most: int, rules: Rules, dictionary: Dictionary, own: Sequence[OwnField],
    series: str, file: str,
) -> Turn:
    """The turn `number` of `most`: an item with fewer versions comes in later, so that all end together."""
    by_table: dict[tuple[str, str], list[tuple[Placed, Version]]] = defaultdict(list)
    for each in placed:
        position = number - (most - len(each.item.versions))
        if position >= 0:
            by_table[each.route.kind, each.item.table].append((each, each.item.versions[position]))
    tables, mappings, versions = [], [], []
    for (kind, name), rows in sorted(by_table.items()):
        table = _table(f"{name} ({kind})", rows, rules, file)
        tables.append(table)
        mappings.append(_mapping(kind, table, rules, dictionary, own, series))
        versions.append(rows)
    return Turn(tables=tables, mappings=tuple(mappings), versions=versions)


def _table(sheet: str, rows: Sequence[tuple[Placed, Version]], rules: Rules, file: str) -> Table:
    cells = [_cells(placed, version, rules) for placed, version in rows]
    columns = tuple(dict.fromkeys(column for row in cells for column in row))
    geometries = np.empty(len(rows), dtype=object)
    geometries[:] = [version.geometry for _, version in rows]
    return Table(
        file=file, sheet=sheet, format="IMSMA", columns=columns,
        cells={column: [row.get(column) for row in cells] for column in columns}, numbers=[placed.item.row for placed, _ in rows],
        geometries=geometries, crs=WGS84,
    )  # fmt: skip


def _cells(placed: Placed, version: Version, rules: Rules) -> dict[str, Cell]:
    item, route = placed.item, placed.route
    first = next((each.reported_on for each in item.versions if each.reported_on), None)
    status = next((cell_text(version.cells[name]) for name in _STATUS if name in version.cells), "")
    waits = route.kind == "land_release" and status.casefold() in rules.unfinished
    cells: dict[str, Cell] = {
        **version.cells,
        **{f"constant {name}": value for name, value in route.constants.items()},
        **{f"link {role}": _SEPARATOR.join(ends) for role, ends in placed.links.items()},
        GUID: item.guid, LOCAL_ID: placed.local_id, REPORT: version.report or None,
        REPORTED_ON: version.reported_on.isoformat() if version.reported_on else None,
        FIRST_ON: first.isoformat() if first else None,
        STATE: "draft" if waits and version.state == "approved" else version.state,
    }  # fmt: skip
    if item.sort == "accident":
        told = " ".join(cell_text(cell) for name, cell in version.cells.items() if "type" in name)
        cells[DEMINING] = "yes" if "demining" in told.casefold() else "no"
    return cells


def _mapping(kind: str, table: Table, rules: Rules, dictionary: Dictionary, own: Sequence[OwnField], series: str) -> Mapping:
    known = dictionary.kind(kind).by_name
    filled = {column for column in table.columns if any(cell is not None for cell in table.cells[column])}
    fields: dict[str, FieldSource] = {}
    for name, told in rules.fields.get(kind, {}).items():
        column = next((each for each in told["from"] if each in filled), None)
        if column is not None and name in known:
            fields[name] = FieldSource(
                columns=(column,), unit=told.get("unit"), codes=told.get("codes", {}), otherwise=told.get("otherwise", "refuse")
            )
    fields |= {
        column.removeprefix("constant "): FieldSource(columns=(column,)) for column in filled if column.startswith("constant ")
    }
    fields |= {name: FieldSource(columns=(column,)) for name, column in OWN_NAMES.items() if name in known and column in filled}
    fields |= {
        each.name: FieldSource(columns=(each.column,))
        for each in own
        if each.column in filled and each.name in known and known[each.name].sensitivity != "sealed"
    }
    links = {
        column.removeprefix("link "): LinkSource(column=column, kind="*", separator=_SEPARATOR)
        for column in filled if column.startswith("link ")
    }  # fmt: skip
    sealed = frozenset(each.name for each in dictionary.kind(kind).fields if each.sensitivity == "sealed")
    return replace(
        Mapping(kind=kind, series=series, sheet=table.sheet, legacy=True, local_id=LOCAL_ID, key=Key(columns=(GUID,), fold=()),
                fields=fields, links=links, state_column=STATE, untouched=sealed, numbers=Numbers(decimal=".")),
        geometry=GeometrySource(missing_allowed=True, unusable_left_out=True),
    )  # fmt: skip
