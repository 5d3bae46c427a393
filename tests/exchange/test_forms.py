"""The form of every kind is an XLSForm that pyxform turns into an XForm; ODK Validate takes them too."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree
from pyxform import validators
from pyxform.xls2xform import convert

from clearland.core.errors import ClearlandError
from clearland.dictionary import envelope, loader
from clearland.dictionary.model import LANGUAGES, Kind
from clearland.exchange.form_words import LANGUAGE_NAMES
from clearland.exchange.forms import FORM_PREFIX, XlsForm, repeats, write_xlsform, xlsform

DICTIONARY = loader.builtin()
KINDS = list(DICTIONARY.layers())
SHAPES = sorted({kind.geometry for kind in KINDS})
_VALIDATE = Path(str(validators.__file__)).parent / "odk_validate" / "bin" / "ODK_Validate.jar"


def form_of(kind: Kind) -> XlsForm:
    return xlsform(DICTIONARY, kind)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_form_of_every_kind_is_taken_by_pyxform(kind: Kind, tmp_path: Path) -> None:
    target = tmp_path / "form.xlsx"
    write_xlsform(form_of(kind), target)
    made = convert(target)
    assert made.warnings == []
    tree = etree.fromstring(made.xform.encode())
    assert {element.get("lang") for element in tree.iter("{*}translation")} == set(LANGUAGE_NAMES.values())
    assert tree.find(".//{*}data").get("id") == f"{FORM_PREFIX}{kind.name}"
    bound = {str(bind.get("nodeset")).rsplit("/", 1)[-1] for bind in tree.iter("{*}bind")}
    asked = [each for each in kind.fields if each.sensitivity != "sealed"]
    assert {each.name for each in asked if not repeats(DICTIONARY, each)} <= bound
    groups = {str(repeat.get("nodeset")).rsplit("/", 1)[-1] for repeat in tree.iter("{*}repeat")}
    assert {each.name for each in asked if repeats(DICTIONARY, each)} == {
        group for group in groups if not group.startswith(envelope.PART_GROUP) and "__" not in group
    }
    assert not {each.name for each in kind.fields if each.sensitivity == "sealed"} & bound


def test_a_form_carries_labels_choices_bounds_and_conditions() -> None:
    form = form_of(DICTIONARY.kind("hazard"))
    rows = {row["name"]: row for row in form.survey if "name" in row}
    field = DICTIONARY.kind("hazard").field("required_depth_cm")
    for language in LANGUAGES:
        assert rows[field.name][f"label::{LANGUAGE_NAMES[language]}"].startswith(field.label(language))
    assert rows["required_depth_cm"]["constraint"] == f". >= {field.minimum} and . <= {field.maximum}"
    assert rows["required_depth_cm"]["hint::English (en)"] == field.definition
    assert rows["change_reason"]["relevant"] == "(${changed_on} != '')"
    assert rows["geometry"]["type"] == "geoshape"
    assert (rows["area_type"]["required"], rows["area_type"]["type"]) == ("yes", "select_one area_type")
    codes = [row["name"] for row in form.choices if row["list_name"] == "area_type"]
    assert codes == [code.code for code in DICTIONARY.lists["area_type"].codes]


def test_odk_validate_takes_the_forms(tmp_path: Path) -> None:
    if shutil.which("java") is None:
        if "java" in os.environ.get("CLEARLAND_REQUIRE", ""):
            pytest.fail("Java is required here and absent")
        pytest.skip("no Java here")
    # One machine start for all of them; each file costs half a second, so a part of the kinds stands for every shape of form.
    shapes = [next(kind for kind in KINDS if kind.geometry == each) for each in SHAPES]
    chosen = {kind.name: kind for kind in [*KINDS[::8], DICTIONARY.kind("hazard"), *shapes]}
    for kind in chosen.values():
        target = tmp_path / f"{kind.name}.xlsx"
        write_xlsform(form_of(kind), target)
        target.with_suffix(".xml").write_text(convert(target).xform, encoding="utf-8")
    files = sorted(map(str, tmp_path.glob("*.xml")))
    assert len(files) == len(chosen)
    run = subprocess.run(
        ["java", "-Djava.awt.headless=true", "-jar", str(_VALIDATE), "--fail-fast", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    broken = Path(files[0])
    broken.write_text(
        broken.read_text(encoding="utf-8").replace("</h:body>", "<input ref='/data/nowhere'/></h:body>"), encoding="utf-8"
    )
    refused = subprocess.run(
        ["java", "-Djava.awt.headless=true", "-jar", str(_VALIDATE), str(broken)], capture_output=True, text=True, check=False
    )
    assert refused.returncode != 0


def test_a_form_that_pyxform_cannot_take_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    form = form_of(DICTIONARY.kind("hazard"))
    twice = XlsForm([*form.survey, form.survey[5]], form.choices, form.settings)
    with pytest.raises(ClearlandError, match="E-FORM-INVALID"):
        write_xlsform(twice, tmp_path / "form.xlsx")
    assert not (tmp_path / "form.xlsx").exists()
