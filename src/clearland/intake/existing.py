"""What the ledger holds already, as the plan compares it: plain values, so that the plan stays free of databases."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Content:
    """The part of an entry that a file can say. `wkb` is two-dimensional little-endian WKB, EPSG:4326."""

    kind: str
    local_id: str
    attributes: Mapping[str, Any]
    links: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    wkb: bytes | None = None

    def differences(self, other: "Content") -> tuple[str, ...]:
        """The names of what differs: fields, link roles, `geometry`, `local_id`, `kind`."""
        names = [
            name
            for name in dict.fromkeys((*self.attributes, *other.attributes))
            if self.attributes.get(name) != other.attributes.get(name)
        ]
        names += [
            role
            for role in dict.fromkeys((*self.links, *other.links))
            if self.links.get(role, frozenset()) != other.links.get(role, frozenset())
        ]
        for name in ("kind", "local_id"):
            if getattr(self, name) != getattr(other, name):
                names.append(name)
        if self.wkb != other.wkb:
            names.append("geometry")
        return tuple(sorted(names))


@dataclass(frozen=True, kw_only=True)
class ExistingState:
    """A record's newest state. `imported`: what the series last said, where a person changed the record since."""

    content: Content
    head: UUID
    state: str
    sensitivity: str | None = None
    imported: Content | None = None


Existing = Mapping[UUID, ExistingState] | Callable[[Collection[UUID]], Mapping[UUID, ExistingState]]
Linked = Callable[[str, Collection[str]], Mapping[str, UUID]]
"""kind, local ids -> local id to record, for those the ledger knows."""


SealedAlready = Callable[[Mapping[UUID, Mapping[str, object]]], Mapping[UUID, Mapping[str, str]]]
"""record -> sealed field -> value, to the commitments of those that are sealed for that record already."""


def look_up(existing: Existing, records: Collection[UUID]) -> Mapping[UUID, ExistingState]:
    """The known states of these records."""
    return existing(records) if callable(existing) else existing


def nothing_sealed(plain: Mapping[UUID, Mapping[str, object]]) -> Mapping[UUID, Mapping[str, str]]:
    """For an empty ledger."""
    return {}


def nothing_linked(kind: str, local_ids: Collection[str]) -> Mapping[str, UUID]:
    """For an empty ledger."""
    return {}
