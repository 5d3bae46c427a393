"""The review page without scripts, on both databases: every decision is a form, faults are told, languages hold."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from clearland.work import judging
from tests.conftest import ADMIN
from tests.judging.papers import ANNA, TEXT, proposals, read
from tests.ledger.book import day

BACKGROUND = {"X-Review": "1"}


@pytest.fixture
def paper(programme: object) -> str:
    return read(proposals())


@pytest.fixture
def client(paper: str) -> Iterator[Client]:
    """Somebody signed in."""
    cache.clear()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    made = Client()
    made.force_login(get_user_model().objects.get(username=ADMIN))
    yield made
    translation.deactivate()


def standing(sha: str) -> dict[str, list[Any]]:
    """Verdict -> values."""
    found: dict[str, list[Any]] = {}
    for each in judging.desk(sha, actor=ANNA).standing:
        found.setdefault(each.verdict, []).append(each.body.get("value"))
    return found


def fields(page: str, number: int) -> dict[str, str]:
    """The hidden fields of the n-th claim's form."""
    item = page.split(f'<li id="r-{number}"')[1].split("</li>", maxsplit=1)[0]
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', item) if name != "action"}


def opened(client: Client, sha: str) -> str:
    return client.get(f"/source/{sha}/review/").content.decode()


def send(client: Client, sha: str, given: dict[str, str], **more: Any) -> Any:
    return client.post(f"/source/{sha}/review/decide", given, **more)


def test_the_page_shows_the_document_its_claims_and_the_progress(client: Client, paper: str) -> None:
    page = opened(client, paper)
    assert "0 of 5 decided" in page
    assert page.count('data-verdict="proposed"') == 5
    assert re.search(r'<mark data-claims="1"[^>]*>3\.52 km²</mark>', page)
    assert "<script>" not in page
    assert " on" + "click=" not in page
    assert f'href="/source/{paper}/review/"' in client.get(f"/source/{paper}/").content.decode()


def test_accept_reject_and_undo_are_plain_forms(client: Client, paper: str) -> None:
    answer = send(client, paper, {**fields(opened(client, paper), 1), "action": "accept"})
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, f"/source/{paper}/review/")
    send(client, paper, {**fields(opened(client, paper), 2), "action": "reject"})
    page = opened(client, paper)
    assert "2 of 5 decided" in page
    assert f"{ADMIN} 2" in page
    assert standing(paper)["accepted"] == [3.52]
    send(client, paper, {**fields(page, 1), "action": "undo"})
    assert "accepted" not in standing(paper)
    assert standing(paper)["rejected"] == [120]


def test_in_the_background_the_answer_is_the_claims_new_state(client: Client, paper: str) -> None:
    given = {**fields(opened(client, paper), 3), "action": "reject", "reason": "Only a plan <b>"}
    answer = json.loads(send(client, paper, given, headers=BACKGROUND).content)
    assert answer["verdict"] == "rejected"
    assert 'data-verdict="rejected"' in answer["item"]
    assert "Only a plan &lt;b&gt;" in answer["item"]
    assert "1 of 5 decided" in answer["progress"]


def test_a_claim_is_corrected_in_a_form_of_its_own(client: Client, paper: str) -> None:
    given = fields(opened(client, paper), 2)
    page = client.get(f"/source/{paper}/review/form", {**given, "action": "correct"}).content.decode()
    assert 'name="value" value="120"' in page
    sent = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}
    sent |= {"action": "correct", "value": "12.5", "attribute": "items.found", "place": "North; South", "stance": "estimated"}
    wrong = send(client, paper, {**sent, "value": "a dozen"}, headers=BACKGROUND)
    assert (wrong.status_code, json.loads(wrong.content)["code"]) == (400, "E-JUDGE-NUMBER")
    answer = json.loads(send(client, paper, sent, headers=BACKGROUND).content)
    assert answer["verdict"] == "corrected"
    (claim,) = [each for each in judging.desk(paper, actor=ANNA).standing if each.verdict == "corrected"]
    assert (claim.body["value"], claim.body["attribute"], claim.body["stance"]) == (12.5, "items.found", "estimated")
    assert claim.body["scope"]["place"] == ["North", "South"]
    assert claim.body["claimant"] == "The Office"


def test_a_claim_is_added_by_its_words_and_split_in_two(client: Client, paper: str) -> None:
    form = client.get(f"/source/{paper}/review/form", {"action": "add", "near": str(TEXT.index("planned"))}).content.decode()
    assert "The Office planned to clear 9 km² in 2023" in form
    new = {
        "action": "add",
        "words": "planned  to clear",
        "near": "0",
        "subject": "Office",
        "attribute": "plan.exists",
        "value": "true",
    }
    assert send(client, paper, new).status_code == 302
    assert standing(paper)["added"] == [True]
    given = fields(opened(client, paper), 2)
    parts = {f"{one}{name}": value for one, number in (("a_", "100"), ("b_", "20")) for name, value in (
        ("words", "120 mines"), ("value", number), ("subject", "Office"), ("attribute", "items.destroyed"),
    )}  # fmt: skip
    answer = send(client, paper, {**given, **parts, "action": "split", "near": given["start"]}, headers=BACKGROUND)
    assert json.loads(answer.content)["url"].startswith(f"/source/{paper}/review/?at=")
    assert sorted(standing(paper)["added"]) == [1, 20, 100]
    assert standing(paper)["rejected"] == [120]


def test_somebody_elses_decision_is_not_overwritten(client: Client, paper: str) -> None:
    given = {**fields(opened(client, paper), 1), "action": "reject"}
    first = proposals()[0]
    judging.judge(paper, first["start"], first["end"], first["attribute"], "accepted", actor=ANNA, clock=day(1))
    answer = send(client, paper, given, headers=BACKGROUND)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "E-JUDGE-STALE")
    assert "E-JUDGE-STALE" in send(client, paper, given).content.decode()
    assert standing(paper)["accepted"] == [3.52]


def test_the_plain_ones_are_accepted_together(client: Client, paper: str) -> None:
    assert send(client, paper, {"action": "accept_safe"}).status_code == 302
    assert "3 of 5 decided" in opened(client, paper)


def test_what_found_no_place_is_listed_and_can_be_taken_back(client: Client, paper: str) -> None:
    first = proposals()[0]
    judging.judge(paper, first["start"], first["end"], first["attribute"], "rejected", actor=ANNA, clock=day(1))
    read([], version="2", on=2)
    lost = opened(client, paper).split('id="lost"')[1]
    assert "<mark>3.52 km²</mark>" in lost
    hidden = dict(re.findall(r'name="(record|seen)" value="([^"]*)"', lost))
    assert send(client, paper, {**hidden, "action": "undo_lost"}).status_code == 302
    assert 'id="lost"' not in opened(client, paper)


def test_a_past_day_shows_what_was_decided_then_and_takes_no_decision(client: Client, paper: str) -> None:
    given = {**fields(opened(client, paper), 1), "action": "accept"}
    page = client.get(f"/source/{paper}/review/?known=2024-03-05").content.decode()
    assert '<form class="decide"' not in page
    answer = send(client, paper, given, headers=BACKGROUND)
    assert json.loads(answer.content)["code"] == "E-JUDGE-KNOWN"
    assert "accepted" not in standing(paper)


def test_forms_need_a_sign_in_a_token_and_the_right_address(client: Client, paper: str) -> None:
    assert Client().get(f"/source/{paper}/review/").status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(get_user_model().objects.get(username=ADMIN))
    assert send(strict, paper, {"action": "accept_safe"}).status_code == 403
    assert client.get(f"/source/{'0' * 64}/review/").status_code == 404
    assert client.get(f"/source/{paper}/review/decide").status_code == 405
    assert client.get(f"/source/{paper}/review/form", {"action": "dance", **fields(opened(client, paper), 1)}).status_code == 404
    for given in ({}, {"action": "accept", "start": "x"}, {"action": "undo_lost", "record": "?"}, {"action": "add"}):
        assert send(client, paper, given, headers=BACKGROUND).status_code == 400


@pytest.mark.parametrize(("language", "progress"), [("az", "5 iddiadan 0 üzrə"), ("ru", "Решено: 0 из 5")])
def test_the_page_speaks_the_readers_language(client: Client, paper: str, language: str, progress: str) -> None:
    client.post("/language/", {"language": language, "next": "/"})
    assert progress in opened(client, paper)
