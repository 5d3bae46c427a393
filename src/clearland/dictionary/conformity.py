"""Whether a dictionary holds what a standard asks for: the 52 items of the Minimum Data Requirements, field by field.

`standards/<CODE>.yaml` names each item and the fields that hold it, as `kind.field`, or `kind.geometry` for a record's
own place. A field holds an item as long as it is there and its source carries the item's mark: a mark taken away is a
decision that the field no longer means it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from clearland.dictionary.model import Dictionary
from clearland.dictionary.reading import Node, parse_yaml

MINIMUM_REQUIREMENTS = "MDR"
GEOMETRY = "geometry"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing a standard asks for: of which entity, in our words by language, and the fields that are to hold it."""

    code: str
    entity: str
    labels: Mapping[str, str]
    held_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Standard:
    """The items of a standard in its order; `entities` are labels by the names that items use."""

    code: str
    labels: Mapping[str, str]
    entities: Mapping[str, Mapping[str, str]]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Held:
    """Where a dictionary keeps an item: the fields it is to stand in, others that carry its mark, and those missing."""

    item: Item
    fields: tuple[str, ...]
    also: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def is_held(self) -> bool:
        """Whether every field that is to hold the item is there."""
        return not self.missing


@lru_cache(maxsize=4)
def standard(code: str = MINIMUM_REQUIREMENTS) -> Standard:
    """A standard that Clearland knows. Raises ClearlandError E-DICT-YAML or E-DICT-FORM when its file is malformed."""
    name = f"standards/{code}.yaml"
    text = (files("clearland.dictionary") / "standards" / f"{code}.yaml").read_text(encoding="utf-8")
    nodes = parse_yaml(text, name).mapping("code labels entities items")
    entities = {}
    for node in nodes["entities"].items():
        entity = node.mapping("name labels")
        entities[entity["name"].text()] = entity["labels"].labels()
    items = tuple(_item(node, entities) for node in nodes["items"].items())
    return Standard(code=nodes["code"].text(), labels=nodes["labels"].labels(), entities=entities, items=items)


def _item(node: Node, entities: Mapping[str, object]) -> Item:
    entries = node.mapping("code entity labels held_by")
    held_by = entries["held_by"].texts()
    if not held_by:
        entries["held_by"].fail("No field holds the item.", "Name at least one as kind.field.")
    return Item(code=entries["code"].text(), entity=entries["entity"].choice(tuple(entities)),
                labels=entries["labels"].labels(), held_by=held_by)


def conformity(dictionary: Dictionary, code: str = MINIMUM_REQUIREMENTS) -> tuple[Held, ...]:
    """Each item of a standard with the fields that hold it in a dictionary, in the standard's order."""
    marked = dictionary.mdr_items()
    found = []
    for item in standard(code).items:
        places = [f"{kind}.{field}" for kind, field in marked.get(item.code, ()) if _is_there(dictionary, kind, field)]
        found.append(Held(
            item=item,
            fields=tuple(place for place in item.held_by if place in places),
            also=tuple(place for place in places if place not in item.held_by),
            missing=tuple(place for place in item.held_by if place not in places),
        ))
    return tuple(found)


def _is_there(dictionary: Dictionary, kind: str, field: str) -> bool:
    """A kind without geometry has no place to hold."""
    return field != GEOMETRY or dictionary.kind(kind).geometry != "none"
