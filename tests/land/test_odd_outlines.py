"""A country's own file, with every fault that outlines have, goes in with a mapping alone and is measured as PostGIS does."""

import os

import pytest

from clearland.work.bench import land_on_spheroid as spheroid
from clearland.work.bench import odd_outlines, postgres
from clearland.work.bench.programmes import WRITER

POLYGONS = 400


@pytest.mark.postgis
def test_odd_outlines_go_in_and_agree_with_postgis_on_the_spheroid(sqlite_programme, postgres_server, tmp_path):
    findings = spheroid.take_in(odd_outlines.write(tmp_path, POLYGONS), WRITER)
    told = {finding.code for finding in findings}
    assert told >= {
        "G-UNCLOSED", "G-DOUBLE-VERTEX", "G-CROSSES-ITSELF", "G-PARTS-OVERLAP", "G-PARTS-DROPPED", "G-EXCHANGED",
        "G-REPAIR-WAITS",
    }  # fmt: skip
    assert all(finding.place is not None and finding.place.row for finding in findings)
    ours, theirs = spheroid.by_balance(), spheroid.by_postgis(postgres.new_database(postgres_server, f"odd_{os.getpid()}"))
    assert ours["identified"] == pytest.approx(ours["released"] + ours["remaining"], rel=1e-9)
    assert spheroid.largest_difference(ours, theirs) < 1e-6, (ours, theirs)
