"""The process that counts for all processes that make pages: `python -m clearland.web.counter`, started by them.

It takes what the board asks for, one count at a time, with a rest between counts of several times what the last one took:
writers and readers need the machine too, and many writes make one count. What pages asked lately is computed for each new count
before anybody sees it. It ends when its input is closed, which the end of the process that started it does.
"""

import logging
import os
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from clearland.work import child, programme

programme.setup()  # Django must know its apps before any module with a model is imported

import duckdb  # noqa: E402
import pyarrow as pa  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import DatabaseError, connections  # noqa: E402
from django.http import Http404  # noqa: E402

from clearland.core.errors import ClearlandError  # noqa: E402
from clearland.ledger import search_index  # noqa: E402
from clearland.ledger.snapshot import Snapshot, built, prune, snapshot  # noqa: E402
from clearland.web import count_board  # noqa: E402
from clearland.web.access import Reading  # noqa: E402
from clearland.web.count_board import WARMED, Board, Progress, Question, Standing, known_on  # noqa: E402
from clearland.web.counter_process import take_lock  # noqa: E402
from clearland.web.unasked import make  # noqa: E402
from clearland.web.warming import warm  # noqa: E402

LONGEST_REST_S = 60.0
LEAST_REST_S = 0.5
RESTS = 4  # how many times as long as a count its rest is
POPULAR_S = 600.0
MOST_POPULAR = 24
_LOOK_S = 0.05
_INDEX_S = 1.0
_UNUSED_S = 300.0
_NICE = 10
_KEPT = 8
_FAULTS = (ClearlandError, DatabaseError, duckdb.Error, pa.ArrowException, OSError)
log = logging.getLogger(__name__)


class Counter:
    """Counts for one programme. `clock` tells seconds."""

    def __init__(self, board: Board, clock: Callable[[], float] = time.monotonic) -> None:
        self.board = board
        self.clock = clock
        self.builds = 0
        self._languages: dict[str, set[str]] = {}
        self._made: OrderedDict[str, Snapshot] = OrderedDict()
        self._popular: OrderedDict[str, tuple[Question, float]] = OrderedDict()
        self._lock = threading.Lock()
        self._ended = -LONGEST_REST_S
        self._took = 0.0

    def count_next(self, *, hurry: bool = False) -> bool:
        """Make the next count that is asked for, unless it is time to rest; whether one was made."""
        wanted = self.board.wanted()
        urgent = [day for day in wanted if self.board.standing(day) is None]
        rests = not hurry and self.clock() - self._ended < min(max(RESTS * self._took, LEAST_REST_S), LONGEST_REST_S)
        if not wanted or (rests and not urgent):
            return False
        day = (urgent or list(wanted))[0]
        self._languages.setdefault(day, set()).update(wanted[day])
        self.board.take(day)
        began = self.clock()
        try:
            self._count(day)
        except _FAULTS as error:
            log.exception("a count failed")
            self.board.fail(day, error if isinstance(error, ClearlandError) else ClearlandError(
                "E-SUMS", "The figures could not be computed.", remedy="Run clearland verify, then try again.",
            ))  # fmt: skip
        finally:
            connections.close_all()
            self._ended, self._took = self.clock(), self.clock() - began
        return True

    def _count(self, day: str) -> None:
        began = time.time()
        self.board.say(Progress(began=began))
        made = snapshot(as_known=known_on(day))
        before = self.board.standing(day)
        if before is None or before.folder != made.folder.name or count_board.answer(made.folder, WARMED) is None:
            sums = warm(made, sorted(self._languages[day]), lambda step, steps: self.board.say(Progress(step, steps, began)))
            for question in self._asked_lately(day):
                sums |= self._sums_of(question, made)
            count_board.keep_answer(made.folder, WARMED, sums)
            self.builds += 1
        self._remember(made)
        self.board.stand(day, Standing(made.folder.name, made.head))
        prune(unused_seconds=_UNUSED_S)

    def answer_questions(self) -> int:
        """Compute what pages ask for; how many there were."""
        questions = self.board.questions()
        for question in questions:
            with self._lock:
                self._popular[question.page] = (question, self.clock())
                self._popular.move_to_end(question.page)
                while len(self._popular) > MOST_POPULAR:
                    self._popular.popitem(last=False)
            try:
                found = self._snapshot_named(question)
                if found is not None:
                    count_board.keep_answer(found.folder, question.id, self._sums_of(question, found))
            except _FAULTS:
                log.exception("a question could not be answered")
            finally:
                connections.close_all()
        return len(questions)

    def _sums_of(self, question: Question, of: Snapshot) -> dict[str, Any]:
        """The sums that a page takes from a snapshot; what goes wrong with the page, it says itself where it is asked for."""
        read = Reading(question.actor, of.as_known)
        read.__dict__["snapshot"] = of  # the property would ask for the one that stands
        try:
            make(question.address, question.language, read)
        except (Http404, *_FAULTS) as error:
            log.info("%s: %s", question.address, error)
        return read.shared

    def _asked_lately(self, day: str) -> Sequence[Question]:
        with self._lock:
            now = self.clock()
            return [q for q, asked in self._popular.values() if q.day == day and now - asked < POPULAR_S]

    def _snapshot_named(self, question: Question) -> Snapshot | None:
        with self._lock:
            found = self._made.get(question.folder)
        if found is None:
            told = self.board.standing(question.day)
            if told is None or told.folder != question.folder:
                return None
            found = built(question.folder, head=told.head, as_known=known_on(question.day))
            if found is not None:
                self._remember(found)
        return found

    def _remember(self, made: Snapshot) -> None:
        with self._lock:
            self._made[made.folder.name] = made
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)


def _index_for_ever() -> None:
    """Keep the search index up to date: else the first reader who searches takes in all that was written since."""
    while True:
        try:
            search_index.refresh()
        except _FAULTS:
            log.exception("the search index could not be brought up to date")
        finally:
            connections.close_all()
        time.sleep(_INDEX_S)


def _answer_for_ever(counter: Counter) -> None:
    while True:
        if not counter.answer_questions():
            time.sleep(_LOOK_S)


def main() -> int:
    """Count until the input ends. Exit code 1 where the programme cannot be opened."""
    child.end_with_parent()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    board = Board(Path(settings.PROGRAMME_DIR))
    held = take_lock(board)
    if held is None:
        return 0
    try:
        programme.use(settings.PROGRAMME_DIR)
    except ClearlandError as error:
        log.warning("%s", error)
        return 1
    counter = Counter(board)
    # Linux lets each thread step back by itself. The index must not: on SQLite all writers wait while it is written.
    threading.Thread(target=_index_for_ever, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(_NICE)
    threading.Thread(target=_answer_for_ever, args=(counter,), daemon=True).start()
    while True:
        if not counter.count_next():
            time.sleep(_LOOK_S)


if __name__ == "__main__":
    sys.exit(main())
