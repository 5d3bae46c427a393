"""Fifty people with one second between clicks, one click in five a write: `python -m tests.proof.load [RECORDS] [SECONDS]`.

The site runs in a process of its own (`clearland serve`), the load generator on the same machine, all on the loopback. A
write goes through the ledger's one door, as a form's does; whoever wrote goes on reading pages made of sums. Prints p50,
p95 and errors, and leaves with 1 when the budget of design section 12 is not kept.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from http.client import HTTPException
from pathlib import Path

import numpy as np

from clearland.work.programme import setup

setup()  # Django must know its apps before any module with a model is imported

from django.db import DatabaseError, connections  # noqa: E402

from clearland.core.errors import ClearlandError  # noqa: E402
from clearland.core.ids import record_id  # noqa: E402
from clearland.ledger.drafts import Draft  # noqa: E402
from clearland.ledger.write import write  # noqa: E402
from clearland.work.bench import programmes  # noqa: E402
from clearland.work.bench.measure import SEED, Job, percentile  # noqa: E402
from clearland.work.bench.records import hazards  # noqa: E402
from clearland.work.bench.site import Visitor, served  # noqa: E402
from clearland.work.bench.write_path import make_hazards  # noqa: E402

PEOPLE = 50
PAUSE_S = 1.0
WRITES = 0.2
LONGEST_S = 60.0
BUDGET_MS = 150.0


@dataclass
class Clicks:
    """What all people saw: seconds of each click by kind, and what went wrong."""

    pages: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def line(self) -> str:
        """p50 and p95 of pages and writes in ms, and the number of errors."""
        parts = [
            f"{name} {len(taken):,}: p50 {percentile(taken, 0.5) * 1e3:.0f} ms, p95 {percentile(taken, 0.95) * 1e3:.0f} ms"
            for name, taken in (("pages", self.pages), ("writes", self.writes))
            if taken
        ]
        return "; ".join([*parts, f"errors {len(self.errors)}"])


def addresses(random: np.random.Generator, size: int) -> list[str]:
    """What one person may click: lists most often, then records, sums and the map."""
    pages = [f"/records/hazard/?page={page}" for page in random.integers(1, max(2, size // 50), 6)]
    records = [f"/record/{record_id('bench', f'hazard {number}')}/" for number in random.integers(0, size, 4)]
    return [*pages, *records, "/", "/land/", "/figures/", "/figure/CONT-1/", "/map/", "/search/?q=hazard"]


def person(number: int, visitor: Visitor, like: Draft, size: int, until: float, clicks: Clicks) -> None:
    """Clicks until the time is over; each write is a new hazardous area."""
    random = np.random.default_rng([SEED, number])
    mine = Visitor(visitor.port, visitor.cookies)
    choice = addresses(random, size)
    time.sleep(random.random() * PAUSE_S)
    try:
        while time.monotonic() < until:
            writes = random.random() < WRITES
            start = time.perf_counter()
            problem = ""
            try:
                if writes:
                    _write(like, f"load {number} {start}")
                else:
                    mine.get(choice[int(random.integers(len(choice)))])
            except (ClearlandError, DatabaseError, HTTPException, OSError) as error:
                problem = f"{type(error).__name__}: {error}"
                mine = Visitor(visitor.port, visitor.cookies)
            with clicks.lock:
                (clicks.writes if writes else clicks.pages).append(time.perf_counter() - start)
                clicks.errors += [problem] if problem else []
            time.sleep(PAUSE_S)
    finally:
        mine.connection.close()
        connections.close_all()


def _write(like: Draft, key: str) -> None:
    draft = replace(like, record=record_id("load", key), local_id=key)
    write([draft], actor=programmes.WRITER, reason="one click")


def clicked(folder: Path, size: int, *, people: int = PEOPLE, seconds: float = LONGEST_S) -> Clicks:
    """A programme of `size` hazardous areas in the folder, visited by `people` for at most `seconds` (60 at the longest)."""
    make_hazards(Job(folder=folder, size=size, products=0))
    like = next(iter(hazards(1)))
    connections.close_all()
    clicks = Clicks()
    with served(folder / "hazards") as visitor:
        until = time.monotonic() + min(seconds, LONGEST_S)
        threads = [
            threading.Thread(target=person, args=(number, visitor, like, size, until, clicks)) for number in range(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        visitor.connection.close()
    return clicks


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 when no click failed and pages keep their budget."""
    size = int(arguments[0]) if arguments else 100_000
    seconds = float(arguments[1]) if len(arguments) > 1 else LONGEST_S
    with tempfile.TemporaryDirectory(prefix="clearland-load-", ignore_cleanup_errors=True) as folder:
        clicks = clicked(Path(folder), size, seconds=seconds)
    sys.stdout.write(f"{PEOPLE} people, {size:,} records: {clicks.line()}\n")
    for problem in sorted(set(clicks.errors))[:5]:
        sys.stdout.write(f"  {problem}\n")
    return 0 if not clicks.errors and percentile(clicks.pages, 0.95) * 1e3 <= BUDGET_MS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
