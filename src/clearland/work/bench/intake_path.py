"""Intake with all checks: a sheet of finds through a mapping, the plan and the ledger, as `clearland add` does it."""

from pathlib import Path

from clearland.work.add import AddOptions, add_file
from clearland.work.bench import postgres, programmes
from clearland.work.bench.measure import Job, Measure, seconds
from clearland.work.bench.records import MAPPING, write_sheet

LEAST_PER_S = 5_000


def measure(job: Job) -> list[Measure]:
    """The same sheet into a new programme on each database."""
    sheet, mapping = job.folder / "finds.csv", job.folder / "finds.yaml"
    write_sheet(job.size, sheet)
    mapping.write_text(MAPPING, encoding="utf-8")
    programmes.make(job.folder / "intake")
    first = _added(job, sheet, mapping)
    again = job.size / seconds(lambda: _add(sheet, mapping))
    measures = [
        Measure(work="intake with all checks, SQLite", unit="rows/s", value=first, budget=LEAST_PER_S),
        Measure(work="the same sheet again: nothing written", unit="rows/s", value=again),
    ]
    work = "intake with all checks, PostGIS"
    if not job.postgres:
        return [*measures, Measure(work=work, unit="rows/s", note="no PostGIS")]
    programmes.make(job.folder / "intake-postgis", postgres.new_database(job.postgres, "bench_intake"))
    return [*measures, Measure(work=work, unit="rows/s", value=_added(job, sheet, mapping), budget=LEAST_PER_S)]


def _added(job: Job, sheet: Path, mapping: Path) -> float:
    return job.size / seconds(lambda: _add(sheet, mapping))


def _add(sheet: Path, mapping: Path) -> None:
    add_file(sheet, AddOptions(mapping=mapping, publisher="Bench"), actor=programmes.WRITER)
