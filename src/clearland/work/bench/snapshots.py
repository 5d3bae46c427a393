"""Snapshots: built from the ledger, opened again by another process, and made new after one more entry."""

import statistics
from dataclasses import replace

from clearland.ledger.rows import head_entries
from clearland.ledger.scope import scope
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.work import programme
from clearland.work.bench import programmes
from clearland.work.bench.measure import Job, Measure, peak_memory_mib, seconds
from clearland.work.bench.records import hazards

_MOST_S_PER_MILLION = 30.0
_MOST_REFRESH_S = 0.2
_MOST_MIB = 1_024
_ENTRIES = 5


def build(job: Job) -> list[Measure]:
    """The first snapshot of the hazards, with the memory it took."""
    programme.use(job.folder / "hazards")
    taken = seconds(snapshot)
    return [
        Measure(work="snapshot built", unit="s", value=taken, budget=_MOST_S_PER_MILLION * max(job.size, 50_000) / 1e6),
        Measure(work="snapshot built: peak memory", unit="MiB", value=peak_memory_mib(), budget=_MOST_MIB),
    ]


def reopen(job: Job) -> list[Measure]:
    """Opened by a process that did not build it, then made new after one more entry, again and again, as a server does."""
    programme.use(job.folder / "hazards")
    opened = seconds(_asked)
    refreshed = []
    for draft in hazards(_ENTRIES):
        newest = head_entries(scope(programmes.WRITER, "bench"), "hazard", [draft.local_id])[draft.record]
        changed = replace(draft, based_on=newest, attributes={**draft.attributes, "name": "SYNTHETIC area, renamed"})
        write([changed], actor=programmes.WRITER, reason="bench")
        refreshed.append(seconds(_asked))
    note = f"median of {_ENTRIES}; the first one in a process, with what it loads, {refreshed[0]:.2f} s"
    value = statistics.median(refreshed)
    return [
        Measure(work="snapshot opened by another process", unit="ms", value=opened * 1e3),
        Measure(work="snapshot after one more entry", unit="s", value=value, budget=_MOST_REFRESH_S, note=note),
    ]


def _asked() -> object:
    return snapshot().sql("SELECT count(*) FROM hazard")
