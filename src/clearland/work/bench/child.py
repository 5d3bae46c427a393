"""One job in a process of its own, so that its memory and its libraries are its own.

    python -m clearland.work.bench.child JOB ARGUMENTS.json RESULT.json
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from clearland.work import programme
from clearland.work.bench.measure import Job, Measure

JOBS = (
    "write_path.measure", "intake_path.measure", "write_path.make_hazards", "layers.measure", "snapshots.build",
    "snapshots.reopen", "pages.measure", "land.measure", "land_postgis.measure", "land_on_spheroid.measure",
    "land_sizes.measure", "land_sizes.make_million", "land_sizes.million",
    "land_sizes.two_workers", "documents.measure",
    "likelihood.quality", "likelihood.million",
)  # fmt: skip
BOOK_JOBS = (
    "book.write_at_once", "book.write", "book.build", "book.refresh", "book.ask",
    "land_book.write", "land_book.balance", "land_book.command", "land_book.running",
)  # fmt: skip


def job_named(name: str) -> Callable[[Job], list[Measure]]:
    """The function of a job. Modules are loaded here, one per process, after Django is set up."""
    if name not in (*JOBS, *BOOK_JOBS):
        raise KeyError(name)
    module, _, function = name.partition(".")
    found: Callable[[Job], list[Measure]] = getattr(import_module(f"clearland.work.bench.{module}"), function)
    return found


def arguments_of(job: Job) -> dict[str, Any]:
    """The job as plain data."""
    return asdict(job) | {"folder": str(job.folder)}


def main(name: str, arguments: Path, result: Path) -> None:
    """Run one job and leave its measures in a file."""
    programme.setup()
    given = json.loads(arguments.read_text(encoding="utf-8"))
    job = Job(**(given | {"folder": Path(given["folder"])}))
    measures = job_named(name)(job)
    result.write_text(json.dumps([measure.as_json() for measure in measures]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
