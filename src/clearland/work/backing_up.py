"""Backup and restore: one encrypted file with everything a programme is, made while people work, proved when it comes back.

What goes in: the ledger and the accounts, each as of one moment, then the bytes of sources and all else in the folder but
what can be made again. Sources are written before the entries that name them and never change, so those that are copied after the
ledger are all it names. The sealing key does not go in: it lies on paper (see `clearland init`).
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from django.conf import settings
from django.db import connections

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import ClearlandError, RefusedInput
from clearland.core.release import release
from clearland.ledger.verify import VerifyReport, verify
from clearland.work import backup_keys, backup_stream, programme
from clearland.work.bundling import key_ring
from clearland.work.exporting import programme_name

LEDGER, ACCOUNTS, DUMP, MANIFEST, KEYS = "programme.gpkg", "site.sqlite3", "programme.dump", "MANIFEST.json", "keys"
_MADE_AGAIN = {"derived", "returned", "staging", "spool"}
_FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: `head` and `entries` are those of the ledger at the moment it was copied."""

    format: int
    clearland: str
    programme: str
    made_at: str
    database: str
    head: str
    entries: int


@dataclass(frozen=True)
class Made:
    """A backup on disk."""

    path: Path
    size: int
    manifest: Manifest


@dataclass(frozen=True)
class Restored:
    """A programme that came back, and its proof. `complete` when the proof holds and the head is that of the manifest."""

    folder: Path
    manifest: Manifest
    report: VerifyReport

    @property
    def complete(self) -> bool:
        """Whether all that was backed up is here again."""
        return self.report.ok and (self.report.head, self.report.entries) == (self.manifest.head, self.manifest.entries)


def back_up(
    output: Path,
    *,
    recipients: tuple[str, ...] = (),
    clock: Clock = system_clock,
    step: Callable[[str], object] = lambda said: None,
) -> Made:
    """Write a backup of the programme in use, for the named recipients or those the programme keeps. `output` is a file, or a
    folder that gets a file named by programme and moment. Nobody has to stop working.

    Raises RefusedInput E-BACKUP-NOBODY, ClearlandError E-BACKUP-EXISTS, E-BACKUP-DISK, E-BACKUP-POSTGRES (pg_dump is missing or
    fails)."""
    to = backup_keys.parsed_recipients(recipients or backup_keys.recipients(key_ring().folder))
    target = _named(output, clock)
    partial = target.with_name(f".{target.name}.part-{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as scratch, partial.open("xb") as stream:
            step("ledger and accounts")
            manifest = _copied(Path(scratch), clock)
            with backup_stream.written(stream, to) as archive:
                _fill(archive, Path(scratch), manifest, step)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    except OSError as error:
        raise ClearlandError(
            "E-BACKUP-DISK",
            f"The backup cannot be written: {error.strerror or error}.",
            remedy="Make room, or choose another disk.",
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    return Made(target, target.stat().st_size, manifest)


def _named(output: Path, clock: Clock) -> Path:
    target = output
    if output.is_dir():
        name = re.sub(r"\W+", "-", programme_name().casefold()).strip("-") or "programme"
        target = output / f"{name}-{clock():%Y%m%dT%H%M%SZ}.backup"
    if target.exists():
        raise ClearlandError(
            "E-BACKUP-EXISTS", f"{target} is there already.", remedy="Choose another name; nothing was overwritten."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _copied(scratch: Path, clock: Clock) -> Manifest:
    """Ledger and accounts in a folder of their own, and what the copy of the ledger holds."""
    if connections["programme"].vendor == "sqlite":
        head, entries = _copied_sqlite(scratch)
    else:
        head, entries = _dumped(scratch / DUMP)
    vendor = connections["programme"].vendor
    return Manifest(_FORMAT, release(), programme_name(), clock().isoformat(), vendor, head, entries)


_HEAD = 'SELECT (SELECT hash FROM "commit" ORDER BY sequence DESC LIMIT 1), (SELECT count(*) FROM entry)'


def _copied_sqlite(scratch: Path) -> tuple[str, int]:
    """Each file by VACUUM INTO: one moment of it, without its log. The ledger first: nobody's entry lacks its author then."""
    for alias, name in (("programme", LEDGER), ("default", ACCOUNTS)):
        with connections[alias].cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(scratch / name)])
    with closing(sqlite3.connect(scratch / LEDGER)) as copy:
        return _head_of(copy.execute(_HEAD).fetchone())


def _head_of(row: tuple[str | None, int]) -> tuple[str, int]:
    return row[0] or "", row[1]


def _dumped(path: Path) -> tuple[str, int]:
    """Both schemas by pg_dump, as of the moment that head and count are read in."""
    with connections["programme"].cursor() as cursor:
        cursor.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute(_HEAD)
            found = _head_of(cursor.fetchone())
            cursor.execute("SELECT pg_export_snapshot()")
            moment = cursor.fetchone()[0]
            _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", f"--file={path}")
        finally:
            cursor.execute("COMMIT")
    return found


def _postgres(name: str, *options: str) -> None:
    """Run a tool of PostgreSQL on the server's database; its password never stands in the list of processes."""
    program = shutil.which(name)
    failed = f"{name} is not installed" if program is None else ""
    if program is not None:
        parts = urlsplit(settings.DATABASE_URL)
        address = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")))
        environment = {**os.environ, "PGPASSWORD": unquote(parts.password)} if parts.password else None
        command = [program, *options, f"--dbname={address}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
        failed = done.stderr.strip()[-300:] if done.returncode else ""
    if failed:
        raise ClearlandError(
            "E-BACKUP-POSTGRES", f"PostgreSQL's tool did not do it: {failed}",
            remedy="Install the client programs of the server's version, then try again.",
        )  # fmt: skip


def _fill(archive: tarfile.TarFile, scratch: Path, manifest: Manifest, step: Callable[[str], object]) -> None:
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = len(text), 0o600
    archive.addfile(entry, BytesIO(text))
    for path in sorted(scratch.iterdir()):
        archive.add(path, path.name)
    step("sources and files")
    for path, name in _files(Path(settings.PROGRAMME_DIR)):
        archive.add(path, name, recursive=False)
    for path in sorted(key_ring().folder.rglob("*")):
        if path.is_file():
            archive.add(path, f"{KEYS}/{path.relative_to(key_ring().folder).as_posix()}", recursive=False)


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file of the programme that is neither a database nor made again, with its name in the archive."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        apart = name.parts[0] in _MADE_AGAIN or name.parts[0].startswith((LEDGER, ACCOUNTS))
        unfinished = path.name.startswith((".", "tmp-"))
        if path.is_file() and not apart and not unfinished:
            yield path, name.as_posix()


def restore(path: Path, folder: Path, key: str, *, step: Callable[[str], object] = lambda said: None) -> Restored:
    """Make a programme from a backup: a new folder, or with CLEARLAND_DATABASE_URL an empty database and a folder for sources;
    then prove it. What does not come whole is not put in place.

    Raises RefusedInput E-BACKUP-NONE, E-BACKUP-DAMAGED, E-BACKUP-OTHER-KEY, E-BACKUP-DATABASE (one made on SQLite comes back on
    SQLite, one of PostgreSQL on PostgreSQL), ClearlandError E-BACKUP-KEY, E-PROGRAMME-EXISTS, E-BACKUP-POSTGRES."""
    if not path.is_file():
        raise RefusedInput("E-BACKUP-NONE", f"There is no backup {path}.", remedy="Name the file that `clearland backup` wrote.")
    secret = backup_keys.secret_key(key)
    target, database_url = folder.resolve(), os.environ.get("CLEARLAND_DATABASE_URL", "")
    programme.refuse_existing(target, database_url)
    with programme.building(target) as draft:
        step("opening the backup")
        backup_stream.extracted(path, secret, draft)
        manifest = _manifest(draft)
        _fits(manifest, database_url)
        _place_keys(draft / KEYS, target)
        if database_url:
            step("database")
            programme.point(draft, database_url)
            _restore_dump(draft / DUMP)
    programme.use(target, database_url)
    step("proof")
    return Restored(target, manifest, verify())


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        found = Manifest(**data)
    except (OSError, ValueError, TypeError) as error:
        raise RefusedInput(
            "E-BACKUP-DAMAGED",
            "The file does not say what it is a backup of.",
            remedy="Take a file that `clearland backup` wrote.",
        ) from error
    path.unlink()
    return found


def _fits(manifest: Manifest, database_url: str) -> None:
    if (manifest.database == "sqlite") == bool(database_url):
        wanted = "without" if database_url else "with"
        raise RefusedInput(
            "E-BACKUP-DATABASE", f"The backup is one of {'SQLite' if database_url else 'PostgreSQL'}.",
            remedy=f"Restore it {wanted} CLEARLAND_DATABASE_URL.",
        )  # fmt: skip


def _restore_dump(dump: Path) -> None:
    whole_or_not = ("--exit-on-error", "--single-transaction")
    _postgres("pg_restore", "--no-owner", "--no-privileges", "--no-comments", *whole_or_not, str(dump))
    dump.unlink()


def _place_keys(packed: Path, target: Path) -> None:
    """The programme's own keys go beside its folder again; those that lie there already are left alone."""
    home = target.with_name(f"{target.name}.keys")
    if packed.is_dir() and home.exists():
        shutil.rmtree(packed)
    elif packed.is_dir():
        packed.rename(home)
        home.chmod(0o700)
