"""Processes that work beside the one that starts them: they end when it does, however it ends, and leave a Ctrl-C to it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

from django.conf import settings

_WINDOWS_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
_WINDOWS_LOW = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)


def start(module: str, *arguments: str, sockets: Sequence[int] = (), low: bool = False) -> "subprocess.Popen[bytes]":
    """Run a module for the programme in use. It must call `end_with_parent`, since our end closes its input.

    `sockets` are descriptors it keeps under their numbers (not on Windows); `low` lets others go first on Windows, where
    a process cannot step back by itself."""
    environment = os.environ | {
        "CLEARLAND_PROGRAMME": str(settings.PROGRAMME_DIR), "CLEARLAND_DATABASE_URL": settings.DATABASE_URL,
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", module, *arguments]
    if sys.platform == "win32":
        flags = _WINDOWS_GROUP | (_WINDOWS_LOW if low else 0)
        return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, creationflags=flags)  # noqa: S603
    return subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, env=environment, start_new_session=True, pass_fds=tuple(sockets)
    )


def end_with_parent() -> None:
    """From now on end at once when the process that started this one ends. A Ctrl-C in its terminal is not for us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_input, daemon=True).start()


def _end_with_input() -> None:
    """Nothing is half written at the end: commits are whole, files are replaced whole."""
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)
