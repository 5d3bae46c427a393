"""After a write, the ground of the new snapshot is worked out from that of the one before, and is what a full run gives."""

import uuid
from datetime import date

import pytest

from clearland.figures import land
from clearland.land.balance import balance
from clearland.land.partition import partition
from clearland.ledger.drafts import Draft
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.work.demonstration.nation import synthetic_nation


def refused(*_args, **_given):
    raise AssertionError("a full run")


def test_one_new_report_is_no_full_run(sqlite_programme, monkeypatch):
    actor = system_actor("demo")
    write([draft for _, draft in synthetic_nation(seed=7, hazards=40).drafts], actor=actor, reason="SYNTHETIC")
    before = snapshot()
    cut = land.ground(before)
    left = cut.pieces.state == 0
    hazard = cut.register.hazards[cut.pieces.hazard[left][0]]
    shape = cut.register.projection.to_earth(cut.pieces.shape[left][:1])[0]
    attributes = {"product_type": "cancelled", "release_date": "2026-01-15", "qc_state": "passed"}
    report = Draft(
        record=uuid.UUID(int=7), kind="land_release", local_id="SYNTHETIC-NEW", attributes=attributes,
        links={"hazards": (uuid.UUID(hazard.id),)}, geometry=shape, based_on=None,
    )
    write([report], actor=actor, reason="SYNTHETIC")
    monkeypatch.setattr(land, "partition", refused)
    after = snapshot()
    revised = land.ground(after)
    assert land.ground(after) is revised
    full = partition(land.hazards(after), land.products(after), land.settings(after))
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    now, whole, then = (
        balance([], [], cut=one, period_from=start, period_to=end, by=("place", "type", "class")).rows
        for one in (revised, full, cut)
    )
    assert [row.key for row in now] == [row.key for row in whole]
    for row, other in zip(now, whole, strict=True):
        assert row.closing_m2 == pytest.approx(other.closing_m2, abs=1e-3)
        assert row.flows == pytest.approx(other.flows, abs=1e-3)
    assert sum(row["cancelled"] for row in now) > sum(row["cancelled"] for row in then)
