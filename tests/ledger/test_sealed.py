"""Sealed identities: nothing of them in plain text anywhere, opened for a reason, deleted on demand, and still proved."""

import json
import os
import traceback
from dataclasses import replace

import pytest
from django.db import DatabaseError, connections

from clearland.core.canonical import canonical_bytes
from clearland.core.errors import ClearlandError, NotPermitted, RefusedInput
from clearland.core.ids import record_id
from clearland.core.sealing import SealingKey, is_commitment, new_secret, printed
from clearland.ledger import guards, sealing_keys
from clearland.ledger.carried import entries_of
from clearland.ledger.drafts import Draft
from clearland.ledger.merge import merge
from clearland.ledger.rows import history
from clearland.ledger.sealed import rows_of
from clearland.ledger.verify import verify
from clearland.work import identities
from clearland.work import programme as programmes
from tests.conftest import TestProgramme
from tests.ledger.book import ADMINISTRATOR, MEMBER, behind_the_guards, day, everything, execute, put, value

MARKER = "Ünikal-Marker-7351"
SECRET = new_secret()


@pytest.fixture
def keyed(programme: TestProgramme, monkeypatch: pytest.MonkeyPatch) -> TestProgramme:
    """A programme with a sealing key that this process holds."""
    programmes.state_sealing_key(SealingKey.from_secret(SECRET).fingerprint, day(-20))
    monkeypatch.setenv(sealing_keys.VARIABLE, printed(SECRET))
    return programme


def victim(key: str = "v1", **attributes: object) -> Draft:
    """A victim known by a pseudonym; made up."""
    values = {
        "accident_date": "2023", "outcome": "injured", "consent_store": "yes", "full_name": MARKER, "birth_date": "1980-05",
        **attributes,
    }  # fmt: skip
    return Draft(record=record_id("tests", key), kind="victim", local_id=f"SYNTHETIC-{key}", attributes=values)


def newest(draft: Draft) -> dict[str, object]:
    """The attributes of the newest entry of a record."""
    return dict(history(everything(), draft.record)[-1].attributes)


def test_an_entry_holds_a_commitment_and_the_value_opens_from_its_row(keyed: TestProgramme) -> None:
    put(victim())
    said = newest(victim())
    assert is_commitment(said["full_name"])
    assert is_commitment(said["birth_date"])
    assert said["outcome"] == "injured"
    rows = rows_of([victim().record])
    assert {each.field for each in rows} == {"full_name", "birth_date"}
    assert len({each.wrapped_key for each in rows}) == 1
    opened = identities.identity(ADMINISTRATOR, victim().record, "Help for the family", clock=day(1))
    assert opened == {"full_name": MARKER, "birth_date": "1980-05"}
    report = verify()
    assert report.ok
    assert report.opened == 2
    assert not report.redacted


def test_the_same_values_again_write_nothing_and_a_changed_one_writes_itself_only(keyed: TestProgramme) -> None:
    put(victim())
    again = put(victim(), clock=day(1))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert len(rows_of()) == 2
    before = newest(victim())
    put(victim(full_name=MARKER.upper()), clock=day(2))
    after = newest(victim())
    assert after["full_name"] != before["full_name"]
    assert after["birth_date"] == before["birth_date"]
    assert identities.identity(ADMINISTRATOR, victim().record, "Check", clock=day(3))["full_name"] == MARKER.upper()


def test_a_state_that_comes_with_commitments_stays_as_it_is(keyed: TestProgramme, monkeypatch: pytest.MonkeyPatch) -> None:
    put(victim())
    monkeypatch.delenv(sealing_keys.VARIABLE)
    put(replace(victim(), attributes={**newest(victim()), "outcome": "killed"}), clock=day(1))
    assert newest(victim())["outcome"] == "killed"
    assert len(rows_of()) == 2


def test_without_a_key_or_with_a_wrong_one_nothing_is_written(programme: TestProgramme, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RefusedInput) as caught:
        put(victim())
    assert caught.value.code == "E-SEALED-KEY"
    assert "sealing-key new" in caught.value.remedy
    programmes.state_sealing_key(SealingKey.from_secret(SECRET).fingerprint)
    with pytest.raises(RefusedInput, match="not on this machine"):
        put(victim())
    monkeypatch.setenv(sealing_keys.VARIABLE, printed(new_secret()))
    with pytest.raises(RefusedInput, match="the programme's is"):
        put(victim())
    assert history(everything(), victim().record) == []
    assert rows_of() == []


def test_a_refused_write_leaves_no_sealed_row(keyed: TestProgramme) -> None:
    put(victim())
    with pytest.raises(ClearlandError):
        put([victim("v2"), replace(victim("v3"), state="no such state")], clock=day(1))
    assert {each.record for each in rows_of()} == {victim().record}


def test_a_member_is_refused_and_the_refusal_stands_in_the_chain(keyed: TestProgramme) -> None:
    put(replace(victim(), sensitivity="programme"))
    with pytest.raises(NotPermitted):
        identities.identity(MEMBER, victim().record, "Curious", clock=day(1))
    with pytest.raises(RefusedInput):
        identities.identity(ADMINISTRATOR, victim().record, " ", clock=day(1))
    identities.identity(ADMINISTRATOR, victim().record, "Prosthesis fitted", clock=day(2))
    found = identities.accesses(everything(), victim().record)
    assert [(each.actor, each.deed, each.reason) for each in found] == [
        (ADMINISTRATOR.id, "opened", "Prosthesis fitted"), (MEMBER.id, "refused", "Curious"),
    ]  # fmt: skip
    assert found[0].fields == ("birth_date", "full_name")


def test_redaction_deletes_every_value_of_a_field_and_the_book_still_holds(keyed: TestProgramme) -> None:
    put(victim())
    put(victim(full_name="Another name"), clock=day(1))
    head = history(everything(), victim().record)[-1].digest
    gone = identities.redact(ADMINISTRATOR, victim().record, ["full_name"], "The person asked", clock=day(2))
    assert gone == 2
    assert history(everything(), victim().record)[-1].digest == head
    report = verify()
    assert report.ok
    assert report.redacted == ("victim SYNTHETIC-v1: full_name",)
    assert identities.identity(ADMINISTRATOR, victim().record, "Look", clock=day(3)) == {"birth_date": "1980-05"}
    assert [each.deed for each in identities.accesses(everything(), victim().record)] == ["opened", "redacted"]
    with pytest.raises(RefusedInput):
        identities.redact(ADMINISTRATOR, victim().record, ["full_name"], "Again", clock=day(4))


def test_a_member_cannot_redact(keyed: TestProgramme) -> None:
    put(replace(victim(), sensitivity="programme"))
    with pytest.raises(NotPermitted):
        identities.redact(MEMBER, victim().record, ["full_name"], "Mischief", clock=day(1))
    assert len(rows_of()) == 2


def test_verify_finds_an_altered_envelope_and_a_row_of_nobody(keyed: TestProgramme, monkeypatch: pytest.MonkeyPatch) -> None:
    put([victim(), victim("v2", full_name="Other")])
    with behind_the_guards():
        mine, other = victim().record, victim("v2").record
        swap = """UPDATE sealed_person SET envelope =
                  (SELECT envelope FROM sealed_person WHERE record_id = %s AND field = %s) WHERE record_id = %s AND field = %s"""
        keys = [each.hex if keyed.vendor == "sqlite" else each for each in (other, mine)]
        execute(swap, [keys[0], "full_name", keys[1], "full_name"])
    assert [each.code for each in verify().findings] == ["E-VERIFY-SEALED"]
    monkeypatch.delenv(sealing_keys.VARIABLE)
    assert verify().ok
    with behind_the_guards():
        execute("UPDATE sealed_person SET field = 'address' WHERE field = 'birth_date'")
    found = verify()
    assert [each.code for each in found.findings] == ["E-VERIFY-SEALED"] * 2


def test_sealed_rows_can_be_deleted_but_never_changed(keyed: TestProgramme) -> None:
    put(victim())
    assert guards.missing(connections["programme"]) == []
    with pytest.raises(DatabaseError, match="append-only"):
        execute("UPDATE sealed_person SET field = 'address'")
    assert value("SELECT COUNT(*) FROM sealed_person WHERE field = 'address'") == 0
    execute("DELETE FROM sealed_person")
    assert value("SELECT COUNT(*) FROM sealed_person") == 0


def test_fields_are_entered_on_a_record_and_what_does_not_fit_is_not_repeated(keyed: TestProgramme) -> None:
    bare = replace(victim(), attributes={"accident_date": "2023", "outcome": "injured", "consent_store": "yes"})
    put(bare)
    identities.enter(ADMINISTRATOR, bare.record, {"full_name": MARKER, "address": ""}, "Told by the family", clock=day(1))
    assert identities.identity(ADMINISTRATOR, bare.record, "Check", clock=day(2)) == {"full_name": MARKER}
    with pytest.raises(RefusedInput) as caught:
        identities.enter(ADMINISTRATOR, bare.record, {"birth_date": MARKER}, "Typed wrong", clock=day(3))
    assert caught.value.code == "E-VALUE-SEALED"
    assert MARKER not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(RefusedInput):
        identities.enter(ADMINISTRATOR, bare.record, {"outcome": "killed"}, "Not sealed", clock=day(4))


def test_the_key_file_lies_outside_the_programme_and_opens_it(keyed: TestProgramme, monkeypatch: pytest.MonkeyPatch) -> None:
    put(victim())
    monkeypatch.delenv(sealing_keys.VARIABLE)
    assert sealing_keys.key_here() is None
    path = sealing_keys.keep(SECRET)
    assert not path.is_relative_to(keyed.folder)
    assert os.name != "posix" or path.stat().st_mode & 0o777 == 0o600
    assert identities.identity(ADMINISTRATOR, victim().record, "Check", clock=day(1))["full_name"] == MARKER
    path.unlink()


def test_an_entry_from_elsewhere_that_names_a_person_in_plain_text_is_not_taken_over(keyed: TestProgramme) -> None:
    put(victim())
    (there,) = entries_of([victim().record])
    said = json.loads(there.body)
    said["attributes"]["full_name"] = MARKER
    forged = replace(there, body=canonical_bytes(said))
    with pytest.raises(RefusedInput) as caught:
        merge([there, forged], {}, actor=ADMINISTRATOR, sender="elsewhere", clock=day(1))
    assert caught.value.code == "E-LEDGER-SEALED"
    assert MARKER not in str(caught.value)
    assert len(history(everything(), victim().record)) == 1
