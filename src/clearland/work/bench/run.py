"""The whole bench: every job in a process of its own, in one temporary folder that is gone afterwards.

Jobs run one after the other, so that each has the machine to itself. Some read what an earlier one wrote.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from clearland.core.errors import ClearlandError
from clearland.work.bench import postgres
from clearland.work.bench.child import JOBS, arguments_of
from clearland.work.bench.measure import Job, Measure, measure_from
from clearland.work.demonstration.build import examples_folder

DEFAULT_SIZE = 100_000
_LONGEST_JOB_S = 900
_SAID_OF_FAILURE = 600


def run(
    size: int = DEFAULT_SIZE, products: int | None = None, *, jobs: Sequence[str] = JOBS,
    starting: Callable[[str], object] = lambda name: None, with_postgres: bool = True,
) -> list[Measure]:
    """Every measure, in the order of the jobs. `products` is `size` unless given; `starting` is told each job's name.

    Raises ClearlandError E-BENCH-JOB with the last words of a job that failed.
    """
    measures: list[Measure] = []
    folder = tempfile.TemporaryDirectory(prefix="clearland-bench-", ignore_cleanup_errors=True)
    with folder as name, _server(with_postgres) as url:
        job = Job(
            folder=Path(name), size=size, products=size if products is None else products, postgres=url, examples=_examples(),
        )  # fmt: skip
        for each in jobs:
            starting(each)
            measures += _in_a_process(each, job)
    return measures


@contextmanager
def _server(wanted: bool) -> Iterator[str]:
    """The server's URL, an empty text where there is none or none is wanted."""
    if not wanted:
        yield ""
        return
    with postgres.server() as (url, _):
        yield url


def _examples() -> str:
    try:
        return str(examples_folder())
    except ClearlandError:
        return ""


def _in_a_process(name: str, job: Job) -> list[Measure]:
    arguments, result = job.folder / "arguments.json", job.folder / "result.json"
    arguments.write_text(json.dumps(arguments_of(job)), encoding="utf-8")
    result.unlink(missing_ok=True)
    command = [sys.executable, "-m", "clearland.work.bench.child", name, str(arguments), str(result)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CLEARLAND_")}
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, timeout=_LONGEST_JOB_S, check=False, env=environment
    )
    if done.returncode or not result.is_file():
        raise ClearlandError(
            "E-BENCH-JOB", f"The job {name} failed: {done.stderr.strip()[-_SAID_OF_FAILURE:]}",
            remedy="Mend what it names, then run the bench again.",
        )  # fmt: skip
    return [measure_from(each) for each in json.loads(result.read_text(encoding="utf-8"))]
