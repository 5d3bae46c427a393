"""Snapshots: built from the ledger, opened again by another process, and made new after one more entry."""

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


def build(job: Job) -> list[Measure]:
    """The first snapshot of the hazards, with the memory it took."""
    programme.use(job.folder / "hazards")
    taken = seconds(snapshot)
    return [
        Measure(work="snapshot built", unit="s", value=taken, budget=_MOST_S_PER_MILLION * max(job.size, 50_000) / 1e6),
        Measure(work="snapshot built: peak memory", unit="MiB", value=peak_memory_mib(), budget=_MOST_MIB),
    ]


def reopen(job: Job) -> list[Measure]:
    """Opened by a process that did not build it, then made new after one more entry."""
    programme.use(job.folder / "hazards")
    opened = seconds(lambda: snapshot().sql("SELECT count(*) FROM hazard"))
    first = hazards(1)[0]
    newest = head_entries(scope(programmes.WRITER, "bench"), "hazard", [first.local_id])[first.record]
    changed = replace(first, based_on=newest, attributes={**first.attributes, "name": "SYNTHETIC area, renamed"})
    write([changed], actor=programmes.WRITER, reason="bench")
    refreshed = seconds(lambda: snapshot().sql("SELECT count(*) FROM hazard"))
    return [
        Measure(work="snapshot opened by another process", unit="ms", value=opened * 1e3),
        Measure(work="snapshot after one more entry", unit="s", value=refreshed, budget=_MOST_REFRESH_S),
    ]
