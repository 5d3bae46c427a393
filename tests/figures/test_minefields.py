"""Minefield records from the ledger to scores: read with their parts, assessed, totalled, shown by the command."""

import json
import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.clock import fixed_clock
from clearland.core.errors import ClearlandError
from clearland.figures.minefields import minefield, minefields
from clearland.land.minefields.scores import SCORES
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.work.demonstration.minefields import CLEARED, KNOWN, add_minefields
from clearland.work.demonstration.nation import synthetic_nation
from tests.told import told


def fill():
    """The demonstration's five papers, without its other hazards."""
    nation = synthetic_nation(hazards=0)
    add_minefields(nation)
    for day in (KNOWN, CLEARED):
        drafts = [draft for recorded, draft in nation.drafts if (recorded <= KNOWN) == (day == KNOWN)]
        write(drafts, actor=system_actor("demo"), reason="Papers", clock=fixed_clock(datetime.combine(day, time(12), UTC)))


def test_papers_are_read_with_their_parts_and_held_against_the_ground(programme):
    fill()
    made = minefields(snapshot())
    by_number = {one.sheet.local_id: one for one in made.records}
    assert list(by_number) == ["SYN-F-17", "SYN-F-18", "SYN-F-21", "SYN-F-30", "SYN-F-31"]
    datum = by_number["SYN-F-17"]
    assert len(datum.readings) == 4
    assert told(datum.best).rebuilt.reading.name == "SK42_GEO magnetic +19.5"
    assert (told(datum.stated).percent, told(datum.stated).method) == (25, "")
    assert told(told(datum.best).scores["position"].value) > 0.98
    right = told(by_number["SYN-F-18"].best)
    assert all(told(right.scores[name].value) > 0.98 for name in SCORES)
    assert right.searched_share == pytest.approx(1, abs=0.01)
    assert right.whole.missing == 0
    off = told(by_number["SYN-F-21"].best)
    assert told(off.shift).metres == pytest.approx(60, abs=1)
    assert off.scores["type"].value == 0
    assert off.whole.claimed == told(off.whole.found) + told(off.whole.missing)
    heard_of = by_number["SYN-F-30"]
    assert (heard_of.best, heard_of.readings, heard_of.sheet.claimed) == (None, (), 350)
    assert by_number["SYN-F-31"].sheet.claimed is None
    whole = made.totals
    assert whole.by_custody == {"classified": 1, "held": 3, "promised": 1}
    assert whole.claimed == sum(one.sheet.claimed or 0 for one in made.records)
    assert whole.located == sum(one.best.whole.accounted for one in made.records if one.best)
    assert 0.6 < told(whole.covered_share) < 1
    assert whole.accidents_outside_share is None


def test_before_the_ground_was_searched_nothing_is_found_and_claims_stand(sqlite_programme):
    fill()
    one = minefield(snapshot(as_known=date(2025, 12, 31)), "SYN-F-18")
    best = told(one.best)
    assert best.whole.found == 0
    assert best.whole.missing == one.sheet.claimed == 78
    assert best.searched_share == 0
    assert best.scores["coverage"].value is None


def test_a_record_is_found_by_its_id_or_refused(sqlite_programme):
    fill()
    shot = snapshot()
    one = minefield(shot, "SYN-F-17")
    assert minefield(shot, one.sheet.record) == one
    with pytest.raises(ClearlandError, match="E-MINEFIELD-NONE"):
        minefield(shot, "SYN-F-99")


def test_a_programme_without_records_says_so(sqlite_programme):
    made = minefields(snapshot())
    assert made.records == ()
    assert made.totals.claimed == 0


def test_the_command_prints_scores_with_their_samples(sqlite_programme):
    fill()

    def run(*arguments):
        return CliRunner().invoke(app, ["--programme", str(sqlite_programme.folder), "minefields", *arguments])

    listed = run()
    assert listed.exit_code == 0, listed.output
    assert "5 records (1 classified, 3 held, 1 promised), 3 with an outline." in listed.stdout
    stated = "Stated accuracy 25 % by Talmere Mine Action Office (SYNTHETIC) (no method given): a statement, no score."
    assert stated in run("SYN-F-17").stdout
    everything = json.loads(run("--json").stdout)
    assert [one["local_id"] for one in everything["records"]][:2] == ["SYN-F-17", "SYN-F-18"]
    first = everything["records"][0]
    assert first["stated_accuracy"] == {"percent": 25, "by": "Talmere Mine Action Office (SYNTHETIC)", "method": None}
    assert set(first["readings"][0]["scores"]) == set(SCORES)
    assert first["readings"][0]["closings"][0]["within_rule"] is True
    assert everything["totals"]["records"] == 5
    alone = json.loads(run("SYN-F-17", "--json").stdout)
    assert alone["readings"] == first["readings"]
    assert alone["head"] == everything["head"]


def test_the_how_to_leads_from_its_tables_to_scores(sqlite_programme, tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "check-a-minefield-record.md").read_text(encoding="utf-8")
    blocks = [block.strip() for block in re.findall(r"(?:^    .+\n)+", page, re.MULTILINE)]
    tables = ["\n".join(line.strip() for line in block.splitlines()) for block in blocks if block.startswith("local_id")]
    kinds = re.findall(r"clearland add (\w+\.csv) --kind (\w+)", page)
    assert len(tables) == len(kinds) == 5
    for text, (filename, kind) in zip(tables, kinds, strict=True):
        (tmp_path / filename).write_text(text + "\n", encoding="utf-8")
        arguments = ["--programme", str(sqlite_programme.folder), "add", str(tmp_path / filename), "--kind", kind]
        added = CliRunner().invoke(app, arguments)
        assert added.exit_code == 0, added.output
    one = minefield(snapshot(), "F-17")
    assert len(one.readings) == 4
    best = told(one.best)
    assert best.rebuilt.reading.system == "SK42_GK"
    assert told(best.scores["position"].value) > 0.99
    assert max(closing.error_m for closing in best.rebuilt.closings) < 0.01
    assert len(best.rebuilt.mines) == one.sheet.claimed == 42
