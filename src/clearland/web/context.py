"""What every template knows: the programme, navigation, the date of knowledge, the class of what is on screen."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clearland.core.errors import ClearlandError
from clearland.web.access import Reading, reading
from clearland.web.help import page_help
from clearland.web.programme import About, about
from clearland.web.sums import newer_commits

Item = dict[str, Any]
Entry = tuple[str, str, tuple[str, ...]]  # label, address, and the beginnings of the paths that belong to it


def page(request: HttpRequest) -> dict[str, Any]:
    """Django context processor."""
    context: dict[str, Any] = {"languages": settings.LANGUAGES}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return context
    known = getattr(request, "known", None)
    query = [(key, value) for key, value in request.GET.items() if key != "known"]
    context |= {
        "nav": _navigation(request.path),
        "tabbar": _tabbar(request.path),
        "help": page_help(request.resolver_match.url_name if request.resolver_match else None),
        "known": known,
        "kept_query": query,
        "today_href": f"{request.path}?{urlencode([*query, ('known', '')])}",
    }
    return context | _programme(request)


def _programme(request: HttpRequest) -> dict[str, Any]:
    """The programme's own facts. An error page must render even where the ledger cannot be read."""
    try:
        read: Reading = reading(request)
        facts: About = about(read)
        head = read.head
        counted = _counted(read)
    except ClearlandError:
        return {}
    early = bool(read.known and facts.opened_on and read.known < facts.opened_on)
    return {"programme": facts, "head": head, "reconstructed": early, "counted": counted}


def _counted(read: Reading) -> Item | None:
    """For a page whose sums are older than the book: the head they were computed at, and how much came since."""
    count = read.__dict__.get("count")  # only there when the page asked for sums
    if count is None or count.snapshot.head == read.head:
        return None
    return {"head": count.snapshot.head, "newer": newer_commits(count.snapshot.head)}


def _navigation(path: str) -> list[Item]:
    return _placed(_main_pages(get_language(), get_script_prefix()), path)


def _tabbar(path: str) -> list[Item]:
    return _placed(_tab_pages(get_language(), get_script_prefix()), path)


def _placed(pages: list[Entry], path: str) -> list[Item]:
    return [{"label": label, "href": href, "here": _is_here(path, prefixes)} for label, href, prefixes in pages]


@lru_cache(maxsize=32)
def _main_pages(_language: str | None, _mounted_at: str) -> list[Entry]:
    return [
        (_("Overview"), reverse("overview"), ("/",)),
        (_("Map"), reverse("map"), ("/map/",)),
        (_("Records"), reverse("records"), ("/records/", "/record/", "/data/", "/exchange/")),
        (_("Land"), reverse("land"), ("/land/", "/findings/")),
        (_("Figures"), reverse("figures"), ("/figures/", "/figure/")),
        (_("Evidence"), reverse("sources"), ("/sources/", "/source/", "/disagreements/", "/timeline/", "/claim/")),
        (_("Reports"), reverse("reports"), ("/reports/",)),
    ]


@lru_cache(maxsize=32)
def _tab_pages(_language: str | None, _mounted_at: str) -> list[Entry]:
    return [
        (_("Overview"), reverse("overview"), ("/",)),
        (_("Map"), reverse("map"), ("/map/",)),
        (_("Records"), reverse("records"), ("/records/", "/record/", "/data/", "/exchange/")),
        (_("Evidence"), reverse("sources"), ("/sources/", "/source/", "/disagreements/", "/timeline/")),
        (_("Search"), reverse("search"), ("/search/",)),
    ]


def _is_here(path: str, prefixes: tuple[str, ...]) -> bool:
    return path == "/" if prefixes == ("/",) else path.startswith(prefixes)
