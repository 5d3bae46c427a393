"""The names a programme knows: those shipped, those of its organisations and places, and what people decided about others.

Matches are records of the kind `name_match`: each has an author, a date and a score, and is taken back by withdrawing it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.models import Max

from clearland.core.partial_dates import PartialDate
from clearland.core.words import folded_name
from clearland.dictionary.known_names import Bearer, NameBook, Sort, Spelling, listed
from clearland.ledger.models import Version
from clearland.ledger.rows import rows
from clearland.ledger.scope import Scope
from clearland.ledger.store import ALIAS

KIND = "name_match"
_PLACE_WORDS = (" Rayon", " District", " City")
_SHORTEST_PLACE = 4
Attributes = Mapping[str, Any]


def names_known(scope: Scope, *, as_known: date | None = None) -> NameBook:
    """The names within a scope at the end of D. Kept until a record that bears or matches a name is written."""
    connection = connections[ALIAS]
    newest = newest_version("organisation", "place", KIND)
    return _kept(str(connection.settings_dict["NAME"]), newest, as_known, scope)


def newest_version(*kinds: str) -> int:
    """A number that grows with every version of these kinds; what was read of them is stale when it has."""
    # By kind: asked for one greatest id, the planner walks back through all rows until it meets one of these kinds.
    found = Version.objects.using(ALIAS).filter(kind__in=kinds).order_by().values_list("kind").annotate(newest=Max("id"))
    return max((newest for _, newest in found), default=0)


@lru_cache(maxsize=8)
def _kept(_programme: str, _newest: int, as_known: date | None, scope: Scope) -> NameBook:
    def held(kind: str) -> list[Attributes]:
        found = rows(scope, kind, as_known=as_known, bare=True).order_by("local_id")
        return list(found.values_list("attributes", flat=True))

    return name_book(held("organisation"), held("place"), held(KIND))


def name_book(organisations: Iterable[Attributes], places: Iterable[Attributes], matches: Iterable[Attributes]) -> NameBook:
    """A book of names from the attributes of records; records come before what is shipped."""
    matches = list(matches)
    accepted = [each for each in matches if each["verdict"] == "accepted"]
    dated: dict[tuple[Sort, str], list[Spelling]] = {}
    for each in accepted:
        span = (PartialDate.parse(each[name]) if each.get(name) else None for name in ("borne_from", "borne_to"))
        dated.setdefault((each["sort"], each["bearer"]), []).append(Spelling(each["written"], *span))
    bearers = [
        Bearer(bearer.sort, bearer.code, (*bearer.names, *dated.get((bearer.sort, bearer.code), ())))
        for bearer in (*_organisations(organisations), *listed(), *_places(places))
    ]
    return NameBook(
        tuple(bearers), {_name(each): each["bearer"] for each in accepted},
        frozenset((*_name(each), each["bearer"]) for each in matches if each["verdict"] == "rejected"),
    )  # fmt: skip


def _name(match: Attributes) -> tuple[Sort, str]:
    return match["sort"], folded_name(match["written"])


def _organisations(held: Iterable[Attributes]) -> Iterator[Bearer]:
    for each in held:
        names = [each.get("name"), each.get("short_name"), *(each.get("names") or ())]
        written = [form for name in names if name for form in (name, name.partition(" (")[0])]
        if written:
            yield Bearer("organisation", each.get("short_name") or written[0], tuple(map(Spelling, dict.fromkeys(written))))


def _places(held: Iterable[Attributes]) -> Iterator[Bearer]:
    for each in held:
        written = [name for name in (each.get("name"), *(each.get("names") or ())) if name]
        bare = [name.removesuffix(word) for name in written for word in _PLACE_WORDS if name.endswith(word)]
        names = [name for name in dict.fromkeys([*written, *bare]) if len(name) >= _SHORTEST_PLACE]
        if names and each.get("code"):
            yield Bearer("place", each["code"], tuple(map(Spelling, names)))
