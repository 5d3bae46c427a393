"""One large book of finds: written in portions, summed up, made new after one more entry, asked for every figure.

Each job is a process of its own and reads what the first one wrote, so that memory is that of its own work.
"""

import shutil
from dataclasses import replace
from datetime import date
from itertools import islice

from clearland.figures.indicators import figures
from clearland.figures.model import Scope
from clearland.ledger.drafts import Draft
from clearland.ledger.rows import head_entries
from clearland.ledger.scope import scope
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write as write_drafts
from clearland.work.bench import programmes
from clearland.work.bench.measure import Job, Measure, peak_memory_mib, seconds
from clearland.work.bench.records import each_find, finds

MOST_S_PER_MILLION = 30.0
MOST_REFRESH_S = 0.2
MOST_MIB = 1_024
LEAST_PER_S = 20_000
MOST_WAIT_S = 5.0
MOST_FIGURES_S = 3.0
MOST_FIGURES_AGAIN_S = 0.3
_PORTION = 100_000
_YEARS = range(2015, 2025)
_FOLDER = "book"


def write(job: Job) -> list[Measure]:
    """Finds into a new programme, a commit for each 100,000; another writer waits for one commit at most."""
    programmes.make(job.folder / _FOLDER)
    drafts = each_find(job.size)
    taken = [_commit_s(list(islice(drafts, _PORTION))) for _ in range(0, job.size, _PORTION)]
    return [
        Measure(work="book written, points, SQLite", unit="entries/s", value=job.size / sum(taken), budget=LEAST_PER_S,
                note=f"{job.size:,} records in commits of {_PORTION:,}"),
        Measure(work="another writer waits for one commit", unit="s", value=max(taken), budget=MOST_WAIT_S),
    ]  # fmt: skip


def write_at_once(job: Job) -> list[Measure]:
    """The same finds as one write and one commit, with the memory it took."""
    folder = job.folder / "at-once"
    programmes.make(folder)
    taken = seconds(lambda: write_drafts(each_find(job.size), actor=programmes.WRITER, reason="bench"))
    peak_mib = peak_memory_mib()
    shutil.rmtree(folder)
    return [
        Measure(work="book written as one commit, finds made meanwhile", unit="entries/s", value=job.size / taken),
        Measure(work="book written as one commit, peak memory", unit="MiB", value=peak_mib, budget=MOST_MIB),
    ]


def _commit_s(drafts: list[Draft]) -> float:
    return seconds(lambda: write_drafts(drafts, actor=programmes.WRITER, reason="bench"))


def build(job: Job) -> list[Measure]:
    """The first snapshot of the book, with the memory it took."""
    programmes.use(job.folder / _FOLDER)
    taken = seconds(snapshot)
    return [
        Measure(work="book: snapshot built", unit="s", value=taken, budget=MOST_S_PER_MILLION * max(job.size, 50_000) / 1e6),
        Measure(work="book: snapshot built, peak memory", unit="MiB", value=peak_memory_mib(), budget=MOST_MIB),
    ]


def refresh(job: Job) -> list[Measure]:
    """Opened by a process that did not build it, then made new after one more entry, twice."""
    programmes.use(job.folder / _FOLDER)
    drafts = finds(2)
    opened = seconds(lambda: snapshot().sql("SELECT count(*) FROM ordnance"))
    first, again = (_after_a_change(draft) for draft in drafts)
    return [
        Measure(work="book: snapshot opened by another process", unit="ms", value=opened * 1e3),
        Measure(work="book: one more entry, first of a process", unit="s", value=first, note="libraries are loaded meanwhile"),
        Measure(work="book: one more entry, in a running server", unit="s", value=again, budget=MOST_REFRESH_S),
    ]


def _after_a_change(draft: Draft) -> float:
    newest = head_entries(scope(programmes.WRITER, "bench"), "ordnance", [draft.local_id])[draft.record]
    changed = replace(draft, based_on=newest, attributes={**draft.attributes, "quantity": 99})
    write_drafts([changed], actor=programmes.WRITER, reason="bench")
    return seconds(snapshot)


def ask(job: Job) -> list[Measure]:
    """Every indicator for ten years by district, and all of it again while nothing changed."""
    programmes.use(job.folder / _FOLDER)
    made = snapshot()
    made.sql("SELECT 1")

    def every() -> None:
        for year in _YEARS:
            figures(made, scope=Scope(period_from=date(year, 1, 1), period_to=date(year, 12, 31)), by=("place",))

    return [
        Measure(work="book: all indicators × years × districts", unit="s", value=seconds(every), budget=MOST_FIGURES_S),
        Measure(work="book: the same when nothing changed", unit="s", value=seconds(every), budget=MOST_FIGURES_AGAIN_S),
    ]
