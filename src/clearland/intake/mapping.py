"""A mapping says how one table becomes records of one kind; a mapping file holds one or several (see the reference).

Everything is checked when it is read: an unknown word is refused with the nearest known one, because a misspelt option
that is silently ignored is a wrong database.
"""

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import yaml

from clearland.core.errors import Finding, Place, RefusedInput
from clearland.dictionary.model import Kind
from clearland.intake.mapping_shape import check_shape
from clearland.intake.tables import Hints

Take = Literal["partial", "first_day", "last_day"]
Otherwise = Literal["refuse", "keep", "blank"]
Fold = Literal["accents", "case", "spaces"]

ANY_KIND = "*"
ALL_FOLDS: tuple[Fold, ...] = ("accents", "case", "spaces")


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The marks numbers are written with; None is *find out from the column*."""

    decimal: str | None = None
    thousands: str | None = None


@dataclass(frozen=True, kw_only=True)
class FieldSource:
    """Where one field's values come from: exactly one of `columns`, `constant`, `template` or `year`.

    Several columns are joined by `join` (texts), summed (`add`) or gathered (code fields). `codes` translates what the
    sheet writes to dictionary codes; `otherwise` says what to do with a value it does not name.
    """

    columns: tuple[str, ...] = ()
    constant: object = None
    template: str | None = None
    year: str | None = None
    month: str | None = None
    day: str | None = None
    take: Take = "partial"
    join: str = " "
    add: bool = False
    unit: str | None = None
    codes: MappingType[str, object] = field(default_factory=dict)
    otherwise: Otherwise = "refuse"
    separator: str | None = None
    dates: tuple[str, ...] = ()
    numbers: Numbers | None = None
    fold: tuple[Fold, ...] = ()

    @property
    def named_columns(self) -> tuple[str, ...]:
        """Every column this source reads."""
        dated = tuple(name for name in (self.year, self.month, self.day) if name)
        return (*self.columns, *dated, *template_columns(self.template))


@dataclass(frozen=True, kw_only=True)
class LinkSource:
    """Links to records of `kind` that the sheet names by their local id; of any kind (`*`), as `kind:local_id`."""

    column: str
    kind: str
    by: Literal["local_id"] = "local_id"
    separator: str | None = None
    codes: MappingType[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Key:
    """What makes a row the same row in the next edition: folded columns, then the occurrence number among equal keys.

    `order` numbers equal keys by content instead of by their order in the file (`area desc`), so that an edition sorted
    another way pairs its rows alike.
    """

    columns: tuple[str, ...]
    fold: tuple[Fold, ...] = ALL_FOLDS
    order: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, kw_only=True)
class GeometrySource:
    """Coordinates from columns: `longitude` and `latitude`, `wkt`, or `mgrs` (grid references on WGS 84).

    `swapped` exchanges the axes of all rows, or only where they fit the programme's country no other way.
    `unusable_left_out`: a row whose outline nothing can be made of goes in without one.
    """

    longitude: str | None = None
    latitude: str | None = None
    wkt: str | None = None
    mgrs: str | None = None
    swapped: Literal["no", "all", "where_outside"] = "no"
    missing_allowed: bool = False
    unusable_left_out: bool = False
    ignore: bool = False


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """One table to one kind.

    `record`, `state_column` and `sensitivity_column` name columns that an exported file carries (`dictionary.envelope`).
    `untouched` are fields that a file cut for an audience does not hold: a record that exists keeps them.
    """

    kind: str
    series: str | None = None
    sheet: str | None = None
    language: str = ""
    legacy: bool = False
    notes: str = ""
    hints: Hints = field(default_factory=Hints)
    local_id: str | None = None
    record: str | None = None
    key: Key | None = None
    fields: MappingType[str, FieldSource] = field(default_factory=dict)
    links: MappingType[str, LinkSource] = field(default_factory=dict)
    geometry: GeometrySource = field(default_factory=GeometrySource)
    crs: str | None = None
    numbers: Numbers = field(default_factory=Numbers)
    dates: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    skip_rows: tuple[int, ...] = ()
    skip_where: MappingType[str, tuple[str, ...]] = field(default_factory=dict)
    sensitivity: str | None = None
    sensitivity_column: str | None = None
    state: str = "approved"
    state_column: str | None = None
    untouched: frozenset[str] = frozenset()

    def sealed_columns(self, kind: Kind) -> frozenset[str]:
        """Columns that tell who a person is: those that a sealed field of the kind is read from."""
        known = {name: source for name, source in self.fields.items() if name in kind.by_name}
        return frozenset(
            column
            for name, source in known.items()
            if kind.field(name).sensitivity == "sealed"
            for column in source.named_columns
        )

    def named_columns(self) -> dict[str, str]:
        """Column -> the place in the mapping that names it."""
        named: dict[str, str] = {}
        for name, source in self.fields.items():
            named.update(dict.fromkeys(source.named_columns, f"fields.{name}"))
        named.update({link.column: f"links.{name}" for name, link in self.links.items()})
        named.update(dict.fromkeys(template_columns(self.local_id), "local_id"))
        if self.key:
            named.update(dict.fromkeys((*self.key.columns, *(column for column, _ in self.key.order)), "key"))
        for axis in (self.geometry.longitude, self.geometry.latitude, self.geometry.wkt, self.geometry.mgrs):
            if axis:
                named[axis] = "geometry"
        for word, column in (("record", self.record), ("state", self.state_column), ("sensitivity", self.sensitivity_column)):
            if column:
                named[column] = word
        named.update(dict.fromkeys(self.skip_where, "skip.where"))
        return named


def template_columns(template: str | None) -> tuple[str, ...]:
    """The columns in braces of a template such as `CO-{municipality}-{occurrence}`, without `occurrence` itself."""
    if template is None:
        return ()
    parts = template.split("{")[1:]
    names = tuple(part.split("}", 1)[0] for part in parts if "}" in part)
    return tuple(name for name in names if name != "occurrence")


def load_mappings(path: Path) -> tuple[Mapping, ...]:
    """The mappings of a YAML file. Raises RefusedInput E-MAP-FILE, E-MAP-YAML or E-MAP-SHAPE with every finding."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedInput(
            "E-MAP-FILE",
            "The mapping file cannot be read.",
            place=Place(file=path.name),
            remedy="Check its name; it is UTF-8 text.",
        ) from error
    return parse_mappings(text, path.name)


def parse_mappings(text: str, file: str) -> tuple[Mapping, ...]:
    """The mappings of YAML text. Raises RefusedInput E-MAP-YAML or E-MAP-SHAPE."""
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise RefusedInput(
            "E-MAP-YAML",
            f"The mapping is no YAML ({getattr(error, 'problem', None) or 'it breaks off'}).",
            place=Place(file=file, row=mark.line + 1 if mark else None),
            remedy="Check indents, colons and quotation marks.",
        ) from error
    findings = check_shape(content, file)
    if findings:
        raise refused_shape(findings, file)
    several = content.get("tables", [content])
    shared = {name: value for name, value in content.items() if name != "tables"} if "tables" in content else {}
    return tuple(build_mapping({**shared, **part}) for part in several)


def refused_shape(findings: list[Finding], file: str) -> RefusedInput:
    """The refusal of a mapping that says something it may not."""
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return RefusedInput(
        "E-MAP-SHAPE",
        f"{findings[0].sentence}{more}",
        place=Place(file=file, column=findings[0].place.column),
        remedy=findings[0].remedy,
        findings=findings,
    )


def build_mapping(content: MappingType[str, object]) -> Mapping:
    """A mapping from content whose shape was checked."""
    raw: dict[str, object] = dict(content)
    hints = _dict(raw.pop("file", None))
    skip = _dict(raw.pop("skip", None))
    layer = raw.pop("layer", None)
    sheet = raw.pop("sheet", layer)
    key = raw.pop("key", None)
    return Mapping(
        kind=str(raw["kind"]),
        series=_text(raw.get("series")),
        sheet=_text(sheet),
        language=str(raw.get("language", "")),
        legacy=bool(raw.get("legacy", False)),
        notes=str(raw.get("notes", "")),
        hints=Hints(
            encoding=_text(hints.get("encoding")),
            delimiter=_text(hints.get("delimiter")),
            header_row=_whole(hints.get("header_row")),
            sheets=(str(sheet),) if sheet is not None else None,
        ),
        local_id=_text(raw.get("local_id")),
        record=_text(raw.get("record")),
        key=_key(key) if key is not None else None,
        fields={name: _source(value) for name, value in _dict(raw.get("fields")).items()},
        links={name: _link(value) for name, value in _dict(raw.get("links")).items()},
        geometry=_geometry(raw.get("geometry")),
        crs=_text(raw.get("crs")),
        numbers=_numbers(raw.get("numbers")) or Numbers(),
        dates=_texts(raw.get("dates")),
        blanks=_texts(raw.get("blanks")),
        skip_rows=tuple(int(str(row)) for row in _list(skip.get("rows"))),
        skip_where={column: _texts(values) for column, values in _dict(skip.get("where")).items()},
        sensitivity=_constant(raw.get("sensitivity")),
        sensitivity_column=_column(raw.get("sensitivity")),
        state=_constant(raw.get("state")) or "approved",
        state_column=_column(raw.get("state")),
    )


def with_series(mapping: Mapping, series: str | None) -> Mapping:
    """The mapping with the series the person named at the command, which wins over the file's."""
    return replace(mapping, series=series) if series else mapping


def _source(value: object) -> FieldSource:
    if not isinstance(value, dict):
        return FieldSource(columns=(str(value),))
    columns = _texts(value.get("columns", value.get("column", value.get("add"))))
    return FieldSource(
        columns=columns,
        constant=value.get("constant"),
        template=_text(value.get("template")),
        year=_text(value.get("year")),
        month=_text(value.get("month")),
        day=_text(value.get("day")),
        take=value.get("take", "partial"),
        join=str(value.get("join", " ")),
        add="add" in value,
        unit=_text(value.get("unit")),
        codes={_plain_code(name): code for name, code in _dict(value.get("codes")).items()},
        otherwise=value.get("otherwise", "refuse"),
        separator=_text(value.get("separator")),
        dates=_texts(value.get("dates")),
        numbers=_numbers(value.get("numbers")),
        fold=_folds(value.get("fold"), ()),
    )


def _link(value: object) -> LinkSource:
    content = _dict(value)
    return LinkSource(
        column=str(content["column"]),
        kind=str(content["kind"]),
        separator=_text(content.get("separator")),
        codes={_plain_code(name): code for name, code in _dict(content.get("codes")).items()},
    )


def _key(value: object) -> Key:
    if not isinstance(value, dict):
        return Key(columns=_texts(value))
    order = [text.rsplit(" ", 1) if text.endswith((" asc", " desc")) else [text, "asc"] for text in _texts(value.get("order"))]
    return Key(
        columns=_texts(value["columns"]),
        fold=_folds(value.get("fold"), ALL_FOLDS),
        order=tuple((column, direction == "desc") for column, direction in order),
    )


def _geometry(value: object) -> GeometrySource:
    if value == "none":
        return GeometrySource(ignore=True)
    content = _dict(value)
    return GeometrySource(
        longitude=_text(content.get("longitude")),
        latitude=_text(content.get("latitude")),
        wkt=_text(content.get("wkt")),
        mgrs=_text(content.get("mgrs")),
        swapped="where_outside" if content.get("swapped") == "where_outside" else "all" if content.get("swapped") else "no",
        missing_allowed=content.get("missing") == "allow",
        unusable_left_out=content.get("unusable") == "leave_out",
    )


def _numbers(value: object) -> Numbers | None:
    if not isinstance(value, dict):
        return None
    return Numbers(decimal=_text(value.get("decimal")), thousands=_text(value.get("thousands")))


def _folds(value: object, default: tuple[Fold, ...]) -> tuple[Fold, ...]:
    if value is None:
        return default
    names = _texts(value)
    return tuple(name for name in ALL_FOLDS if name in names)


def _plain_code(name: object) -> str:
    # YAML reads bare yes, no, on and off as truth values; a sheet's "No" must still find its translation.
    return {True: "yes", False: "no"}.get(name, str(name)) if isinstance(name, bool) else str(name)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _constant(value: object) -> str | None:
    return None if isinstance(value, dict) else _text(value)


def _column(value: object) -> str | None:
    return _text(value.get("column")) if isinstance(value, dict) else None


def _whole(value: object) -> int | None:
    return int(str(value)) if value is not None else None


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in _list(value))


def _dict(value: object) -> dict[str, object]:
    return {_plain_code(name): item for name, item in value.items()} if isinstance(value, dict) else {}
