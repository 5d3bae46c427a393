"""The web site on a laptop: waitress in front of Django (Windows too). A server runs gunicorn on the same `application`.

Threads of one process share one interpreter, so pages are made by as many processes as the machine has cores, all of which
accept from one listening socket. Whatever a process keeps is keyed by the ledger, which they share. Windows does not hand
a socket on to a process that is started anew: there one process serves.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import waitress
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from clearland.core.errors import ClearlandError
from clearland.work import child, programme

WARM_UP_S = 45.0
_MOST_PROCESSES = 4  # each holds some 200 MB
_THREADS = 8
_LOOK_S = 1.0
_START_AGAIN_S = 5.0


def application() -> WSGIHandler:
    """The WSGI application of the chosen programme (call `work.programme.use` first).

    Sums and search index are made by a process apart."""
    settings.SUMS_IN_BACKGROUND = settings.SEARCH_INDEXED_APART = True
    return get_wsgi_application()


def processes() -> int:
    """How many processes serve on this machine."""
    return 1 if sys.platform == "win32" else max(2, min(os.cpu_count() or 1, _MOST_PROCESSES))


def run(port: int, host: str = "127.0.0.1", *, ready: Callable[[], object] = lambda: None) -> None:
    """Serve until interrupted; `ready` is called once the port is ours and the figures of today stand, or
    after `WARM_UP_S` when they take longer. Raises ClearlandError E-SERVE-PORT.

    Eight threads among all: pages are short and SQLite lets many read at once.
    """
    try:
        listening = socket.create_server((host, port), backlog=1024)
    except OSError as error:
        raise ClearlandError(
            "E-SERVE-PORT", f"Port {port} cannot be used: {error.strerror}.",
            remedy=f"Stop the program that uses it, or choose another port: clearland serve --port {port + 1}.",
        ) from error  # fmt: skip
    programme.upgrade_site()
    server = _server(listening)
    ready()
    threading.Thread(target=_keep_fellows, args=(listening, processes() - 1), daemon=True).start()
    server.run()


def _server(listening: socket.socket) -> "waitress.server.BaseWSGIServer":
    """A server that accepts nobody before it is told to run."""
    site = application()
    import_string(settings.WARM_UP)(WARM_UP_S)  # by name: the pages lie above this package
    return waitress.create_server(site, sockets=[listening], threads=max(2, _THREADS // processes()), ident="clearland")


def _keep_fellows(listening: socket.socket, number: int) -> None:
    """Have `number` processes serve beside this one; one that ended is started again."""
    fellows: list[tuple[subprocess.Popen[bytes], float]] = []
    while number:
        latest = time.monotonic() - _START_AGAIN_S
        fellows = [(fellow, since) for fellow, since in fellows if fellow.poll() is None or since > latest]
        while len(fellows) < number:
            fellow = child.start("clearland.work.serving", str(listening.fileno()), sockets=[listening.fileno()])
            fellows.append((fellow, time.monotonic()))
        time.sleep(_LOOK_S)


def main() -> int:
    """Serve beside the process that started this one, on the socket whose descriptor it names."""
    child.end_with_parent()
    programme.use(settings.PROGRAMME_DIR)
    _server(socket.socket(fileno=int(sys.argv[1]))).run()
    return 0


if __name__ == "__main__":
    programme.setup()
    sys.exit(main())
