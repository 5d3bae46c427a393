"""Sums that nobody waits for: pages show the newest finished count while a process of its own counts what came since.

A snapshot with its land tables and figures takes seconds at 100,000 records, and every write makes the last one old. So
a server shows the newest *finished* count per date of knowledge at once and prints its head. Counting is never done in a
process that makes pages, whose threads share one interpreter: `web.counter` does it, once for all of them. Commands and
tests count in the request, unless `SUMS_IN_BACKGROUND` is set (work.serving sets it).
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.translation import get_language

from clearland.core.errors import ClearlandError
from clearland.ledger.rows import commits
from clearland.ledger.rows import head as newest_head
from clearland.ledger.scope import Actor, scope, system_actor
from clearland.ledger.snapshot import Snapshot, built
from clearland.web import count_board
from clearland.web.count_board import Board, Question, day_of
from clearland.web.counter_process import CounterProcess

RECHECK_S = 30.0
_ASK_AGAIN_S = 1.0
_LOOK_S = 0.03
_KEPT = 6
log = logging.getLogger(__name__)
Key = tuple[str, date | None]


@dataclass(frozen=True)
class Progress:
    """How far a count is: `step` of `steps` done, begun `seconds` ago."""

    step: int = 0
    steps: int = 1
    seconds: float = 0.0


class StillCounting(Exception):  # nothing went wrong
    """The first count of a programme or of a date of knowledge is not finished yet, or the sums of a page are not."""

    def __init__(self, progress: Progress) -> None:
        super().__init__("still counting")
        self.progress = progress


@dataclass
class Count:
    """A count that stands: `stamp` of the file that told so, sums by name, and the questions whose answers were read."""

    snapshot: Snapshot
    stamp: tuple[int, int]
    checked: float
    sums: dict[str, Any] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)


def programme_key() -> str:
    """Which programme is in use: tests and tools point one process at several."""
    return f"{settings.PROGRAMME_DIR}|{settings.DATABASES['programme']['NAME']}"


class Desk:
    """Where a process finds finished counts and asks for new ones. `start` sees to it that somebody counts."""

    def __init__(self, start: Callable[[Board], object], *, first_patience_s: float = 0.3, page_patience_s: float = 0.6) -> None:
        self.start = start
        self.first_patience_s = first_patience_s
        self.page_patience_s = page_patience_s
        self._lock = threading.RLock()
        self._finished: OrderedDict[Key, Count] = OrderedDict()
        self._asked: dict[tuple[Key, str], float] = {}

    @property
    def board(self) -> Board:
        """The files of the programme in use."""
        return Board(Path(settings.PROGRAMME_DIR))

    def standing(self, known: date | None, head: str, *, patience_s: float | None = None) -> Count:
        """The newest finished count, at once; a newer one is asked for where `head` has moved on.

        Raises StillCounting where there is none after `patience_s`,
        ClearlandError where it cannot be made."""
        key = (programme_key(), known)
        found = self._look(key)
        if found is None:
            return self._first(key, self.first_patience_s if patience_s is None else patience_s)
        # Claims may be read again without a commit: a standing count is looked at again now and then.
        if found.snapshot.head != head or time.monotonic() - found.checked > RECHECK_S:
            self._want(key)
        return found

    def indexed(self) -> None:
        """See to it that somebody follows with the search index, where searches do not."""
        if settings.SEARCH_INDEXED_APART:
            self.start(self.board)

    def answer(self, count: Count, name: str, address: str, actor: Actor) -> tuple[Any] | None:
        """A sum of a count by its name, as a tuple of one; None for the caller to compute it.

        One that nobody computed yet is asked for with the page that needs it, where that has an address.
        Raises StillCounting when it does not come in time."""
        if name not in count.sums and address:
            language = get_language() or settings.LANGUAGE_CODE
            snapshot = count.snapshot
            question = Question(address, language, actor, day_of(snapshot.as_known), snapshot.folder.name)
            if question.id not in count.answered:
                count.sums |= self._told(snapshot, question)
                count.answered.add(question.id)
        return (count.sums[name],) if name in count.sums else None

    def _told(self, snapshot: Snapshot, question: Question) -> dict[str, Any]:
        """The answer to a question, of an earlier asker or after a wait."""
        told = count_board.answer(snapshot.folder, question.id)
        if told is not None:
            return told
        self.board.ask(question)
        began = time.monotonic()
        while time.monotonic() - began < self.page_patience_s:
            self.start(self.board)
            time.sleep(_LOOK_S)
            told = count_board.answer(snapshot.folder, question.id)
            if told is not None:
                return told
        raise StillCounting(Progress(seconds=time.monotonic() - began))

    def _first(self, key: Key, patience_s: float) -> Count:
        board, day = self.board, day_of(key[1])
        began = time.monotonic()
        self._want(key)
        while True:
            found = self._look(key)
            if found is not None:
                return found
            if error := board.failure(day):
                raise error
            told = board.progress()
            if time.monotonic() - began >= (patience_s if patience_s > self.first_patience_s else self._patience(told)):
                raise StillCounting(Progress(told.step, told.steps, time.time() - told.began if told.began else 0.0))
            time.sleep(_LOOK_S)
            self._want(key)

    def _patience(self, told: count_board.Progress) -> float:
        """How long a page waits for a count: not at all for one that has been long under way, for threads are few."""
        return self.first_patience_s if time.time() - told.began < 2 * self.first_patience_s or not told.began else 0.0

    def _look(self, key: Key) -> Count | None:
        """What stands for a key, adopted from its file when that has changed."""
        board, day = self.board, day_of(key[1])
        stamp = board.stamp(day)
        with self._lock:
            held = self._finished.get(key)
            if held is not None and not held.snapshot.folder.is_dir():
                del self._finished[key]
                held = None
            if held is not None and held.stamp == stamp:
                return held
            told = board.standing(day)
            if told is None:
                return held
            snapshot = held.snapshot if held and held.snapshot.folder.name == told.folder else None
            sums = held.sums if held and snapshot else {}
            snapshot = snapshot or built(told.folder, head=told.head, as_known=key[1])
            if snapshot is None:
                return held
            warmed = count_board.answer(snapshot.folder, count_board.WARMED) or {}
            adopted = Count(snapshot, stamp, time.monotonic(), {**sums, **warmed})
            self._finished[key] = adopted
            self._finished.move_to_end(key)
            while len(self._finished) > _KEPT:
                self._finished.popitem(last=False)
            return adopted

    def _want(self, key: Key) -> None:
        """Ask for a newer count, at most once a second."""
        language = get_language() or settings.LANGUAGE_CODE
        now = time.monotonic()
        with self._lock:
            if now - self._asked.get((key, language), 0.0) < _ASK_AGAIN_S:
                return
            if len(self._asked) > 10 * _KEPT:
                self._asked.clear()
            self._asked[key, language] = now
        self.board.want(day_of(key[1]), language)
        self.start(self.board)


desk = Desk(CounterProcess().run_for)


def newer_commits(head: str) -> int:
    """How many commits the book holds after the one with this hash."""
    book = commits(scope(system_actor("web"), "count newer commits"))
    counted = book.filter(hash=head).values_list("sequence", flat=True).first() or 0
    return (book.values_list("sequence", flat=True).first() or 0) - counted


def warm_up(patience_s: float) -> bool:
    """Have what stands today counted, waiting for at most `patience_s`; whether it was finished in that time."""
    try:
        desk.standing(None, newest_head(), patience_s=patience_s)
    except StillCounting:
        return False
    except ClearlandError as error:  # the pages will say it; lists and records do without sums
        log.warning("%s", error)
        return False
    finally:
        connections.close_all()
    return True
