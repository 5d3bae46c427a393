"""The web site as a person meets it: `clearland serve` in a process of its own, asked over HTTP on this machine."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db import connections

from clearland.core.errors import ClearlandError
from clearland.work import programme

_NAME, _PASSWORD = "bench", "a password for one run"
_START_S = 60.0


class Visitor:
    """One signed-in browser with a connection that stays open."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.cookies = dict(cookies or {})
        self.connection = HTTPConnection("127.0.0.1", port, timeout=120)

    def get(self, address: str) -> tuple[bytes, float]:
        """The body and the seconds it took. Raises ClearlandError E-BENCH-PAGE unless the answer is 200 or 204."""
        start = perf_counter()
        status, body = self._ask("GET", address)
        taken = perf_counter() - start
        if status not in (200, 204):
            raise ClearlandError("E-BENCH-PAGE", f"{address} answered {status}.")
        return body, taken

    def sign_in(self) -> None:
        """Through the form, as a person does. Raises ClearlandError E-BENCH-PAGE when it is refused."""
        page = self.get("/login/")[0].decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = urlencode({
            "username": _NAME, "password": _PASSWORD, "csrfmiddlewaretoken": token.group(1) if token else "", "next": "/",
        })  # fmt: skip
        status, _ = self._ask("POST", "/login/", form)
        if status != 302:
            raise ClearlandError("E-BENCH-PAGE", f"Signing in answered {status}.")

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{self.port}/"}
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return answer.status, answer.read()


@contextmanager
def served(folder: Path) -> Iterator[Visitor]:
    """A signed-in visitor of the programme's site, served by `clearland serve` as long as the context lasts."""
    programme.use(folder)
    users = get_user_model().objects
    if not users.filter(username=_NAME).exists():
        users.create_superuser(username=_NAME, password=_PASSWORD)
    connections.close_all()
    port = _free_port()
    command = [sys.executable, "-m", "clearland.cli.main", "--programme", str(folder), "serve", "--port", str(port)]
    with (folder.parent / "serve.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"PYTHONUNBUFFERED": "1"})  # noqa: S603
        try:
            _wait(port, server)
            visitor = Visitor(port)
            visitor.sign_in()
            yield visitor
        finally:
            server.terminate()
            server.wait(timeout=30)


def flat_out(visitor: Visitor, addresses: Sequence[str], people: int) -> float:
    """Answers per second when `people` ask without a pause until every address was asked once."""

    def ask(share: Sequence[str]) -> int:
        mine = Visitor(visitor.port, visitor.cookies)
        return sum(1 for address in share if mine.get(address))

    start = perf_counter()
    with ThreadPoolExecutor(max_workers=people) as pool:
        answered = sum(pool.map(ask, [addresses[number::people] for number in range(people)]))
    return answered / (perf_counter() - start)


def times(visitor: Visitor, addresses: Sequence[str]) -> list[float]:
    """Seconds of each answer, one after the other."""
    return [visitor.get(address)[1] for address in addresses]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Until the site answers. Raises ClearlandError E-BENCH-SERVE when it stops or takes too long."""
    end = time.monotonic() + _START_S
    while not answers(port):
        if server.poll() is not None or time.monotonic() > end:
            raise ClearlandError("E-BENCH-SERVE", "The site did not start.", remedy="See what `clearland serve` says.")
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether a site on this computer's port shows its log-in page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/login/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
