"""Pages that a process makes before anybody asks for them, for what is kept on the way."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict
from django.urls import resolve
from django.utils import translation

from clearland.web.access import Reading


def make(address: str, language: str, read: Reading) -> None:
    """Make the page of an address as it would be made for who reads.

    Raises what its view raises, Http404 where there is none."""
    path, _, query = address.partition("?")
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.GET = QueryDict(query)
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.user = AnonymousUser()
    request.reading, request.known, request.session = read, read.known, {}  # type: ignore[attr-defined,assignment]
    with translation.override(language):
        view, arguments, named = resolve(path)
        view(request, *arguments, **named)
