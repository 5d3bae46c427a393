"""The content of a bundle: whole histories of records with their sources, the area, the dictionary and the forms.

A bundle always holds every entry of a record that the sender knows, or nothing of it: who takes it over must be able to tell
what the sender knew when each entry was written. So a record goes to an audience as a whole; one with a value, a source or
a linked record that the audience may not have stays at home, and is counted. Of a sealed source only digest and description
go, as restricted: its bytes, like sealed values, never leave the programme whose key they lie under.
"""

import io
import json
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import shapely

from clearland.core.canonical import canonical_bytes, sha256_hex
from clearland.core.errors import Finding
from clearland.dictionary import envelope
from clearland.dictionary.model import Dictionary
from clearland.exchange.envelopes import damaged
from clearland.ledger.bodies import moment_text, parse_moment
from clearland.ledger.carried import Carried, Origin, conflicts_about, entries_of, sources_of
from clearland.ledger.sources import is_withheld, read_source

FORMAT = 1
# Entries about the programme itself stay where they were written.
NEVER_CARRIED = frozenset({"programme", "overlay", "edition"})
_SAID_OF_SEALED = "restricted"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What one programme hands to another. `source_bytes` lacks those of sealed sources, of which `sources` tells."""

    programme: str
    audience: str
    head: str
    made_at: datetime
    dictionary: str
    carried: tuple[Carried, ...]
    sources: Mapping[str, Mapping[str, Any]]
    source_bytes: Mapping[str, bytes] = field(repr=False)
    attachments: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()


def gather(records: Collection[UUID], dictionary: Dictionary, audience: str) -> tuple[list[Carried], list[Finding]]:
    """The histories of these records, of all that they link to and of the conflicts about them, as far as the audience may
    have them; and what stays."""
    allowed = envelope.classes_for(audience)
    histories: dict[UUID, list[Carried]] = {}
    waiting = set(records)
    while waiting:
        found = _by_record(entries_of(waiting))
        found.update(_by_record(entries_of(conflicts_about(found) - histories.keys() - found.keys())))
        histories.update(found)
        waiting = {target for history in found.values() for each in history for target in _targets(each)} - histories.keys()
    described = sources_of({each.origin.source for history in histories.values() for each in history if each.origin.source})
    staying = {record for record, history in histories.items()
               if not all(_may_go(each, dictionary, allowed, described) for each in history)}  # fmt: skip
    while more := {record for record, history in histories.items() if record not in staying
                   and any(target in staying for each in history for target in _needed(each))}:  # fmt: skip
        staying |= more
    kept = [each for record, history in histories.items() if record not in staying for each in history]
    return sorted(kept, key=lambda each: (each.origin.recorded_at, str(each.id))), _said(staying & set(records))


def _by_record(carried: Iterable[Carried]) -> dict[UUID, list[Carried]]:
    found: dict[UUID, list[Carried]] = {}
    for each in carried:
        found.setdefault(each.record, []).append(each)
    return found


def _targets(each: Carried) -> set[UUID]:
    return {UUID(target) for targets in json.loads(each.body)["links"].values() for target in targets}


def _needed(each: Carried) -> set[UUID]:
    """The records without which an entry cannot go: what it links to, and what a conflict is about."""
    contested = json.loads(each.body)["attributes"].get("contested")
    return _targets(each) | ({UUID(contested)} if contested else set())


def _may_go(each: Carried, dictionary: Dictionary, allowed: frozenset[str], described: Mapping[str, Mapping[str, Any]]) -> bool:
    body = json.loads(each.body)
    kind = dictionary.kinds.get(body["kind"])
    if kind is None or kind.name in NEVER_CARRIED or body["sensitivity"] not in allowed:
        return False
    if each.origin.source and _class_of(described[each.origin.source]) not in allowed:
        return False
    fields = [kind.by_name.get(name) for name in (*body["attributes"], *body["links"])]
    # A sealed value is not in a body: what stands there is its salted digest, which tells nobody anything.
    return all(found is not None and found.sensitivity in {*allowed, "sealed"} for found in fields)


def _class_of(source: Mapping[str, Any]) -> str:
    """For whom a source may be described: what is said of a sealed one is restricted."""
    return _SAID_OF_SEALED if is_withheld(source) else str(source["sensitivity"])


def _said(staying: set[UUID]) -> list[Finding]:
    if not staying:
        return []
    return [
        Finding(
            code="I-BUNDLE-STAYS", severity="info", values={"records": len(staying)},
            sentence=f"{len(staying):,} records stay here: they hold, come from or lead to something this audience may not have.",
        )
    ]  # fmt: skip


def packed(bundle: Bundle) -> bytes:
    """A zip whose bytes depend on its content only."""
    origins = list(dict.fromkeys(each.origin for each in bundle.carried))
    number = {origin: index for index, origin in enumerate(origins)}
    members: dict[str, bytes] = {
        "about.json": canonical_bytes({
            "format": FORMAT, "programme": bundle.programme, "audience": bundle.audience, "head": bundle.head,
            "made_at": moment_text(bundle.made_at), "dictionary": bundle.dictionary, "entries": len(bundle.carried),
        }),
        "commits.json": canonical_bytes([
            {"actor": each.actor, "reason": each.reason, "recorded_at": moment_text(each.recorded_at), "source": each.source}
            for each in origins
        ]),
        "entries.jsonl": b"\n".join(
            canonical_bytes(_line(each, number[each.origin])) for each in bundle.carried
        ),
        "sources.json": canonical_bytes({sha256: _plain_source(values) for sha256, values in bundle.sources.items()}),
        **{f"sources/{sha256}": data for sha256, data in bundle.source_bytes.items()},
        **{f"pack/{name}": data for name, data in bundle.attachments.items()},
    }  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), members[name], zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _line(each: Carried, commit: int) -> dict[str, Any]:
    return {"body": each.body.decode(), "wkb": each.wkb.hex() if each.wkb else None, "commit": commit}


def _plain_source(values: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in values.items() if name not in ("sha256", "recorded_at")}
    return {**plain, "received": values["received"].isoformat()}


def unpacked(content: bytes) -> Bundle:
    """The bundle in a zip. Raises RefusedInput E-BUNDLE-DAMAGED for anything that is not as `packed` makes it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        about = json.loads(members["about.json"])
        origins = [
            Origin(each["actor"], each["reason"], parse_moment(each["recorded_at"]), each["source"])
            for each in json.loads(members["commits.json"])
        ]
        carried = tuple(_carried(json.loads(line), origins) for line in members["entries.jsonl"].splitlines())
        described = {
            sha256: {**values, "sha256": sha256, "received": date.fromisoformat(values["received"])}
            for sha256, values in json.loads(members["sources.json"]).items()
        }
        return Bundle(
            programme=about["programme"], audience=about["audience"], head=about["head"], made_at=parse_moment(about["made_at"]),
            dictionary=about["dictionary"], carried=carried, sources=described,
            source_bytes={
                sha256: _checked(members[f"sources/{sha256}"], sha256) for sha256, values in described.items()
                if not is_withheld(values)
            },
            attachments={name.removeprefix("pack/"): data for name, data in members.items() if name.startswith("pack/")},
        )  # fmt: skip
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise damaged() from error


def _carried(line: Mapping[str, Any], origins: Sequence[Origin]) -> Carried:
    body = line["body"].encode()
    values = json.loads(body)
    origin = origins[line["commit"]]
    if values["source"] != origin.source or canonical_bytes(values) != body:
        raise ValueError("an entry does not fit its commit")
    wkb = bytes.fromhex(line["wkb"]) if line["wkb"] else None
    if wkb is not None and shapely.to_wkb(shapely.from_wkb(wkb), byte_order=1, output_dimension=2) != wkb:
        raise ValueError("a geometry is not canonical")
    return Carried(UUID(values["record"]), body, wkb, origin)


def _checked(data: bytes, sha256: str) -> bytes:
    if sha256_hex(data) != sha256:
        raise ValueError("the bytes of a source are not its own")
    return data


def bytes_of(described: Mapping[str, Mapping[str, Any]]) -> dict[str, bytes]:
    """The bytes of sources that may travel."""
    return {sha256: read_source(sha256) for sha256, values in described.items() if not is_withheld(values)}
