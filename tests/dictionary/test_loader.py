"""A malformed dictionary is refused with file and path; a good one has a version of its content."""

from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from clearland.core.canonical import canonical_bytes, sha256_hex
from clearland.core.errors import ClearlandError
from clearland.dictionary.loader import builtin, load

LABELS = {"en": "Shade", "az": "Rəng", "ru": "Цвет"}


def field(**changes):
    return {"name": "shade", "type": "text", "labels": LABELS, "definition": "What it looks like.", "source": "[ADD]",
            **changes}


def kind(*fields, **changes):
    return {
        "name": "thing", "labels": {"en": "Thing"}, "plural_labels": {"en": "Things"}, "definition": "A thing.",
        "geometry": "none", "layer": True, "sensitivity": "public", "fields": list(fields) or [field()], **changes,
    }


def shades(**changes):
    return {
        "name": "shades", "labels": LABELS, "definition": "Shades.",
        "codes": [{"code": "red", "labels": {"en": "Red"}, "definition": "Like blood."}], **changes,
    }


SECTION = {"code": "A", "titles": {"en": "Land"}, "slots": [
    {"code": "A1", "kind": "figure", "titles": {"en": "Cleared"}, "indicator": "LR-3"},
    {"code": "A2", "kind": "table", "titles": {"en": "By place"}, "indicator": "LR-3", "by": ["place"],
     "filter": {"device": "AP"}},
    {"code": "A3", "kind": "text", "titles": {"en": "What is not known"}},
]}


def put(folder: Path, **parts):
    """Write documents given as part__name=data and return the folder."""
    for key, data in parts.items():
        part, _, name = key.partition("__")
        (folder / part).mkdir(exist_ok=True)
        text = data if isinstance(data, str) else yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        (folder / part / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path, **parts) -> ClearlandError:
    with pytest.raises(ClearlandError) as caught:
        load(put(folder, **parts))
    return caught.value


def test_an_empty_folder_is_an_empty_dictionary(tmp_path):
    dictionary = load(tmp_path)
    assert (dict(dictionary.kinds), dict(dictionary.reports)) == ({}, {})


def test_a_kind_is_added_by_adding_a_file(tmp_path):
    before = load(put(tmp_path, lists__shades=shades())).version
    coloured = field(name="colour", type="code", code_list="shades", obligation="C", condition="shade filled")
    after = load(put(tmp_path, kinds__thing=kind(field(), coloured, title_field="shade")))
    assert after.kind("thing").field("colour").code_list == "shades"
    assert after.version != before
    assert load(tmp_path).version == after.version


@pytest.mark.parametrize(("changed", "column", "words"), [
    ({"colour": 1}, "fields[0].colour", "not known"),
    ({"type": "string"}, "fields[0].type", "not allowed"),
    ({"labels": {"az": "Rəng"}}, "fields[0].labels", "English label is missing"),
    ({"labels": {"en": "Shade", "az": ""}}, "fields[0].labels.az", "empty"),
    ({"labels": {"en": "Shade", "Azeri": "x"}}, "fields[0].labels", "language code"),
    ({"definition": None}, "fields[0].definition", "Text is expected"),
    ({"name": "Shade m2"}, "fields[0].name", "not a name"),
    ({"name": "geometry"}, "fields[0].name", "every record has"),
    ({"type": "code"}, "fields[0]", "needs its list"),
    ({"code_list": "shades"}, "fields[0].code_list", "has no code list"),
    ({"type": "link"}, "fields[0]", "link needs"),
    ({"obligation": "C"}, "fields[0]", "go together"),
    ({"obligation": "C", "condition": "colour > 1"}, "fields[0].condition", "cannot be read"),
    ({"minimum": 0}, "fields[0]", "Bounds"),
    ({"type": "decimal", "minimum": "nought"}, "fields[0].minimum", "not a number"),
    ({"checks": ["1"]}, "fields[0].checks[0]", "whole number"),
    ({"target_kind": "thing", "target_kinds": ["thing"]}, "fields[0]", "both given"),
])
def test_a_wrong_field_is_refused_at_its_place(tmp_path, changed, column, words):
    problem = refused(tmp_path, kinds__thing=kind(field(**changed)))
    assert (problem.code, problem.place.file, problem.place.column) == ("E-DICT-FORM", "kinds/thing.yaml", column)
    assert words in problem.sentence


@pytest.mark.parametrize(("changed", "words"), [
    ({"code_list": "tints", "type": "code"}, "the list 'tints'"),
    ({"target_kind": "ghost", "type": "link"}, "the kind 'ghost'"),
    ({"target_kind": "thing"}, "a key field of the kind 'thing'"),
    ({"obligation": "C", "condition": "ghost filled"}, "the field 'ghost'"),
    ({"obligation": "C", "condition": "hue = green"}, "the value 'green' of 'hue'"),
])
def test_a_name_that_leads_nowhere_is_refused(tmp_path, changed, words):
    hue = field(name="hue", type="code", code_list="shades")
    problem = refused(tmp_path, lists__shades=shades(), kinds__thing=kind(field(**changed), hue))
    assert (problem.code, problem.place.file, problem.place.column) == (
        "E-DICT-REFERENCE", "kinds/thing.yaml", "thing.shade",
    )
    assert words in problem.sentence


@pytest.mark.parametrize(("document", "column", "words"), [
    (kind(field(), field()), "fields", "given twice"),
    (kind(title_field="hue"), "title_field", "not a field"),
    (kind(geometry="volume"), "geometry", "not allowed"),
    (kind(layer="yes"), "layer", "true or false"),
    (["a list"], None, "mapping"),
    ({"name": "thing"}, None, "missing"),
    (kind(name="other"), None, "Call it other.yaml"),
])
def test_a_wrong_kind_is_refused(tmp_path, document, column, words):
    problem = refused(tmp_path, kinds__thing=document)
    assert (problem.code, problem.place.column) == ("E-DICT-FORM", column)
    assert words in problem.sentence or words in problem.remedy


@pytest.mark.parametrize(("codes", "words"), [
    ([], "at least one"),
    ([{"code": "red", "labels": {"en": "Red"}, "definition": "r"}] * 2, "given twice"),
    ([{"code": False, "labels": {"en": "No"}, "definition": "n"}], "Text is expected"),
    ([{"code": "red", "labels": {"en": "Red"}, "definition": "r", "parent": "warm"}], "parent"),
    ([{"code": "dark red", "labels": {"en": "Red"}, "definition": "r"}], "not a code"),
])
def test_a_wrong_list_is_refused(tmp_path, codes, words):
    assert words in refused(tmp_path, lists__shades=shades(codes=codes)).sentence


def test_a_key_given_twice_and_broken_yaml_name_the_line(tmp_path):
    twice = refused(tmp_path, lists__a="name: a\nname: b\n")
    assert (twice.code, twice.place.file, twice.place.row) == ("E-DICT-YAML", "lists/a.yaml", 2)
    broken = refused(tmp_path, lists__a="name: [\n")
    assert (broken.code, broken.place.file) == ("E-DICT-YAML", "lists/a.yaml")


INDICATOR = {
    "code": "LR-3", "titles": {"en": "Cleared"}, "unit": "m2", "definition": "Ground cleared.",
    "scope": {"activity": "clearance", "device": ["AP", "AV"]}, "dimensions": ["place", "period"],
    "sql": "SELECT 1\nFROM hazard", "sources": ["hazard"], "status_rule": "computed",
    "timing": "flow",
}
FORM = {
    "name": "statement", "titles": {"en": "Statement"}, "audience": "public",
    "sections": [SECTION],
}


def test_indicators_and_forms_are_read_and_count_in_the_version(tmp_path):
    plain = load(put(tmp_path, indicators__cleared=INDICATOR))
    both = load(put(tmp_path, reports__statement=FORM))
    indicator = both.indicators["LR-3"]
    assert (indicator.scope["device"], indicator.sql) == (("AP", "AV"), "SELECT 1\nFROM hazard\n")
    assert [slot.kind for slot in both.reports["statement"].slots()] == ["figure", "table", "text"]
    assert plain.version != both.version


@pytest.mark.parametrize(("parts", "words"), [
    ({"indicators__a": {**INDICATOR, "status_rule": "guessed"}}, "not allowed"),
    ({"indicators__a": {**INDICATOR, "timing": "now and then"}}, "not allowed"),
    ({"indicators__a": {**INDICATOR, "note": "x"}}, "not known"),
    ({"indicators__a": {**INDICATOR, "sources": []}}, "at least one"),
    ({"indicators__a": INDICATOR, "indicators__b": INDICATOR}, "given twice"),
    ({"reports__a": FORM}, "no indicator"),
    ({"reports__a": {**FORM, "audience": "everybody"}}, "not allowed"),
    ({"reports__a": {**FORM, "sections": [SECTION, SECTION]}}, "given twice"),
    ({"attributes__a": {"family": "land", "attributes": [
        {"code": "a.b", "labels": LABELS, "definition": "x", "value_type": "quantity"}]}}, "go together"),
])
def test_wrong_indicators_forms_and_attributes_are_refused(tmp_path, parts, words):
    assert words in refused(tmp_path, **parts).sentence


def test_the_version_is_the_digest_of_the_canonical_content():
    dictionary = builtin()
    assert dictionary.kind("hazard").by_name, "what a kind remembers is no content"
    parts = ("kinds", "lists", "attributes", "indicators", "reports")
    plain = {part: {name: asdict(each) for name, each in getattr(dictionary, part).items()} for part in parts}
    assert dictionary.version == sha256_hex(canonical_bytes(plain))
