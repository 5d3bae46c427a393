"""The web site on a laptop: waitress in front of Django (Windows too). A server runs gunicorn on the same `application`."""

from collections.abc import Callable

import waitress
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from clearland.core.errors import ClearlandError

WARM_UP_S = 45.0


def application() -> WSGIHandler:
    """The WSGI application of the chosen programme (call `work.programme.use` first).

    Sums and search index are made by a process apart."""
    settings.SUMS_IN_BACKGROUND = settings.SEARCH_INDEXED_APART = True
    return get_wsgi_application()


def run(port: int, host: str = "127.0.0.1", *, ready: Callable[[], object] = lambda: None) -> None:
    """Serve until interrupted; `ready` is called once the port is ours and the figures of today stand, or
    after `WARM_UP_S` when they take longer. Raises ClearlandError E-SERVE-PORT.

    Eight threads: pages are short and SQLite lets many read at once.
    """
    try:
        server = waitress.create_server(application(), host=host, port=port, threads=8, ident="clearland")
    except OSError as error:
        raise ClearlandError(
            "E-SERVE-PORT", f"Port {port} cannot be used: {error.strerror}.",
            remedy=f"Stop the program that uses it, or choose another port: clearland serve --port {port + 1}.",
        ) from error  # fmt: skip
    import_string(settings.WARM_UP)(WARM_UP_S)  # by name: the pages lie above this package
    ready()
    server.run()
