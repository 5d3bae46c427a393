"""Making a programme and pointing the process at one.

A programme is a folder: `programme.gpkg` (the ledger), `sources/` (bytes by SHA-256), `site.sqlite3` (people, sessions)
with `site.secret`, and `NOTE.txt`. On a server the two databases are schemas of one PostgreSQL database; the folder
still holds the sources.

A new folder is built beside its final name and renamed when it is complete: a process killed half-way leaves nothing.
"""

import glob
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import django
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connections

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import ClearlandError, RefusedInput

NOTE = """RESTRICTED

This folder is the mine action programme "{name}": its ledger (programme.gpkg), the bytes of its sources (sources/) and
the accounts of its people (site.sqlite3, site.secret).

It holds uncleared locations and unpublished documents. Do not pass it on, and do not copy it while the programme runs:
use `clearland backup`. To give data away use `clearland export` or `clearland bundle`, which cut it for an audience and
mark it.

Accounts never travel with the ledger: leave site.sqlite3 and site.secret out of anything that leaves the centre.
"""
_LEDGER_FILE = "programme.gpkg"
_KEY_FILE = "site.secret"
_ABANDONED_S = 3_600


def setup() -> None:
    """Start Django with Clearland's settings, once per process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clearland.work.settings")
    if not apps.ready:
        django.setup()


def use(folder: Path | str, database_url: str | None = None, *, guarded: bool = True) -> Path:
    """Point this process at a programme and check it; returns its absolute folder. May be called again for another one.

    `database_url` is CLEARLAND_DATABASE_URL by default, the empty string means the folder's own SQLite files.
    With `guarded=False` a ledger without its triggers is opened too: for `verify` only, which names them.

    Raises ClearlandError (E-PROGRAMME-NONE) where there is none, (E-DATABASE-NEEDS) when the database lacks an ability,
    BrokenLedger (E-GUARD-MISSING) when the ledger is not protected against change.
    """
    path = Path(folder).resolve()
    database_url = _server(database_url)
    if not database_url and not (path / _LEDGER_FILE).is_file():
        raise ClearlandError(
            "E-PROGRAMME-NONE",
            f"There is no programme in {path}.",
            remedy="Make one with `clearland init DIR`, or name another folder with --programme.",
        )
    point(path, database_url)
    from clearland.ledger import guards, opening, sources

    connection = connections["programme"]
    try:
        guards.check_abilities(connection)
        opening.current_opening()
    except DatabaseError as error:
        raise ClearlandError(
            "E-PROGRAMME-NONE",
            f"The database of {path} holds no ledger ({error}).",
            remedy="Make one: clearland init DIR",
        ) from error
    if guarded:
        guards.check(connection)
    sources.remove_unfinished(older_than_s=_ABANDONED_S)
    return path


def repair() -> None:
    """Put the triggers of the programme in use back and rebuild its projections; truth itself is not touched."""
    from clearland.ledger import guards, rebuild

    guards.install(connections["programme"])
    rebuild.rebuild()


def _server(database_url: str | None) -> str:
    return os.environ.get("CLEARLAND_DATABASE_URL", "") if database_url is None else database_url


def point(path: Path, database_url: str = "") -> None:
    """Point Django's connections at a folder without any check."""
    setup()
    from clearland.work.settings import databases

    connections.close_all()
    settings.PROGRAMME_DIR = path
    settings.DATABASE_URL = database_url
    settings.DATABASES = databases(path, database_url)
    secret = path / _KEY_FILE
    if secret.is_file():
        settings.SECRET_KEY = secret.read_text(encoding="ascii").strip()
    # Django reads DATABASES once; what it made of the old one is dropped here so that the next use reads the new one.
    connections._settings = None  # type: ignore[attr-defined]
    connections.__dict__.pop("settings", None)
    for alias in ("default", "programme"):
        if hasattr(connections._connections, alias):  # type: ignore[attr-defined]
            del connections[alias]


def init(
    folder: Path | str,
    *,
    name: str,
    country: str = "",
    opened_on: date | None = None,
    time_zone: str = "UTC",
    clock: Clock = system_clock,
    admin_username: str = "",
    admin_password: str = "",
    database_url: str | None = None,
    demonstration: bool = False,
    one_person: bool = False,
    sealing_key: str = "",
) -> Path:
    """Make a programme, write its first entry and use it; returns its absolute folder.

    `opened_on` is today in `time_zone` by default; in a programme of `one_person` authors approve their own work;
    `sealing_key` is the fingerprint of the key that identities are sealed under, empty for a programme that keeps none.
    Raises ClearlandError (E-PROGRAMME-EXISTS) where there is one already, or where the folder holds anything else,
    (E-PROGRAMME-ZONE) for a time zone that nobody knows."""
    target = Path(folder).resolve()
    database_url = _server(database_url)
    refuse_existing(target, database_url)
    zone = _zone(time_zone)
    opened = opened_on or clock().astimezone(zone).date()
    attributes: dict[str, Any] = {"name": name, "opened_on": opened.isoformat(), "time_zone": time_zone}
    if country:
        attributes["country"] = country
    if demonstration:
        attributes["demonstration"] = True
    if one_person:
        attributes["one_person"] = True
    if sealing_key:
        attributes["sealing_key"] = sealing_key
    with building(target, in_place=bool(database_url)) as draft:
        point(draft, database_url)
        _migrate(database_url)
        _write_programme(attributes, clock)
        if admin_username:
            _make_administrator(admin_username, admin_password)
        _write_files(draft, name)
        settle_files()
    return use(target, database_url)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a path, a folder of zones and an unknown name
        raise ClearlandError(
            "E-PROGRAMME-ZONE", f"There is no time zone “{name}”.", remedy="Give an IANA name, such as Asia/Baku or UTC."
        ) from error


def refuse_existing(target: Path, database_url: str = "") -> None:
    """Raises ClearlandError (E-PROGRAMME-EXISTS) where a programme, or anything else, already stands."""
    if target.exists() and not target.is_dir():
        raise ClearlandError(
            "E-PROGRAMME-EXISTS", f"{target} is a file, not a folder.", remedy="Choose another name; nothing was changed."
        )
    occupied = target.exists() and any(target.iterdir()) and not database_url
    if database_url:
        point(target, database_url)
        occupied = _holds_programme()
    if occupied:
        raise ClearlandError(
            "E-PROGRAMME-EXISTS", f"{target} is not empty.", remedy="Choose another folder; nothing was changed."
        )


def _holds_programme() -> bool:
    """Whether the database of the server already holds a programme; one that was migrated only, does not."""
    from clearland.ledger import opening

    connection = connections["programme"]
    if "record" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        return opening.stored_opening(cursor) is not None


@contextmanager
def building(target: Path, *, in_place: bool = False) -> Iterator[Path]:
    """A folder to build in, renamed to its final name at the end. Leavings of killed processes are removed first."""
    if in_place:
        target.mkdir(parents=True, exist_ok=True)
        yield target
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leavings(target)
    draft = target.parent / f".{target.name}.new-{os.getpid()}-{secrets.token_hex(4)}"
    draft.mkdir(mode=0o700)  # accounts and uncleared locations lie inside
    try:
        yield draft
        connections.close_all()
        if target.exists():
            target.rmdir()
        draft.rename(target)
        point(target)
    finally:
        if draft.exists():
            connections.close_all()
            shutil.rmtree(draft, ignore_errors=True)


def _remove_leavings(target: Path) -> None:
    """Delete what killed processes left of this programme, also of one that was built inside a building."""
    for leaving in target.parent.glob(f".*{glob.escape(target.name)}.new-*"):
        if leaving.name.lstrip(".").split(".new-")[0] != target.name.lstrip("."):
            continue
        process = leaving.name.rsplit(".new-", 1)[-1].split("-")[0]
        old = time.time() - leaving.stat().st_mtime > _ABANDONED_S
        if old or (process.isdigit() and not _lives(int(process))):
            shutil.rmtree(leaving, ignore_errors=True)


def _lives(process: int) -> bool:
    """Whether a process still runs. On Windows asking would end it, so there only age tells."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def outdated() -> tuple[str, ...]:
    """Which databases of the programme in use an older Clearland made: `site`, `ledger`, both or none."""
    from django.db.migrations.executor import MigrationExecutor

    found = []
    for alias, name in (("default", "site"), ("programme", "ledger")):
        executor = MigrationExecutor(connections[alias])
        apps_here = [key for key in executor.loader.graph.leaf_nodes() if _migrates(alias, key[0])]
        if executor.migration_plan(apps_here):
            found.append(name)
    return tuple(found)


def _migrates(alias: str, app: str) -> bool:
    from django.db import router

    return bool(router.allow_migrate(alias, app))


def upgrade() -> tuple[str, ...]:
    """Bring the databases of the programme in use up to this Clearland; returns those that were older. Entries are never
    touched: tables and indexes are added, projections follow from entries."""
    older = outdated()
    if older:
        _migrate(settings.DATABASE_URL)
    return older


def upgrade_site() -> None:
    """Bring only accounts and sessions up to date, as every start of the site does: nothing of the ledger is in them."""
    from django.core.management import call_command

    if "site" in outdated():
        call_command("migrate", database="default", verbosity=0, interactive=False)


def _migrate(database_url: str) -> None:
    from django.core.management import call_command

    from clearland.ledger import guards

    if database_url:
        with connections["default"].cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS site")
    guards.check_abilities(connections["programme"])
    for alias in ("default", "programme"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)


def _write_programme(attributes: dict[str, Any], clock: Clock) -> None:
    from clearland.ledger.drafts import Draft
    from clearland.ledger.opening import PROGRAMME_RECORD
    from clearland.ledger.scope import system_actor
    from clearland.ledger.write import write

    draft = Draft(record=PROGRAMME_RECORD, kind="programme", local_id="programme", attributes=attributes)
    write([draft], actor=system_actor("system:init"), reason="Programme opened", clock=clock)


def state_sealing_key(fingerprint: str, clock: Clock = system_clock) -> None:
    """Say in the programme's record which key identities are sealed under.

    Raises RefusedInput (E-SEALED-KEY) where it states one: what is sealed under that could not be opened again."""
    from clearland.ledger.sealing_keys import programme_fingerprint

    if held := programme_fingerprint():
        raise RefusedInput(
            "E-SEALED-KEY", f"The programme has the sealing key {held}.",
            remedy="Bring that one to this machine: clearland sealing-key import",
        )  # fmt: skip
    _say_sealing_key(fingerprint, "Sealing key made", clock)


def change_sealing_key(fingerprint: str, clock: Clock = system_clock) -> None:
    """Say that identities are sealed under another key now (`work.key_change` has sealed them anew)."""
    _say_sealing_key(fingerprint, "Sealing key changed", clock)


def _say_sealing_key(fingerprint: str, reason: str, clock: Clock) -> None:
    from clearland.ledger.drafts import Draft
    from clearland.ledger.opening import PROGRAMME_RECORD
    from clearland.ledger.rows import history
    from clearland.ledger.scope import scope, system_actor
    from clearland.ledger.write import write

    actor = system_actor("cli")
    newest = history(scope(actor, "sealing key"), PROGRAMME_RECORD)[-1]
    draft = Draft(
        record=PROGRAMME_RECORD, kind=newest.kind, local_id=newest.local_id, links=newest.links, state=newest.state,
        attributes={**newest.attributes, "sealing_key": fingerprint}, sensitivity=newest.sensitivity, based_on=newest.id,
    )  # fmt: skip
    write([draft], actor=actor, reason=reason, clock=clock)


def _make_administrator(username: str, password: str) -> None:
    from django.contrib.auth import get_user_model

    get_user_model().objects.create_superuser(username=username, password=password or None)


def _write_files(folder: Path, name: str) -> None:
    """The note, the folder of sources and the secret, which only the owner may read."""
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "NOTE.txt").write_text(NOTE.format(name=name), encoding="utf-8")
    secret = os.open(folder / _KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(secret, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(50))


def settle_files() -> None:
    """Fold the write-ahead log into each SQLite file, so that the folder can be renamed and copied."""
    for alias in ("default", "programme"):
        if connections[alias].vendor == "sqlite":
            with connections[alias].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
