"""Each of the 52 minimum data requirements is held by a field, and a lost one is noticed."""

from dataclasses import replace

import pytest

from clearland.dictionary.conformity import conformity, standard
from clearland.dictionary.loader import builtin
from clearland.dictionary.model import LANGUAGES, Dictionary


def without(dictionary: Dictionary, path: str) -> Dictionary:
    """The dictionary with a field gone, or a kind's geometry."""
    kind_name, _dot, name = path.partition(".")
    kind = dictionary.kind(kind_name)
    if name == "geometry":
        poorer = replace(kind, geometry="none", geometry_source="")
    else:
        poorer = replace(kind, fields=tuple(field for field in kind.fields if field.name != name))
    return replace(dictionary, kinds={**dictionary.kinds, kind_name: poorer})


def lost(dictionary: Dictionary) -> set[str]:
    return {held.item.code for held in conformity(dictionary) if not held.is_held}


def test_all_52_items_are_held_and_labelled_in_three_languages():
    found = conformity(builtin())
    assert len(found) == len({held.item.code for held in found}) == 52
    assert lost(builtin()) == set()
    for held in found:
        assert held.fields == held.item.held_by or set(held.fields) == set(held.item.held_by)
        assert set(LANGUAGES) <= set(held.item.labels)
    assert {held.item.entity for held in found} == set(standard().entities)


@pytest.mark.parametrize("held", conformity(builtin()), ids=lambda held: held.item.code)
def test_taking_any_of_its_fields_away_loses_the_item(held):
    for path in held.item.held_by:
        assert held.item.code in lost(without(builtin(), path)), path


def test_a_field_that_no_longer_carries_the_mark_holds_nothing():
    kind = builtin().kind("hazard")
    unmarked = tuple(replace(each, source="[ADD]") if each.name == "area_type" else each for each in kind.fields)
    changed = replace(builtin(), kinds={**builtin().kinds, "hazard": replace(kind, fields=unmarked)})
    assert lost(changed) == {"MDR-H4"}
    assert next(held for held in conformity(changed) if not held.is_held).missing == ("hazard.area_type",)
