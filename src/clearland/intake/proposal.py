"""A mapping proposed from a table: columns matched by heading and by content, in the dictionary's languages.

What is certain is taken, what is likely is taken and said, and what is open stands in a note. A person looks at all of it
before anything is added; nothing here decides which reading of a number or date is right.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clearland.core.units import AREA_M2, LENGTH_M
from clearland.dictionary.envelope import OWN_PREFIX
from clearland.dictionary.model import Dictionary, Field, Kind
from clearland.intake.dates import AmbiguousDayError, day_comes_first, to_partial_date
from clearland.intake.folding import cell_text, fold
from clearland.intake.mapping import ALL_FOLDS, ANY_KIND
from clearland.intake.number_columns import unit_in_heading
from clearland.intake.placing import Placed, place_columns
from clearland.intake.tables import Cell, Table

_LOCAL_IDS = frozenset({"local id", "id", "no", "nr", "number", "code", "yerli id", "nomre", "местный номер", "номер", "№"})
_DATE_PATTERNS = ("%d %b %Y", "%d %B %Y", "%b %Y", "%B %Y", "%d.%m.%y", "%d/%m/%y", "%Y%m%d")
_DATED = frozenset({"date", "partial_date"})
_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_SAMPLE = 200
_ALIKE = 0.74
_SHARE = 0.8


@dataclass
class Proposal:
    """`content` is a mapping file's content; `columns` says for each column which field it became and how that was told
    (`name`, `likeness`, `unit`, `values`); `notes` are the open questions."""

    content: dict[str, object]
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def propose(table: Table, dictionary: Dictionary, kind: Kind) -> Proposal:
    """A mapping of a table to records of a kind, as content for `mapping.build_mapping`."""
    placed = place_columns(table) if kind.geometry != "none" else Placed()
    columns = [name for name in table.columns if name not in placed.columns and not name.startswith(OWN_PREFIX)]
    found = _by_heading(columns, kind)
    local_id = _local_id(table, [column for column in columns if column not in found or found[column][1] != "name"])
    found.pop(local_id or "", None)
    _by_unit(kind, [column for column in columns if column not in found and column != local_id], found)
    _by_values(table, dictionary, kind, [column for column in columns if column not in found and column != local_id], found)
    proposal = Proposal({"kind": kind.name, "series": "name-of-the-series"}, found, list(placed.notes))
    if table.sheet is not None:
        proposal.content["sheet"] = table.sheet
    proposal.content["key"] = [local_id] if local_id else ["name the columns that make a row the same row next time"]
    if local_id:
        proposal.content["local_id"] = local_id
    if placed.geometry:
        proposal.content["geometry"] = dict(placed.geometry)
    if placed.crs:
        proposal.content["crs"] = placed.crs
    _write_fields(table, kind, proposal)
    unmatched = [column for column in columns if column not in found and column != local_id]
    unmatched = [column for column in unmatched if any(cell is not None for cell in table.cells[column])]
    proposal.notes += [f"{column}: {name}, told by {how}" for column, (name, how) in found.items() if how != "name"]
    proposal.notes += [f"{column}: not mapped" for column in unmatched]
    given = {name for name, _ in found.values()}
    proposal.notes += [
        f"{each.name} is obligatory and no column gives it"
        for each in kind.fields
        if each.obligation == "M" and each.name not in given
    ]
    return proposal


def likeliest_kind(table: Table, dictionary: Dictionary) -> Kind:
    """The kind whose fields the headings name best; of equals, the one that misses the fewest obligatory fields."""

    def score(kind: Kind) -> tuple[float, int]:
        found = _by_heading(list(table.columns), kind)
        sure = sum(1.0 if how == "name" else 0.4 for _, how in found.values())
        given = {name for name, _ in found.values()}
        missing = sum(each.obligation == "M" and each.name not in given for each in kind.fields)
        return sure - 0.5 * missing, -missing

    return max(dictionary.layers(), key=score)


def _word(text: str) -> str:
    return fold(text.replace("_", " "), ALL_FOLDS)


def _bare(column: str) -> str:
    """A heading without its unit or remark in brackets."""
    return _word(_BRACKETS.sub(" ", column).strip() or column)


def _by_heading(columns: Sequence[str], kind: Kind) -> dict[str, tuple[str, str]]:
    open_fields = [each for each in kind.fields if each.sensitivity != "sealed"]
    by_word: dict[str, str] = {}
    for each in open_fields:
        for text in (each.name, *each.labels.values()):
            by_word.setdefault(_word(text), each.name)
            by_word.setdefault(_bare(text), each.name)
    found: dict[str, tuple[str, str]] = {}
    taken: set[str] = set()
    for column in columns:
        name = by_word.get(_word(column)) or by_word.get(_bare(column))
        if name and name not in taken:
            found[column] = (name, "name")
            taken.add(name)
    for column in columns:
        if column in found:
            continue
        close = difflib.get_close_matches(_bare(column), [word for word, name in by_word.items() if name not in taken], 1, _ALIKE)
        if close:
            found[column] = (by_word[close[0]], "likeness")
            taken.add(by_word[close[0]])
    return found


def _local_id(table: Table, columns: Sequence[str]) -> str | None:
    """The column called like an id, else the first whose texts are all there, all different and not mere numbers."""
    named = [column for column in columns if _bare(column) in _LOCAL_IDS]
    for column in (*named, *columns):
        texts = [cell_text(cell) for cell in table.cells[column]]
        if not texts or "" in texts or len(set(texts)) < len(texts):
            continue
        if column in named or all(
            any(letter.isdigit() for letter in text) and not _is_number(text) and len(text) < 40 for text in texts
        ):
            return column
    return None


def _is_number(text: str) -> bool:
    return not any(letter.isalpha() for letter in text)


def _by_unit(kind: Kind, columns: Sequence[str], found: dict[str, tuple[str, str]]) -> None:
    """A column whose heading says an area's unit, where the kind has one field for areas that no other column gives."""
    taken = {name for name, _ in found.values()}
    areas = [each.name for each in kind.fields if each.unit in AREA_M2 and each.name not in taken]
    said = [column for column in columns if unit_in_heading(column) in AREA_M2]
    if len(areas) == len(said) == 1:
        found[said[0]] = (areas[0], "unit")


def _by_values(
    table: Table, dictionary: Dictionary, kind: Kind, columns: Sequence[str], found: dict[str, tuple[str, str]]
) -> None:
    """Columns whose cells are codes, or labels of codes, of one field's list."""
    taken = {name for name, _ in found.values()}
    for column in columns:
        cells = {fold(cell_text(cell), ALL_FOLDS) for cell in table.cells[column][:_SAMPLE] if cell is not None}
        if not cells:
            continue
        best: tuple[float, str] | None = None
        for each in kind.fields:
            words = _code_words(dictionary, each)
            share = len(cells & words) / len(cells) if words and each.name not in taken else 0.0
            if share >= _SHARE and (best is None or share > best[0]):
                best = (share, each.name)
        if best:
            found[column] = (best[1], "values")
            taken.add(best[1])


def _code_words(dictionary: Dictionary, each: Field) -> set[str]:
    codes = dictionary.codes_of(each)
    return {fold(text, ALL_FOLDS) for code in codes for text in (code.code, *code.labels.values())}


def _write_fields(table: Table, kind: Kind, proposal: Proposal) -> None:
    fields: dict[str, object] = {}
    links: dict[str, object] = {}
    for column, (name, _) in proposal.columns.items():
        target = kind.field(name)
        if target.is_link:
            links[name] = {"column": column, "kind": target.target_kind or ANY_KIND}
        else:
            options = _options(table, target, column, proposal)
            fields[name] = {"column": column, **options} if options else column
    proposal.content["fields"] = fields
    if links:
        proposal.content["links"] = links


def _options(table: Table, target: Field, column: str, proposal: Proposal) -> Mapping[str, object]:
    if target.type in _DATED:
        return _date_options(table.cells[column], target, column, proposal)
    if target.unit in {**AREA_M2, **LENGTH_M}:
        unit = unit_in_heading(column)
        family = AREA_M2 if target.unit in AREA_M2 else LENGTH_M
        if unit and unit != target.unit and unit in family:
            return {"unit": unit}
    return {}


def _date_options(cells: Sequence[Cell], target: Field, column: str, proposal: Proposal) -> Mapping[str, object]:
    texts = [cell for cell in cells[:_SAMPLE] if isinstance(cell, str)]
    if not texts:
        return {}
    try:
        day_first = day_comes_first(texts)
    except AmbiguousDayError as error:
        proposal.notes.append(f"{column}: {error.example} can be two days; say `dates: ['%d/%m/%Y']` or `['%m/%d/%Y']`")
        return {}
    patterns = [pattern for pattern in ("", *_DATE_PATTERNS) if _all_read(texts, (pattern,) if pattern else (), day_first)]
    if not patterns:
        proposal.notes.append(f"{column}: its dates are written in a way that must be named under `dates`")
        return {}
    options: dict[str, object] = {"dates": [patterns[0]]} if patterns[0] else {}
    if target.type == "date" and any(
        to_partial_date(text, (patterns[0],) if patterns[0] else (), day_first).day is None for text in texts
    ):
        options["take"] = "last_day" if target.name.endswith(("_to", "_until", "end_date")) else "first_day"
    return options


def _all_read(texts: Sequence[str], patterns: tuple[str, ...], day_first: bool | None) -> bool:
    try:
        for text in texts:
            to_partial_date(text, patterns, day_first)
    except ValueError:
        return False
    return True
