"""Who asks, and what of the programme that person may read as known on the chosen date."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clearland.core.errors import RefusedInput
from clearland.dictionary.model import Dictionary
from clearland.ledger.opening import current_opening
from clearland.ledger.rows import head, sources
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.snapshot import Snapshot, snapshot
from clearland.ledger.tally import Tally, tally
from clearland.ledger.vocabulary import current_dictionary
from clearland.web import sums
from clearland.web.kept import MISSING, Kept

PURPOSE = "web"
_RECALL_SECONDS = 60
_answers = Kept(2_000)
T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """One request's view of the ledger: every page reads through this and nothing else."""

    actor: Actor
    known: date | None
    address: str = ""  # of the page, where another process may be asked to compute what it needs

    @cached_property
    def scope(self) -> Scope:
        """What the actor may read. Raises NotPermitted without a right to anything."""
        return scope(self.actor, PURPOSE)

    def refuse_past(self) -> None:
        """Before a decision: raises RefusedInput (E-JUDGE-KNOWN) where a past state of knowledge is read."""
        if self.known is not None:
            raise RefusedInput(
                "E-JUDGE-KNOWN", _("What was known on a past day cannot be decided anew."), remedy=_("Go back to today first.")
            )

    @cached_property
    def head(self) -> str:
        """Hash of the newest commit: the key of everything that is cached."""
        return head()

    @cached_property
    def count(self) -> sums.Count | None:
        """The newest finished count as known on the date, where sums are made in the background.

        Raises StillCounting there as long as none is."""
        return sums.desk.standing(self.known, self.head) if settings.SUMS_IN_BACKGROUND else None

    @cached_property
    def snapshot(self) -> Snapshot:
        """The snapshot for sums, as known on the date: that of the count, else one of this very moment."""
        return self.count.snapshot if self.count else snapshot(as_known=self.known)

    @cached_property
    def tally(self) -> Tally:
        """How many records stand today, and the newest version of each kind."""
        return tally(self.head)

    @cached_property
    def words(self) -> Dictionary:
        """The programme's dictionary."""
        return current_dictionary()

    @cached_property
    def memo(self) -> dict[str, Any]:
        """What this request has already fetched."""
        return {}

    @cached_property
    def shared(self) -> dict[str, Any]:
        """The sums that this request took from its snapshot, by name: the same for every reader."""
        return {}

    @cached_property
    def cache_key(self) -> str:
        """Changes with the ledger, the date of knowledge and what the actor may see."""
        classes, kinds = ",".join(sorted(self.scope.classes)), ",".join(sorted(self.scope.kinds or ["*"]))
        return f"{sums.programme_key()}:{self.head[:24]}:{self.known or 'today'}:{classes}:{kinds}"


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
        known = getattr(request, "known", None)
        address = request.get_full_path() if request.method == "GET" else ""
        made = Reading(actor, known, address)  # type: ignore[arg-type]  # scope() refuses nobody
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


def _kept(read: Reading, name: str, key: Hashable, make: Callable[[], T]) -> T:
    """An answer of this request, else of this process, else made."""
    if name not in read.memo:
        found = _answers.get((key, name))
        if found is MISSING:
            found = make()
            _answers.put((key, name), found)
        read.memo[name] = found
    return read.memo[name]  # type: ignore[no-any-return]


def remembered(read: Reading, name: str, make: Callable[[], T], *, kinds: Iterable[str] = ()) -> T:
    """The answer of `make` for this head, date of knowledge and scope. A commit makes a new key; nothing is invalidated.

    With `kinds` it is kept until something of these kinds is written: it must rest on their records alone.
    Nobody may change what is handed out."""
    return _kept(read, name, kinds_key(read, kinds) if kinds else read.cache_key, make)


def kinds_key(read: Reading, kinds: Iterable[str]) -> tuple[Hashable, ...]:
    """Changes with every write to these kinds, with the dictionary, the date of knowledge and what the actor may see."""
    newest = tuple((kind, read.tally.newest.get(kind, 0)) for kind in kinds)
    return (sums.programme_key(), newest, read.words.version, read.known, read.scope.classes, read.scope.kinds)


def summed(read: Reading, name: str, make: Callable[[], T]) -> T:
    """The answer of `make` from the reader's snapshot, for whoever asks: it must not depend on what that reader may see."""
    if name not in read.shared:
        told = sums.desk.answer(read.count, name, read.address, read.actor) if read.count else None
        read.shared[name] = told[0] if told else _kept(read, name, str(read.snapshot.folder), make)
    return read.shared[name]  # type: ignore[no-any-return]


def recalled(read: Reading, name: str, make: Callable[[], T]) -> T:
    """As `remembered`, but kept for a minute whatever is written meanwhile: for choices, never for numbers."""
    key = (sums.programme_key(), read.known, read.scope.classes, read.scope.kinds, name)
    found = _answers.get(key)
    if found is MISSING:
        found = make()
        _answers.put(key, found, _RECALL_SECONDS)
    return found  # type: ignore[no-any-return]
