"""To add a kind is to add a file: dropped into a programme whose site is running, it has everything a kind has."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from clearland.core.errors import ClearlandError, RefusedInput
from clearland.exchange.forms import xlsform
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.suggest import starter_mapping
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.add import AddOptions, add_file
from clearland.work.exporting import export_kind
from clearland.work.vocabulary import add_to_dictionary
from tests.web.conftest import DEMO, Site

WELL = """
name: well
labels: {en: Well, az: Quyu, ru: Колодец}
plural_labels: {en: Wells, az: Quyular, ru: Колодцы}
definition: A place where people draw water and need the ground around it released.
geometry: point
layer: true
group: planning
sensitivity: programme
title_field: name
place_field: district
fields:
  - name: name
    type: text
    labels: {en: Name, az: Ad, ru: Название}
    definition: What people call the well.
    obligation: M
    source: "[ADD]"
  - name: need
    type: code
    labels: {en: Need, az: Ehtiyac, ru: Потребность}
    definition: How many people depend on the water.
    code_list: level
    source: "[ADD]"
  - name: depth_m
    type: decimal
    labels: {en: Depth, az: Dərinlik, ru: Глубина}
    definition: How far down the water stands.
    unit: m
    minimum: 0
    maximum: 500
    source: "[ADD]"
  - name: district
    type: text
    labels: {en: District, az: Rayon, ru: Район}
    definition: Code of the district that the reporter stated.
    target_kind: place
    source: "[ADD]"
"""
ROWS = "local_id,name,need,depth_m,longitude,latitude\nSYN-WELL-1,Northern well,high,12.5,-28.1,1.2\n"
OTHER_ROWS = "well number,name of the well,Need\nSYN-WELL-2,Southern well,low\n"


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, as somebody types it while the site runs."""
    kept = {**os.environ, "CLEARLAND_PROGRAMME": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "clearland.cli.main", *arguments], capture_output=True, text=True, env=kept, check=False
    )


@pytest.fixture
def with_wells(site: Site, tmp_path: Path) -> Path:
    """The programme of the running site with the file added; the site knew nothing of the kind before."""
    (tmp_path / "well.yaml").write_text(WELL, encoding="utf-8")
    receipts, remarks = add_to_dictionary([tmp_path / "well.yaml"], actor=system_actor("import"))
    assert ([receipt.new for receipt in receipts], remarks) == ([1], [])
    return tmp_path


def table(folder: Path, text: str, name: str = "wells.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_file_added_by_another_process_is_in_the_running_site_at_its_next_page(site: Site, tmp_path: Path) -> None:
    assert site.client.get("/records/well/").status_code == 404
    (tmp_path / "well.yaml").write_text(WELL, encoding="utf-8")
    done = command(tmp_path / "programme", "dictionary", "add", str(tmp_path / "well.yaml"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "well.yaml: in force" in done.stdout
    assert site.client.get("/records/well/").status_code == 200
    assert 'href="/records/well/"' in site.client.get("/data/").content.decode()
    site.client.post("/language/", {"language": "az", "next": "/"})
    assert "Quyular" in site.client.get("/records/well/").content.decode()
    site.client.post("/language/", {"language": "en", "next": "/"})


def test_rows_come_in_checked_and_stand_in_list_map_snapshot_and_export(site: Site, with_wells: Path) -> None:
    with pytest.raises(RefusedInput) as refused:
        add_file(table(with_wells, ROWS.replace("high", "huge").replace("12.5", "900")), AddOptions(kind="well"), actor=DEMO)
    assert {finding.code for finding in refused.value.findings} >= {"E-VALUE-CODE", "E-VALUE-RANGE"}
    added = add_file(table(with_wells, ROWS), AddOptions(kind="well"), actor=DEMO)
    assert added.receipt.new == 1
    assert "Northern well" in site.client.get("/records/well/").content.decode()
    assert 'data-layer="well"' in site.client.get("/map/").content.decode()
    assert site.client.get("/tiles/well/0/0/0.mvt").status_code == 200
    found = snapshot().sql("SELECT name, need, depth_m FROM well").to_pylist()
    assert found == [{"name": "Northern well", "need": "high", "depth_m": 12.5}]
    exported = export_kind("well", with_wells / "out.geojson", actor=system_actor("export"))
    assert exported.records == 1
    assert "Northern well" in (with_wells / "out.geojson").read_text(encoding="utf-8")


def test_it_is_a_layer_of_the_programme_file(site: Site, with_wells: Path) -> None:
    add_file(table(with_wells, ROWS), AddOptions(kind="well"), actor=DEMO)
    ask = (
        "import json, sys, pyogrio; info = pyogrio.read_info(sys.argv[1], layer='well');"
        "print(json.dumps([info['features'], info['crs'], list(info['fields'])]))"
    )  # GDAL never opens the file inside a process that has it open
    done = subprocess.run(
        [sys.executable, "-c", ask, str(with_wells / "programme" / "programme.gpkg")], capture_output=True, text=True, check=True
    )
    features, crs, fields = json.loads(done.stdout)
    assert (features, crs) == (1, "EPSG:4326")
    assert {"local_id", "name", "need", "depth_m", "district"} <= set(fields)


def test_a_form_and_a_mapping_are_made_for_it(site: Site, with_wells: Path) -> None:
    dictionary = current_dictionary()
    asked = {row["name"] for row in xlsform(dictionary, dictionary.kind("well")).survey}
    assert {"local_id", "name", "need", "depth_m", "district", "geometry"} <= asked
    table_read = read_tables(table(with_wells, OTHER_ROWS))[0]
    mapping = yaml.safe_load(starter_mapping(table_read, dictionary, "well"))
    assert mapping["kind"] == "well"
    assert mapping["fields"]["need"] == "Need"


def test_adding_it_again_is_no_news_and_a_field_never_vanishes(site: Site, with_wells: Path) -> None:
    file, actor = with_wells / "well.yaml", system_actor("import")
    assert [receipt.unchanged for receipt in add_to_dictionary([file], actor=actor)[0]] == [1]
    poorer = yaml.safe_load(WELL)
    poorer["fields"] = [each for each in poorer["fields"] if each["name"] != "need"]
    file.write_text(yaml.safe_dump(poorer, allow_unicode=True), encoding="utf-8")
    with pytest.raises(RefusedInput) as refused:
        add_to_dictionary([file], actor=actor)
    assert refused.value.code == "E-DICT-RENAMED"
    assert "need" in current_dictionary().kind("well").by_name
    richer = yaml.safe_load(WELL)
    richer["fields"].append({
        "name": "drawn_by_hand", "type": "boolean", "labels": {"en": "Drawn by hand", "az": "Əllə çəkilir"},
        "definition": "Whether the water is drawn without a pump.", "source": "[ADD]",
    })  # fmt: skip
    file.write_text(yaml.safe_dump(richer, allow_unicode=True), encoding="utf-8")
    _receipts, remarks = add_to_dictionary([file], actor=actor)
    assert "drawn_by_hand" in current_dictionary().kind("well").by_name
    assert [(each.code, each.place.column) for each in remarks] == [("E-DICT-TRANSLATION", "well.drawn_by_hand")]


@pytest.mark.parametrize(
    ("text", "code"),
    [("name: [", "E-DICT-YAML"), ("name: nothing\n", "E-DICT-FORM"), (WELL.replace("level", "ghost"), "E-DICT-REFERENCE"),
     (WELL.replace("planning", "ghosts"), "E-DICT-REFERENCE"), (WELL.replace("name: well", "name: entry"), "E-LAYER-NAME")],
)  # fmt: skip
def test_a_file_that_cannot_work_changes_nothing(site: Site, tmp_path: Path, text: str, code: str) -> None:
    before = current_dictionary().version
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ClearlandError) as refused:
        add_to_dictionary([tmp_path / "bad.yaml"], actor=system_actor("import"))
    assert refused.value.code == code
    assert current_dictionary().version == before
