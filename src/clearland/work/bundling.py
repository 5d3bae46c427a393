"""Bundles made, merged, and the conflicts that merging finds decided by a person."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import shapely
from django.conf import settings
from shapely.geometry.base import BaseGeometry

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import Finding, RefusedInput
from clearland.dictionary.model import Dictionary
from clearland.exchange.bundles import Bundle, bytes_of, gather, packed, unpacked
from clearland.exchange.envelopes import opened, sealed
from clearland.exchange.export import narrowed_scope
from clearland.exchange.forms import write_xlsform, xlsform
from clearland.exchange.keys import Identity, KeyRing
from clearland.ledger import search_index
from clearland.ledger.carried import sources_of
from clearland.ledger.drafts import NewSource
from clearland.ledger.merge import MergeReceipt, merge
from clearland.ledger.opening import current_opening
from clearland.ledger.rows import head, rows, within
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.sources import is_withheld, keep_bytes
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.exporting import programme_name

_EVERY_STATE = ("draft", "submitted", "verified", "approved", "returned", "superseded", "withdrawn")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What goes into a bundle: records of these kinds (all layers when none is named) that meet the area (EPSG:4326) and have
    an entry recorded on or after a day. What they link to goes with them."""

    kinds: tuple[str, ...] = ()
    area: BaseGeometry | None = None
    since: date | None = None
    audience: str = "restricted"
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bundled:
    """What a bundle holds, and what stayed."""

    file: Path
    records: int
    entries: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Merged:
    """Who sent a bundle, and what was taken over."""

    sender: str
    programme: str
    receipt: MergeReceipt
    attachments: tuple[Path, ...] = field(default=())


def key_ring() -> KeyRing:
    """The keys of the programme in use: in CLEARLAND_KEYS, else in a folder beside the programme's."""
    folder = Path(settings.PROGRAMME_DIR)
    return KeyRing(Path(os.environ.get("CLEARLAND_KEYS") or folder.with_name(f"{folder.name}.keys")))


def make_bundle(
    target: Path, chosen: Chosen, *, actor: Actor, recipients: Sequence[Identity] = (), passphrase: str = "",
    clock: Clock = system_clock,
) -> Bundled:  # fmt: skip
    """Write a signed and encrypted bundle. Raises ClearlandError E-DICT-KIND, E-EXPORT-AUDIENCE, NotPermitted E-EXPORT-CLASS,
    RefusedInput E-BUNDLE-RECIPIENT, E-BUNDLE-EMPTY."""
    dictionary = current_dictionary()
    seen = narrowed_scope(scope(actor, "bundle"), chosen.audience)
    records = _records(seen, dictionary, chosen)
    carried, findings = gather(records, dictionary, chosen.audience)
    if not carried and not chosen.forms:
        raise RefusedInput(
            "E-BUNDLE-EMPTY", "Nothing of what was chosen may go into this bundle.",
            remedy="Choose more kinds, a larger area, or a narrower audience.",
        )  # fmt: skip
    described = sources_of({each.origin.source for each in carried if each.origin.source})
    findings += _withheld(described)
    bundle = Bundle(
        programme=programme_name(), audience=chosen.audience, head=head(), made_at=clock(), dictionary=dictionary.version,
        carried=tuple(carried), sources=described, source_bytes=bytes_of(described),
        attachments=_attachments(dictionary, chosen),
    )  # fmt: skip
    target.write_bytes(sealed(packed(bundle), key_ring(), recipients, passphrase))
    return Bundled(target, len({each.record for each in carried}), len(carried), tuple(findings))


def _withheld(described: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    count = sum(map(is_withheld, described.values()))
    if not count:
        return []
    return [
        Finding(
            code="I-BUNDLE-WITHHELD", severity="info", values={"sources": count},
            sentence=f"{count:,} sealed sources are described and not handed over: they tell who people are.",
        )
    ]  # fmt: skip


def _records(seen: Scope, dictionary: Dictionary, chosen: Chosen) -> set[UUID]:
    found: set[UUID] = set()
    for name in chosen.kinds or [kind.name for kind in dictionary.layers()]:
        kind = dictionary.kind(name)
        versions = rows(seen, kind.name, states=_EVERY_STATE)
        if chosen.since is not None:
            versions = versions.filter(entry__commit__recorded_at__gte=current_opening().start_of(chosen.since))
        if chosen.area is None:
            found.update(versions.values_list("record__id", flat=True))
        elif kind.geometry != "none":
            box = chosen.area.bounds
            near = within(versions, (box[0], box[1], box[2], box[3])).values_list("record__id", "geometry")
            found.update(record for record, shape in near if shape is not None and shapely.intersects(chosen.area, shape))
    return found


def _attachments(dictionary: Dictionary, chosen: Chosen) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    if chosen.area is not None:
        made["area.geojson"] = shapely.to_geojson(chosen.area).encode()
    with TemporaryDirectory() as folder:
        for name in chosen.forms:
            path = Path(folder) / f"{name}.xlsx"
            write_xlsform(xlsform(dictionary, dictionary.kind(name)), path)
            made[f"forms/{name}.xlsx"] = path.read_bytes()
    return made


def merge_bundle(path: Path, *, actor: Actor, passphrase: str = "", clock: Clock = system_clock) -> Merged:
    """Take over what a bundle holds and this programme does not; merging it again changes nothing.

    Raises RefusedInput E-BUNDLE-* (no bundle, damaged, signed by a stranger, made for others) and E-MERGE-*; nothing is
    taken over then.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RefusedInput("E-BUNDLE-KIND", f"{path.name} cannot be read.", remedy="Check its name.") from error
    ring = key_ring()
    envelope = opened(data, ring, passphrase)
    bundle = unpacked(envelope.content)
    for sha256, content in bundle.source_bytes.items():
        keep_bytes(_as_source(bundle.sources[sha256], content))
    receipt = merge(bundle.carried, bundle.sources, actor=actor, sender=envelope.sender, clock=clock)
    search_index.refresh()
    return Merged(
        sender=envelope.sender, programme=bundle.programme, receipt=receipt,
        attachments=tuple(_unpack_attachments(bundle, envelope.signer)),
    )  # fmt: skip


def _as_source(values: Mapping[str, Any], content: bytes) -> NewSource:
    described = {name: value for name, value in values.items() if name not in ("sha256", "size_bytes")}
    return NewSource(data=content, **described)


def _unpack_attachments(bundle: Bundle, signer: Identity) -> Collection[Path]:
    folder = Path(settings.PROGRAMME_DIR) / "packs" / signer.signing.hex()[:16]
    written = []
    for name, data in bundle.attachments.items():
        target = folder.joinpath(*(part for part in Path(name).parts if part not in ("..", "/", "\\")))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        written.append(target)
    return written
