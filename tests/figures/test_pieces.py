"""Sums of blocks on disk: what is read there and what a full run gives are the same, whatever was changed or broken."""

import tempfile
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.figures import land, land_block, pieces
from clearland.land.balance import balance_of, question_of
from clearland.land.blocks import members_of
from clearland.land.given import Hazards, Products
from clearland.land.model import Settings
from clearland.land.partition import partition
from clearland.land.projection import Projection
from clearland.land.reported import reported_flows
from clearland.land.summary import added, summarise
from clearland.ledger.snapshot import snapshot
from clearland.work.bench import land_on_spheroid, odd_outlines
from clearland.work.bench.nation import nation
from clearland.work.bench.programmes import WRITER

PLANE = Settings(projection=Projection(-28, 41))
QUESTION = question_of(date(2014, 1, 1), date(2018, 12, 31), ("place", "type", "class"), date(2012, 12, 31))
MOST = 40


def stamped():
    """A nation of which every record has a state, as in a ledger."""
    country = nation(400, 5)
    hazards, products = Hazards.of(country.hazards), Products.of(country.products)
    return replace(hazards, stamp=hazards.id.copy()), replace(products, stamp=products.id.copy())


HAZARDS, PRODUCTS = stamped()


def kept(folder, hazards, products):
    return pieces.kept_sums(folder, hazards, products, members_of(hazards, products, MOST), (PLANE, QUESTION))


def numbers(summary, whole):
    result = balance_of(QUESTION, summary, reported_flows(whole, []), then=summary)
    return [value for row in result.as_json() for value in flat(row)]


def flat(row):
    for value in row.values():
        if isinstance(value, dict):
            yield from flat(value)
        elif isinstance(value, float):
            yield value


def without(table, rows):
    return table.take(np.setdiff1d(np.arange(len(table)), np.array(sorted(rows), dtype=np.int64)))


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.sets(st.integers(0, 79), max_size=3), st.sets(st.integers(0, 399), max_size=5)), max_size=3))
def test_whatever_comes_and_goes_kept_sums_are_those_of_a_full_run(states):
    with tempfile.TemporaryDirectory() as folder:
        for fewer_hazards, fewer_products in [*states, (set(), set())]:
            hazards, products = without(HAZARDS, fewer_hazards), without(PRODUCTS, fewer_products)
            sums = kept(Path(folder), hazards, products)
            whole = partition(hazards, products, PLANE)
            expected = numbers(summarise(whole, QUESTION), whole)
            assert numbers(added(one.summary for one in sums), whole) == pytest.approx(expected, abs=2e-3)


@pytest.fixture
def worked(monkeypatch):
    """The blocks that were worked out, one entry each."""
    done = []
    block_sums = land_block.block_sums

    def counted(*given):
        done.append(given)
        return block_sums(*given)

    monkeypatch.setattr(pieces, "block_sums", counted)
    return done


def test_one_product_fewer_works_out_only_the_blocks_it_touches(tmp_path, worked):
    kept(tmp_path, HAZARDS, PRODUCTS)
    every = len(worked)
    again = kept(tmp_path, HAZARDS, PRODUCTS)
    assert len(worked) == every == len(list(tmp_path.glob("*.json")))
    kept(tmp_path, HAZARDS, without(PRODUCTS, {17}))
    assert 0 < len(worked) - every < every / 3
    assert [one.without_polygon for one in again] == [[] for _ in again]


def test_a_file_that_is_cut_off_is_made_again(tmp_path, worked):
    whole = kept(tmp_path, HAZARDS, PRODUCTS)
    every = len(worked)
    broken = sorted(tmp_path.glob("*.json"))[0]
    broken.write_bytes(broken.read_bytes()[:-20])
    again = kept(tmp_path, HAZARDS, PRODUCTS)
    assert len(worked) == every + 1
    assert [one.undrawn for one in again] == [one.undrawn for one in whole]
    kept(tmp_path, HAZARDS, PRODUCTS)
    assert len(worked) == every + 1


def test_files_long_unused_go(tmp_path, monkeypatch):
    kept(tmp_path, HAZARDS, PRODUCTS)
    count = len(list(tmp_path.iterdir()))
    monkeypatch.setattr(pieces, "_MOST_FILES", count)
    kept(tmp_path, HAZARDS, without(PRODUCTS, set(range(0, 400, 7))))
    assert len(list(tmp_path.iterdir())) == count


def test_a_process_that_asks_once_reads_what_another_worked_out(sqlite_programme, tmp_path, monkeypatch, worked):
    land_on_spheroid.take_in(odd_outlines.write(tmp_path, 300), WRITER)
    ask = partial(
        land.land_balance, snapshot(), period_from=date(2014, 1, 1), period_to=date(2030, 1, 1), by=("type", "class")
    )
    whole = ask().as_json()
    monkeypatch.setattr(land, "FEWEST_ON_DISK", 50)
    monkeypatch.setattr(land, "MOST_IN_A_BLOCK", 60)
    first = ask(asks_once=True).as_json()
    every = len(worked)
    assert ask(asks_once=True).as_json() == first
    assert len(worked) == every > 3
    assert [list(flat(row)) for row in first] == [pytest.approx(list(flat(row)), abs=1e-3) for row in whole]
