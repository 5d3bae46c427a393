"""The parts of the proof: each can be run alone, and says by itself on which commit and on how busy a machine it was run.

A part that was not run again keeps what it said, with the commit it said it of.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clearland.core.errors import ClearlandError
from clearland.work.bench import run
from clearland.work.bench.child import BOOK_JOBS, JOBS
from clearland.work.bench.measure import Measure, measure_from
from tests.proof import load, tiles
from tests.proof.checks import CHECKS, documents_of_any_number_and_length_go_through
from tests.proof.desktop import DESKTOP_CHECKS
from tests.proof.intake import a_very_long_sheet_is_taken_in_little_memory
from tests.proof.marked import libreoffice_shows_every_mark_and_note_of_a_returned_workbook
from tests.proof.reports import REPORT_CHECKS

ROOT = Path(__file__).parents[2]
DOCUMENTS = documents_of_any_number_and_length_go_through
TIMES = 10  # 1,000,000 where the checks take 100,000
_CHECKS_SAY_AT_MOST = 300

Check = Callable[[Path, int], str]


@dataclass(frozen=True)
class Checked:
    """One check and how it ended."""

    name: str
    about: str
    ok: bool
    said: str
    seconds: float


@dataclass(frozen=True)
class Part:
    """What one part found, and where."""

    name: str
    commit: str
    day: str
    machine: str
    size: int
    minutes: float
    checks: tuple[Checked, ...]
    measures: tuple[Measure, ...]

    @property
    def ok(self) -> bool:
        """Whether every check of it holds."""
        return all(check.ok for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys."""
        return vars(self) | {
            "checks": [asdict(check) for check in self.checks], "measures": [measure.as_json() for measure in self.measures],
        }  # fmt: skip


def part_from(data: dict[str, Any]) -> Part:
    """The part of `as_json`."""
    return Part(**(data | {
        "checks": tuple(Checked(**each) for each in data["checks"]),
        "measures": tuple(measure_from(each) for each in data["measures"]),
    }))  # fmt: skip


def checked(folder: Path, size: int, checks: Sequence[Check]) -> list[Checked]:
    """The checks in order: later ones read what earlier ones made."""
    return [_checked(check.__name__.replace("_", " "), check, folder, size) for check in checks]


def _checked(name: str, check: Check, folder: Path, size: int) -> Checked:
    start = time.perf_counter()
    try:
        said, ok = check(folder, size), True
    except (AssertionError, ClearlandError) as problem:
        said, ok = str(problem)[:_CHECKS_SAY_AT_MOST] or type(problem).__name__, False
    _say(f"{'holds' if ok else 'FAILS'}  {name}: {said}")
    return Checked(name, (check.__doc__ or "").strip(), ok, said, time.perf_counter() - start)


Done = tuple[list[Checked], list[Measure]]


def _checks(size: int) -> Done:
    with tempfile.TemporaryDirectory(prefix="clearland-proof-", ignore_cleanup_errors=True) as folder:
        return checked(Path(folder), size, [check for check in CHECKS if check is not DOCUMENTS]), []


def _desktop(size: int) -> Done:
    with tempfile.TemporaryDirectory(prefix="clearland-proof-", ignore_cleanup_errors=True) as folder:
        return checked(Path(folder), size, (*DESKTOP_CHECKS, libreoffice_shows_every_mark_and_note_of_a_returned_workbook)), []


def _reports(size: int) -> Done:
    with tempfile.TemporaryDirectory(prefix="clearland-proof-", ignore_cleanup_errors=True) as folder:
        return checked(Path(folder), size, REPORT_CHECKS), []


def _documents(size: int) -> Done:
    with tempfile.TemporaryDirectory(prefix="clearland-proof-", ignore_cleanup_errors=True) as folder:
        checks = checked(Path(folder), TIMES * size, [DOCUMENTS])
    return checks, _bench(size, _jobs("documents"))


def _intake(size: int) -> Done:
    with tempfile.TemporaryDirectory(prefix="clearland-proof-", ignore_cleanup_errors=True) as folder:
        return checked(Path(folder), TIMES * size, [a_very_long_sheet_is_taken_in_little_memory]), []


def _bench(size: int, jobs: Sequence[str], with_postgres: bool = True) -> list[Measure]:
    return run.run(size, jobs=jobs, starting=lambda job: _say(f"measures  {job}"), with_postgres=with_postgres)


def _jobs(*modules: str) -> list[str]:
    return [job for job in JOBS if job.partition(".")[0] in modules]


LAND = ("land", "land_postgis", "land_on_spheroid")
APART = (*LAND, "land_sizes", "documents", "likelihood")
PARTS: dict[str, Callable[[int], Done]] = {
    "checks": _checks,
    "desktop": _desktop,
    "reports": _reports,
    "documents": _documents,
    "intake": _intake,
    "records": lambda size: ([], _bench(size, [job for job in JOBS if job.partition(".")[0] not in APART])),
    "land": lambda size: ([], _bench(size, _jobs(*LAND))),
    "land-sizes": lambda size: ([], _bench(size, _jobs("land_sizes"))),
    "likelihood": lambda size: ([], _bench(size, _jobs("likelihood"), with_postgres=False)),
    "people": lambda size: ([], load.measures(size)),
    "tiles": lambda size: ([], tiles.measures(TIMES * size)),
    "book": lambda size: ([], _bench(TIMES * size, BOOK_JOBS, with_postgres=False)),
}


def prove(name: str, size: int) -> Part:
    """Run one part. One that cannot come to its end is a failed check, so that the others are still run and written."""
    start, load_average = time.perf_counter(), os.getloadavg()[0]
    said = commit()
    try:
        checks, measures = PARTS[name](size)
    except (AssertionError, ClearlandError) as problem:
        _say(f"FAILS  {name}: {problem}")
        checks = [Checked(f"the part {name}", "Comes to its end.", False, str(problem)[:_CHECKS_SAY_AT_MOST], 0.0)]
        measures = []
    minutes = (time.perf_counter() - start) / 60
    return Part(
        name, said, datetime.now(UTC).date().isoformat(), machine(load_average), size, minutes, tuple(checks), tuple(measures)
    )  # fmt: skip


def keep(part: Part, folder: Path) -> None:
    """What a part found, beside that of the others."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{part.name}.json").write_text(json.dumps(part.as_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept(folder: Path) -> list[Part]:
    """All parts that were ever run, in their order."""
    files = [folder / f"{name}.json" for name in PARTS]
    return [part_from(json.loads(file.read_text(encoding="utf-8"))) for file in files if file.is_file()]


def commit() -> str:
    """The commit of the checkout, marked where files of the program differ from it; the proof's own pages do not count."""
    asked = subprocess.run(
        ["git", "describe", "--always", "--abbrev=7"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    differs = subprocess.run(
        ["git", "diff", "--quiet", "HEAD", "--", ".", ":!docs/proof*"], cwd=ROOT, capture_output=True, check=False
    ).returncode
    return f"{asked}-dirty" if asked and differs else asked or "unknown"


def machine(load_average: float) -> str:
    """Cores, memory and how busy they were before; nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, load average before {load_average:.1f}"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
