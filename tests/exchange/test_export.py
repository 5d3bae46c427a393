"""What goes out comes back as what it was: every kind, every format; and only what its audience may hold."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from clearland.core.clock import fixed_clock
from clearland.core.errors import ClearlandError, NotPermitted, RefusedInput
from clearland.dictionary import envelope, loader
from clearland.exchange.cells import harmless, listed
from clearland.exchange.writers.formats import WRITERS
from clearland.intake.code_columns import split_parts
from clearland.intake.exported import exported_tables
from clearland.intake.tables import Table
from clearland.ledger.rows import head, history, record, rows
from clearland.ledger.scope import Actor, scope, system_actor
from clearland.ledger.write import write
from clearland.work import programme as programmes
from clearland.work.add import AddOptions, add_file, check_file
from clearland.work.exporting import export_kind
from tests.exchange.records import Maker

SYSTEM = system_actor("export")
DICTIONARY = loader.builtin()
HEADS = ("a", envelope.LOCAL_ID, envelope.RECORD, envelope.AUDIENCE)


def written(maker: Maker) -> None:
    """Everything the maker has made, in one write."""
    write(list(maker.all()), actor=system_actor("demo"), reason="SYNTHETIC records")


@pytest.fixture
def full(sqlite_programme: object) -> Maker:
    """A programme with records of every kind."""
    maker = Maker(DICTIONARY)
    for kind in DICTIONARY.layers():
        maker.several(kind, 6)
    written(maker)
    return maker


def test_import_after_export_is_identity_for_every_kind_and_format(
    full: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whether a record makes sense is another question: what files hold must not depend on it.
    monkeypatch.setattr("clearland.intake.records.check_rows", lambda *_: None)
    for kind in DICTIONARY.layers():
        for suffix in WRITERS:
            target = tmp_path / f"{kind.name}.{suffix}"
            if suffix == "kml" and kind.geometry == "none":
                with pytest.raises(RefusedInput, match="E-EXPORT-HOLDS"):
                    export_kind(kind.name, target, actor=SYSTEM, audience="restricted")
                assert not target.exists()
                continue
            made = export_kind(kind.name, target, actor=SYSTEM, audience="restricted")
            plan = check_file(target, AddOptions(kind=kind.name), actor=SYSTEM)
            assert not plan.errors, (target.name, plan.errors[:3])
            assert plan.same == made.records == len(full.made[kind.name]), target.name
            target.unlink()


def test_a_fresh_programme_that_takes_the_files_holds_the_same_records(
    full: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clearland.intake.records.check_rows", lambda *_: None)
    kinds = ["organisation", "place"]
    stated = {kind: contents(kind) for kind in kinds}
    for kind in kinds:
        export_kind(kind, tmp_path / f"{kind}.gpkg", actor=SYSTEM, audience="restricted")
    programmes.init(tmp_path / "other", name="Another", admin_username="admin", admin_password="a long password for tests")
    programmes.use(tmp_path / "other")
    for kind in kinds:
        add_file(tmp_path / f"{kind}.gpkg", AddOptions(kind=kind), actor=SYSTEM)
    assert {kind: contents(kind) for kind in kinds} == stated


def contents(kind: str) -> dict[str, tuple[object, ...]]:
    """Record -> everything an entry says of it, whoever recorded it."""
    seen = scope(SYSTEM, "compare")
    found: dict[str, tuple[object, ...]] = {}
    for version in rows(seen, kind):
        entry = history(seen, version.record_uuid)[-1]  # type: ignore[attr-defined]
        wkb = None if entry.geometry is None else entry.geometry.wkb
        found[str(entry.record)] = (entry.local_id, entry.state, entry.sensitivity, entry.attributes, entry.links, wkb)
    return found


def test_what_an_audience_may_not_hold_stays_and_is_said(full: Maker, tmp_path: Path) -> None:
    hazard = DICTIONARY.kind("hazard")
    made = export_kind("hazard", tmp_path / "partners.csv", actor=SYSTEM, audience="partner")
    assert made.records == 0  # areas that are not released are restricted
    first = full.made["hazard"][0]
    newest = record(scope(SYSTEM, "tests"), first.record)
    assert newest is not None
    write([replace(first, sensitivity="partner", based_on=newest.entry_uuid)], actor=SYSTEM, reason="shown")  # type: ignore[attr-defined]
    made = export_kind("hazard", tmp_path / "partners.csv", actor=SYSTEM, audience="partner")
    text = (tmp_path / "partners.csv").read_text(encoding="utf-8-sig")
    assert made.records == 1
    assert "PARTNER" in text
    hidden = [each.name for each in hazard.fields if each.sensitivity == "restricted"]
    assert hidden
    assert not any(name in text.splitlines()[0].split(",") for name in hidden)
    assert {finding.code for finding in made.findings} <= {"I-EXPORT-FIELDS", "I-EXPORT-LINKS"}
    # Added again, the cut file changes nothing: what it does not hold, the record keeps.
    plan = check_file(tmp_path / "partners.csv", AddOptions(kind="hazard"), actor=SYSTEM)
    assert (plan.errors, plan.same) == ((), 1)


def test_a_member_cannot_hand_on_what_a_member_may_not_read(sqlite_programme: object, tmp_path: Path) -> None:
    with pytest.raises(NotPermitted, match="E-EXPORT-CLASS"):
        export_kind("hazard", tmp_path / "x.csv", actor=Actor("user:1", "A member"), audience="restricted")
    with pytest.raises(ClearlandError, match="E-EXPORT-AUDIENCE"):
        export_kind("hazard", tmp_path / "x.csv", actor=SYSTEM, audience="sealed")
    with pytest.raises(ClearlandError, match="E-EXPORT-FORMAT"):
        export_kind("hazard", tmp_path / "x.docx", actor=SYSTEM)


def test_an_export_shows_the_day_it_is_asked_for(sqlite_programme: object, tmp_path: Path) -> None:
    maker = Maker(DICTIONARY)
    draft = maker.one(DICTIONARY.kind("organisation"))
    write([draft], actor=SYSTEM, reason="first", clock=fixed_clock(datetime(2024, 3, 1, 9, tzinfo=UTC)))
    first = record(scope(SYSTEM, "tests"), draft.record)
    assert first is not None
    renamed = replace(draft, attributes={**draft.attributes, "name": "Renamed"}, based_on=first.entry_uuid)  # type: ignore[attr-defined]
    write([renamed], actor=SYSTEM, reason="second", clock=fixed_clock(datetime(2024, 3, 9, 9, tzinfo=UTC)))
    export_kind("organisation", tmp_path / "then.csv", actor=SYSTEM, as_known=date(2024, 3, 5))
    export_kind("organisation", tmp_path / "now.csv", actor=SYSTEM)
    assert "Renamed" not in (tmp_path / "then.csv").read_text(encoding="utf-8-sig")
    assert "2024-03-05" in (tmp_path / "then.csv").read_text(encoding="utf-8-sig")
    assert "Renamed" in (tmp_path / "now.csv").read_text(encoding="utf-8-sig")


def test_no_cell_of_a_workbook_is_a_formula_and_long_outlines_are_refused(full: Maker, tmp_path: Path) -> None:
    target = tmp_path / "organisation.xlsx"
    export_kind("organisation", target, actor=SYSTEM, audience="restricted")
    book = load_workbook(target)
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert book["clearland_about"]["A1"].value.endswith(head()[:12])
    assert "SYNTHETIC" in book["clearland_about"]["A1"].value
    circle = shapely.Point(-29.5, -19.5).buffer(0.01, quad_segs=400)
    long = replace(full.one(DICTIONARY.kind("hazard")), geometry=circle)
    write([long], actor=SYSTEM, reason="long")
    with pytest.raises(RefusedInput, match="E-EXPORT-HOLDS"):
        export_kind("hazard", tmp_path / "hazard.xlsx", actor=SYSTEM, audience="restricted")


LETTERS = st.characters(exclude_categories=("Cc", "Cs"))


@given(st.text(LETTERS), st.lists(st.text(LETTERS, min_size=1), min_size=1))
def test_guarded_texts_and_lists_in_one_cell_come_back(text: str, values: list[str]) -> None:
    clean = "".join(letter for letter in text if letter.isprintable())
    guarded = harmless(clean)
    assert not guarded.lstrip().startswith(("=", "+", "-", "@"))
    table = Table(
        file="x.csv",
        sheet=None,
        format="CSV",
        numbers=[2],
        columns=tuple(HEADS),
        cells={**{name: ["-"] for name in HEADS}, "a": [guarded]},
    )
    assert exported_tables([table])[0].cells["a"] == [clean]
    stripped = sorted({value.strip() for value in values} - {""})
    if stripped:
        assert split_parts(listed(stripped), None) == stripped
