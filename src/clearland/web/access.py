"""Who asks, and what of the programme that person may read as known on the chosen date."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from clearland.dictionary.model import Dictionary
from clearland.ledger.opening import current_opening
from clearland.ledger.rows import head, sources
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.snapshot import Snapshot, snapshot
from clearland.ledger.vocabulary import current_dictionary
from clearland.web import sums

PURPOSE = "web"
_KEEP_SECONDS = 24 * 3600
_RECALL_SECONDS = 60
T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """One request's view of the ledger: every page reads through this and nothing else."""

    actor: Actor
    known: date | None

    @cached_property
    def scope(self) -> Scope:
        """What the actor may read. Raises NotPermitted without a right to anything."""
        return scope(self.actor, PURPOSE)

    @cached_property
    def head(self) -> str:
        """Hash of the newest commit: the key of everything that is cached."""
        return head()

    @cached_property
    def snapshot(self) -> Snapshot:
        """The snapshot for sums, as known on the date; where sums are made in the background, the newest finished one.

        Raises StillCounting there as long as none is."""
        return sums.desk.standing(self.known, self.head) if settings.SUMS_IN_BACKGROUND else snapshot(as_known=self.known)

    @cached_property
    def words(self) -> Dictionary:
        """The programme's dictionary."""
        return current_dictionary()

    @cached_property
    def memo(self) -> dict[str, Any]:
        """What this request has already fetched."""
        return {}

    @cached_property
    def cache_key(self) -> str:
        """Changes with the ledger, the date of knowledge and what the actor may see."""
        classes = ",".join(sorted(self.scope.classes))
        return f"{self.head[:24]}:{self.known or 'today'}:{classes}"


def actor_of(user: Any) -> Actor | None:
    """The ledger's actor behind a signed-in account; None for nobody."""
    if not user.is_authenticated:
        return None
    name = user.get_full_name() or user.get_username()
    return Actor(id=f"user:{user.pk}", name=name, is_admin=user.is_superuser)


def reading(request: HttpRequest) -> Reading:
    """The request's reading, made once per request."""
    made = getattr(request, "reading", None)
    if made is None:
        actor = actor_of(request.user)
        made = Reading(actor, getattr(request, "known", None))  # type: ignore[arg-type]  # scope() refuses nobody
        request.reading = made  # type: ignore[attr-defined]
    return made


def known_sources(read: Reading) -> QuerySet[Any]:
    """Sources in the reader's scope that were known on the date: recorded by its end or, before the programme was opened,
    received by it."""
    found = sources(read.scope)
    if read.known is None:
        return found
    opening = current_opening()
    back_loaded = Q(received__lte=read.known, received__lt=opening.opened_on)
    return found.filter(Q(recorded_at__lt=opening.end_of(read.known)) | back_loaded)


def _kept(read: Reading, name: str, key_of: Callable[[], str], make: Callable[[], T]) -> T:
    """An answer of this request, else of the cache, else made. The key is asked for only when the request has none yet."""
    if name in read.memo:
        return read.memo[name]  # type: ignore[no-any-return]
    key = hashlib.sha256(f"{key_of()}:{name}".encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        found = (make(),)
        cache.set(key, found, _KEEP_SECONDS)
    read.memo[name] = found[0]
    return found[0]  # type: ignore[no-any-return]


def remembered(read: Reading, name: str, make: Callable[[], T]) -> T:
    """The answer of `make` for this head, date of knowledge and scope. A commit makes a new key; nothing is invalidated."""
    return _kept(read, name, lambda: read.cache_key, make)


def summed(read: Reading, name: str, make: Callable[[], T]) -> T:
    """The answer of `make` from the reader's snapshot, for whoever asks: it must not depend on what that reader may see."""
    return _kept(read, name, lambda: f"{sums.programme_key()}:{read.snapshot.folder.name}", make)


def recalled(read: Reading, name: str, make: Callable[[], T]) -> T:
    """As `remembered`, but kept for a minute whatever is written meanwhile: for choices, never for numbers."""
    key = hashlib.sha256(f"{sums.programme_key()}:{read.known}:{sorted(read.scope.classes)}:{name}".encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        found = (make(),)
        cache.set(key, found, _RECALL_SECONDS)
    return found[0]  # type: ignore[no-any-return]

