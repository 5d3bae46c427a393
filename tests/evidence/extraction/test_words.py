"""The word lists: every attribute is a code of the dictionary or plain words, every pattern bears hostile text."""

import time

import pytest

from clearland.dictionary.loader import builtin
from clearland.evidence.extraction.extract import extract_claims
from clearland.evidence.extraction.frames import frames
from clearland.evidence.extraction.lexicon import treaty_code, words
from clearland.evidence.extraction.names import Names
from clearland.evidence.reading.read import read_document


def attributes():
    yield from (frame.attribute for frame in frames())
    yield from (rule["attribute"] for rule in words("measures")["rules"])
    yield from (entry["attribute"] for entry in words("tables")["labels"])


def test_an_attribute_with_a_point_is_a_code_of_the_dictionary():
    known = set(builtin().attributes)
    assert not {attribute for attribute in attributes() if "." in attribute} - known


def test_every_frame_can_be_reached_by_its_trigger_words():
    assert all(frame.needs and all(word == word.lower() for word in frame.needs) for frame in frames())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("the Ottawa Convention", "APMBC"),
        ("the 1997 Mine Ban Treaty", "APMBC"),
        ("CCW Amended Protocol II", "CCW-APII"),
        ("the CCW Protocol V on Explosive Remnants of War", "CCW-PV"),
        ("the Convention on Conventional Weapons", "CCW"),
        ("the Convention on Cluster Munitions", "CCM"),
        ("the Convention", None),
        (
            "the 1997 Convention on the Prohibition of the Use, Stockpiling, Production and Transfer of Anti-Personnel Mines",
            "APMBC",
        ),
    ],
)
def test_treaties_by_their_names(name, code):
    assert treaty_code(name) == code


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("Azerbaijani", "Azerbaijan"),
        ("Georgia's", "Georgia"),
        ("Armenians", "Armenia"),
        ("Turkey", "Türkiye"),
        ("Varenian", "Varenia"),
        ("Sava", None),
    ],
)
def test_states_by_name_and_adjective(written, state):
    assert Names(states=("Varenia",)).state(written) == state


@pytest.mark.parametrize(
    "tail", ["a" * 3_000, "The " * 800, "Aa " * 1_000, "1," * 1_500, '"' * 1_500, "and A, " * 500, "not " * 700]
)
def test_no_pattern_runs_away(tail):
    triggers = [frame.needs[0] for frame in frames()]
    text = ". ".join(f"{trigger} to of in the {tail[:600]}" for trigger in triggers[:60])
    document = read_document(f"Report. {text}".encode(), "hostile.txt")
    began = time.process_time()
    extract_claims(document, "hostile.txt")
    assert time.process_time() - began < 10
