"""Nobody approves their own work (rule 82), on both databases."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from clearland.core.errors import RefusedInput
from clearland.ledger.opening import PROGRAMME_RECORD
from clearland.ledger.rows import record, rows
from clearland.ledger.scope import Actor, scope, system_actor
from clearland.ledger.write import write
from tests.ledger.book import CLERK, MEMBER, day, everything, hazard, put, source


def state_of(key: str) -> str:
    return str({each.local_id: each.state for each in rows(everything(), "hazard", states=_ANY)}[f"HA-{key}"])


_ANY = ("draft", "submitted", "verified", "approved", "returned", "withdrawn")


@pytest.mark.parametrize("waiting", ["draft", "submitted"])
def test_an_author_does_not_approve_and_another_does(programme, waiting):
    put(hazard("1", state=waiting), actor=CLERK)
    with pytest.raises(RefusedInput, match="E-LEDGER-OWN-WORK") as refused:
        put(hazard("1"), clock=day(1), actor=CLERK)
    assert refused.value.remedy
    assert state_of("1") == waiting
    put(hazard("1"), clock=day(2), actor=MEMBER)
    assert state_of("1") == "approved"


def test_whoever_had_a_hand_in_it_is_an_author(programme):
    put(hazard("1", state="draft"), actor=CLERK)
    put(hazard("1", state="submitted", name="corrected"), clock=day(1), actor=MEMBER)
    for author in (CLERK, MEMBER):
        with pytest.raises(RefusedInput, match="E-LEDGER-OWN-WORK"):
            put(hazard("1", name="corrected"), clock=day(2), actor=author)
    put(hazard("1", name="corrected"), clock=day(3), actor=Actor("user:9", "A third"))


def test_what_was_settled_before_is_another_matter(programme):
    put(hazard("1", state="submitted"), actor=CLERK)
    put(hazard("1"), clock=day(1), actor=MEMBER)
    put(hazard("1", state="submitted", name="again"), clock=day(2), actor=MEMBER)
    put(hazard("1", name="again"), clock=day(3), actor=CLERK)
    assert state_of("1") == "approved"


def test_an_author_may_withdraw_and_correct(programme):
    put(hazard("1", state="submitted"), actor=CLERK)
    put(hazard("1", state="draft"), clock=day(1), actor=CLERK)
    put(hazard("1", state="withdrawn"), clock=day(2), actor=CLERK)
    assert state_of("1") == "withdrawn"


def test_one_of_many_refuses_them_all(programme):
    put(hazard("1", state="submitted"), actor=CLERK)
    put(hazard("2", state="submitted"), actor=MEMBER)
    with pytest.raises(RefusedInput, match="HA-1"):
        put([hazard("1"), hazard("2")], clock=day(1), actor=CLERK)
    assert {state_of("1"), state_of("2")} == {"submitted"}


def test_a_source_that_says_approved_was_reviewed_where_it_comes_from(programme):
    put(hazard("1", state="submitted"), actor=CLERK)
    put(hazard("1"), clock=day(1), actor=CLERK, source=source("review", date(2024, 3, 2)))
    machine = system_actor("import")
    put(hazard("2", state="submitted"), actor=machine)
    put(hazard("2"), clock=day(1), actor=machine)
    assert {state_of("1"), state_of("2")} == {"approved"}


def test_a_one_person_programme_has_switched_it_off(sqlite_programme):
    here = scope(system_actor("init"), "tests")
    own: Any = record(here, PROGRAMME_RECORD)
    put(hazard("1", state="submitted"), actor=CLERK)
    stated = replace(
        hazard("1"), record=PROGRAMME_RECORD, kind="programme", local_id=own.local_id, geometry=None,
        attributes={**own.attributes, "one_person": True}, based_on=own.entry_uuid,
    )  # fmt: skip
    write([stated], actor=system_actor("init"), reason="one person", clock=day(1))
    put(hazard("1"), clock=day(2), actor=CLERK)
    assert state_of("1") == "approved"
