"""The lint finds each fault that is put into a good dictionary, and only that."""

from dataclasses import replace

import pytest

from clearland.dictionary.lint import lint
from clearland.dictionary.loader import builtin
from clearland.dictionary.lock import Lock, lock_of


def with_field(kind_name, field_name, **changes):
    """The shipped dictionary with one field changed."""
    dictionary = builtin()
    kind = dictionary.kind(kind_name)
    fields = tuple(replace(each, **changes) if each.name == field_name else each for each in kind.fields)
    return replace(dictionary, kinds={**dictionary.kinds, kind_name: replace(kind, fields=fields)})


def with_code(list_name, code, **changes):
    """The shipped dictionary with one code changed."""
    dictionary = builtin()
    code_list = dictionary.lists[list_name]
    codes = tuple(replace(each, **changes) if each.code == code else each for each in code_list.codes)
    return replace(dictionary, lists={**dictionary.lists, list_name: replace(code_list, codes=codes)})


def relabelled(kind, field, language, label):
    labels = {**builtin().kind(kind).field(field).labels, language: label}
    return with_field(kind, field, labels=labels)


def found(dictionary):
    return {(finding.code, finding.place.column) for finding in lint(dictionary)}


@pytest.mark.parametrize(("kind", "field", "language", "label"), [
    ("accident", "killed", "en", "Injured people"),
    ("accident", "killed", "az", "Yaralananların sayı"),
    ("accident", "killed", "ru", "Число раненых"),
    ("accident", "injured", "ru", "Погибшие и раненые"),
    ("accident", "outcome_unknown", "en", "People killed"),
    ("survey", "informants_girls", "en", "Boys who were asked"),
    ("survey", "informants_girls", "az", "Sorğu edilmiş qadınların sayı"),
    ("survey", "informants_boys", "ru", "Опрошенные девочки и девушки"),
    ("survey", "informants_women", "en", "Girls who were asked"),
    ("survey", "informants_men", "az", "Sorğu edilmiş uşaqlar"),
    ("survey", "informants_men", "ru", "Опрошенные дети"),
    ("hazard", "expected_direct_women", "ru", "Ожидаемые косвенные бенефициары из женщин"),
    ("hazard", "confirmed_direct_men", "az", "Gözlənilən birbaşa benefisiarlardan kişilər"),
    ("activity_report", "cleared_m2", "en", "Reduced ground"),
    ("activity_report", "cancelled_m2", "ru", "Площадь, что очищена"),
    ("activity_report", "reduced_m2", "az", "Ləğv olunmuş sahələr"),
    ("activity_report", "period_from", "en", "Last day"),
])
def test_a_label_against_its_name_is_found_in_every_language(kind, field, language, label):
    assert found(relabelled(kind, field, language, label)) == {("E-DICT-LABEL", f"{kind}.{field}")}


@pytest.mark.parametrize(("list_name", "code", "labels"), [
    ("product_type", "cleared", {"en": "Reduced ground", "az": "Təmizlənmiş", "ru": "Очищенная"}),
    ("evidence_kind", "indirect", {"en": "Indirect", "az": "Birbaşa olan", "ru": "Косвенное"}),
])
def test_a_label_against_its_code_is_found(list_name, code, labels):
    assert found(with_code(list_name, code, labels=labels)) == {("E-DICT-LABEL", f"{list_name}.{code}")}


@pytest.mark.parametrize(("language", "label"), [
    ("az", ""), ("ru", "Required depth"), ("az", "Required depth"), ("az", "Требуемая глубина"), ("en", "Глубина"),
])
def test_a_missing_or_copied_translation_is_found(language, label):
    dictionary = relabelled("hazard", "required_depth_cm", language, label)
    assert ("E-DICT-TRANSLATION", "hazard.required_depth_cm") in found(dictionary)
    assert {code for code, _ in found(dictionary)} == {"E-DICT-TRANSLATION"}


def test_a_duplicate_label_and_a_duplicate_name_are_found():
    field = builtin().kind("hazard").field("soil")
    assert found(with_field("hazard", "slope", labels=field.labels)) == {("E-DICT-DUPLICATE", "hazard.soil")}
    kind = builtin().kind("hazard")
    doubled = replace(builtin(), kinds={**builtin().kinds, "hazard": replace(kind, fields=(*kind.fields, field))})
    assert found(doubled) == {("E-DICT-DUPLICATE", "hazard.soil")}


def test_a_copied_definition_is_found():
    copied = builtin().kind("hazard").field("soil").definition
    assert found(with_field("hazard", "slope", definition=copied)) == {("E-DICT-COPIED", "hazard.soil")}
    assert found(with_field("hazard", "slope", definition="Slope.")) == {("E-DICT-COPIED", "hazard.slope")}
    same = builtin().lists["product_type"].codes[0].definition
    assert found(with_code("product_type", "cleared", definition=same)) == {("E-DICT-COPIED", "product_type.cleared")}


@pytest.mark.parametrize(("field", "unit"), [("required_depth_cm", "m"), ("area_reported_m2", None), ("soil", "m2")])
def test_a_unit_against_the_name_is_found(field, unit):
    assert found(with_field("hazard", field, unit=unit)) == {("E-DICT-UNIT", f"hazard.{field}")}


@pytest.mark.parametrize("source", ["somewhere", "[MDR-H4] page 3", "[XYZ]"])
def test_a_source_without_mark_is_found(source):
    assert found(with_field("hazard", "slope", source=source)) == {("E-DICT-SOURCE", "hazard.slope")}


def test_what_was_published_and_is_gone_or_changed_is_found():
    dictionary = builtin()
    code_list = dictionary.lists["area_type"]
    renamed = replace(code_list, codes=(replace(code_list.codes[0], code="SUSPECTED"), *code_list.codes[1:]))
    assert found(replace(dictionary, lists={**dictionary.lists, "area_type": renamed})) == {
        ("E-DICT-RENAMED", "area_type.SHA"),
    }
    assert found(with_field("hazard", "slope", type="text", code_list=None)) == {("E-DICT-RENAMED", "hazard.slope")}
    fewer = {code: each for code, each in dictionary.attributes.items() if code != "items.found"}
    assert found(replace(dictionary, attributes=fewer)) == {("E-DICT-RENAMED", "items.found")}


def test_a_whole_list_or_kind_that_is_gone_is_found():
    lock = lock_of(builtin())
    more = Lock(lists={**lock.lists, "gone": ("a",)}, kinds={**lock.kinds, "lost": {"b": "text"}},
                attributes=lock.attributes)
    assert [finding.place.column for finding in lint(builtin(), more)] == ["gone.a", "lost.b"]
