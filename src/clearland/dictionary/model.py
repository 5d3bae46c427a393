"""The dictionary as data: forms, layers, exports and checks are made from it and from nothing else (design section 5).

All classes are frozen and picklable. Labels are mappings from a language (`en`, `az`, `ru`, …) to text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

from clearland.core.errors import ClearlandError
from clearland.dictionary.forms import ReportForm
from clearland.dictionary.indicators import Indicator

LANGUAGES = ("en", "az", "ru")

FieldType = Literal[
    "text", "code", "codes", "integer", "decimal", "boolean", "date", "partial_date", "datetime", "link", "links"
]
Obligation = Literal["M", "C", "O"]
GeometryType = Literal["none", "point", "line", "polygon", "any"]
Sensitivity = Literal["public", "partner", "programme", "restricted", "sealed"]
ValueType = Literal["quantity", "status", "text", "date"]
UnitFamily = Literal["area", "length", "share", "money", "count"]

FIELD_TYPES: tuple[str, ...] = get_args(FieldType)
OBLIGATIONS: tuple[str, ...] = get_args(Obligation)
GEOMETRY_TYPES: tuple[str, ...] = get_args(GeometryType)
SENSITIVITIES: tuple[str, ...] = get_args(Sensitivity)
VALUE_TYPES: tuple[str, ...] = get_args(ValueType)
UNIT_FAMILIES: tuple[str, ...] = get_args(UnitFamily)
GROUP_LIST = "kind_group"
NO_GROUP = "other"
DEFAULT_RANK = 100

_MDR_ITEM = re.compile(r"\[(MDR-[A-Z]\d+)\]")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One attribute or link of a kind.

    `obligation`: M, a record without it is refused; C, refused when `condition` holds (`conditions.py`); O, optional.
    `code_list` names the list of a `code` or `codes` field; `codes` without a list is an open set of texts.
    `target_kinds` are the kinds a link may lead to; on a `text` or open `codes` field they say that the value is the
    `key_field` of such a record (a district's code, an organisation's short name). `part_of`: a record is a part of the
    one that this link leads to, and the other's form asks for it in a repeat group. `minimum` and `maximum` are closed
    bounds as decimal text. `source` holds the provenance marks, `checks` the numbers of the validation rules.
    """

    name: str
    type: FieldType
    labels: Mapping[str, str]
    definition: str
    source: str
    unit: str | None = None
    obligation: Obligation = "O"
    condition: str = ""
    code_list: str | None = None
    target_kinds: tuple[str, ...] = ()
    part_of: bool = False
    sensitivity: Sensitivity = "public"
    checks: tuple[int, ...] = ()
    minimum: str | None = None
    maximum: str | None = None

    @property
    def target_kind(self) -> str | None:
        """The only kind it leads to; None when it leads nowhere or to several."""
        return self.target_kinds[0] if len(self.target_kinds) == 1 else None

    @property
    def is_link(self) -> bool:
        """Whether its values live in the entry's links, not in its attributes."""
        return self.type in {"link", "links"}

    def label(self, language: str) -> str:
        """The label in a language, in English where that language has none."""
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True, kw_only=True)
class Code:
    """One value of a list. A code once published never changes its meaning or its spelling."""

    code: str
    labels: Mapping[str, str]
    definition: str
    parent: str | None = None

    def label(self, language: str) -> str:
        """The label in a language, in English where that language has none."""
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """A closed set of codes in the order a person should see them."""

    name: str
    labels: Mapping[str, str]
    definition: str
    codes: tuple[Code, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Code]:
        """Codes by their text."""
        return {code.code: code for code in self.codes}

    def get(self, code: str) -> Code | None:
        """The code, or None when the list does not hold it."""
        return self.by_code.get(code)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a record can be. Every record has `local_id` beside its fields; geometry is EPSG:4326 and never a field.

    `sensitivity` is the class a record of the kind has unless a person says otherwise. The `*_field` names say which
    field titles a record, dates it, places it and names who did it; `key_field` is what other records quote. `group` is
    a code of the list `kind_group`, the theme under which people look for it; in a group the smaller `rank` stands first.
    `shown_unverified`: it tells of danger, so operational maps show it before it is verified. `definition` is in English,
    `definitions` holds what other languages say.
    """

    name: str
    labels: Mapping[str, str]
    plural_labels: Mapping[str, str]
    definition: str
    geometry: GeometryType
    layer: bool
    sensitivity: Sensitivity
    fields: tuple[Field, ...]
    geometry_source: str = ""
    group: str = NO_GROUP
    rank: int = DEFAULT_RANK
    shown_unverified: bool = False
    title_field: str | None = None
    key_field: str | None = None
    valid_from_field: str | None = None
    valid_to_field: str | None = None
    place_field: str | None = None
    organisation_field: str | None = None
    local_id_field: str = "local_id"
    definitions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Fields by their name."""
        return {each.name: each for each in self.fields}

    def field(self, name: str) -> Field:
        """The field. Raises ClearlandError E-DICT-FIELD when the kind has none of that name."""
        found = self.by_name.get(name)
        if found is None:
            raise ClearlandError("E-DICT-FIELD", f"The kind {self.name} has no field {name!r}.",
                                 remedy="Its fields stand in the data dictionary.")
        return found

    @property
    def attribute_fields(self) -> tuple["Field", ...]:
        """The fields whose values live in the attributes."""
        return tuple(each for each in self.fields if not each.is_link)

    @property
    def link_fields(self) -> tuple["Field", ...]:
        """The fields whose values are links to other records."""
        return tuple(each for each in self.fields if each.is_link)

    def defined(self, language: str) -> str:
        """What a record of the kind is, in a language, in English where that language does not say."""
        return self.definitions.get(language) or self.definition

    def label(self, language: str) -> str:
        """The label in a language, in English where that language has none."""
        return self.labels.get(language) or self.labels["en"]

    def plural_label(self, language: str) -> str:
        """The label of many, in English where that language has none."""
        return self.plural_labels.get(language) or self.plural_labels["en"]


@dataclass(frozen=True, kw_only=True)
class ClaimAttribute:
    """What a claim can be about, such as `contamination.area`. `unit_family` tells which units may be compared."""

    code: str
    family: str
    labels: Mapping[str, str]
    definition: str
    value_type: ValueType
    unit_family: UnitFamily | None = None

    def label(self, language: str) -> str:
        """The label in a language, in English where that language has none."""
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Dictionary:
    """Everything a programme can record and compile. Two dictionaries are equal when their content is."""

    kinds: Mapping[str, Kind]
    lists: Mapping[str, CodeList]
    attributes: Mapping[str, ClaimAttribute]
    version: str
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    reports: Mapping[str, ReportForm] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dictionary) and self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)

    def kind(self, name: str) -> Kind:
        """The kind. Raises ClearlandError E-DICT-KIND when there is none of that name."""
        found = self.kinds.get(name)
        if found is None:
            raise ClearlandError("E-DICT-KIND", f"There is no kind {name!r}.",
                                 remedy=f"The kinds are {', '.join(sorted(self.kinds))}.")
        return found

    def layers(self) -> tuple[Kind, ...]:
        """The kinds that stand as layers in the programme file, by name."""
        return tuple(kind for _, kind in sorted(self.kinds.items()) if kind.layer)

    def parts_of(self, kind: Kind) -> tuple[tuple[Kind, Field], ...]:
        """The kinds whose records are parts of one of this kind, each with the link that says so, by name."""
        links = ((part, each) for part in self.layers() for each in part.link_fields if each.part_of)
        return tuple((part, each) for part, each in links if kind.name in each.target_kinds and part.name != kind.name)

    def groups(self) -> tuple[tuple[Code, tuple[Kind, ...]], ...]:
        """Themes with their kinds that people record, in the order of the list `kind_group`; empty themes are left out."""
        themes = self.lists[GROUP_LIST].codes if GROUP_LIST in self.lists else ()
        grouped = []
        for theme in themes:
            kinds = sorted((kind for kind in self.layers() if kind.group == theme.code), key=lambda each: each.rank)
            if kinds:
                grouped.append((theme, tuple(kinds)))
        return tuple(grouped)

    def codes_of(self, each: Field) -> tuple[Code, ...]:
        """The codes a field may hold; empty when its set is open or it is no code."""
        return self.lists[each.code_list].codes if each.code_list else ()

    def mdr_items(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Item of the Minimum Data Requirements (`MDR-H4`) -> pairs of kind and field that record it.

        The field is `geometry` where the item is the record's own place.
        """
        items: dict[str, list[tuple[str, str]]] = {}
        for name, kind in sorted(self.kinds.items()):
            marked = [("geometry", kind.geometry_source), *((each.name, each.source) for each in kind.fields)]
            for field_name, source in marked:
                for item in _MDR_ITEM.findall(source):
                    items.setdefault(item, []).append((name, field_name))
        return {item: tuple(pairs) for item, pairs in sorted(items.items())}
