"""From strict YAML nodes to kinds, code lists and claim attributes; and the checks that need all of them together."""

import re
from collections.abc import Iterable, Mapping

from clearland.core.errors import ClearlandError, Place
from clearland.dictionary.conditions import parse_condition
from clearland.dictionary.model import (
    DEFAULT_RANK,
    FIELD_TYPES,
    GEOMETRY_TYPES,
    GROUP_LIST,
    NO_GROUP,
    OBLIGATIONS,
    SENSITIVITIES,
    UNIT_FAMILIES,
    VALUE_TYPES,
    ClaimAttribute,
    Code,
    CodeList,
    Field,
    Kind,
    Obligation,
)
from clearland.dictionary.reading import Node, optional

_NAME = re.compile(r"^[a-z][a-z0-9_]{0,62}$")
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")
_ATTRIBUTE = re.compile(r"^[a-z_]+\.[a-z_]+$")

# Columns that every layer, snapshot and export has beside the fields of a kind: a field of that name would hide one.
RESERVED_NAMES = frozenset({
    "record", "entry", "digest", "local_id", "state", "sensitivity", "known_from", "known_to", "source", "revision",
    "valid_from", "valid_to", "geometry", "geom", "fid", "kind", "id",
})
_FIELD_ROLES = ("title_field", "key_field", "valid_from_field", "valid_to_field", "place_field", "organisation_field")
_BOUNDED = {"integer", "decimal"}


def _name(node: Node) -> str:
    name = node.text()
    if not _NAME.match(name):
        node.fail(f"{name!r} is not a name.", "Use small letters, digits and underscores, beginning with a letter.")
    return name


def read_code(node: Node) -> Code:
    """One code of a list."""
    nodes = node.mapping("code labels definition", "parent")
    code = nodes["code"].text()
    if not _CODE.match(code):
        nodes["code"].fail(f"{code!r} is not a code.", "Use letters, digits, underscore, dot and hyphen.")
    return Code(code=code, labels=nodes["labels"].labels(), definition=nodes["definition"].text(),
                parent=optional(nodes, "parent", Node.text))


def read_list(node: Node) -> CodeList:
    """A code list with at least one code, none twice, parents within the list."""
    nodes = node.mapping("name labels definition codes")
    codes = tuple(read_code(code) for code in nodes["codes"].items())
    known = [code.code for code in codes]
    if not codes:
        nodes["codes"].fail("A list needs at least one code.")
    for code in codes:
        if known.count(code.code) > 1:
            nodes["codes"].fail(f"The code {code.code!r} is given twice.", "Give each code once.")
        if code.parent is not None and (code.parent not in known or code.parent == code.code):
            nodes["codes"].fail(f"The parent {code.parent!r} of {code.code!r} is not another code of the list.")
    return CodeList(name=_name(nodes["name"]), labels=nodes["labels"].labels(),
                    definition=nodes["definition"].text(), codes=codes)


def read_field(node: Node) -> Field:
    """One field, checked as far as it can be alone."""
    nodes = node.mapping(
        "name type labels definition source",
        "unit obligation condition code_list target_kind target_kinds part_of sensitivity checks minimum maximum",
    )
    name = _name(nodes["name"])
    if name in RESERVED_NAMES:
        nodes["name"].fail(f"{name!r} is a column that every record has.", "Choose another name.")
    field_type = nodes["type"].choice(FIELD_TYPES)
    single = optional(nodes, "target_kind", Node.text)
    targets = optional(nodes, "target_kinds", Node.texts) or ((single,) if single else ())
    if single and "target_kinds" in nodes:
        node.fail("target_kind and target_kinds are both given.", "Give one of them.")
    if field_type in {"link", "links"} and not targets:
        node.fail("A link needs the kinds it may lead to.", "Add target_kind or target_kinds.")
    part_of = "part_of" in nodes and nodes["part_of"].flag()
    if part_of and field_type not in {"link", "links"}:
        nodes["part_of"].fail("Only a link can say of what a record is a part.", "Take part_of out, or make the field a link.")
    code_list = optional(nodes, "code_list", Node.text)
    if field_type == "code" and code_list is None:
        node.fail("A code needs its list.", "Add code_list, or make the field text.")
    if code_list is not None and field_type not in {"code", "codes"}:
        nodes["code_list"].fail(f"A field of type {field_type} has no code list.")
    checks = tuple(check.whole() for check in nodes["checks"].items()) if "checks" in nodes else ()
    bounds = {key: optional(nodes, key, Node.bound) for key in ("minimum", "maximum")}
    if any(bounds.values()) and field_type not in _BOUNDED:
        node.fail("Bounds are for integers and decimals only.")
    obligation, condition = _obligation(node, nodes)
    return Field(
        name=name, type=field_type, labels=nodes["labels"].labels(), definition=nodes["definition"].text(),
        source=nodes["source"].text(), unit=optional(nodes, "unit", Node.text), obligation=obligation,
        condition=condition, code_list=code_list, target_kinds=targets, part_of=part_of,
        sensitivity=optional(nodes, "sensitivity", lambda each: each.choice(SENSITIVITIES)) or "public",
        checks=checks, minimum=bounds["minimum"], maximum=bounds["maximum"],
    )


def _obligation(node: Node, nodes: dict[str, Node]) -> tuple[Obligation, str]:
    obligation: Obligation = optional(nodes, "obligation", lambda each: each.choice(OBLIGATIONS)) or "O"
    condition = optional(nodes, "condition", Node.text) or ""
    if (obligation == "C") != bool(condition):
        node.fail("Obligation C and a condition go together.", "Give both or neither.")
    try:
        parse_condition(condition)
    except ValueError as problem:
        nodes["condition"].fail(f"The condition cannot be read: {problem}.")
    return obligation, condition


def _definition(node: Node) -> tuple[str, dict[str, str]]:
    """The English definition and those in other languages: `definition` is a text, or texts by language."""
    if not isinstance(node.value, dict):
        return node.text(), {}
    texts = node.labels()
    return texts["en"], {language: text for language, text in texts.items() if language != "en"}


def read_kind(node: Node) -> Kind:
    """A kind with its fields; roles such as title_field name fields of it."""
    nodes = node.mapping("name labels plural_labels definition geometry layer sensitivity fields",
                         f"geometry_source group rank shown_unverified {' '.join(_FIELD_ROLES)}")
    fields = tuple(read_field(field) for field in nodes["fields"].items())
    roles = {role: optional(nodes, role, Node.text) for role in _FIELD_ROLES}
    definition, definitions = _definition(nodes["definition"])
    kind = Kind(
        name=_name(nodes["name"]), labels=nodes["labels"].labels(), plural_labels=nodes["plural_labels"].labels(),
        definition=definition, definitions=definitions, geometry=nodes["geometry"].choice(GEOMETRY_TYPES),
        layer=nodes["layer"].flag(), sensitivity=nodes["sensitivity"].choice(SENSITIVITIES), fields=fields,
        geometry_source=optional(nodes, "geometry_source", Node.text) or "",
        group=optional(nodes, "group", Node.text) or NO_GROUP,
        rank=nodes["rank"].whole() if "rank" in nodes else DEFAULT_RANK,
        shown_unverified="shown_unverified" in nodes and nodes["shown_unverified"].flag(),
        title_field=roles["title_field"], key_field=roles["key_field"],
        valid_from_field=roles["valid_from_field"], valid_to_field=roles["valid_to_field"],
        place_field=roles["place_field"], organisation_field=roles["organisation_field"],
    )
    names = [field.name for field in fields]
    for name in names:
        if names.count(name) > 1:
            nodes["fields"].fail(f"The field {name!r} is given twice.", "Give each field once.")
    for role, field_name in roles.items():
        if field_name is not None and field_name not in names:
            nodes[role].fail(f"{field_name!r} is not a field of the kind.")
    return kind


def read_attributes(node: Node) -> tuple[ClaimAttribute, ...]:
    """A family of claim attributes."""
    nodes = node.mapping("family attributes")
    family = _name(nodes["family"])
    return tuple(read_attribute(each, family) for each in nodes["attributes"].items())


def read_attribute(node: Node, family: str) -> ClaimAttribute:
    """One claim attribute; a quantity says which family of units it is measured in."""
    nodes = node.mapping("code labels definition value_type", "unit_family")
    code = nodes["code"].text()
    if not _ATTRIBUTE.match(code):
        nodes["code"].fail(f"{code!r} is not an attribute.", "Write it as family.attribute in small letters.")
    value_type = nodes["value_type"].choice(VALUE_TYPES)
    unit_family = optional(nodes, "unit_family", lambda each: each.choice(UNIT_FAMILIES))
    if (value_type == "quantity") != (unit_family is not None):
        node.fail("A quantity and a unit family go together.", "Give both or neither.")
    return ClaimAttribute(code=code, family=family, labels=nodes["labels"].labels(),
                          definition=nodes["definition"].text(), value_type=value_type, unit_family=unit_family)


def check_references(kinds: Mapping[str, Kind], lists: Mapping[str, CodeList], files: Mapping[str, str]) -> None:
    """Every list, kind, field and code that a field names exists. Raises ClearlandError E-DICT-REFERENCE."""
    themes = lists[GROUP_LIST].by_code if GROUP_LIST in lists else {}
    for kind in kinds.values():
        if kind.group != NO_GROUP and kind.group not in themes:
            raise ClearlandError(
                "E-DICT-REFERENCE", f"The kind {kind.name} stands in a group that is not there: {kind.group!r}.",
                place=Place(file=files.get(kind.name), column=f"{kind.name}.group"),
                remedy=f"The groups are {', '.join(themes) or 'none'}; an overlay can add one to the list {GROUP_LIST}.",
            )
        for field in kind.fields:
            missing = _missing_reference(field, kind, kinds, lists)
            if missing:
                raise ClearlandError(
                    "E-DICT-REFERENCE", f"The field {kind.name}.{field.name} names {missing}, which is not there.",
                    place=Place(file=files.get(kind.name), column=f"{kind.name}.{field.name}"),
                    remedy="Correct the name, or add what it names.",
                )


def _missing_reference(
    field: Field, kind: Kind, kinds: Mapping[str, Kind], lists: Mapping[str, CodeList]
) -> str | None:
    if field.code_list is not None and field.code_list not in lists:
        return f"the list {field.code_list!r}"
    for target in field.target_kinds:
        if target not in kinds:
            return f"the kind {target!r}"
        if not field.is_link and kinds[target].key_field is None:
            return f"a key field of the kind {target!r}"
    for clause in parse_condition(field.condition):
        asked = kind.by_name.get(clause.field)
        if asked is None or asked.is_link:
            return f"the field {clause.field!r}"
        known = _values_of(asked, lists)
        for value in clause.values:
            if known is not None and value not in known:
                return f"the value {value!r} of {clause.field!r}"
    return None


def _values_of(field: Field, lists: Mapping[str, CodeList]) -> Iterable[str] | None:
    if field.type == "boolean":
        return ("true", "false")
    if field.code_list is not None and field.code_list in lists:
        return lists[field.code_list].by_code
    return None
