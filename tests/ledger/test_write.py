"""The write path: news, no news, conflicts, links, workflow, back-loads, editions of a series."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import shapely

from clearland.core.errors import RefusedInput
from clearland.core.ids import record_id
from clearland.ledger.drafts import Draft
from clearland.ledger.history import StaleWrite
from clearland.ledger.prepare import prepare
from clearland.ledger.rows import head, head_entries, history, links, record, rows, sources
from clearland.ledger.sources import read_source, source_path, sources_folder
from clearland.ledger.verify import verify
from clearland.ledger.vocabulary import current_dictionary
from clearland.ledger.write import write
from tests.ledger.book import MEMBER, day, everything, hazard, put, source, states


def test_a_new_state_is_one_commit_and_the_same_again_is_none(programme):
    first = put([hazard("1"), hazard("2")])
    assert (first.new, first.changed, first.unchanged) == (2, 0, 0)
    assert first.head == head()
    again = put([hazard("1"), hazard("2")], clock=day(5))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert (again.commit, again.head) == (first.commit, first.head)


def test_a_change_keeps_the_old_state_as_known(programme):
    put(hazard("1", area_type="SHA"), clock=day(0))
    assert put(hazard("1", area_type="CHA"), clock=day(10)).changed == 1
    now = rows(everything(), "hazard").get()
    then = rows(everything(), "hazard", as_known=date(2024, 3, 5)).get()
    before = rows(everything(), "hazard", as_known=date(2024, 2, 29))
    assert (now.attributes["area_type"], then.attributes["area_type"], before.count()) == ("CHA", "SHA", 0)
    assert [entry.changed for entry in history(everything(), hazard("1").record)] == [(), ("area_type",)]


def test_geometry_is_a_state_too(programme):
    square, wider = shapely.box(47, 40, 47.01, 40.01), shapely.box(47, 40, 47.02, 40.01)
    put(hazard("1", geometry=square))
    assert put(hazard("1", geometry=wider), clock=day(1)).changed == 1
    assert rows(everything(), "hazard").get().geometry == wider
    assert history(everything(), hazard("1").record)[-1].changed == ("geometry",)


def test_a_stale_write_is_a_conflict_with_both_versions(programme):
    put(hazard("1"))
    seen = head_entries(everything(), "hazard")[hazard("1").record]
    put(hazard("1", area_type="CHA"), clock=day(1))
    mine = replace(hazard("1", name="Mine"), based_on=seen)
    with pytest.raises(StaleWrite) as caught:
        write([mine], actor=MEMBER, reason="test", clock=day(2))
    [ours] = caught.value.ours
    assert (ours.record, ours.attributes, ours.based_on) == (mine.record, mine.attributes, seen)
    assert caught.value.theirs == (head_entries(everything(), "hazard")[mine.record],)
    assert states(mine) == ["approved", "approved"]


def test_a_new_record_that_exists_already_is_a_conflict(programme):
    put(hazard("1"))
    with pytest.raises(StaleWrite):
        write([hazard("1", name="Another")], actor=MEMBER, reason="test", clock=day(1))


def test_nothing_lands_when_one_draft_is_refused(programme):
    before = head()
    with pytest.raises(RefusedInput, match="E-LEDGER-LINK"):
        put(
            [hazard("1"), replace(hazard("2"), links={"parent_hazard": (uuid4(),)})],
            source=source("a", date(2024, 3, 1)),
        )
    assert head() == before
    assert rows(everything(), "hazard").count() == 0
    assert sources(everything()).count() == 0


def test_links_may_lead_within_the_batch_and_are_seen_from_both_ends(programme):
    child = replace(hazard("2"), links={"parent_hazard": (hazard("1").record,)})
    put([child, hazard("1")])
    (down,) = links(everything(), hazard("1").record)
    (up,) = links(everything(), child.record)
    assert (down.outgoing, down.record, down.local_id) == (False, child.record, "HA-2")
    assert (up.outgoing, up.record, up.role) == (True, hazard("1").record, "parent_hazard")


def test_links_are_as_known(programme):
    put([hazard("1"), replace(hazard("2"), links={"parent_hazard": (hazard("1").record,)})])
    put(hazard("2"), clock=day(4))
    assert links(everything(), hazard("1").record) == []
    assert len(links(everything(), hazard("1").record, date(2024, 3, 2))) == 1


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"name": 1.5}, "E-LEDGER-VALUE"),
        ({"name": None}, "E-LEDGER-VALUE"),
        ({"name": "a\x00b"}, "E-LEDGER-VALUE"),
        ({"name": "\ud800"}, "E-LEDGER-VALUE"),
        ({"items_expected": 2**60}, "E-LEDGER-VALUE"),
        ({"colour_of_tape": "red"}, "E-LEDGER-FIELD"),
        ({"identified_on": "yesterday"}, "E-LEDGER-DATE"),
    ],
)
def test_values_that_cannot_be_hashed_or_read_are_refused(sqlite_programme, attributes, code):
    with pytest.raises(RefusedInput) as caught:
        put(hazard("1", **attributes))
    assert caught.value.code == code


@pytest.mark.parametrize("geometry", [shapely.Point(200, 40), shapely.Point(40, 91), shapely.Polygon()])
def test_coordinates_off_the_earth_are_refused(sqlite_programme, geometry):
    with pytest.raises(RefusedInput, match="E-LEDGER-COORDINATES"):
        put(hazard("1", geometry=geometry))


def test_a_record_twice_in_one_write_is_refused(sqlite_programme):
    with pytest.raises(RefusedInput, match="E-LEDGER-TWICE"):
        put([hazard("1"), hazard("1", name="Again")])


def test_a_record_keeps_its_kind(sqlite_programme):
    put(hazard("1"))
    other = Draft(record=hazard("1").record, kind="place", local_id="P", attributes={"name": "P"})
    with pytest.raises(RefusedInput, match="E-LEDGER-KIND"):
        put(other, clock=day(1))


def test_a_draft_over_an_approved_state_leaves_that_counting(programme):
    put(hazard("1", area_type="SHA"))
    put(hazard("1", area_type="CHA", state="draft"), clock=day(1))
    assert rows(everything(), "hazard").get().attributes["area_type"] == "SHA"
    assert rows(everything(), "hazard", states={"draft"}).get().attributes["area_type"] == "CHA"
    put(hazard("1", area_type="CHA", state="approved"), clock=day(2))
    assert rows(everything(), "hazard").get().attributes["area_type"] == "CHA"
    assert rows(everything(), "hazard", states={"draft"}).count() == 0


def test_withdrawal_ends_counting_and_stays_readable(programme):
    put(hazard("1"))
    put(hazard("1", state="withdrawn"), clock=day(3))
    assert rows(everything(), "hazard").count() == 0
    assert rows(everything(), "hazard", as_known=date(2024, 3, 2)).count() == 1
    found = record(everything(), hazard("1").record)
    assert found is not None
    assert found.state == "withdrawn"


def test_danger_shows_before_it_is_proved(programme):
    put([hazard("1", state="submitted"), hazard("2")])
    assert rows(everything(), "hazard").count() == 1
    shown = dict(rows(everything(), "hazard", unverified=True).values_list("local_id", "unverified"))  # type: ignore[misc]
    assert shown == {"HA-1": True, "HA-2": False}


def test_steps_out_of_order_are_refused(programme):
    with pytest.raises(RefusedInput, match="E-LEDGER-STATE"):
        put(hazard("1", state="superseded"))
    put(hazard("1", state="submitted"))
    put(hazard("1", state="returned"), clock=day(1))
    with pytest.raises(RefusedInput, match="E-LEDGER-STATE"):
        put(hazard("1", state="approved"), clock=day(2))


def test_a_source_is_kept_byte_for_byte_and_once(programme):
    given = source("return", date(2024, 3, 1), publisher="A centre")
    receipt = put(hazard("1"), source=given)
    assert receipt.source is not None
    assert read_source(receipt.source) == given.data
    assert put(hazard("2"), source=given, clock=day(1)).source == receipt.source
    assert sources(everything()).get().publisher == "A centre"
    assert [path for path in sources_folder().rglob("*") if path.is_file()] == [source_path(receipt.source)]
    assert history(everything(), hazard("2").record)[0].source == receipt.source


def test_a_back_load_is_known_from_the_day_its_source_was_received(programme):
    put(hazard("1"), source=source("old", date(2015, 4, 30)))
    assert rows(everything(), "hazard", as_known=date(2015, 4, 30)).count() == 1
    assert rows(everything(), "hazard", as_known=date(2015, 4, 29)).count() == 0
    (entry,) = history(everything(), hazard("1").record)
    assert entry.reconstructed
    assert entry.known_at == datetime(2015, 4, 29, 19, 0, tzinfo=UTC)  # midnight in Baku, summer time


def test_from_the_opening_on_the_clock_decides(programme):
    put(replace(hazard("1"), known_at=datetime(2024, 1, 15, tzinfo=UTC)), source=source("late", date(2024, 1, 20)))
    (entry,) = history(everything(), hazard("1").record)
    assert entry.known_at == day(0)()
    assert not entry.reconstructed


def test_a_back_load_without_a_source_is_refused(programme):
    with pytest.raises(RefusedInput, match="E-LEDGER-BACKLOAD"):
        put(replace(hazard("1"), known_at=datetime(2015, 1, 1, tzinfo=UTC)))


def test_a_clock_that_was_set_back_does_not_reach_behind_the_book(programme):
    put(hazard("1"), clock=day(10))
    put(hazard("2"), clock=day(2))
    assert history(everything(), hazard("2").record)[0].known_at == day(10)()


def test_two_states_at_one_moment_have_an_order(programme):
    for name in ("A", "B", "A"):
        put(hazard("1", name=name))
    assert [entry.attributes["name"] for entry in history(everything(), hazard("1").record)] == ["A", "B", "A"]
    assert rows(everything(), "hazard").get().attributes["name"] == "A"
    assert verify().ok


def test_a_full_edition_supersedes_what_it_does_not_repeat(programme):
    first = source("ledger 2014", date(2015, 4, 30), series="ledger", full_edition=True)
    second = source("ledger 2019", date(2019, 12, 31), series="ledger", full_edition=True)
    put([hazard("1"), hazard("2")], source=first, supersede_missing_of="ledger")
    put(hazard("other"), source=source("other", date(2015, 4, 30), series="another"))
    receipt = put([hazard("1"), hazard("3")], source=second, supersede_missing_of="ledger")
    assert (receipt.new, receipt.unchanged, receipt.superseded) == (1, 1, 1)

    def known(on):
        return sorted(row.local_id for row in rows(everything(), "hazard", as_known=on))

    assert known(date(2016, 1, 1)) == ["HA-1", "HA-2", "HA-other"]
    assert known(None) == ["HA-1", "HA-3", "HA-other"]
    assert states(hazard("2")) == ["approved", "superseded"]
    for repeated, drafts in ((first, ["1", "2"]), (second, ["1", "3"])):
        again = put([hazard(key) for key in drafts], source=repeated, supersede_missing_of="ledger")
        assert (again.new, again.changed, again.superseded) == (0, 0, 0)
    assert verify().ok


def test_the_second_edition_first_gives_the_same_when_it_is_added_again(programme):
    first = source("ledger 2014", date(2015, 4, 30), series="ledger", full_edition=True)
    second = source("ledger 2019", date(2019, 12, 31), series="ledger", full_edition=True)
    put([hazard("1"), hazard("3")], source=second, supersede_missing_of="ledger")
    put([hazard("1", name="Old name"), hazard("2")], source=first, supersede_missing_of="ledger")
    put([hazard("1"), hazard("3")], source=second, supersede_missing_of="ledger")
    assert sorted(row.local_id for row in rows(everything(), "hazard")) == ["HA-1", "HA-3"]
    then = {row.local_id: row.attributes["name"] for row in rows(everything(), "hazard", as_known=date(2016, 1, 1))}
    assert then == {"HA-1": "Old name", "HA-2": "Area 2"}
    assert rows(everything(), "hazard").get(local_id="HA-1").attributes["name"] == "Area 1"
    assert verify().ok


def test_the_rows_of_the_same_import_have_the_same_identity_everywhere():
    assert hazard("1").record == record_id("tests", "1")


def test_what_tells_who_a_person_is_never_enters_an_entry(programme):
    values = {"outcome": "injured", "consent_store": "given"}
    draft = Draft(record=record_id("tests", "V-1"), kind="victim", local_id="V-1", attributes=values)
    named = replace(draft, attributes={**values, "full_name": "Invented Name"})
    with pytest.raises(RefusedInput, match="no sealing key"):
        put(named)
    with pytest.raises(RefusedInput) as caught:
        prepare([named], current_dictionary())
    assert caught.value.code == "E-LEDGER-SEALED"
    assert "full_name" in caught.value.sentence
    assert "Invented" not in caught.value.sentence + caught.value.remedy
    assert rows(everything(), "victim").count() == 0
    assert put(draft).new == 1
