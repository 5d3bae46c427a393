"""A marker in a sealed field, looked for in every file that the programme makes, and in what it hands out."""

import logging
import zipfile
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from clearland.core.sealing import SealingKey, printed
from clearland.exchange.envelopes import opened
from clearland.exchange.writers.formats import WRITERS
from clearland.ledger import sealing_keys
from clearland.ledger.search import search
from clearland.ledger.snapshot import snapshot
from clearland.work import identities
from clearland.work import programme as programmes
from clearland.work.bundling import Chosen, key_ring, make_bundle
from clearland.work.exporting import export_kind
from tests.conftest import TestProgramme
from tests.ledger.book import ADMINISTRATOR, day, everything, put
from tests.ledger.test_sealed import MARKER, SECRET, victim


def _contents(path: Path) -> bytes:
    """A file's bytes with those of its packed parts unpacked."""
    content = path.read_bytes()
    if path.suffix == ".parquet":
        return content + repr(pq.read_table(path).to_pylist()).encode()
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            return content + b"".join(packed.read(name) for name in packed.namelist())
    return content


def _leaks(folder: Path, marker: str) -> list[str]:
    forms = [marker.encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be")] + [marker.casefold().encode()]
    files = [each for each in folder.rglob("*") if each.is_file()]
    return [str(each.relative_to(folder)) for each in files if any(form in _contents(each) for form in forms)]


def test_a_sealed_value_is_in_no_file_the_programme_makes_or_hands_out(
    sqlite_programme: TestProgramme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("CLEARLAND_KEYS", str(tmp_path / "keys"))
    programmes.state_sealing_key(SealingKey.from_secret(SECRET).fingerprint, day(-20))
    monkeypatch.setenv(sealing_keys.VARIABLE, printed(SECRET))
    control = "Control-5290"
    put(victim(first_facility=control, circumstances=f"{MARKER} in words"))
    identities.identity(ADMINISTRATOR, victim().record, "Look", clock=day(1))
    identities.enter(ADMINISTRATOR, victim().record, {"address": MARKER}, "Told", clock=day(2))

    taken = snapshot()
    assert taken.table("victim").num_rows == 1
    assert search(everything(), control)
    assert not search(everything(), MARKER)
    out = tmp_path / "out"
    out.mkdir()
    for form in set(WRITERS) - {"geojson", "kml"}:  # without a shape there is nothing for these two to write
        export_kind("victim", out / f"victims.{form}", actor=ADMINISTRATOR, audience="restricted")
    make_bundle(out / "all.clb", Chosen(kinds=("victim", "sealed_access")), actor=ADMINISTRATOR, passphrase="over the sea")
    (out / "all.opened").write_bytes(opened((out / "all.clb").read_bytes(), key_ring(), "over the sea").content)

    assert {"all.opened", "victims.csv", "victims.xlsx"} <= {*_leaks(out, control)}
    assert "programme.gpkg" in " ".join(_leaks(sqlite_programme.folder, control))
    assert _leaks(tmp_path, MARKER) == []
    assert MARKER not in caplog.text
    assert SECRET not in b"".join(_contents(each) for each in tmp_path.rglob("*") if each.is_file())
