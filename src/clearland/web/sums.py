"""Sums that nobody waits for: pages show the newest finished count while one thread counts what was written since.

A snapshot with its land tables and figures takes seconds at 100,000 records, and every write makes the last one old. So
a server keeps the newest *finished* snapshot per date of knowledge and hands it out at once; its own head is printed.
One thread per process, started when it is needed and gone when nothing is wanted, builds the next one; many writes make
one build. Commands and tests count in the request, unless `SUMS_IN_BACKGROUND` is set (work.serving sets it).
"""

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import pyarrow as pa
from django.conf import settings
from django.db import DatabaseError, connections
from django.utils.translation import get_language

from clearland.core.errors import ClearlandError
from clearland.ledger.rows import commits
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.snapshot import Snapshot, snapshot

RECHECK_S = 30.0
LONGEST_REST_S = 30.0
_KEPT = 6
_FAULTS = (ClearlandError, DatabaseError, duckdb.Error, pa.ArrowException, OSError)
log = logging.getLogger(__name__)
Key = tuple[str, date | None]


@dataclass(frozen=True)
class Progress:
    """How far a count is: `step` of `steps` done, begun `seconds` ago."""

    step: int = 0
    steps: int = 1
    seconds: float = 0.0


class StillCounting(Exception):  # nothing went wrong
    """The very first count of a programme, or of a date of knowledge, is not finished yet."""

    def __init__(self, progress: Progress) -> None:
        super().__init__("still counting")
        self.progress = progress


@dataclass(frozen=True)
class _Finished:
    snapshot: Snapshot
    checked: float


def programme_key() -> str:
    """Which programme is in use: tests and tools point one process at several."""
    return f"{settings.PROGRAMME_DIR}|{settings.DATABASES['programme']['NAME']}"


class Desk:
    """Where a process keeps its finished counts and asks for new ones; `builds` counts those that were made."""

    def __init__(self, debounce_s: float = 0.3, first_patience_s: float = 1.0) -> None:
        self.debounce_s = debounce_s
        self.first_patience_s = first_patience_s
        self.builds = 0
        self._changed = threading.Condition()
        self._finished: OrderedDict[Key, _Finished] = OrderedDict()
        self._wanted: dict[Key, None] = {}
        self._failed: dict[Key, ClearlandError] = {}
        self._languages: set[str] = set()
        self._thread: threading.Thread | None = None
        self._hurry = False
        self._last_s = 0.0
        self._began = 0.0
        self._progress = Progress()

    def standing(self, known: date | None, head: str, *, patience_s: float | None = None) -> Snapshot:
        """The newest finished snapshot, at once; a newer one is asked for where `head` has moved on.

        Raises StillCounting where there is none after `patience_s`,
        ClearlandError where it cannot be made."""
        key = (programme_key(), known)
        with self._changed:
            self._languages.add(get_language() or settings.LANGUAGE_CODE)
            found = self._finished.get(key)
            if found is None or not found.snapshot.folder.is_dir():
                self._finished.pop(key, None)
                self._want(key)
                patience_s = self.first_patience_s if patience_s is None else patience_s
                self._changed.wait_for(lambda: key in self._finished or key in self._failed, patience_s)
                if key in self._failed:
                    raise self._failed.pop(key)
                if key not in self._finished:
                    raise StillCounting(replace(self._progress, seconds=time.monotonic() - self._began))
                return self._finished[key].snapshot
            self._finished.move_to_end(key)
            # Claims may be read again without a commit: a standing count is looked at again now and then.
            if found.snapshot.head != head or time.monotonic() - found.checked > RECHECK_S:
                self._want(key)
            return found.snapshot

    def settle(self, timeout_s: float = 120.0) -> None:
        """Wait until everything asked for is counted and the thread has ended: for tests and a clean stop."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        with self._changed:
            self._hurry = False

    def forget(self) -> None:
        """Drop what stands, as after a start of the process."""
        with self._changed:
            self._finished.clear()

    def _want(self, key: Key) -> None:
        self._wanted.setdefault(key)
        self._changed.notify_all()
        if self._thread is None:
            self._began = time.monotonic()
            self._thread = threading.Thread(target=self._run, name="clearland-sums", daemon=True)
            self._thread.start()

    def _urgent(self) -> Key | None:
        """What somebody is waiting for."""
        return next((key for key in self._wanted if key not in self._finished), None)

    def _next(self) -> Key | None:
        """The next count, after a rest as long as the last one took: writers and readers need the machine too."""
        with self._changed:
            if not self._wanted:
                self._thread = None
                return None
            rest_s = min(max(self.debounce_s, self._last_s), LONGEST_REST_S)
            self._changed.wait_for(lambda: self._hurry or self._urgent() is not None, rest_s)
            key = self._urgent() or next(iter(self._wanted))
            del self._wanted[key]  # what is written from here on asks again
            return key

    def _run(self) -> None:
        try:
            while (key := self._next()) is not None:
                self._count(key)
        finally:
            with self._changed:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _count(self, key: Key) -> None:
        programme, known = key
        if programme != programme_key():
            return
        self._began = time.monotonic()
        self._progress = Progress()
        try:
            made = snapshot(as_known=known)
            with self._changed:
                before = self._finished.get(key)
            if before is None or before.snapshot.folder != made.folder:
                self._prepare(made)
                self.builds += 1
            self._finish(key, made)
        except _FAULTS as error:
            log.exception("a count failed")
            self._fail(key, error)
        finally:
            connections.close_all()
            self._last_s = time.monotonic() - self._began

    def _prepare(self, made: Snapshot) -> None:
        from clearland.web.warming import warm  # noqa: PLC0415  # pages read through this module

        warm(made, sorted(self._languages), self._say)

    def _say(self, step: int, steps: int) -> None:
        self._progress = Progress(step, steps)

    def _finish(self, key: Key, made: Snapshot) -> None:
        with self._changed:
            self._finished[key] = _Finished(made, time.monotonic())
            while len(self._finished) > _KEPT:
                self._finished.popitem(last=False)
            self._changed.notify_all()

    def _fail(self, key: Key, error: Exception) -> None:
        with self._changed:
            if key not in self._finished:
                self._failed[key] = error if isinstance(error, ClearlandError) else ClearlandError(
                    "E-SUMS", "The figures could not be computed.", remedy="Run clearland verify, then try again.",
                )  # fmt: skip
            self._changed.notify_all()


desk = Desk()


def newer_commits(head: str) -> int:
    """How many commits the book holds after the one with this hash."""
    book = commits(scope(system_actor("web"), "count newer commits"))
    counted = book.filter(hash=head).values_list("sequence", flat=True).first() or 0
    return (book.values_list("sequence", flat=True).first() or 0) - counted


def warm_up(patience_s: float) -> bool:
    """Count what stands today, waiting for at most `patience_s`; whether it was finished in that time."""
    newest = commits(scope(system_actor("web"), "count at the start")).values_list("hash", flat=True).first() or ""
    try:
        desk.standing(None, newest, patience_s=patience_s)
    except StillCounting:
        return False
    finally:
        connections.close_all()
    return True
