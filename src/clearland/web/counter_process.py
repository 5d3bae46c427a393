"""Starting the process that counts: one per programme, whoever serves it, gone with the process that started it."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import locks

from clearland.core.errors import ClearlandError
from clearland.web.count_board import NOW, Board

_START_AGAIN_S = 5.0
# A Ctrl-C in the terminal is for the server; its end closes our input, which ends us. Pages go before counts.
_APART = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)}
    if sys.platform == "win32"
    else {"start_new_session": True}
)


def take_lock(board: Board) -> IO[bytes] | None:
    """The right to count for a programme, held until the file is closed; None where another process has it."""
    board.folder.mkdir(parents=True, exist_ok=True)
    file = (board.folder / "lock").open("ab")
    try:
        if locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
            return file
    except OSError:
        pass
    file.close()
    return None


class CounterProcess:
    """The child of this process that counts, where no other process of the programme has one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._children: dict[Path, subprocess.Popen[bytes]] = {}
        self._tried: dict[Path, float] = {}

    def run_for(self, board: Board) -> None:
        """See to it that somebody counts for a programme: cheap when somebody does."""
        with self._lock:
            child = self._children.get(board.folder)
            if child is not None and child.poll() is None:
                return
            if time.monotonic() - self._tried.get(board.folder, -_START_AGAIN_S) < _START_AGAIN_S:
                return
            self._tried[board.folder] = time.monotonic()
            if child is not None and child.returncode:
                board.fail(NOW, ClearlandError(
                    "E-SUMS", "The figures could not be computed.", remedy="Run clearland verify, then try again.",
                ))  # fmt: skip
            if self._counted_elsewhere(board):
                return
            self._children[board.folder] = self._started()

    @staticmethod
    def _counted_elsewhere(board: Board) -> bool:
        held = take_lock(board)
        if held is None:
            return True
        held.close()
        return False

    @staticmethod
    def _started() -> "subprocess.Popen[bytes]":
        environment = os.environ | {
            "CLEARLAND_PROGRAMME": str(settings.PROGRAMME_DIR), "CLEARLAND_DATABASE_URL": settings.DATABASE_URL,
            "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        command = [sys.executable, "-m", "clearland.web.counter"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, **_APART)  # noqa: S603
