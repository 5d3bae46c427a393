"""The proof of the book: every digest, every link of the chain, every source and every projection, looked at again.

`verify` reads one snapshot of the database and changes nothing. Triggers stop accidents; this finds what went round
them. Compare the head it prints with a signed one kept elsewhere: whoever owns the file could have rewritten all of it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connections

from clearland.core.canonical import ZERO_HASH, entry_digest, root_of
from clearland.core.errors import ClearlandError, Finding
from clearland.core.ids import entry_id
from clearland.ledger import chain, guards, rebuild, sealed, sources
from clearland.ledger.bodies import moment_text
from clearland.ledger.fields import to_wkb
from clearland.ledger.projections import LINK_COLUMNS, RECORD_COLUMNS, VERSION_COLUMNS
from clearland.ledger.sealing_keys import key_here
from clearland.ledger.store import ALIAS, Store, store_of
from clearland.ledger.vocabulary import dictionary_of

_MOST_FINDINGS = 1_000
_BLOCK = 5_000


@dataclass(frozen=True)
class VerifyReport:
    """What was found. `ok` when no finding is an error; `head` is the hash of the last commit.

    `redacted` are the sealed fields (`kind local_id: field`) whose values are not here: deleted, or never handed over by the
    programme that keeps them. `opened` counts the sealed values that were opened and compared, 0 without the key."""

    ok: bool
    head: str
    commits: int
    entries: int
    findings: tuple[Finding, ...]
    redacted: tuple[str, ...] = ()
    opened: int = 0

    def as_json(self) -> dict[str, object]:
        """Plain data with stable keys."""
        return {
            "ok": self.ok, "head": self.head, "commits": self.commits, "entries": self.entries,
            "findings": [finding.as_json() for finding in self.findings],
            "redacted": list(self.redacted), "sealed_opened": self.opened,
        }  # fmt: skip


@dataclass
class _Findings:
    found: list[Finding] = field(default_factory=list)

    def error(self, code: str, sentence: str, remedy: str = "") -> None:
        if len(self.found) < _MOST_FINDINGS:
            self.found.append(Finding(code=code, severity="error", sentence=sentence, remedy=remedy))


@dataclass
class _Commit:
    sequence: int
    source: str | None
    entry_count: int
    rendition_count: int
    root: str


def verify() -> VerifyReport:
    """Check the whole book of the programme in use."""
    connection = connections[ALIAS]
    findings = _Findings()
    for name in guards.missing(connection):
        findings.error("E-VERIFY-GUARD", f"The trigger {name} is missing or altered.", "Find out who removed it; migrate again.")
    with connection.cursor() as cursor:
        store = store_of(cursor)
        # One snapshot to read from, without holding up writers.
        cursor.execute("BEGIN" if store.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            digests = _check_sources(store, findings)
            head, commits = _check_chain(store, digests, findings)
            entries = _check_entries(store, commits, findings)
            _check_projections(store, findings)
            persons = _check_sealed(store, findings)
        finally:
            cursor.execute("ROLLBACK")
    found = tuple(findings.found)
    return VerifyReport(not found, head, len(commits), entries, found, persons.redacted, persons.opened)


def _check_sealed(store: Store, findings: _Findings) -> sealed.SealedState:
    """Sealed values against what entries committed to; opened where this machine holds the key."""
    found = sealed.proof(store, dictionary_of(store.cursor), key_here())
    for fault in found.faults:
        findings.error("E-VERIFY-SEALED", fault, "Restore the table `sealed_person` from a backup.")
    return found


def _check_sources(store: Store, findings: _Findings) -> dict[str, str]:
    """Each source's description and bytes; returns SHA-256 -> digest as stored."""
    columns = ", ".join(f'"{column}"' for column in sources.SOURCE_COLUMNS)
    store.cursor.execute(f'SELECT {columns} FROM "source" ORDER BY sha256')
    found = store.cursor.fetchall()
    withheld = chain.only_taken_over(store)
    digests: dict[str, str] = {}
    for row in found:
        values = dict(zip(sources.SOURCE_COLUMNS, row, strict=True))
        sha256, digest = values["sha256"], values.pop("digest")
        digests[sha256] = digest
        received = values["received"]
        values["received"] = received if isinstance(received, date) else date.fromisoformat(received)
        values["recorded_at"] = store.read_moment(values["recorded_at"])
        values["full_edition"], values["may_pass_on"] = bool(values["full_edition"]), bool(values["may_pass_on"])
        if sources.source_digest(values) != digest:
            findings.error("E-VERIFY-SOURCE", f"The description of source {sha256} ({values['filename']}) was altered.")
        path = sources.source_path(sha256)
        if not path.is_file():
            if values["sensitivity"] == "sealed" and sha256 in withheld:
                continue  # its bytes stay in the programme that can open them
            findings.error("E-VERIFY-BYTES", f"The bytes of source {sha256} ({values['filename']}) are missing.",
                           "Restore the folder `sources` from a backup.")  # fmt: skip
        elif not sources.stands(sha256):
            findings.error("E-VERIFY-BYTES", f"The bytes of source {sha256} ({values['filename']}) were altered.",
                           "Restore the folder `sources` from a backup.")  # fmt: skip
    return digests


def _check_chain(store: Store, digests: dict[str, str], findings: _Findings) -> tuple[str, dict[int, _Commit]]:
    """Each commit's hash and its tie to the one before; returns the head and the commits."""
    store.cursor.execute(
        """SELECT sequence, source_id, actor, reason, recorded_at, entry_count, rendition_count, root, previous_hash,
        hash
           FROM "commit" ORDER BY sequence"""
    )
    commits: dict[int, _Commit] = {}
    previous = ZERO_HASH
    for number, row in enumerate(store.cursor.fetchall(), 1):
        sequence, source, actor, reason, recorded_at, entry_count, rendition_count, root, previous_hash, stored = row
        if sequence != number or previous_hash != previous:
            findings.error("E-VERIFY-CHAIN", f"Commit {sequence} does not follow the commit before it.")
        found = chain.commit_hash(
            sequence=sequence, source=source, source_digest=digests.get(source) if source else None, actor=actor,
            reason=reason, recorded_at=store.read_moment(recorded_at), entry_count=entry_count,
            rendition_count=rendition_count, root=root, previous_hash=previous_hash,
        )  # fmt: skip
        if found != stored:
            findings.error("E-VERIFY-CHAIN", f"Commit {sequence} was altered: its hash does not fit its content.")
        commits[sequence] = _Commit(sequence, source, entry_count, rendition_count, root)
        previous = stored
    return previous, commits


def _renditions(store: Store, findings: _Findings) -> dict[int, list[str]]:
    """Commit -> digests of its renditions, in order; the text of each is hashed again."""
    store.cursor.execute(
        """SELECT sha256, source_id, commit_id, extractor, extractor_version, text FROM "rendition"
           ORDER BY commit_id, sha256"""
    )
    found: dict[int, list[str]] = {}
    for digest, source, commit, extractor, version, text in store.cursor.fetchall():
        if sources.rendition_digest(source, extractor, version, text) != digest:
            findings.error("E-VERIFY-RENDITION", f"The rendition {digest} of source {source} was altered.")
        found.setdefault(commit, []).append(digest)
    return found


def _entry_rows(store: Store) -> Iterator[tuple[Any, ...]]:
    """Every entry in order, a block at a time."""
    last = 0
    while True:
        store.cursor.execute(
            """SELECT sequence, id, record_id, body, geometry, state, known_at, commit_id, digest, origin FROM "entry"
               WHERE sequence > %s ORDER BY sequence LIMIT %s""",
            [last, _BLOCK],
        )
        block = store.cursor.fetchall()
        if not block:
            return
        yield from block
        last = block[-1][0]


def _check_entries(store: Store, commits: dict[int, _Commit], findings: _Findings) -> int:
    """Each entry's digest, id and columns against its body; each commit's root and counts. Returns the number of
    entries."""
    digests = _renditions(store, findings)
    for commit in commits.values():
        if len(digests.get(commit.sequence, ())) != commit.rendition_count:
            findings.error("E-VERIFY-ROOT", f"Commit {commit.sequence} does not have its {commit.rendition_count} renditions.")
    counts = dict.fromkeys(commits, 0)
    number = 0
    for number, row in enumerate(_entry_rows(store), 1):
        sequence, commit_id, digest = row[0], row[7], row[8]
        if sequence != number:
            findings.error("E-VERIFY-ENTRY", f"Entry {number} is missing before entry {sequence}.")
        if fault := _entry_fault(store, row, commits.get(commit_id)):
            findings.error("E-VERIFY-ENTRY", f"Entry {sequence} of record {store.read_uuid(row[2])}: {fault}.")
        digests.setdefault(commit_id, []).append(digest)
        counts[commit_id] = counts.get(commit_id, 0) + 1
    for commit in commits.values():
        if counts[commit.sequence] != commit.entry_count or root_of(digests.get(commit.sequence, ())) != commit.root:
            findings.error("E-VERIFY-ROOT", f"The entries of commit {commit.sequence} are not those it was made of.")
    return number


def _entry_fault(store: Store, row: tuple[Any, ...], commit: _Commit | None) -> str | None:
    """What is wrong with one entry, or None."""
    _, stored_id, record, stored_body, stored_geometry, state, known_at, commit_id, digest, origin = row
    body = bytes(stored_body)
    try:
        geometry = store.read_geometry(stored_geometry)
        values = json.loads(body)
        wkb = to_wkb(geometry) if geometry is not None else None
    except ValueError as error:
        return f"its body or geometry cannot be read ({error})"
    if entry_digest(body, wkb) != digest:
        return "its body or geometry was altered: they do not fit its digest"
    if entry_id(digest) != store.read_uuid(stored_id):
        return "its id does not fit its digest"
    if commit is None:
        return f"its commit {commit_id} does not exist"
    said = (UUID(values["record"]), values["state"], values["known_at"], values["source"], values.get("origin", ""))
    if said != (store.read_uuid(record), state, moment_text(store.read_moment(known_at)), commit.source, origin):
        return "its columns differ from its body"
    return None


def _check_projections(store: Store, findings: _Findings) -> None:
    """`record`, `version` and `link` against what the entries make of them."""
    arrivals = rebuild.arrivals(store)
    expected_links = 0
    expected_versions = 0
    try:
        for block in rebuild.states(store, arrivals, dictionary_of(store.cursor)):
            _compare_block(store, block, findings)
            expected_links += sum(len(state.links) for state in block)
            expected_versions += sum(len(state.versions) for state in block)
    except (ClearlandError, ValueError, KeyError) as error:
        findings.error("E-VERIFY-PROJECTION", f"The entries cannot be read into records: {error}.")
        return
    for table, expected in (("record", len(arrivals.fids)), ("version", expected_versions), ("link", expected_links)):
        store.cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
        if (found := store.cursor.fetchone()[0]) != expected:
            findings.error("E-VERIFY-PROJECTION", f"The table {table} has {found} rows; the entries make {expected}.",
                           "Run: clearland verify --repair")  # fmt: skip


def _compare_block(store: Store, block: list[rebuild.RecordState], findings: _Findings) -> None:
    fids = (block[0].fid, block[-1].fid)
    records = _stored(store, "record", RECORD_COLUMNS, "fid", fids)
    versions = _stored(store, "version", VERSION_COLUMNS, "record_id", fids)
    links = _stored(store, "link", LINK_COLUMNS, "record_id", fids)
    for state in block:
        for sequence, (found, due) in state.revisions.items():
            if found != due:
                findings.error("E-VERIFY-ENTRY", f"Entry {sequence} has revision {found} where {due} is due.")
        name = f"{state.kind} {state.record[RECORD_COLUMNS.index('local_id')]}"
        for table, columns, found_rows, due_rows in (
            ("record", RECORD_COLUMNS, records, [state.record]),
            ("version", VERSION_COLUMNS, versions, state.versions),
            ("link", LINK_COLUMNS, links, state.links),
        ):
            stored = sorted(found_rows.get(state.fid, []), key=repr)
            expected = sorted((_plain(row, columns) for row in due_rows), key=repr)
            if stored != expected:
                findings.error(
                    "E-VERIFY-PROJECTION",
                    f"The table {table} differs from the entries of {name}{_difference(stored, expected, columns)}.",
                    "Run: clearland verify --repair",
                )


def _difference(stored: list[tuple[Any, ...]], expected: list[tuple[Any, ...]], columns: tuple[str, ...]) -> str:
    """The columns that differ, when the rows can be put side by side."""
    if len(stored) != len(expected):
        return f" ({len(stored)} rows instead of {len(expected)})"
    names = {
        name
        for left, right in zip(stored, expected, strict=True)
        for name, a, b in zip(columns, left, right, strict=True)
        if a != b
    }
    return f" in {', '.join(sorted(names))}"


def _stored(
    store: Store, table: str, columns: tuple[str, ...], key: str, fids: tuple[int, int]
) -> dict[int, list[tuple[Any, ...]]]:
    """Rows of a projection by record, made plain."""
    names = ", ".join(f'"{column}"' for column in columns)
    store.cursor.execute(f'SELECT {names} FROM "{table}" WHERE "{key}" BETWEEN %s AND %s', fids)
    found: dict[int, list[tuple[Any, ...]]] = {}
    position = columns.index(key)
    for row in store.cursor.fetchall():
        found.setdefault(row[position], []).append(_plain(row, columns))
    return found


def _plain(row: tuple[Any, ...], columns: tuple[str, ...]) -> tuple[Any, ...]:
    """Values that compare alike, whether they come from a driver or are about to be handed to it."""
    return tuple(_plain_value(name, value) for name, value in zip(columns, row, strict=True))


def _plain_value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "attributes":
        return json.dumps(json.loads(value) if isinstance(value, str) else value, sort_keys=True)
    if name in {"known_from", "known_to"}:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()
    if name == "geometry":
        return value.lower() if isinstance(value, str) else bytes(value)
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, date) else value
