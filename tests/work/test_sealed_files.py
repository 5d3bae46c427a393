"""Files and forms that name people: the identity goes sealed, the file is kept encrypted, and nothing of it stands anywhere."""

import csv
import io
import json
import logging
import shutil
from pathlib import Path

import pytest
import xlsxwriter

from clearland.core.errors import ClearlandError, NotPermitted, RefusedInput
from clearland.core.sealing import SealingKey, printed
from clearland.exchange.envelopes import opened
from clearland.ledger import sealing_keys
from clearland.ledger.rows import rows, sources
from clearland.ledger.scope import Actor, system_actor
from clearland.ledger.sealed import rows_of
from clearland.ledger.search import search
from clearland.ledger.snapshot import snapshot
from clearland.ledger.sources import read_source, source_path, sources_folder
from clearland.ledger.verify import verify
from clearland.work import identities, key_change
from clearland.work import programme as programmes
from clearland.work.add import AddOptions, add_file, check_file
from clearland.work.bundling import Chosen, key_ring, make_bundle, merge_bundle
from clearland.work.exporting import export_kind
from tests.conftest import TestProgramme
from tests.ledger.book import ADMINISTRATOR, MEMBER, day, everything, hazard, put
from tests.ledger.test_sealed import MARKER, SECRET
from tests.ledger.test_sealed_leaks import _leaks

CLI = system_actor("cli")
MAPPING = """
kind: victim
series: hospital-list
local_id: number
key: [number]
dates: ["%d.%m.%Y"]
fields:
  full_name: {columns: [name, surname]}
  birth_date: born
  address: address
  gender: sex
  outcome: {constant: unknown}
  consent_store: {constant: given}
"""
ROW = {"number": "V-1", "name": MARKER, "surname": "Testov", "born": "03.04.1970", "address": f"{MARKER} street 4", "sex": "male"}


@pytest.fixture
def keyed(sqlite_programme: TestProgramme, monkeypatch: pytest.MonkeyPatch) -> TestProgramme:
    programmes.state_sealing_key(SealingKey.from_secret(SECRET).fingerprint, day(-20))
    monkeypatch.setenv(sealing_keys.VARIABLE, printed(SECRET))
    return sqlite_programme


def options(folder: Path, text: str = MAPPING) -> AddOptions:
    (folder / "hospital.yaml").write_text(text, encoding="utf-8")
    return AddOptions(mapping=folder / "hospital.yaml")


def sheet(folder: Path, *people: dict[str, str]) -> Path:
    written = io.StringIO()
    table = csv.DictWriter(written, fieldnames=[*ROW])
    table.writeheader()
    table.writerows(people)
    path = folder / "hospital.csv"
    path.write_text(written.getvalue(), encoding="utf-8")
    return path


def workbook(folder: Path, *people: dict[str, str]) -> Path:
    with xlsxwriter.Workbook(str(folder / "hospital.xlsx"), {"in_memory": True}) as book:
        page = book.add_worksheet("people")
        page.write_row(0, 0, [*ROW])
        for line, person in enumerate(people, 1):
            page.write_row(line, 0, [*person.values()])
    return folder / "hospital.xlsx"


def brought(path: Path, how: AddOptions, actor: Actor = ADMINISTRATOR) -> tuple[int, int, int]:
    receipt = add_file(path, how, actor=actor, clock=day(1)).receipt
    return receipt.new, receipt.changed, receipt.unchanged


def test_identities_of_a_file_go_sealed_and_the_file_is_kept_encrypted(
    keyed: TestProgramme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    how, path = options(tmp_path), sheet(tmp_path, ROW)
    assert brought(path, how) == (1, 0, 0)
    [victim] = rows(everything(), "victim")
    assert victim.attributes["full_name"].startswith("sealed:")
    said = identities.identity(ADMINISTRATOR, victim.record.id, "Asked by the hospital", clock=day(2))
    assert (said["full_name"], said["birth_date"]) == (f"{MARKER} Testov", "1970-04-03")
    [kept] = sources(everything()).filter(filename="hospital.csv")
    assert kept.sensitivity == "sealed"
    assert verify().ok
    assert check_file(path, how, actor=ADMINISTRATOR).same == 1
    assert brought(path, how) == (0, 0, 1)
    assert brought(workbook(tmp_path, {**ROW, "address": f"{MARKER} lane 5"}), how) == (0, 1, 0)
    assert identities.identity(ADMINISTRATOR, victim.record.id, "Asked again", clock=day(3))["address"] == f"{MARKER} lane 5"
    assert _leaks(keyed.folder, MARKER) == []
    assert MARKER not in caplog.text
    monkeypatch.delenv(sealing_keys.VARIABLE)
    assert verify().ok


def test_a_refused_file_leaves_nothing_of_a_person(keyed: TestProgramme, tmp_path: Path) -> None:
    before = {path for path in sources_folder().rglob("*") if path.is_file()}
    wrong = {**ROW, "number": "V-2", "born": f"{MARKER} spring", "sex": "unheard"}
    with pytest.raises(RefusedInput) as refused:
        add_file(workbook(tmp_path, ROW, wrong), options(tmp_path), actor=ADMINISTRATOR)
    told = json.dumps([finding.as_json() for finding in refused.value.findings])
    assert "E-VALUE-CODE" in told
    assert MARKER not in told + str(refused.value)
    assert list((keyed.folder / "returned").glob("*.xlsx"))
    assert _leaks(keyed.folder, MARKER) == []
    assert {path for path in sources_folder().rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("openly", ["local_id: name\nkey: [number]", "local_id: number\nkey: [number, surname]"])
def test_a_column_that_names_a_person_is_used_for_nothing_else(keyed: TestProgramme, tmp_path: Path, openly: str) -> None:
    how = options(tmp_path, MAPPING.replace("local_id: number\nkey: [number]", openly))
    with pytest.raises(RefusedInput) as refused:
        check_file(sheet(tmp_path, ROW), how, actor=ADMINISTRATOR)
    assert refused.value.code == "E-MAP-SEALED"


def test_without_the_key_nothing_is_taken(sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    with pytest.raises(RefusedInput) as refused:
        add_file(sheet(tmp_path, ROW), options(tmp_path), actor=ADMINISTRATOR)
    assert refused.value.code == "E-SEALED-KEY"
    assert not rows(everything(), "victim").exists()
    assert _leaks(sqlite_programme.folder, MARKER) == []


def test_submissions_of_a_form_that_asks_who_it_is_go_sealed(keyed: TestProgramme, tmp_path: Path) -> None:
    answers = {"local_id": "V-9", "full_name": MARKER, "gender": "male", "outcome": "unknown", "consent_store": "given"}
    export = {
        "@odata.context": "https://central.example.org/v1/projects/3/forms/clearland_victim.svc/$metadata#Submissions",
        "value": [{"__id": "uuid:1", "__system": {"reviewState": "approved"}, **answers}],
    }
    (tmp_path / "submissions.json").write_text(json.dumps(export), encoding="utf-8")
    assert brought(tmp_path / "submissions.json", AddOptions(kind="victim")) == (1, 0, 0)
    [victim] = rows(everything(), "victim")
    assert identities.identity(ADMINISTRATOR, victim.record.id, "Asked", clock=day(2)) == {"full_name": MARKER}
    assert _leaks(keyed.folder, MARKER) == []


def test_the_key_is_changed_and_a_change_that_broke_off_goes_on(
    keyed: TestProgramme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(sheet(tmp_path, ROW, {**ROW, "number": "V-2", "name": "Other"}), options(tmp_path))
    [kept] = sources(everything()).filter(sensitivity="sealed")
    new = bytes(range(1, 33))
    broken = ClearlandError("E-TEST", "The power went.")
    with monkeypatch.context() as outage:
        outage.setattr(key_change, "change_sealing_key", lambda *_: (_ for _ in ()).throw(broken))
        with pytest.raises(ClearlandError, match="power"):
            key_change.change(CLI, new)
    done = key_change.change(CLI, new)
    assert (done.values, done.sources) == (0, 0)
    with pytest.raises(RefusedInput):
        sealing_keys.needed_key()  # the old one is still in the environment
    monkeypatch.setenv(sealing_keys.VARIABLE, printed(new))
    proved = verify()
    assert (proved.ok, len(rows_of())) == (True, 6)
    for victim in rows(everything(), "victim"):
        assert identities.identity(ADMINISTRATOR, victim.record.id, "Look", clock=day(2))["birth_date"] == "1970-04-03"
    name, blocks = identities.open_source(CLI, kept.sha256, "The hospital asks what it sent", clock=day(3))
    assert (name, b"".join(blocks)) == ("hospital.csv", (tmp_path / "hospital.csv").read_bytes())
    with pytest.raises(NotPermitted):
        identities.open_source(MEMBER, kept.sha256, "Curious", clock=day(3))
    deeds = [(each.deed, each.about) for each in identities.accesses(everything())][:2]
    assert deeds == [("refused", f"source:{kept.sha256}"), ("opened", f"source:{kept.sha256}")]
    assert brought(tmp_path / "hospital.csv", options(tmp_path)) == (0, 0, 2)


def test_a_sealed_source_that_was_altered_is_found(keyed: TestProgramme, tmp_path: Path) -> None:
    brought(sheet(tmp_path, ROW), options(tmp_path))
    [kept] = sources(everything()).filter(sensitivity="sealed")
    path = source_path(kept.sha256)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "E-VERIFY-BYTES" in {finding.code for finding in verify().findings}
    with pytest.raises(ClearlandError, match="sealed"):
        read_source(kept.sha256)


def test_a_bundle_and_an_export_say_nothing_of_a_person_from_a_file(
    keyed: TestProgramme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(sheet(tmp_path, ROW), options(tmp_path))
    put([hazard("1")])
    monkeypatch.setenv("CLEARLAND_KEYS", str(tmp_path / "keys"))
    out = tmp_path / "out"
    out.mkdir()
    made = make_bundle(out / "all.clb", Chosen(kinds=("victim", "hazard")), actor=ADMINISTRATOR, passphrase="over the sea")
    assert (made.records, [each.code for each in made.findings]) == (2, ["I-BUNDLE-WITHHELD"])
    (out / "all.opened").write_bytes(opened((out / "all.clb").read_bytes(), key_ring(), "over the sea").content)
    export_kind("victim", out / "victims.csv", actor=ADMINISTRATOR, audience="restricted")
    assert snapshot().table("victim").num_rows == 1
    assert not search(everything(), MARKER)
    assert _leaks(out, MARKER) == _leaks(keyed.folder, MARKER) == []


def test_records_of_a_sealed_file_travel_and_their_file_stays(
    keyed: TestProgramme, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(sheet(tmp_path, ROW), options(tmp_path))
    [kept] = sources(everything()).filter(sensitivity="sealed")
    identity = key_ring().identity
    chosen = Chosen(kinds=("victim",))
    make_bundle(tmp_path / "v.clb", chosen, actor=ADMINISTRATOR, passphrase="over the sea", clock=day(2))
    narrower = Chosen(kinds=("victim",), audience="programme")
    with pytest.raises(RefusedInput, match="E-BUNDLE-EMPTY"):
        make_bundle(tmp_path / "p.clb", narrower, actor=ADMINISTRATOR, passphrase="over the sea", clock=day(2))
    there = tmp_path / "there"
    shutil.copytree(sqlite_template, there)
    programmes.use(there)
    monkeypatch.delenv(sealing_keys.VARIABLE)
    key_ring().trust("centre", identity)
    merged = merge_bundle(tmp_path / "v.clb", actor=ADMINISTRATOR, passphrase="over the sea", clock=day(3))
    assert len(merged.receipt.entries) == 1
    assert not merge_bundle(tmp_path / "v.clb", actor=ADMINISTRATOR, passphrase="over the sea", clock=day(4)).receipt.entries
    [victim] = rows(everything(), "victim")
    assert victim.attributes["full_name"].startswith("sealed:")
    [described] = sources(everything()).filter(sha256=kept.sha256)
    assert (described.sensitivity, described.size_bytes) == ("sealed", kept.size_bytes)
    assert not source_path(kept.sha256).exists()
    assert verify().ok
    with pytest.raises(RefusedInput, match="E-SEALED-NONE"):
        identities.open_source(ADMINISTRATOR, kept.sha256, "Asked by the hospital", clock=day(5))
    assert _leaks(there, MARKER) == []
    onward = make_bundle(tmp_path / "on.clb", chosen, actor=ADMINISTRATOR, passphrase="over the sea", clock=day(6))
    assert onward.entries == 1


def test_a_sealed_file_that_is_lost_at_home_is_still_a_fault(keyed: TestProgramme, tmp_path: Path) -> None:
    brought(sheet(tmp_path, ROW), options(tmp_path))
    [kept] = sources(everything()).filter(sensitivity="sealed")
    source_path(kept.sha256).unlink()
    assert "E-VERIFY-BYTES" in {finding.code for finding in verify().findings}
