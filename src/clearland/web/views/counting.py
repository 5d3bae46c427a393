"""Asking how far a count is: pages that show an older one, or wait for the first, look here until it is done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clearland.web.access import reading

STOP_POLLING = 286  # htmx: the last answer of a poll
READY = "sums-ready"


def progress(request: HttpRequest) -> HttpResponse:
    """204 while nothing newer than `head` stands, the event `sums-ready` once it does; the middleware answers while the
    first count runs."""
    read = reading(request)
    if read.snapshot.head == request.GET.get("head", ""):
        return HttpResponse(status=204)
    return HttpResponse(status=STOP_POLLING, headers={"HX-Trigger": READY})


def wait_page(request: HttpRequest, done: float, seconds: float) -> HttpResponse:
    """The page for a first count that is not finished: how far it is, and nothing that could be taken for a number."""
    context = {"done": done, "seconds": round(seconds)}
    if getattr(request, "htmx", False) and request.headers.get("HX-Target", "") == "counting":
        return render(request, "clearland/_counting.html", context)
    return render(request, "clearland/counting.html", context)
