"""Records of one kind to a file, for an audience and as known on a day."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import Finding
from clearland.exchange.export import About, export
from clearland.exchange.writers.formats import WRITERS, format_of
from clearland.ledger.opening import PROGRAMME_RECORD, current_opening
from clearland.ledger.rows import head, record
from clearland.ledger.scope import Actor, scope, system_actor
from clearland.ledger.vocabulary import current_dictionary

DEFAULT_AUDIENCE = "programme"


@dataclass(frozen=True)
class Exported:
    """What was written: how many records, for whom, as known when, and what the audience did not get."""

    file: Path
    records: int
    audience: str
    as_known: date
    findings: tuple[Finding, ...]


def export_kind(
    kind: str, target: Path, *, actor: Actor, audience: str = DEFAULT_AUDIENCE, as_known: date | None = None,
    unverified: bool = False, clock: Clock = system_clock,
) -> Exported:  # fmt: skip
    """Write the records of a kind to `target`, whose suffix names the format.

    Raises ClearlandError E-DICT-KIND, E-EXPORT-AUDIENCE, E-EXPORT-FORMAT; NotPermitted E-EXPORT-CLASS; RefusedInput
    E-EXPORT-HOLDS where the format would lose something. Nothing is left at `target` then.
    """
    writer = WRITERS[format_of(target)]
    day = as_known or clock().astimezone(current_opening().time_zone).date()
    about = About(programme=programme_name(), audience=audience, as_known=day, head=head())
    made = export(scope(actor, "export"), current_dictionary(), kind, about, as_known=as_known, unverified=unverified)
    writer(made, target)
    return Exported(target, len(made), audience, day, made.findings)


def programme_name() -> str:
    """The name of the programme in use, empty where it has none."""
    found = record(scope(system_actor("export"), "name the programme"), PROGRAMME_RECORD)
    return str(found.attributes.get("name", "")) if found else ""
