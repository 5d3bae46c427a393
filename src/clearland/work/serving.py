"""The web site on a laptop: waitress in front of Django (Windows too). A server runs gunicorn on the same `application`."""

import waitress
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application


def application() -> WSGIHandler:
    """The WSGI application of the chosen programme (call `work.programme.use` first)."""
    return get_wsgi_application()


def run(port: int, host: str = "127.0.0.1") -> None:
    """Serve until interrupted. Eight threads: pages are short and SQLite lets many read at once."""
    waitress.serve(application(), host=host, port=port, threads=8, ident="clearland")
