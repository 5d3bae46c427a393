"""Who may see what. A scope is the only key to rows: no actor, no data (design section 13)."""

from collections.abc import Iterable
from dataclasses import dataclass

from clearland.core.errors import NotPermitted

SYSTEM_ACTORS = frozenset(
    {
        "system:figures",
        "system:demo",
        "system:init",
        "system:verify",
        "system:search",
        "system:export",
        "system:import",
        "system:public",
        "system:web",
        "system:cli",
        "system:intake",
        "system:evidence",
    }
)
_PUBLIC = frozenset({"public"})
_MEMBER = _PUBLIC | {"partner", "programme"}
_ADMINISTRATOR = _MEMBER | {"restricted"}


@dataclass(frozen=True)
class Actor:
    """A person (`user:7`) or a named piece of the system (`system:figures`). The id is what commits record."""

    id: str
    name: str
    is_system: bool = False
    is_admin: bool = False


@dataclass(frozen=True)
class Scope:
    """What one actor may see for one purpose: sensitivity classes, and kinds (None for all)."""

    actor: Actor
    purpose: str
    classes: frozenset[str]
    kinds: frozenset[str] | None = None


def scope(actor: Actor | None, purpose: str, *, kinds: Iterable[str] | None = None) -> Scope:
    """The scope of an actor. Raises NotPermitted (E-SCOPE-ACTOR) without an actor, (E-SCOPE-PURPOSE) without a purpose.

    The public sees class public; a member up to programme; administrators and the system up to restricted. Sealed is
    nobody's: it is opened person by person.
    """
    if actor is None:
        raise NotPermitted("E-SCOPE-ACTOR", "Nobody is logged in.", remedy="Log in, or ask for the public view.")
    if not purpose:
        raise NotPermitted("E-SCOPE-PURPOSE", "Data is given out for a purpose only.", remedy="Say what it is for.")
    classes = _MEMBER
    if actor.id == "system:public":
        classes = _PUBLIC
    elif actor.is_admin or actor.is_system:
        classes = _ADMINISTRATOR
    return Scope(actor, purpose, classes, frozenset(kinds) if kinds is not None else None)


def system_actor(name: str) -> Actor:
    """The named system actor (`system:figures` or `figures`). Raises NotPermitted (E-SCOPE-ACTOR) for an unknown
    name."""
    full = name if name.startswith("system:") else f"system:{name}"
    if full not in SYSTEM_ACTORS:
        raise NotPermitted("E-SCOPE-ACTOR", f"There is no system actor {full}.")
    return Actor(full, full.removeprefix("system:"), is_system=True)
