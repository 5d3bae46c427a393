"""Records of any kind, made from the dictionary alone: every field type, awkward texts, links to records that exist."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry

from clearland.core.ids import record_id
from clearland.dictionary.conditions import parse_condition
from clearland.dictionary.model import Dictionary, Field, Kind
from clearland.dictionary.values import clean
from clearland.ledger.drafts import Draft

TEXTS = (
    "=1+1", "+4 7", "-9", "@x", "'=quoted", "''-", "a; b", "[\"x\"]", "line one\nline two", "tab\tstop", "Ağdam – Ağcabədi",
    "Поле № 5", 'says "so"', "1.234", "007", "true", "2024-01-02", "a|b", "<b>&amp;</b>", "_x0041_", "𝔘nicode", ",",
)  # fmt: skip
DECIMALS = ("0", "1", "12.5", "0.1", "123456789.123456789", "1234567890123456789.5", "0.3333333333333333")
_FAR_FROM_LAND = (-30.0, -20.0)  # invented places lie on open ocean


class Maker:
    """Drafts of one dictionary, the same for the same seed."""

    def __init__(self, dictionary: Dictionary, seed: int = 7) -> None:
        self.dictionary = dictionary
        self.random = random.Random(seed)
        self.made: dict[str, list[Draft]] = {}

    def several(self, kind: Kind, count: int) -> list[Draft]:
        """Records of a kind; those that their links lead to are in `made`, targets first (see `all`)."""
        return [self.one(kind, full=bool(number % 3)) for number in range(count)]

    def all(self) -> Iterator[Draft]:
        """Everything made so far."""
        for drafts in self.made.values():
            yield from drafts

    def one(self, kind: Kind, *, full: bool = True) -> Draft:
        """One record with all its fields, or with those it cannot do without."""
        number = len(self.made.setdefault(kind.name, []))
        local_id = f"SYN-{kind.name}-{number}" if number != 1 else f"=SYN;{kind.name}"
        record = record_id("exchange tests", f"{kind.name}/{number}")
        draft = Draft(record=record, kind=kind.name, local_id=local_id, attributes={}, geometry=self.geometry(kind, full=full))
        self.made[kind.name].append(draft)  # before its links, so that kinds that lead to each other come to an end
        attributes = {
            each.name: self.value(each)
            for each in kind.attribute_fields
            if each.sensitivity != "sealed"
            if each.obligation == "M" or (full and not each.condition and self.random.random() < 0.8)
        }
        links = {each.name: self.targets(each, draft) for each in kind.link_fields if each.obligation == "M" or full}
        for each in kind.fields:
            if (
                each.condition
                and each.sensitivity != "sealed"
                and all(clause.field in attributes or clause.field in links for clause in parse_condition(each.condition))
            ):
                if each.is_link:
                    links[each.name] = self.targets(each, draft)
                else:
                    attributes[each.name] = self.value(each)
        attributes = self.without_areas(attributes)
        cleaned, findings = clean(self.dictionary, kind.name, attributes, list(links))
        assert not findings, (kind.name, findings)
        finished = replace(draft, attributes=cleaned, links=links)
        self.made[kind.name][number] = finished
        return finished

    def without_areas(self, attributes: dict[str, Any]) -> dict[str, Any]:
        """Without areas that would have to fit an outline."""
        return {name: value for name, value in attributes.items() if name != "area_reported_m2"}

    def value(self, each: Field) -> Any:
        """A value of the field's type within its bounds."""
        choose = self.random.choice
        codes = [code.code for code in self.dictionary.codes_of(each)]
        match each.type:
            case "code":
                return choose(codes) if codes else choose(TEXTS)
            case "codes":
                return sorted(self.random.sample(codes or list(TEXTS), min(2, len(codes or TEXTS))))
            case "integer":
                return int(self.number(each, ("0", "1", "17", "9007199254740991")))
            case "decimal":
                return str(self.number(each, DECIMALS))
            case "boolean":
                return choose((True, False))
            case "date":
                return "2019-05-06"
            case "partial_date":
                return choose(("2019", "2019-05", "2019-05-06"))
            case "datetime":
                return choose(("2019-05-06T07:08:09.123456Z", "2019-05-06T00:00:00Z"))
            case _:
                return choose(TEXTS)

    def number(self, each: Field, choices: Sequence[str]) -> Decimal:
        """One of the choices, or a bound where none of them lies within."""
        low, high = (None if bound is None else Decimal(bound) for bound in (each.minimum, each.maximum))
        fitting = [
            Decimal(each) for each in choices if (low is None or Decimal(each) >= low) and (high is None or Decimal(each) <= high)
        ]
        return self.random.choice(fitting) if fitting else (low if low is not None else high or Decimal(0))

    def targets(self, each: Field, owner: Draft) -> tuple[UUID, ...]:
        """One or two records that the field may lead to, made where there are none."""
        found = []
        for kind in each.target_kinds[: 2 if each.type == "links" else 1]:
            there = self.made.get(kind) or [self.one(self.dictionary.kind(kind), full=False)]
            found.append(there[0].record)
        return tuple(sorted(set(found), key=str))

    def geometry(self, kind: Kind, *, full: bool) -> BaseGeometry | None:
        """A place of the kind's type with coordinates that need every digit."""
        x, y = (low + self.random.random() for low in _FAR_FROM_LAND)
        square = shapely.box(x, y, x + 0.001, y + 0.0012345678901)
        holed = shapely.Polygon(
            shapely.box(x, y, x + 0.01, y + 0.01).exterior, [shapely.box(x + 0.004, y + 0.004, x + 0.005, y + 0.005).exterior]
        )
        choices: dict[str, list[BaseGeometry | None]] = {
            "none": [None],
            "point": [shapely.Point(x, y)],
            "line": [shapely.LineString([(x, y), (x + 0.01, y + 1 / 3)])],
            "polygon": [square, holed, shapely.MultiPolygon([square, shapely.box(x + 0.1, y, x + 0.101, y + 0.001)])],
            "any": [shapely.Point(x, y), square, shapely.LineString([(x, y), (x + 0.01, y)])],
        }
        return self.random.choice(choices[kind.geometry])
