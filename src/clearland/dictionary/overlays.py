"""A programme's own additions: fields to a kind, codes to a list, new kinds, lists and claim attributes.

An overlay is plain data, as it stands in its entry:

    {"name": "anama", "lists": [{"name": "donor_type", …}], "kinds": [{"name": "hazard", "fields": […]}]}

A list or kind that exists takes only its additions (`codes`, `fields`); one that does not is given whole. Nothing is
renamed, changed or removed. Additions stand after what was there, ordered by name, so that two overlays that do not
touch each other give one content in whichever order they arrived. The attributes of an `overlay` record are taken
too: `{"name": …, "content": "<the rest as JSON text>"}`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from clearland.core.errors import ClearlandError, Place
from clearland.dictionary.model import ClaimAttribute, Code, CodeList, Field, Kind
from clearland.dictionary.parsing import read_attribute, read_code, read_field, read_kind, read_list
from clearland.dictionary.reading import Node

T = TypeVar("T")


@dataclass
class Content:
    """Kinds, lists and attributes by name, while a dictionary is put together."""

    kinds: dict[str, Kind]
    lists: dict[str, CodeList]
    attributes: dict[str, ClaimAttribute]


@dataclass
class _Additions:
    fields: dict[tuple[str, str], Field] = field(default_factory=dict)
    codes: dict[tuple[str, str], Code] = field(default_factory=dict)
    nodes: dict[tuple[str, str], Node] = field(default_factory=dict)

    def add(self, into: dict[tuple[str, str], T], key: tuple[str, str], value: T, node: Node) -> None:
        """Keep an addition. Raises ClearlandError E-DICT-OVERLAY when it was made before with another content."""
        if key in into and into[key] != value:
            raise _refuse(node, f"{key[1]!r} is added to {key[0]} twice with different content.")
        into[key] = value
        self.nodes[key] = node


def apply_overlays(base: Content, overlays: Sequence[Mapping[str, object]]) -> Content:
    """The base with every addition. Raises ClearlandError E-DICT-FORM or E-DICT-OVERLAY with overlay and path."""
    content = Content(dict(base.kinds), dict(base.lists), dict(base.attributes))
    roots = [_root(overlay, number) for number, overlay in enumerate(overlays, 1)]
    for nodes in roots:
        _add_new(nodes, "lists", base.lists, content.lists, read_list)
        _add_new(nodes, "kinds", base.kinds, content.kinds, read_kind)
        for node in nodes["attributes"].items() if "attributes" in nodes else ():
            attribute = read_attribute(node.child(_without(node, "family"), ""), _text_of(node, "family"))
            _put(content.attributes, attribute.code, attribute, node)
    additions = _Additions()
    for nodes in roots:
        for name, child in _children(nodes, "lists", "codes", base.lists):
            code = read_code(child)
            additions.add(additions.codes, (name, code.code), code, child)
        for name, child in _children(nodes, "kinds", "fields", base.kinds):
            field_ = read_field(child)
            additions.add(additions.fields, (name, field_.name), field_, child)
    _append_codes(content, additions)
    _append_fields(content, additions)
    return content


def _root(overlay: Mapping[str, object], number: int) -> dict[str, Node]:
    name = overlay.get("name")
    file = f"overlay {name}" if isinstance(name, str) else f"overlay {number}"
    node = Node(dict(overlay), file)
    if "content" not in overlay:
        return node.mapping("", "name kinds lists attributes")
    entry = node.mapping("name content")
    try:
        content = json.loads(entry["content"].block())
    except ValueError as problem:
        raise _refuse(entry["content"], f"The content is not JSON: {problem}.") from problem
    return Node(content, file, "content").mapping("", "name kinds lists attributes")


def _text_of(node: Node, key: str) -> str:
    entries = node.open_mapping()
    if key not in entries:
        node.fail(f"The key {key!r} is missing.", f"Add {key!r} at this place.")
    return entries[key].text()


def _without(node: Node, key: str) -> dict[str, object]:
    return {name: child.value for name, child in node.open_mapping().items() if name != key}


def _refuse(node: Node, sentence: str) -> ClearlandError:
    return ClearlandError(
        "E-DICT-OVERLAY", sentence, place=Place(file=node.file, column=node.path or None),
        remedy="An overlay adds; to change a meaning, add a new name and stop using the old one.",
    )


def _put(into: dict[str, T], name: str, value: T, node: Node) -> None:
    if name in into and into[name] != value:
        raise _refuse(node, f"{name!r} is there already with another content.")
    into[name] = value


def _is_addition(node: Node, name: str, base: Mapping[str, object]) -> bool:
    return name in base or set(node.open_mapping()) <= {"name", "fields", "codes"}


def _add_new(
    nodes: dict[str, Node], part: str, base: Mapping[str, T], into: dict[str, T], read: Callable[[Node], T]
) -> None:
    for node in nodes[part].items() if part in nodes else ():
        name = _text_of(node, "name")
        if not _is_addition(node, name, base):
            _put(into, name, read(node), node)


def _children(
    nodes: dict[str, Node], part: str, children: str, base: Mapping[str, object]
) -> Iterator[tuple[str, Node]]:
    for node in nodes[part].items() if part in nodes else ():
        name = _text_of(node, "name")
        if _is_addition(node, name, base):
            for child in node.mapping(f"name {children}")[children].items():
                yield name, child


def _append_codes(content: Content, additions: _Additions) -> None:
    for (name, code), value in sorted(additions.codes.items()):
        target, node = content.lists.get(name), additions.nodes[name, code]
        if target is None:
            raise _refuse(node, f"There is no list {name!r} to add a code to.")
        there = target.get(code)
        if there is not None and there != value:
            raise _refuse(node, f"The code {code!r} of {name} is there already with another content.")
        parent_known = target.get(value.parent or "") is not None or (name, value.parent) in additions.codes
        if value.parent is not None and not parent_known:
            raise _refuse(node, f"The parent {value.parent!r} is not a code of {name}.")
        if there is None:
            content.lists[name] = replace(target, codes=(*target.codes, value))


def _append_fields(content: Content, additions: _Additions) -> None:
    for (name, field_name), value in sorted(additions.fields.items()):
        target, node = content.kinds.get(name), additions.nodes[name, field_name]
        if target is None:
            raise _refuse(node, f"There is no kind {name!r} to add a field to.")
        there = target.by_name.get(field_name)
        if there is not None and there != value:
            raise _refuse(node, f"The field {field_name!r} of {name} is there already with another content.")
        if value.obligation == "M":
            raise _refuse(node, f"The field {field_name!r} is obligatory, but records of {name} exist without it.")
        if there is None:
            content.kinds[name] = replace(target, fields=(*target.fields, value))
