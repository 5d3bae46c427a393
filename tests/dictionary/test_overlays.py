"""A programme's additions: they add, in any order, and never rename or remove."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.core.errors import ClearlandError
from clearland.dictionary.lint import lint
from clearland.dictionary.loader import builtin, with_overlays
from clearland.dictionary.values import clean

WELLS = {"en": "Wells", "az": "Quyular", "ru": "Колодцы"}


def field(name="well_depth", **changes):
    return {
        "name": name, "type": "text", "labels": {"en": name, "az": f"{name} az", "ru": f"{name} поле"},
        "definition": f"What {name} is.", "source": "[ADD]", **changes,
    }


def code(name):
    labels = {"en": name, "az": f"{name} az", "ru": f"{name} код"}
    return {"code": name, "labels": labels, "definition": f"Means {name}."}


def new_list(name="wells"):
    return {"name": name, "labels": WELLS, "definition": "Sorts of well.", "codes": [code("dug"), code("drilled")]}


def new_kind(name="well"):
    return {
        "name": name, "labels": {"en": "Well", "az": "Quyu", "ru": "Колодец"},
        "plural_labels": WELLS, "definition": "A hole with water.",
        "geometry": "point", "layer": True, "sensitivity": "public",
        "fields": [field("sort", type="code", code_list="wells"), field("near", type="link", target_kind="hazard")],
    }


def test_no_overlay_is_the_shipped_dictionary():
    assert with_overlays([]) is builtin()


def test_additions_work_at_once_and_keep_what_was_there():
    overlay = {
        "name": "ours", "lists": [new_list(), {"name": "land_use", "codes": [code("vineyard")]}],
        "kinds": [new_kind(), {"name": "hazard", "fields": [field("aquifer")]}],
        "attributes": [{"family": "land", "code": "land.wells", "labels": WELLS,
                        "definition": "How many wells are blocked.", "value_type": "quantity", "unit_family": "count"}],
    }
    dictionary = with_overlays([overlay])
    assert dictionary.version != builtin().version
    assert clean(dictionary, "well", {"sort": "dug"}) == ({"sort": "dug"}, [])
    shipped, extended = builtin().kind("hazard").fields, dictionary.kind("hazard").fields
    assert extended[: len(shipped)] == shipped
    assert [each.name for each in extended[len(shipped):]] == ["aquifer"]
    assert dictionary.lists["land_use"].get("vineyard") is not None
    assert "land.wells" in dictionary.attributes
    assert lint(dictionary) == []


def test_the_attributes_of_an_overlay_record_are_taken_as_they_stand():
    content = {"kinds": [{"name": "hazard", "fields": [field("aquifer")]}]}
    as_record = {"name": "ours", "content": json.dumps(content)}
    assert with_overlays([as_record]) == with_overlays([{"name": "other", **content}])
    assert clean(builtin(), "overlay", as_record) == (as_record, [])


@st.composite
def independent_overlays(draw):
    names = draw(st.lists(st.from_regex(r"x_[a-z]{1,6}", fullmatch=True), min_size=2, max_size=6, unique=True))
    overlays = []
    for name in names:
        part = draw(st.sampled_from(["field", "code", "kind", "list"]))
        overlays.append({
            "field": {"name": name, "kinds": [{"name": "hazard", "fields": [field(name)]}]},
            "code": {"name": name, "lists": [{"name": "land_use", "codes": [code(name)]}]},
            "kind": {"name": name, "kinds": [{**new_kind(name), "fields": [field(f"{name}_sort")]}]},
            "list": {"name": name, "lists": [new_list(name)]},
        }[part])
    return overlays


@settings(max_examples=25, deadline=None)
@given(independent_overlays(), st.randoms(use_true_random=False))
def test_the_order_of_independent_additions_does_not_matter(overlays, random):
    shuffled = list(overlays)
    random.shuffle(shuffled)
    first, second = with_overlays(overlays), with_overlays(shuffled)
    assert first.version == second.version
    assert (first.kinds, first.lists) == (second.kinds, second.lists)
    assert with_overlays([*overlays, *overlays]) == first


@pytest.mark.parametrize("overlay", [
    {"kinds": [{"name": "hazard", "fields": [field("area_type")]}]},
    {"lists": [{"name": "area_type", "codes": [code("SHA")]}]},
    {"kinds": [{"name": "ghost", "fields": [field()]}]},
    {"lists": [{"name": "ghost", "codes": [code("a")]}]},
    {"kinds": [{"name": "hazard", "fields": [field("aquifer", obligation="M")]}]},
    {"lists": [{"name": "land_use", "codes": [{**code("a"), "parent": "ghost"}]}]},
    {"name": "ours", "content": "{"},
])
def test_what_renames_or_hangs_in_the_air_is_refused(overlay):
    with pytest.raises(ClearlandError) as caught:
        with_overlays([overlay])
    assert caught.value.code == "E-DICT-OVERLAY"
    assert caught.value.place.file is not None
    assert caught.value.place.file.startswith("overlay")


@pytest.mark.parametrize("overlay", [
    {"kinds": [{"name": "hazard", "fields": [field()], "layer": False}]},
    {"kinds": [{"name": "hazard", "remove": ["name"]}]},
    {"renames": {"hazard": "area"}},
    {"kinds": [{"fields": []}]},
])
def test_other_keys_than_additions_are_refused(overlay):
    with pytest.raises(ClearlandError) as caught:
        with_overlays([{"name": "ours", **overlay}])
    assert (caught.value.code, caught.value.place.file) == ("E-DICT-FORM", "overlay ours")


def test_two_overlays_that_disagree_are_refused():
    one, two = field("aquifer"), field("aquifer", type="integer")
    with pytest.raises(ClearlandError, match="aquifer"):
        with_overlays([{"kinds": [{"name": "hazard", "fields": [each]}]} for each in (one, two)])


def test_an_overlay_field_on_a_missing_list_is_refused():
    with pytest.raises(ClearlandError) as caught:
        with_overlays([{"kinds": [{"name": "hazard", "fields": [field(type="code", code_list="ghost")]}]}])
    assert caught.value.code == "E-DICT-REFERENCE"
