"""Laws of the book, on random sequences of writes."""

import contextlib
from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest
import shapely
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearland.core.canonical import canonical_bytes
from clearland.core.errors import RefusedInput
from clearland.ledger import bodies
from clearland.ledger.rebuild import rebuild
from clearland.ledger.rows import history, links, rows
from clearland.ledger.verify import verify
from tests.ledger.book import day, everything, hazard, put, source

SLOW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
STATES = ("draft", "submitted", "verified", "approved", "returned", "superseded", "withdrawn")
_serial = iter(range(10**9))

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
JSON = st.recursive(
    TEXT | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text("abcé𝄞\ue000", min_size=1), JSON, max_size=5),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_a_body_put_together_is_the_canonical_form(attributes, local_id):
    draft = hazard("1")
    links_given = {"parent_hazard": [hazard("2").record, hazard("1").record, hazard("2").record], "others": []}
    parts = (
        bodies.head_part(bodies.attributes_text(attributes), "hazard"),
        bodies.middle_part(bodies.links_text(links_given), local_id),
        bodies.tail_part(draft.record, "public"),
    )
    expected = {
        "attributes": attributes,
        "kind": "hazard",
        "known_at": "2024-03-01T09:00:00.000Z",
        "links": {"parent_hazard": sorted([str(hazard("1").record), str(hazard("2").record)])},
        "local_id": local_id,
        "record": str(draft.record),
        "sensitivity": "public",
        "source": None,
        "state": "approved",
    }
    moment = "2024-03-01T09:00:00.000Z"
    assert bodies.body_bytes(parts, moment, "", None, "approved") == canonical_bytes(expected)
    placed = {**expected, "origin": "Sheet 1!7", "source": "ab"}
    assert bodies.body_bytes(parts, moment, "Sheet 1!7", "ab", "approved") == canonical_bytes(placed)


@given(st.datetimes(timezones=st.just(UTC)))
def test_moments_read_back(moment):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert bodies.parse_moment(bodies.moment_text(moment)) == moment


def known(scope_rows):
    """What rows say, in a form that can be compared."""
    return sorted((str(row.record_uuid), row.attributes["name"], row.entry_digest) for row in scope_rows)


@SLOW
@given(steps=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(STATES), st.integers(0, 3), st.booleans()), max_size=12))
def test_what_was_known_never_changes_and_verify_stays_green(sqlite_programme, steps):
    run = next(_serial)
    pasts: dict[date, list[tuple[str, str, str]]] = {}
    base = 30 * run
    for number, (key, state, name, parent) in enumerate(steps):
        draft = hazard(f"{run}-{key}", state=state, name=f"N{name}", geometry=shapely.Point(47 + name / 10, 40))
        if parent and key and rows(everything(), "hazard", states=STATES).filter(record__id=hazard(f"{run}-0").record).exists():
            draft = replace(draft, links={"parent_hazard": (hazard(f"{run}-0").record,)})
        with contextlib.suppress(RefusedInput):  # a step that the workflow does not have
            put(draft, clock=day(base + 2 * number))
        on = (day(base + 2 * number)() + timedelta(hours=1)).date()
        pasts[on] = known(rows(everything(), "hazard", as_known=on))
        assert pasts[on] == known(rows(everything(), "hazard"))
    for on, then in pasts.items():
        assert known(rows(everything(), "hazard", as_known=on)) == then
    assert verify().ok


@SLOW
@given(order=st.permutations(range(5)), by_hand=st.booleans())
def test_the_order_of_arrival_does_not_matter(sqlite_programme, order, by_hand):
    key = f"arrival-{next(_serial)}"
    for number in order:
        put(hazard(key, name=f"Edition {number}"), source=source(f"{key} {number}", date(2010 + number, 5, 1)))
    if by_hand:
        put(hazard(key, name="By hand"), clock=day(1))
    names = [entry.attributes["name"] for entry in history(everything(), hazard(key).record)]
    assert names == [f"Edition {number}" for number in range(5)] + ["By hand"] * by_hand
    for number in range(5):
        found = rows(everything(), "hazard", as_known=date(2010 + number, 12, 31)).get(record__id=hazard(key).record)
        assert found.attributes["name"] == f"Edition {number}"
    assert verify().ok


def test_a_rebuild_gives_what_the_write_path_wrote(programme):
    put([hazard("1"), hazard("2", geometry=None)])
    put(hazard("1", name="Old"), source=source("old", date(2012, 1, 1)))
    put(hazard("2", state="draft"), clock=day(1))
    put(hazard("3", state="submitted"), clock=day(2))

    def content():
        found = []
        with connections["programme"].cursor() as cursor:
            for table, order in (("record", "fid"), ("link", "record_id, role, target_id, entry_id")):
                cursor.execute(f"SELECT * FROM {table} ORDER BY {order}")
                found.append(cursor.fetchall())
            cursor.execute("SELECT record_id, entry_id, known_from, known_to, attributes FROM version ORDER BY entry_id")
            found.append(cursor.fetchall())
        return found

    before = content()
    rebuild()
    assert content() == before


@pytest.mark.parametrize("state", ["draft", "submitted", "approved"])
def test_links_to_records_that_do_not_count_are_not_shown(sqlite_programme, state):
    put(hazard("1", state=state))
    put(replace(hazard("3"), links={"parent_hazard": (hazard("1").record,)}), clock=day(1))
    assert len(links(everything(), hazard("3").record)) == (1 if state == "approved" else 0)
