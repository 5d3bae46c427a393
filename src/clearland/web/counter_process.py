"""Starting the process that counts: one per programme, whoever serves it, gone with the process that started it."""

import subprocess
import threading
import time
from pathlib import Path
from typing import IO

from django.core.files import locks

from clearland.core.errors import ClearlandError
from clearland.web.count_board import NOW, Board
from clearland.work import child

_START_AGAIN_S = 5.0


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
            counting = self._children.get(board.folder)
            if counting is not None and counting.poll() is None:
                return
            if time.monotonic() - self._tried.get(board.folder, -_START_AGAIN_S) < _START_AGAIN_S:
                return
            self._tried[board.folder] = time.monotonic()
            if counting is not None and counting.returncode:
                board.fail(NOW, ClearlandError(
                    "E-SUMS", "The figures could not be computed.", remedy="Run clearland verify, then try again.",
                ))  # fmt: skip
            if self._counted_elsewhere(board):
                return
            self._children[board.folder] = child.start("clearland.web.counter", low=True)

    @staticmethod
    def _counted_elsewhere(board: Board) -> bool:
        held = take_lock(board)
        if held is None:
            return True
        held.close()
        return False
