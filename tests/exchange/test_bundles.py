"""Bundles: merged in any order they give the same state and the same entries; nothing wins by being last."""

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import shapely
from django.db import connections

from clearland.core.clock import fixed_clock
from clearland.core.errors import RefusedInput
from clearland.core.ids import record_id
from clearland.exchange.bundles import unpacked
from clearland.exchange.envelopes import MAGIC, opened
from clearland.ledger import verify
from clearland.ledger.drafts import Draft, NewSource
from clearland.ledger.rows import history, record, rows
from clearland.ledger.scope import Actor, scope
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.work import programme as programmes
from clearland.work.bundling import Chosen, key_ring, make_bundle, merge_bundle
from clearland.work.conflicts import decide, open_conflict, open_conflicts
from tests.conftest import TestProgramme
from tests.ledger.book import value

PERSON = Actor("user:1", "A person", is_admin=True)
START = datetime(2024, 3, 1, 9, tzinfo=UTC)
SEA = shapely.box(-30, -20, -29.99, -19.99)
TEMPLATE: dict[str, Path] = {}
CHOSEN = Chosen(kinds=("hazard", "organisation"))


def seen() -> Any:
    return scope(PERSON, "tests")


def at(hours: int) -> Any:
    return fixed_clock(START + timedelta(hours=hours))


def hazard(key: str, **values: Any) -> Draft:
    attributes = {"name": f"SYNTHETIC {key}", "area_type": "SHA", "contamination": ["AP"], "district": "D1", **values}
    return Draft(record=record_id("bundles", key), kind="hazard", local_id=f"SYN-{key}", attributes=attributes, geometry=SEA)


def put(draft: Draft, hours: int) -> None:
    """Write a state that follows the newest one."""
    entries = history(seen(), draft.record)
    write([replace(draft, based_on=entries[-1].id if entries else None)], actor=PERSON, reason="work", clock=at(hours))


@pytest.fixture(autouse=True)
def _empty(sqlite_template: Path) -> None:
    """Where new programmes are copied from."""
    TEMPLATE["folder"] = sqlite_template


def new_programme(folder: Path) -> None:
    """An empty programme that opens when the office does."""
    shutil.copytree(TEMPLATE["folder"], folder)


def digests() -> set[str]:
    with connections["programme"].cursor() as cursor:
        cursor.execute('SELECT digest FROM "entry"')
        return {row[0] for row in cursor.fetchall()}


def state() -> dict[str, tuple[Any, ...]]:
    """What stands: record -> local id, state, attributes, outline; without the programme's own record."""
    return {
        str(each.record_uuid): (each.kind, each.local_id, each.state, each.attributes, each.geometry and each.geometry.wkb)  # type: ignore[attr-defined]
        for each in rows(seen(), states=("approved", "submitted", "verified", "draft", "withdrawn", "superseded"))
        if each.kind != "programme"
    }


@pytest.fixture
def office(sqlite_programme: TestProgramme) -> TestProgramme:
    """A programme with one area, known to everybody."""
    put(hazard("A"), 0)
    return sqlite_programme


class Field:
    """Programmes that took over the office's bundle, each in its folder, trusting and trusted."""

    def __init__(self, office: TestProgramme, folder: Path) -> None:
        self.office, self.folder = office, folder
        self.identity = key_ring().identity
        self.base = folder / "base.clb"
        make_bundle(self.base, CHOSEN, actor=PERSON, passphrase="over the sea", clock=at(1))

    def tablet(self, name: str) -> Path:
        """A new programme that holds what the office sent, in use now."""
        path = self.folder / name
        new_programme(path)
        programmes.use(path)
        key_ring().trust("office", self.identity)
        merge_bundle(self.base, actor=PERSON, passphrase="over the sea", clock=at(2))
        return path

    def send(self, name: str, hours: int) -> Path:
        """A bundle of the programme in use for the office, which trusts it from now on."""
        identity = key_ring().identity
        target = self.folder / f"{name}.clb"
        make_bundle(target, CHOSEN, actor=PERSON, recipients=[self.identity], clock=at(hours))
        programmes.use(self.office.folder)
        key_ring().trust(name, identity)
        return target

    def offices(self, count: int) -> Iterator[Path]:
        """Copies of the office as it is, with the same keys, each in use in turn."""
        connections.close_all()
        for number in range(count):
            copy = self.folder / f"office-{number}"
            shutil.copytree(self.office.folder, copy)
            shutil.copytree(
                self.office.folder.with_name(f"{self.office.folder.name}.keys"), self.folder / f"office-{number}.keys"
            )
            programmes.use(copy)
            yield copy
            connections.close_all()


def test_merging_in_any_order_gives_the_same_state_and_the_same_entries(office: TestProgramme, tmp_path: Path) -> None:
    field = Field(office, tmp_path)
    sent = []
    for number, name in enumerate(("one", "two", "three")):
        field.tablet(name)
        put(hazard("A", name=f"SYNTHETIC as {name} saw it"), 10 - number)
        put(hazard(f"found by {name}"), 11)
        if name == "three":
            put(hazard("A", name="SYNTHETIC seen again"), 12)
        sent.append(field.send(name, 13))
    orders = list(itertools.permutations(sent))
    outcomes = []
    for order, _ in zip(orders, field.offices(len(orders)), strict=True):
        receipts = [merge_bundle(path, actor=PERSON, clock=at(20)).receipt for path in order]
        again = [merge_bundle(path, actor=PERSON, clock=at(21)).receipt for path in order]
        assert not any(receipt.entries for receipt in again)
        assert again[-1].head == receipts[-1].head
        assert verify.verify().findings == ()
        named = {entry for receipt in receipts for _, entry in receipt.entries}
        outcomes.append((digests(), state(), len(named), len(open_conflicts(seen()))))
    first = outcomes[0]
    assert all(outcome[:2] == first[:2] for outcome in outcomes)
    assert [outcome[3] for outcome in outcomes] == [1] * len(outcomes)
    area = next(content for content in first[1].values() if content[1] == "SYN-A")
    assert area[3]["name"] == "SYNTHETIC A"  # what everybody knew stands until a person decides
    assert {content[1] for content in first[1].values()} >= {f"SYN-found by {name}" for name in ("one", "two", "three")}


def test_a_person_decides_and_the_decision_is_an_entry(office: TestProgramme, tmp_path: Path) -> None:
    field = Field(office, tmp_path)
    field.tablet("one")
    put(hazard("A", name="SYNTHETIC larger"), 10)
    bundle = field.send("one", 12)
    put(hazard("A", name="SYNTHETIC smaller"), 11)
    receipt = merge_bundle(bundle, actor=PERSON, clock=at(20)).receipt
    assert len(receipt.conflicts) == 1
    (conflict,) = open_conflicts(seen())
    assert [each.attributes["name"] for each in conflict.versions] == ["SYNTHETIC larger", "SYNTHETIC smaller"]
    assert conflict.standing is not None
    assert conflict.standing.attributes["name"] == "SYNTHETIC A"
    with pytest.raises(RefusedInput, match="E-CONFLICT-REASON"):
        decide(conflict.record, conflict.versions[0].id, " ", actor=PERSON)
    with pytest.raises(RefusedInput, match="E-CONFLICT-CHOICE"):
        decide(conflict.record, UUID(int=1), "no such", actor=PERSON)
    decide(conflict.record, conflict.versions[0].id, "walked the edge again", actor=PERSON, clock=at(22))
    assert open_conflicts(seen()) == []
    stands = record(seen(), conflict.record)
    assert stands is not None
    assert stands.attributes["name"] == "SYNTHETIC larger"
    newest = history(seen(), conflict.record)[-1]
    assert newest.reason == "Chose between versions: walked the edge again"
    assert verify.verify().findings == ()
    put(hazard("A", name="SYNTHETIC corrected"), 30)
    stands = record(seen(), conflict.record)
    assert stands is not None
    assert stands.attributes["name"] == "SYNTHETIC corrected"


def test_a_snapshot_shows_what_stands_while_versions_contest(office: TestProgramme, tmp_path: Path) -> None:
    field = Field(office, tmp_path)
    sent = []
    for number, name in enumerate(("one", "two")):
        field.tablet(name)
        put(hazard("A", name=f"SYNTHETIC as {name} saw it"), 10 - number)
        sent.append(field.send(name, 13))
    now, ever = [], []
    for path in sent:
        merge_bundle(path, actor=PERSON, clock=at(20))
        made = snapshot()
        now.append([row["name"] for row in made.table("hazard").to_pylist()])
        ever.append([row["name"] for row in made.sql("SELECT name FROM hazard_history ORDER BY known_from").to_pylist()])
    assert now == [["SYNTHETIC as one saw it"], ["SYNTHETIC A"]]
    assert ever == [["SYNTHETIC A", "SYNTHETIC as one saw it"], ["SYNTHETIC A"]]


@pytest.mark.parametrize("newest", [True, False])
def test_either_version_can_be_chosen(office: TestProgramme, tmp_path: Path, newest: bool) -> None:
    field = Field(office, tmp_path)
    field.tablet("one")
    put(hazard("A", name="SYNTHETIC larger"), 10)
    bundle = field.send("one", 12)
    put(hazard("A", name="SYNTHETIC smaller"), 11)
    merge_bundle(bundle, actor=PERSON, clock=at(20))
    conflict = open_conflict(seen(), hazard("A").record)
    chosen = conflict.versions[-1 if newest else 0]
    decide(conflict.record, chosen.id, "as measured", actor=PERSON, clock=at(22))
    stands = record(seen(), conflict.record)
    assert stands is not None
    assert stands.attributes == chosen.attributes


def test_work_that_follows_what_is_known_is_taken_over_without_a_question(programme: TestProgramme, tmp_path: Path) -> None:
    """On both databases: a changed area, a new one that links to it, their sources, and a rebuilt book that is the same."""
    put(hazard("A"), 0)
    field = Field(programme, tmp_path)
    field.tablet("one")
    put(hazard("A", name="SYNTHETIC changed", status="suspended"), 10)
    source = NewSource(
        data=b"a day's notes", filename="day.txt", media_type="text/plain", received=date(2024, 3, 1), sensitivity="public"
    )
    child = replace(hazard("B"), links={"parent_hazard": [hazard("A").record]})
    write([child], actor=PERSON, reason="found", source=source, clock=at(11))
    identity = key_ring().identity
    make_bundle(tmp_path / "one.clb", CHOSEN, actor=PERSON, recipients=[field.identity], clock=at(12))
    programmes.use(programme.folder, programme.database_url)
    key_ring().trust("one", identity)
    merged = merge_bundle(tmp_path / "one.clb", actor=PERSON, clock=at(20))
    assert merged.sender == "one"
    assert len(merged.receipt.entries) == 2
    assert merged.receipt.known == 1
    stands = record(seen(), hazard("A").record)
    assert stands is not None
    assert stands.attributes["name"] == "SYNTHETIC changed"
    (entry,) = history(seen(), hazard("B").record)
    assert entry.links == {"parent_hazard": (hazard("A").record,)}
    assert entry.source is not None
    assert entry.actor == "one/user:1"
    assert verify.verify().findings == ()
    before = (digests(), state())
    programmes.repair()
    assert (digests(), state()) == before
    assert verify.verify().findings == ()


def test_a_bundle_that_cannot_be_trusted_is_refused_with_a_sentence(office: TestProgramme, tmp_path: Path) -> None:
    target = tmp_path / "pack.clb"
    make_bundle(target, CHOSEN, actor=PERSON, passphrase="secret", clock=at(1))
    whole = target.read_bytes()
    assert b"SYNTHETIC" not in whole
    before = (digests(), value('SELECT count(*) FROM "commit"'))
    middle = len(whole) // 2
    broken = {
        "E-BUNDLE-KIND": [b"PK\x03\x04 no bundle", b""],
        "E-BUNDLE-DAMAGED": [
            whole[:-1], whole[: len(MAGIC) + 2], whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], whole + b"x",
        ],
    }  # fmt: skip
    for code, files in broken.items():
        for data in files:
            target.write_bytes(data)
            with pytest.raises(RefusedInput, match=code):
                merge_bundle(target, actor=PERSON, passphrase="secret")
    target.write_bytes(whole)
    with pytest.raises(RefusedInput, match="E-BUNDLE-PASSPHRASE"):
        merge_bundle(target, actor=PERSON)
    with pytest.raises(RefusedInput, match="E-BUNDLE-PASSPHRASE"):
        merge_bundle(target, actor=PERSON, passphrase="wrong")
    stranger = tmp_path / "stranger"
    new_programme(stranger)
    programmes.use(stranger)
    with pytest.raises(RefusedInput, match="E-BUNDLE-SIGNER"):
        merge_bundle(target, actor=PERSON, passphrase="secret")
    own = key_ring().identity
    programmes.use(office.folder)
    make_bundle(target, CHOSEN, actor=PERSON, recipients=[own], clock=at(1))
    with pytest.raises(RefusedInput, match="E-BUNDLE-KEY"):
        merge_bundle(target, actor=PERSON)
    assert (digests(), value('SELECT count(*) FROM "commit"')) == before


def test_what_the_audience_may_not_have_stays_and_is_counted(office: TestProgramme, tmp_path: Path) -> None:
    put(replace(hazard("P"), sensitivity="partner"), 3)
    put(replace(hazard("Q", benchmark_lon="-30"), sensitivity="partner"), 3)
    chosen = Chosen(kinds=("hazard",), audience="partner", area=shapely.box(-31, -21, -29, -19), forms=("hazard",))
    made = make_bundle(tmp_path / "p.clb", chosen, actor=PERSON, passphrase="x", clock=at(4))
    bundle = unpacked(opened((tmp_path / "p.clb").read_bytes(), key_ring(), "x").content)
    assert {each.record for each in bundle.carried} == {hazard("P").record}
    assert [finding.code for finding in made.findings] == ["I-BUNDLE-STAYS"]
    assert set(bundle.attachments) == {"area.geojson", "forms/hazard.xlsx"}
    merged = merge_bundle(tmp_path / "p.clb", actor=PERSON, passphrase="x")
    assert {path.name for path in merged.attachments} == {"area.geojson", "hazard.xlsx"}
    assert not merged.receipt.entries
    empty = replace(chosen, area=shapely.box(0, 0, 1, 1), forms=())
    with pytest.raises(RefusedInput, match="E-BUNDLE-EMPTY"):
        make_bundle(tmp_path / "q.clb", empty, actor=PERSON, passphrase="x")
    with pytest.raises(RefusedInput, match="E-BUNDLE-RECIPIENT"):
        make_bundle(tmp_path / "q.clb", CHOSEN, actor=PERSON)


def test_an_entry_from_tomorrow_is_refused(office: TestProgramme, tmp_path: Path) -> None:
    field = Field(office, tmp_path)
    field.tablet("one")
    put(hazard("A", name="SYNTHETIC from a wrong clock"), 24 * 300)
    bundle = field.send("one", 24 * 300)
    with pytest.raises(RefusedInput, match="E-MERGE-CLOCK"):
        merge_bundle(bundle, actor=PERSON, clock=at(20))
