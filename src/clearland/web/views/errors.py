"""Error pages a person can act on. They say what, and the next step; never how the program is built."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def _page(request: HttpRequest, status: int, title: str, sentence: str, remedy: str) -> HttpResponse:
    context = {"title": title, "sentence": sentence, "remedy": remedy}
    return render(request, "clearland/error.html", context, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    """400."""
    return _page(
        request, 400, _("This request could not be read"), _("A part of the address or form is not as it should be."),
        _("Go back, reload the page and try again."),
    )  # fmt: skip


@login_not_required
def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:
    """403."""
    return _page(
        request, 403, _("This is not open to you"), _("Your account may not see or do this."),
        _("Ask the programme's administrator if you need it."),
    )  # fmt: skip


@login_not_required
def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    """404: what does not exist, and what this person may not see, look the same."""
    return _page(
        request, 404, _("Nothing is here"),
        _("There is no such page, or it was not known on the chosen date, or it is not open to you."),
        _("Search for the name or number, or set the date of knowledge back to today."),
    )  # fmt: skip


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form was not sent from this site, or its page was open for too long."""
    return _page(
        request, 403, _("This form has expired"), _("It was not sent from a page of this site, or the page was open too long."),
        _("Go back, reload the page and try again."),
    )  # fmt: skip


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """500. Rendered without the request: nothing that might have broken is asked again."""
    text = render_to_string(
        "clearland/broken.html",
        {"title": _("Something broke on our side"), "sentence": _("Nothing was changed by this request.")},
    )
    return HttpResponse(text, status=500)
