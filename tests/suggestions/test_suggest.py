"""A local endpoint that is no model: what is sent, what is kept, and that nothing counts before a person accepted it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from clearland.core.errors import ClearlandError, NotPermitted
from clearland.evidence.suggestions.endpoint import Endpoint
from clearland.ledger.search import Found, search
from clearland.ledger.snapshot import snapshot
from clearland.work import judging
from clearland.work.suggesting import portions, suggest
from tests.figures.told import paper
from tests.judging.papers import ANNA
from tests.ledger.book import everything

TEXT = "In 2022 the Mine Office cleared 3.5 km2 in the north."
CLAIM = {
    "quote": "3.5 km2", "subject": "north", "attribute": "release.cleared", "value": 3.5, "unit": "km2",
    "claimant": "Mine Office",
}  # fmt: skip
CLAIMS: tuple[Found, ...] = ("claim",)
WRONG = {**CLAIM, "quote": "4.5 km2"}


class Fake(ThreadingHTTPServer):
    """Answers every question with the same content, and keeps the questions."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, Any], str | None]] = []
        self.content: str = json.dumps({"claims": [CLAIM, WRONG]})
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Fake)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.asked.append((self.path, body, self.headers["Authorization"]))
        answer = json.dumps({"model": "fake-1.2", "choices": [{"message": {"content": server.content}}]}).encode()
        self.send_response(server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name the library calls it by
        """Nothing is printed."""


@pytest.fixture
def fake() -> Iterator[Fake]:
    server = Fake()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_proposal_is_kept_with_its_author_and_counts_when_accepted(programme: object, fake: Fake) -> None:
    source = paper(TEXT)
    steps: list[int] = []
    found = suggest(source, Endpoint(url=fake.url, model="fake", key="k"), actor=ANNA, step=lambda: steps.append(1))
    assert (found.kept, found.known, dict(found.refused), found.author) == (1, 0, {"quote": 1}, "model:fake+fake-1.2")
    assert len(steps) == portions(source, actor=ANNA) == 1
    (path, body, key) = fake.asked[0]
    assert (path, key, body["model"]) == ("/v1/chat/completions", "Bearer k", "fake")
    assert body["messages"][1]["content"] == TEXT
    desk = judging.desk(source, actor=ANNA)
    (claim,) = desk.standing
    assert desk.models == {claim.ref: "fake+fake-1.2"}
    assert judging.safe_claims(desk) == []
    assert snapshot().sql("SELECT * FROM claim").to_pylist() == []
    assert search(everything(), "cleared", sorts=CLAIMS) == []
    judging.judge(source, claim.start, claim.end, claim.attribute, "accepted", actor=ANNA, ref=claim.ref)
    (row,) = snapshot().sql("SELECT * FROM claim").to_pylist()
    assert (row["judgement"], row["value_number"]) == ("accepted", 3.5)


def test_asking_again_adds_nothing(sqlite_programme: object, fake: Fake) -> None:
    source = paper(TEXT)
    endpoint = Endpoint(url=fake.url, model="fake")
    assert suggest(source, endpoint, actor=ANNA).kept == 1
    again = suggest(source, endpoint, actor=ANNA)
    assert (again.kept, again.known) == (0, 1)


def test_text_above_the_class_is_not_sent(sqlite_programme: object, fake: Fake) -> None:
    source = paper(TEXT, sensitivity="programme")
    endpoint = Endpoint(url=fake.url, model="fake")
    with pytest.raises(NotPermitted, match="E-MODEL-CLASS"):
        suggest(source, endpoint, actor=ANNA)
    assert fake.asked == []
    assert suggest(source, endpoint, actor=ANNA, up_to_class="programme").kept == 1


@pytest.mark.parametrize(("content", "status", "code"), [("no JSON", 200, "E-MODEL-ANSWER"), ("{}", 500, "E-MODEL-UNREACHABLE")])
def test_an_endpoint_that_fails_is_a_sentence(sqlite_programme: object, fake: Fake, content: str, status: int, code: str) -> None:
    fake.content, fake.status = content, status
    with pytest.raises(ClearlandError, match=code):
        suggest(paper(TEXT), Endpoint(url=fake.url, model="fake"), actor=ANNA)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "localhost", ""])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ClearlandError, match="E-MODEL-ADDRESS"):
        Endpoint(url=url, model="fake")


def test_nobody_listening_is_a_sentence() -> None:
    with pytest.raises(ClearlandError, match="E-MODEL-UNREACHABLE"):
        Endpoint(url="http://127.0.0.1:9", model="fake").ask("x", "y")
