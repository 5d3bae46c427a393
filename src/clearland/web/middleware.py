"""What happens to every request: headers, the date of knowledge, errors a person can read."""

import logging
from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clearland.core.errors import BrokenLedger, ClearlandError, NotPermitted
from clearland.web.sums import StillCounting
from clearland.web.views.counting import wait_page

GetResponse = Callable[[HttpRequest], HttpResponse]
KNOWN = "known"
log = logging.getLogger(__name__)

# MapLibre starts its workers from a blob; nothing else comes from anywhere but this host, and nothing is evaluated.
POLICY = "; ".join(
    (
        "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
        "worker-src blob:", "child-src blob:", "connect-src 'self'", "font-src 'self'", "object-src 'none'",
        "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    )
)  # fmt: skip


class SecurityHeaders:
    """Content security policy and permissions on every answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
        if "Cache-Control" not in response.headers and not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "private, no-store"
        return response


def parse_known(text: str) -> date | None:
    """A date of knowledge from an address: `YYYY-MM-DD`; anything else, and the future, is today (None)."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= 1900 else None


class DateOfKnowledge:
    """Puts `request.known` (a date, or None for today) on every request.

    `?known=2016-01-01` sets it for the whole visit, so that a copied address shows the same state and says so on every
    page after it; `?known=` sets it back to today.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if KNOWN in request.GET:
            day = parse_known(request.GET[KNOWN])
            if day is None:
                request.session.pop(KNOWN, None)
            elif request.session.get(KNOWN) != day.isoformat():
                request.session[KNOWN] = day.isoformat()
        request.known = parse_known(request.session.get(KNOWN, ""))  # type: ignore[attr-defined]
        return self.get_response(request)


class ReadableErrors:
    """An error of the system becomes a page with code, sentence, place and remedy; the status says whose fault it was."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a ClearlandError and for figures still being computed; leave everything else to Django."""
        if isinstance(exception, StillCounting):
            progress = exception.progress
            return wait_page(request, progress.step / progress.steps, progress.seconds)
        if not isinstance(exception, ClearlandError):
            return None
        log.info("%s", exception)
        status = 403 if isinstance(exception, NotPermitted) else 500 if isinstance(exception, BrokenLedger) else 400
        context = {"title": _("This did not work"), "error": exception}
        return render(request, "clearland/error.html", context, status=status)
