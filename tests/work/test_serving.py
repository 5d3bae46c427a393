"""`clearland serve` is several processes on one port: they answer together, and end together however the first one ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clearland.work.bench.site import answers
from tests.conftest import TestProgramme

pytestmark = pytest.mark.skipif(os.name != "posix", reason="on Windows one process serves")
PATIENCE_S = 60.0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(true: Callable[[], object]) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@contextmanager
def served(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "clearland.cli.main", "--programme", str(folder), "serve", "--port", str(port)]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite run in the background would hand on that it is ignored
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        assert until(lambda: answers(port))
        yield server
    finally:
        server.kill()
        server.wait()


def fellows(server: int) -> set[int]:
    """Processes that serve beside the first one."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    found = (line.split(maxsplit=2) for line in listed.splitlines())
    return {int(pid) for pid, parent, args in found if int(parent) == server and "clearland.work.serving" in args}


def free(port: int) -> bool:
    """Whether nobody listens any more: a fellow holds the port as long as it lives."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_all_end_with_the_first_and_leave_the_port(sqlite_programme: TestProgramme, ending: signal.Signals) -> None:
    port = free_port()
    with served(sqlite_programme.folder, port) as server:
        assert until(lambda: fellows(server.pid))
        if ending == signal.SIGINT:
            killed = fellows(server.pid).pop()
            os.kill(killed, signal.SIGKILL)
            assert answers(port)
            assert until(lambda: fellows(server.pid) - {killed}), "one that was killed is started again"
        server.send_signal(ending)
        server.wait(timeout=PATIENCE_S)
        assert until(lambda: free(port))
