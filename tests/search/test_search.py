"""What search finds, and for whom, on both databases."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearland.ledger import layers, search_index
from clearland.ledger.drafts import NewRendition, NewSource
from clearland.ledger.scope import Actor, Scope, scope, system_actor
from clearland.ledger.search import Hit, search
from clearland.ledger.search_words import fold, parse, words_of
from tests.conftest import TestProgramme
from tests.layers.records import NOON, draft, put

LATER = NOON + timedelta(days=40)
TEXT = "Mines near Ağdam\nThe survey of Cəbrayıl found 12 anti-vehicle mines.\nNo more was said."


def everything() -> Scope:
    return scope(Actor("user:1", "administrator", is_admin=True), "tests")


def publicly() -> Scope:
    return scope(system_actor("public"), "tests")


def found(query: str, **options: Any) -> list[str]:
    return [hit.ref if hit.source else hit.title for hit in search(everything(), query, **options)]


def put_document(text: str = TEXT, sensitivity: str = "public") -> str:
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    passages = [{"number": n, "kind": "paragraph", "start": a, "end": b} for n, (a, b) in enumerate(spans, 1)]
    receipt = put(
        source=NewSource(data=text.encode(), filename="a.txt", media_type="text/plain", received=date(2024, 3, 1),
                         title="A report", sensitivity=sensitivity),
        renditions=(NewRendition(text=text, extractor="test", extractor_version="1", passages=passages),),
    )  # fmt: skip
    assert receipt.source
    return receipt.source


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ağdam", "AGDAM"), ("İstisu", "ISTISU"), ("ISTISU", "ıstısu"), ("Cəbrayıl", "cebrayil"), ("Straße", "STRASSE"),
     ("АВ12", "AB12"), ("Füzuli", "Fuzuli"), ("Ёлка", "елка")],
)  # fmt: skip
def test_words_compare_without_case_accents_and_look_alikes(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@given(st.text(max_size=60))
def test_words_stand_where_they_say_and_folding_again_changes_nothing(text: str) -> None:
    for word in words_of(text):
        assert fold(text[word.start : word.end]) == word.folded
        assert fold(word.folded) == word.folded
        assert word.folded.isalnum()


def test_a_query_is_words_and_phrases() -> None:
    assert [(each.words, each.prefix) for each in parse('12 mines "near Ağdam" "')] == [
        (("12",), False), (("mines",), True), (("near", "agdam"), False),
    ]  # fmt: skip


@pytest.mark.usefixtures("programme")
def test_records_and_passages_are_found_by_their_words() -> None:
    put(draft("hazard", "AZ-1", {"name": "Ağdam bridge"}), draft("hazard", "AZ-11", {"name": "Füzuli field"}))
    source = put_document()
    assert found("agdam") == ["Ağdam bridge", f"source:{source}#0-16"]
    assert found("bridg") == ["Ağdam bridge"]
    assert found("ridge") == []
    assert found("az 1") == ["Ağdam bridge"]
    assert found('"near agdam"') == [f"source:{source}#0-16"]
    assert found('"agdam near"') == []
    assert found('"AZ 1 Ağdam"') == []
    assert found("vehicle 12") == [f"source:{source}#17-68"]
    assert found("") == found("¶") == found("'\"*:()&|!") == []


@pytest.mark.usefixtures("programme")
def test_a_hit_shows_where_it_met_the_query() -> None:
    source = put_document("word " * 100 + "Cəbrayıl " + "word " * 100)
    (hit,) = search(everything(), "cebrayil")
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["Cəbrayıl"]
    assert (hit.kind, hit.title, hit.source, hit.record) == ("passage", "A report", source, None)
    assert len(hit.snippet) <= 240


@pytest.mark.usefixtures("programme")
def test_nobody_finds_what_they_may_not_see() -> None:
    put(
        draft("hazard", "H-1", {"name": "Hidden ground"}, sensitivity="restricted"),
        draft("hazard", "H-2", {"name": "Open ground"}, sensitivity="public"),
    )
    put_document("Ground that is closed", sensitivity="partner")
    assert [hit.title for hit in search(publicly(), "ground")] == ["Open ground"]
    assert len(search(everything(), "ground")) == 3


@pytest.mark.usefixtures("programme")
def test_a_field_above_the_scope_is_no_way_in() -> None:
    whisper = {
        "name": "whisper", "type": "text", "labels": {"en": "Whisper", "az": "Pıçıltı", "ru": "Шёпот"},
        "source": "[ADD]", "definition": "What was said in confidence.", "sensitivity": "restricted",
    }  # fmt: skip
    content = {"kinds": [{"name": "organisation", "fields": [whisper]}]}
    put(draft("overlay", "whispers", {"name": "whispers", "content": json.dumps(content)}))
    put(draft("organisation", "OPEN-1", {"whisper": "whispered"}, sensitivity="public"), at=LATER)
    assert search(publicly(), "whispered") == []
    assert [hit.snippet for hit in search(publicly(), "open")] == ["OPEN-1"]
    assert [hit.snippet for hit in search(everything(), "whispered")] == ["whispered"]


@pytest.mark.usefixtures("programme")
def test_search_reads_as_known() -> None:
    put(draft("hazard", "H-1", {"name": "Orchard"}))
    put(draft("hazard", "H-1", {"name": "Vineyard"}), at=LATER)
    assert found("orchard") == []
    assert found("vineyard") == ["Vineyard"]
    assert found("orchard", as_known=NOON.date()) == ["Orchard"]
    assert found("vineyard", as_known=NOON.date()) == []
    source = put_document()
    assert found("agdam", as_known=NOON.date()) == []
    assert found("agdam") == [f"source:{source}#0-16"]


@pytest.mark.usefixtures("programme")
def test_the_index_forgets_and_learns_again() -> None:
    put(draft("hazard", "H-1", {"name": "Orchard"}))
    assert found("orchard") == ["Orchard"]
    assert search_index.refresh() == 0
    with connections["programme"].cursor() as cursor:
        layers.reindex(cursor)
    assert search_index.refresh() >= 1
    assert found("orchard") == ["Orchard"]


@pytest.mark.usefixtures("programme")
def test_a_record_is_found_once_and_before_it_is_proved() -> None:
    put(draft("hazard", "H-1", {"name": "Orchard"}), draft("hazard", "H-2", {"name": "Orchard too"}, state="submitted"))
    put(draft("hazard", "H-1", {"name": "Orchard, wider"}, state="submitted"), at=LATER)
    assert found("orchard") == ["Orchard", "Orchard too"]


@pytest.mark.usefixtures("programme")
def test_an_exact_local_id_comes_first() -> None:
    put(draft("hazard", "A-1", {"name": "see B-1"}), draft("hazard", "B-1", {"name": "x"}))
    assert found("b-1") == ["x", "see B-1"]
    assert len(search(everything(), "b-1", limit=1)) == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.text("abıIİxжё'’-12 ", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=4))
def test_every_record_is_found_by_each_of_its_words(programme: TestProgramme, names: list[str]) -> None:
    base = len(names)
    put(*(draft("hazard", f"{programme.vendor}-{hash(name)}", {"name": name}) for name in set(names)))
    assert base
    for name in names:
        for word in words_of(name):
            hits: list[Hit] = search(everything(), name[word.start : word.end], limit=10_000)
            assert name in [hit.title for hit in hits]
