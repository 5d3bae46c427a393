"""The shipped dictionary: complete, clean in three languages, and as other packages count on it."""

import ast
import pickle
import re
from pathlib import Path

import clearland.dictionary
from clearland.dictionary.conditions import parse_condition
from clearland.dictionary.document import render_markdown
from clearland.dictionary.lint import lint
from clearland.dictionary.loader import builtin
from clearland.dictionary.lock import lock_of, published, render_lock
from clearland.dictionary.model import LANGUAGES, NO_GROUP

ROOT = Path(__file__).parents[2]
LAYERS = {
    "place", "organisation", "hazard", "evidence", "survey", "clearance", "land_release", "ordnance", "accident",
    "activity_report",
}
GEOMETRY = {
    "place": "any", "organisation": "none", "hazard": "polygon", "evidence": "point", "survey": "any",
    "clearance": "any", "land_release": "polygon", "ordnance": "point", "accident": "point", "activity_report": "none",
}
FIXED_FIELDS = {
    "hazard": "name area_type contamination identified_on required_depth_cm area_reported_m2 district organisation "
              "changed_on change_reason parent_hazard jurisdiction_or_control",
    "land_release": "product_type hazards activity targets release_date depth_cm method qc_state area_reported_m2 "
                    "district organisation donor",
    "survey": "operational_method start_date end_date status hazards organisation district",
    "clearance": "operational_method start_date end_date status hazards organisation district",
    "ordnance": "category model quantity found_on fate destroyed_on depth_found_cm district organisation activity "
                "hazard",
    "accident": "date device_category killed injured outcome_unknown demining district",
    "activity_report": "period_from period_to district organisation organisations cancelled_m2 reduced_m2 cleared_m2 "
                       "released_method_not_said_m2 ap_destroyed ap_impro_destroyed av_destroyed cmr_destroyed "
                       "uxo_destroyed items_destroyed nts_count ts_count clearance_count programme_area",
    "place": "name names place_type parent code official_from",
    "organisation": "name short_name org_type",
    "programme": "name country languages area_unit opened_on time_zone centre_lon centre_lat demonstration one_person "
                 "synthetic_note",
}
SEALED_OF_A_VICTIM = ("full_name", "identification_number", "birth_date", "address", "contact", "circumstances")
DEVICES = ["AP", "AP_IMPRO", "AV", "AV_IMPRO", "CMR", "UXO", "AXO", "BT", "IED", "SAA", "COMP", "UNK"]


def test_the_kinds_and_geometries_that_other_packages_count_on_are_there():
    dictionary = builtin()
    assert {kind.name for kind in dictionary.layers()} >= LAYERS
    assert {"programme", "overlay", "judgement", "edition"} <= {k.name for k in dictionary.kinds.values() if not k.layer}
    assert {name: dictionary.kind(name).geometry for name in GEOMETRY} == GEOMETRY


def test_every_kind_that_people_record_stands_once_under_a_theme_of_its_own():
    dictionary = builtin()
    grouped = [kind.name for _, kinds in dictionary.groups() for kind in kinds]
    assert sorted(grouped) == [kind.name for kind in dictionary.layers()]
    assert [kind.name for kind in dictionary.layers() if kind.group == NO_GROUP] == []
    assert next(theme.code for theme, _ in dictionary.groups()) == "hazards"


def test_fields_that_other_packages_name_are_there():
    dictionary = builtin()
    for kind, names in FIXED_FIELDS.items():
        assert set(names.split()) <= set(dictionary.kind(kind).by_name), kind


def test_device_codes_and_statuses_are_those_of_the_rules():
    lists = builtin().lists
    assert list(lists["device_category"].by_code) == DEVICES
    assert list(lists["primary_contamination"].by_code) == [*DEVICES, "MIX_MINES", "MIX_ALL"]
    assert list(lists["hazard_status"].by_code) == [
        "open", "in_progress", "suspended", "closed_cancelled", "closed_completed", "released",
    ]
    assert list(lists["qc_state"].by_code) == ["not_inspected", "passed", "failed", "rework", "waived"]


def test_every_mdr_item_is_recorded_somewhere():
    numbers = {"A": 6, "H": 9, "L": 12, "Q": 7, "R": 6, "X": 4, "V": 8}
    wanted = {f"MDR-{letter}{number}" for letter, last in numbers.items() for number in range(1, last + 1)}
    items = builtin().mdr_items()
    assert set(items) == wanted
    assert len(wanted) == 52
    assert items["MDR-H2"] == (("hazard", "geometry"),)
    assert items["MDR-H4"] == (("hazard", "area_type"),)
    for pairs in items.values():
        for kind, field in pairs:
            assert field == "geometry" or builtin().kind(kind).field(field)


def test_it_lints_clean_in_all_languages():
    assert LANGUAGES == ("en", "az", "ru")
    assert [finding.sentence for finding in lint(builtin())] == []


def test_the_lock_holds_all_that_is_published():
    assert render_lock(builtin(), published()) == render_lock(builtin(), lock_of(builtin()))
    committed = (Path(clearland.dictionary.__path__[0]) / "codes.lock.yaml").read_text(encoding="utf-8")
    assert committed == render_lock(builtin(), published()), "write render_lock(builtin(), published()) to the lock"


def test_the_committed_page_is_what_the_dictionary_renders():
    page = ROOT / "docs" / "reference" / "data-dictionary.md"
    assert page.read_text(encoding="utf-8") == render_markdown(builtin()), "write render_markdown(builtin()) to it"


def test_what_tells_who_a_person_is_stands_sealed():
    personal = re.compile(r"(^|_)(full_name|surname|birth|phone|email|address|passport|identification|contact|contacts)(_|$)")
    named = {"informant", "reporter_name", "inspector", "leader", "circumstances"}
    sealed = set()
    for kind in builtin().layers():
        for field in kind.fields:
            if personal.search(field.name) or field.name in named:
                assert field.sensitivity == "sealed", f"{kind.name}.{field.name}"
            if field.sensitivity == "sealed":
                sealed.add(f"{kind.name}.{field.name}")
                assert field.obligation == "O", "nobody is forced to hand in what may not be kept"
                assert field.name not in {kind.title_field, kind.key_field, kind.place_field, kind.organisation_field}
    assert {f"victim.{name}" for name in SEALED_OF_A_VICTIM} <= sealed


def test_every_obligation_occurs_and_conditions_are_only_on_c():
    fields = [field for kind in builtin().kinds.values() for field in kind.fields]
    assert {field.obligation for field in fields} == {"M", "C", "O"}
    for field in fields:
        assert bool(parse_condition(field.condition)) == (field.obligation == "C")


def test_it_is_cached_and_travels_between_processes():
    assert builtin() is builtin()
    copy = pickle.loads(pickle.dumps(builtin()))
    assert copy == builtin()
    assert copy.kind("hazard") == builtin().kind("hazard")
    assert re.fullmatch(r"[0-9a-f]{64}", builtin().version)


def test_claim_attributes_are_labelled_and_measured():
    attributes = builtin().attributes
    assert len(attributes) >= 80
    assert attributes["contamination.area"].unit_family == "area"
    assert attributes["treaty.status"].value_type == "status"
    for attribute in attributes.values():
        assert set(LANGUAGES) <= set(attribute.labels)
        assert (attribute.value_type == "quantity") == (attribute.unit_family is not None)


def test_the_package_imports_core_only():
    for file in Path(clearland.dictionary.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("clearland."):
                assert node.module.split(".")[1] in {"core", "dictionary"}, file.name
