"""What search finds, and for whom, on both databases."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearland.core.words import fold, stem, words_of
from clearland.ledger import layers, search_index
from clearland.ledger.drafts import NewRendition, NewSource
from clearland.ledger.judgements import local_id
from clearland.ledger.scope import Actor, Scope, scope, system_actor
from clearland.ledger.search import Found, Hit, search
from clearland.ledger.search_words import Term, Wanted, parse
from tests.conftest import TestProgramme
from tests.layers.records import NOON, draft, put

PASSAGES: tuple[Found, ...] = ("passage",)
CLAIMS: tuple[Found, ...] = ("claim",)
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
     ("АВ12", "AB12"), ("Füzuli", "Fuzuli"), ("Ёлка", "елка"), ("Ağdam", "Агдам"), ("Aghdam", "Агдам"), ("Şuşa", "Shusha"),
     ("Шуша", "Shusha"), ("АNАМА", "ANAMA"), ("Xankəndi", "Khankendi"), ("Ханкенди", "Xankəndi")],
)  # fmt: skip
def test_words_compare_without_case_accents_and_look_alikes(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("mines", "mine"), ("clearing", "cleared"), ("minaların", "mina"), ("rayonlarda", "rayon"), ("rayonunda", "rayon"),
     ("минами", "мины"), ("разминирования", "разминирование"), ("casualties", "casualty")],
)  # fmt: skip
def test_words_with_other_endings_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other) != ""


def test_identities_keep_every_letter() -> None:
    assert stem("PMN2") == "pmn2"
    assert stem("SH12") != stem("S12")
    assert stem("PMN-1") != stem("PMN-2")


@given(st.text(max_size=60))
def test_words_stand_where_they_say_and_folding_again_changes_nothing(text: str) -> None:
    for word in words_of(text):
        assert fold(text[word.start : word.end]) == word.folded
        assert fold(word.folded) == word.folded
        assert word.folded.isalnum()


def test_a_query_is_words_and_phrases() -> None:
    assert parse('12 mines "near Ağdam" "') == [
        Wanted((Term(("12",)),)),
        Wanted((Term(("mines",), prefix=True), Term(("mine",)))),
        Wanted((Term(("near", "agdam")),)),
    ]


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


THREE = "Mines were cleared in Aghdam.\nAğdam rayonunda minaların təmizlənməsi davam edir.\nРазминирование в Агдаме продолжается."


@pytest.mark.usefixtures("programme")
@pytest.mark.parametrize(
    ("query", "lines"),
    [("Агдам", {0, 1, 2}), ("aghdam", {0, 1, 2}), ("mine clearing", {0}), ("mina", {1}), ("разминирования", {2}), ("rayon", {1}),
     ('"were cleared in aghdam"', {0}), ('"cleared were"', set()), ('"ağdam rayonunda mina"', {1}), ("clear 12", set())],
)  # fmt: skip
def test_three_languages_are_found_alike(query: str, lines: set[int]) -> None:
    put_document(THREE)
    starts = {0: 0, 1: THREE.index("Ağdam"), 2: THREE.index("Разм")}
    hits = search(everything(), query)
    assert {int(hit.ref.partition("#")[2].partition("-")[0]) for hit in hits} == {starts[line] for line in lines}
    assert all(hit.marks for hit in hits)


@pytest.mark.usefixtures("programme")
def test_a_name_is_found_under_every_name_of_its_bearer() -> None:
    put(draft("organisation", "ORG-1", {"name": "Mine Office of Arden", "short_name": "MOA", "names": ["Arden Demining Agency"]}))
    source = put_document("The Arden Demining Agency began.\nThe MOA went on.\nUNMAS and the ОБСЕ helped.")
    assert len(search(everything(), "mine office of arden", sorts=PASSAGES)) == 2
    assert len(search(everything(), '"Mine Office of Arden"', sorts=PASSAGES)) == 2
    assert len(search(everything(), "UN Mine Action Service OSCE", sorts=PASSAGES, source=source)) == 1


def put_claims() -> str:
    text = "In 2022 the Office cleared 3.52 km2 in Ağdam.\nNothing else was said."
    body = {"value": 3.52, "unit": "km2", "scope": {"place": ["Ağdam"]}}
    claim = {"start": 27, "end": 35, "subject": "Office", "attribute": "release.cleared", "value": 3.52, "unit": "km2",
             "claimant": "Mine Office", "body": body, "file": "c.txt", "scope": {"place": ["Ağdam"]}}  # fmt: skip
    receipt = put(
        source=NewSource(
            data=text.encode(), filename="c.txt", media_type="text/plain", received=date(2024, 3, 1), title="Return"
        ),
        renditions=(NewRendition(text=text, extractor="test", extractor_version="1", claims=[claim],
                                 passages=[{"number": 1, "kind": "paragraph", "start": 0, "end": 45}]),),
    )  # fmt: skip
    assert receipt.source
    return receipt.source


@pytest.mark.usefixtures("programme")
def test_claims_are_found_by_what_they_say() -> None:
    source = put_claims()
    (hit,) = search(everything(), "cleared area agdam", sorts=CLAIMS)
    assert (hit.kind, hit.title, hit.source) == ("claim", "Return", source)
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["3.52 km2"]
    assert [hit.kind for hit in search(everything(), "3.52")] == ["claim", "passage"]
    assert [hit.kind for hit in search(everything(), "təmizlənmiş sahə")] == ["claim"]
    assert search(everything(), "agdam", kind="hazard") == search(everything(), "agdam", source="0" * 64) == []
    assert search(everything(), "agdam", as_known=date(2023, 1, 1)) == []


@pytest.mark.usefixtures("programme")
def test_a_rejected_claim_is_not_found() -> None:
    source = put_claims()
    judged = {"source_sha256": source, "start": 27, "end": 35, "attribute": "release.cleared", "verdict": "rejected",
              "quote": "3.52 km2", "proposed": "{}"}  # fmt: skip
    put(draft("judgement", local_id(source, 27, 35, "release.cleared"), judged), at=LATER)
    assert search(everything(), "agdam", sorts=CLAIMS) == []


@pytest.mark.usefixtures("programme")
def test_an_index_of_another_normaliser_is_made_anew() -> None:
    put(draft("hazard", "H-1", {"name": "Orchard"}))
    assert found("orchard") == ["Orchard"]
    with connections["programme"].cursor() as cursor:
        cursor.execute("UPDATE search_progress SET normaliser = 1")
        search_index.install(cursor)
    assert search_index.refresh() >= 1
    assert found("orchard") == ["Orchard"]


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
    put(draft("organisation", "OPEN-1", {"whisper": "murmured"}, sensitivity="public"), at=LATER)
    assert search(publicly(), "murmured") == []
    assert [hit.snippet for hit in search(publicly(), "open")] == ["OPEN-1"]
    assert [hit.snippet for hit in search(everything(), "murmured")] == ["murmured"]


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
