"""Fifty people with one second between clicks, one click in five a write: `python -m tests.proof.load [RECORDS] [SECONDS]`.

On SQLite, then on PostGIS where a server is installed. The site runs in a process of its own (`clearland serve`), the
people in another, all on the same cores. A write goes through the ledger's one door, in a third process, while pages are
read; its time runs from the click. Prints p50 and p95 per kind of page and leaves with 1 when the budget of design
section 12 is not kept, an answer failed, or the ledger does not hold what was written.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from clearland.work.programme import setup

setup()  # Django must know its apps before any module with a model is imported

from django.db import connections  # noqa: E402

from clearland.core.ids import record_id  # noqa: E402
from clearland.ledger.rows import rows  # noqa: E402
from clearland.ledger.scope import scope, system_actor  # noqa: E402
from clearland.ledger.verify import verify  # noqa: E402
from clearland.ledger.write import write  # noqa: E402
from clearland.work import programme  # noqa: E402
from clearland.work.bench import postgres, programmes  # noqa: E402
from clearland.work.bench.measure import SEED, Measure, percentile  # noqa: E402
from clearland.work.bench.nation import DISTRICTS  # noqa: E402
from clearland.work.bench.records import hazards  # noqa: E402
from clearland.work.bench.site import Visitor, served  # noqa: E402

PEOPLE = 50
PAUSE_S = 1.0
WRITES = 0.2
SECONDS = 60.0
BUDGET_MS = 150.0
FIRST_COUNT_S = 900.0  # with findings, on a machine that others load
COUNTING = b'id="counting"'
Address = tuple[str, str]  # what kind of page, and where


@dataclass
class Clicks:
    """What all people saw: seconds of each answer by kind of page, what went wrong, and how busy the machine was."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    writes: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    written: int = 0
    waits: int = 0
    load_average: float = 0.0

    @property
    def pages(self) -> list[float]:
        """Seconds of all answers that are pages or tiles."""
        return [seconds for each in self.taken.values() for seconds in each]

    def lines(self) -> list[str]:
        """All pages, each kind of page, writes, errors."""
        kinds = [(f"  {kind}", each) for kind, each in sorted(self.taken.items())]
        named = [("pages", self.pages), *kinds, ("writes", self.writes)]
        return [
            *(f"{name} {len(each):,}: p50 {_ms(each, 0.5):.0f} ms, p95 {_ms(each, 0.95):.0f} ms" for name, each in named if each),
            f"pages that showed how far a first count is: {self.waits}", f"errors {len(self.errors)}",
        ]  # fmt: skip


def _ms(taken: list[float], share: float) -> float:
    return percentile(taken, share) * 1e3


def addresses(random: np.random.Generator, size: int) -> list[Address]:
    """What one person may click: lists most often, then records, tiles, sums and searches."""
    last = max(2, size // 50)
    lists = [("list", f"/records/hazard/?page={page}") for page in random.integers(1, min(last, 10) + 1, 4)]
    lists += [("list", f"/records/hazard/?page={page}") for page in random.integers(1, last + 1, 2)]
    lists += [("sorted list", "/records/hazard/?sort=-known")]
    district, number = str(random.choice(DISTRICTS)), int(random.integers(0, size))
    filters = (f"area_type=CHA&place={district}", "from=2020-01-01")
    filtered = [("filtered list", f"/records/hazard/?{each}") for each in filters]
    records = [("record", f"/record/{record_id('bench', f'hazard {each}')}/") for each in random.integers(0, size, 4)]
    tiles = [("tile", f"/tiles/hazard/12/{x}/{y}.mvt") for x, y in random.integers(1800, 1900, (3, 2))]
    return [
        *lists, *filtered, *records, *tiles, ("overview", "/"), ("land", "/land/"), ("figures", "/figures/"),
        ("figure", "/figure/CONT-1/"), ("map", "/map/"), ("search", "/search/?q=hazard"),
        ("search", f"/search/?q=SYNTHETIC-H-{number:07d}"), ("findings", "/findings/"), ("sources", "/sources/"),
    ]  # fmt: skip


class Browser:
    """One connection that stays open: as little work as can be, since it is done on the cores that are measured."""

    def __init__(self, visitor: Visitor) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        self.port = visitor.port
        self.head = f" HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n"
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, address: str) -> tuple[int, bytes]:
        """Status and body of the answer."""
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        reader, writer = self.streams
        writer.write(f"GET {address}{self.head}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        body = b""
        if (at := head.find(b"\r\ncontent-length:")) >= 0:
            body = await reader.readexactly(int(head[at + 17 : head.index(b"\r\n", at + 17)]))
        if b"\r\nconnection: close" in head:
            self.close()
        return int(head[9:12]), body

    def close(self) -> None:
        """Hang up."""
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None


class Pen:
    """The process that writes, one line after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lock = asyncio.Lock()

    async def write(self, key: str) -> str:
        """What went wrong, empty when the record is in the ledger."""
        async with self.lock:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.write(f"{key}\n".encode())
            said = (await self.process.stdout.readline()).decode().strip()
        return "" if said.replace(".", "", 1).isdigit() else said or "the writer has ended"


async def person(number: int, browser: Browser, pen: Pen, size: int, until: float, clicks: Clicks) -> None:
    """Clicks until the time is over; each write is a new hazardous area."""
    random = np.random.default_rng([SEED, number])
    choice = addresses(random, size)
    await asyncio.sleep(random.random() * PAUSE_S)
    clicked = 0
    while time.monotonic() < until:
        clicked += 1
        start = time.perf_counter()
        if random.random() < WRITES:
            problem = await pen.write(f"SYNTHETIC-LOAD-{number:02d}-{clicked:04d}")
            clicks.writes.append(time.perf_counter() - start)
            clicks.written += not problem
        else:
            kind, address = choice[int(random.integers(len(choice)))]
            try:
                status, body = await browser.get(address)
                problem = "" if status in (200, 204) else f"{address} answered {status}"
                clicks.waits += COUNTING in body
            except (OSError, asyncio.IncompleteReadError) as error:
                problem = f"{address}: {type(error).__name__} {error}"
                browser.close()
            clicks.taken.setdefault(kind, []).append(time.perf_counter() - start)
        clicks.errors += [problem] if problem else []
        await asyncio.sleep(PAUSE_S)
    browser.close()


async def ready(visitor: Visitor, size: int) -> None:
    """Wait until sums stand that people will ask for: a site counts before they come, and keeps its counts when it ends."""
    browser, until = Browser(visitor), time.monotonic() + FIRST_COUNT_S
    for _, address in sorted(set(addresses(np.random.default_rng(SEED), size))):
        while COUNTING in (await browser.get(address))[1]:
            assert time.monotonic() < until, f"{address} is still being counted"
            await asyncio.sleep(0.5)
    browser.close()


async def crowd(folder: Path, visitor: Visitor, size: int, people: int, seconds: float) -> Clicks:
    """All people at once."""
    command = [sys.executable, "-m", "tests.proof.load_writer", str(folder)]
    process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    pen, clicks = Pen(process), Clicks()
    first = await pen.write("SYNTHETIC-LOAD-FIRST")
    clicks.errors += [first] if first else []
    clicks.written += not first
    await ready(visitor, size)
    until = time.monotonic() + seconds
    await asyncio.gather(*(person(number, Browser(visitor), pen, size, until, clicks) for number in range(people)))
    process.stdin.close()  # type: ignore[union-attr]
    await process.wait()
    clicks.load_average = os.getloadavg()[0]
    return clicks


def clicked(folder: Path, size: int, *, people: int = PEOPLE, seconds: float = SECONDS, database_url: str = "") -> Clicks:
    """A new programme of `size` hazardous areas in the folder, visited by `people`; nothing they wrote may be lost.

    Raises AssertionError when the ledger does not hold what was written, or does not verify."""
    programmes.make(folder, database_url)
    write(hazards(size), actor=programmes.WRITER, reason="load")
    connections.close_all()
    with _environment(database_url), served(folder) as visitor:
        clicks = asyncio.run(crowd(folder, visitor, size, people, seconds))
        visitor.connection.close()
    programme.use(folder, database_url)
    report = verify()
    assert report.ok, report.findings[:3]
    held = rows(scope(system_actor("verify"), "load"), "hazard", bare=True).count()
    assert held == size + clicks.written, f"{held} hazards are held, {size} + {clicks.written} were written"
    connections.close_all()
    return clicks


@contextmanager
def _environment(database_url: str) -> Iterator[None]:
    """What `clearland serve` and the writer are told of the database."""
    before = os.environ.get("CLEARLAND_DATABASE_URL")
    os.environ["CLEARLAND_DATABASE_URL"] = database_url
    try:
        yield
    finally:
        if before is None:
            del os.environ["CLEARLAND_DATABASE_URL"]
        else:
            os.environ["CLEARLAND_DATABASE_URL"] = before


def on_both(size: int, seconds: float) -> Iterator[tuple[str, Clicks | str]]:
    """(database, what people saw there, or why it was not asked)."""
    with tempfile.TemporaryDirectory(prefix="clearland-load-", ignore_cleanup_errors=True) as folder:
        yield "SQLite", clicked(Path(folder) / "programme", size, seconds=seconds)
    temporary = tempfile.TemporaryDirectory(prefix="clearland-load-", ignore_cleanup_errors=True)
    with temporary as folder, postgres.server() as (url, why):
        if not url:
            yield "PostGIS", why
            return
        database_url = postgres.new_database(url, "load")
        yield "PostGIS", clicked(Path(folder) / "programme", size, seconds=seconds, database_url=database_url)
        connections.close_all()


def measures(size: int, seconds: float = SECONDS) -> list[Measure]:
    """The lines of the proof: p50 and p95 of pages and writes with their budget, and errors, of which none is allowed."""
    made: list[Measure] = []
    for database, clicks in on_both(size, seconds):
        work = f"{PEOPLE} people, {database}"
        if isinstance(clicks, str):
            made.append(Measure(work=work, unit="ms", note=clicks))
            continue
        note = f"load average {clicks.load_average:.1f}"
        made += [
            Measure(work=f"{work}: pages, p50", unit="ms", value=_ms(clicks.pages, 0.5), note=f"{len(clicks.pages):,} pages"),
            Measure(work=f"{work}: pages, p95", unit="ms", value=_ms(clicks.pages, 0.95), budget=BUDGET_MS, note=note),
            Measure(work=f"{work}: writes, p95", unit="ms", value=_ms(clicks.writes, 0.95), note=f"{clicks.written:,} writes"),
            Measure(work=f"{work}: errors", unit="answers", value=len(clicks.errors), budget=0),
        ]  # fmt: skip
    return made


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 when no click failed and pages keep their budget."""
    size = int(arguments[0]) if arguments else 100_000
    seconds = float(arguments[1]) if len(arguments) > 1 else SECONDS
    kept = True
    for database, clicks in on_both(size, seconds):
        if isinstance(clicks, str):
            sys.stdout.write(f"{database}: not asked: {clicks}\n")
            continue
        sys.stdout.write(f"{database}: {PEOPLE} people, {size:,} records, load average {clicks.load_average:.1f}\n")
        for line in [*clicks.lines(), *sorted(set(clicks.errors))[:5]]:
            sys.stdout.write(f"  {line}\n")
        sys.stdout.flush()
        kept = kept and not clicks.errors and _ms(clicks.pages, 0.95) <= BUDGET_MS
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
