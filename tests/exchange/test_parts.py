"""Parts of a record stand in repeat groups of its form, and come back as records that lead to it."""

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pyxform.xls2xform import convert

from clearland.core.errors import ClearlandError, RefusedInput
from clearland.dictionary import envelope, loader
from clearland.exchange.forms import write_xlsform, xlsform
from clearland.ledger.rows import history, rows
from clearland.ledger.scope import scope, system_actor
from clearland.work.add import AddOptions, add_file
from tests.conftest import TestProgramme

DICTIONARY = loader.builtin()
ACTOR = system_actor("import")
STATES = ("approved", "submitted", "draft", "returned", "withdrawn")
PARTS = {
    "minefield_record": {"minefield_count", "minefield_leg", "minefield_reference", "minefield_row"},
    "hazard": {"evidence"}, "accident": {"victim"}, "eore_session": {"eore_beneficiaries"}, "clearance": {"ordnance"},
}  # fmt: skip


def parts_in(kind: str, folder: Path) -> etree._Element:
    target = folder / f"{kind}.xlsx"
    write_xlsform(xlsform(DICTIONARY, DICTIONARY.kind(kind)), target)
    return etree.fromstring(convert(target).xform.encode())


@pytest.mark.parametrize("kind", PARTS)
def test_a_form_asks_for_the_parts_that_the_dictionary_names(kind: str, tmp_path: Path) -> None:
    tree = parts_in(kind, tmp_path)
    groups = {str(each.get("nodeset")).rsplit("/", 1)[-1] for each in tree.iter("{*}repeat")}
    assert {group for group in groups if group.startswith(envelope.PART_GROUP)} == {f"part_{part}" for part in PARTS[kind]}
    binds = {str(bind.get("nodeset")): bind for bind in tree.iter("{*}bind")}
    for part in PARTS[kind]:
        known = binds[f"/data/part_{part}/{envelope.PART}"]
        assert known.get("calculate") == "once(uuid())"
        link = next(link for each, link in DICTIONARY.parts_of(DICTIONARY.kind(kind)) if each.name == part)
        asked = {path.rsplit("/", 1)[-1] for path in binds if f"/part_{part}/" in path}
        wanted = [each for each in DICTIONARY.kind(part).attribute_fields if each.sensitivity != "sealed" and each.code_list]
        assert {f"{part}__{each.name}" for each in wanted} <= asked
        assert f"{part}__{link.name}" not in asked


def test_identities_of_parts_are_asked_only_where_somebody_wants_it() -> None:
    kind = DICTIONARY.kind("accident")
    open_names = {row.get("name") for row in xlsform(DICTIONARY, kind).survey}
    told = {row.get("name") for row in xlsform(DICTIONARY, kind, identities=True).survey}
    assert "victim__full_name" in told - open_names


def test_a_part_of_an_overlay_gets_its_group() -> None:
    own: dict[str, Any] = {"kinds": [{
        "name": "drain", "labels": {"en": "Drain", "az": "Drenaj", "ru": "Дренаж"},
        "plural_labels": {"en": "Drains", "az": "Drenajlar", "ru": "Дренажи"}, "definition": "A ditch in a hazard.",
        "geometry": "line", "layer": True, "sensitivity": "programme", "fields": [{
            "name": "lies_in", "type": "link", "labels": {"en": "Lies in", "az": "Yerləşir", "ru": "Лежит в"},
            "definition": "The hazard it crosses.", "source": "[ADD]", "target_kind": "hazard", "part_of": True,
        }],
    }]}  # fmt: skip
    dictionary = loader.with_overlays([own])
    names = [row.get("name") for row in xlsform(dictionary, dictionary.kind("hazard")).survey]
    assert {"part_drain", "drain__geometry"} <= set(names)
    own["kinds"][0]["fields"][0].update(type="text", target_kind="place")
    with pytest.raises(ClearlandError, match="E-DICT-FORM"):
        loader.with_overlays([own])


def leg(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "clearland_part": f"uuid:{number}{number}{number}a-leg", "minefield_leg__sequence": number,
        "minefield_leg__part": "perimeter", "minefield_leg__from_label": f"P{number}",
        "minefield_leg__azimuth": 90 * number, "minefield_leg__distance": 120, **changes,
    }  # fmt: skip


def point(label: str) -> dict[str, Any]:
    return {
        "clearland_part": f"uuid:{label}-point", "minefield_reference__point_label": label,
        "minefield_reference__coordinates_as_written": "20-00 S 30-00 W",
        "minefield_reference__geometry": {"type": "Point", "coordinates": [-30, -20, 4.0]},
    }  # fmt: skip


def central(number: int, legs: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    review = changes.pop("review", None)
    return {
        "__id": f"uuid:{number:04}", "__system": {"submissionDate": "2024-03-01T08:00:00Z", "reviewState": review},
        "meta": {"instanceID": f"uuid:{number:04}"}, "local_id": f"SYN-MF-{number}", "record_number": f"SYNTHETIC {number}",
        "custody": "promised", "part_minefield_leg_any": "true",
        "part_minefield_leg": [{"__id": str(place), **each} for place, each in enumerate(legs)], **changes,
    }  # fmt: skip


def added(folder: Path, *found: dict[str, Any]) -> Any:
    path = folder / "records.json"
    context = "https://x.example/v1/projects/3/forms/clearland_minefield_record.svc/$metadata#Submissions"
    path.write_text(json.dumps({"@odata.context": context, "value": found}), encoding="utf-8")
    return add_file(path, AddOptions(), actor=ACTOR).receipt


def standing(kind: str) -> dict[str, Any]:
    found = rows(scope(ACTOR, "tests"), kind, states=STATES)
    return {each.local_id: each for each in found.order_by("known_from", "id")}


def links_of(row: Any) -> Any:
    return history(scope(ACTOR, "tests"), row.record_uuid)[-1].links


def test_legs_and_points_come_back_as_records_of_their_minefield(programme: TestProgramme, tmp_path: Path) -> None:
    first = central(1, [leg(1), leg(2)], part_minefield_reference=[point("RP1")])
    receipt = added(tmp_path, first, central(2, [leg(3)], review="approved"))
    assert receipt.new == 6
    records, legs = standing("minefield_record"), standing("minefield_leg")
    assert {name: each.state for name, each in legs.items()} == {
        "SYN-MF-1/111a-leg": "submitted", "SYN-MF-1/222a-leg": "submitted", "SYN-MF-2/333a-leg": "approved",
    }  # fmt: skip
    assert links_of(legs["SYN-MF-1/222a-leg"]) == {"minefield": (records["SYN-MF-1"].record_uuid,)}
    assert legs["SYN-MF-1/222a-leg"].attributes["azimuth"] == "180"
    (reference,) = standing("minefield_reference").values()
    assert (reference.attributes["point_label"], reference.geometry.geom_type) == ("RP1", "Point")
    assert added(tmp_path, first, central(2, [leg(3)], review="approved")).new == 0


def test_an_edit_that_puts_a_leg_in_front_changes_only_what_it_changed(sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    added(tmp_path, central(1, [leg(1), leg(2)]))
    receipt = added(tmp_path, central(1, [leg(7, minefield_leg__sequence=3), leg(1, minefield_leg__distance=125), leg(2)]))
    assert (receipt.new, receipt.changed) == (1, 1)
    assert standing("minefield_leg")["SYN-MF-1/111a-leg"].attributes["distance"] == "125"


def test_parts_without_an_id_are_known_by_their_place(sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    plain = {name: value for name, value in leg(1).items() if name != "clearland_part"}
    added(tmp_path, central(1, [plain, {}]))
    assert list(standing("minefield_leg")) == ["SYN-MF-1/1"]


def test_submissions_of_kobo_hold_parts_under_full_paths(sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    row = {
        "_id": 1, "_uuid": "0001", "_xform_id_string": "aXyz", "_submission_time": "2024-03-01T08:00:00",
        "_validation_status": {}, "local_id": "SYN-MF-1", "record_number": "SYNTHETIC 1", "custody": "promised",
        "part_minefield_leg": [{f"part_minefield_leg/{name}": str(value) for name, value in leg(1).items()}],
    }  # fmt: skip
    path = tmp_path / "kobo.json"
    path.write_text(json.dumps({"results": [row]}), encoding="utf-8")
    assert add_file(path, AddOptions(kind="minefield_record"), actor=ACTOR).receipt.new == 2
    with pytest.raises(RefusedInput, match="E-MAP-PART"):
        add_file(path, AddOptions(kind="hazard"), actor=ACTOR)


def test_a_leg_that_the_rules_refuse_refuses_the_batch_at_its_place(sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    with pytest.raises(RefusedInput) as refused:
        added(tmp_path, central(1, [leg(1), leg(2, minefield_leg__azimuth=-4)]))
    place = refused.value.findings[0].place
    assert (place.sheet, place.row, place.column) == ("part_minefield_leg", 2, "azimuth")
    assert not standing("minefield_record")
