"""Sealed values open with the right key for the right person and field, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.core import sealing
from clearland.core.errors import ClearlandError
from clearland.core.sealing import SealingKey

KEY = SealingKey.from_secret(bytes(range(32)))
OTHER = SealingKey.from_secret(bytes(range(1, 33)))
PERSON = "5f0b2c1e-0000-8000-8000-000000000001"


@given(st.text())
def test_what_was_sealed_opens_as_it_was(value: str) -> None:
    wrapped = KEY.new_person(PERSON)
    committed, envelope = KEY.seal(wrapped, PERSON, "name", value)
    assert sealing.is_commitment(committed)
    assert KEY.open(wrapped, PERSON, "name", envelope, committed) == value


def test_the_same_value_twice_looks_different() -> None:
    wrapped = KEY.new_person(PERSON)
    first, second = KEY.seal(wrapped, PERSON, "name", "TEST"), KEY.seal(wrapped, PERSON, "name", "TEST")
    assert first[0] != second[0]
    assert first[1] != second[1]


@pytest.mark.parametrize(
    ("key", "person", "name", "code"),
    [
        (OTHER, PERSON, "name", "E-SEALED-KEY"),
        (KEY, PERSON[:-1] + "2", "name", "E-SEALED-KEY"),
        (KEY, PERSON, "phone", "E-SEALED-DAMAGED"),
    ],
)
def test_another_key_person_or_field_opens_nothing(key: SealingKey, person: str, name: str, code: str) -> None:
    wrapped = KEY.new_person(PERSON)
    committed, envelope = KEY.seal(wrapped, PERSON, "name", "TEST")
    with pytest.raises(ClearlandError) as caught:
        key.open(wrapped, person, name, envelope, committed)
    assert caught.value.code == code


def test_an_altered_or_exchanged_envelope_is_told() -> None:
    wrapped = KEY.new_person(PERSON)
    committed, envelope = KEY.seal(wrapped, PERSON, "name", "TEST ONE")
    _, exchanged = KEY.seal(wrapped, PERSON, "name", "TEST TWO")
    for wrong in (envelope[:-1] + bytes([envelope[-1] ^ 1]), envelope[:5], exchanged):
        with pytest.raises(ClearlandError) as caught:
            KEY.open(wrapped, PERSON, "name", wrong, committed)
        assert caught.value.code == "E-SEALED-DAMAGED"


def test_the_blind_index_meets_spellings_and_tells_fields_apart() -> None:
    assert KEY.blind_index("name", "Tést  Ad-ı") == KEY.blind_index("name", "TEST ADI")
    assert KEY.blind_index("name", "TEST") != KEY.blind_index("phone", "TEST")
    assert KEY.blind_index("name", "TEST") != OTHER.blind_index("name", "TEST")


@given(st.binary(min_size=32, max_size=32))
def test_a_printed_key_is_read_back(secret: bytes) -> None:
    assert sealing.parsed(sealing.printed(secret).lower().replace("-", " ")) == secret


@pytest.mark.parametrize("text", ["", "AAAA", "????", sealing.printed(bytes(32))[:-1] + "A"])
def test_a_slip_in_a_printed_key_is_told(text: str) -> None:
    with pytest.raises(ClearlandError) as caught:
        sealing.parsed(text)
    assert caught.value.code == "E-SEALED-KEY"


def test_a_passphrase_makes_the_same_key_with_the_same_salt() -> None:
    assert sealing.from_passphrase("test words", b"0" * 16) == sealing.from_passphrase("test words", b"0" * 16)
    assert sealing.from_passphrase("test words", b"0" * 16) != sealing.from_passphrase("test words", b"1" * 16)


def test_a_key_never_shows_itself() -> None:
    assert repr(KEY) == f"SealingKey(fingerprint={KEY.fingerprint!r})"
    assert KEY.fingerprint != OTHER.fingerprint
