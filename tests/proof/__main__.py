"""Every check at full size, into `docs/proof.md`: `python -m tests.proof [SIZE]`. Exit 1 when a check fails."""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from clearland.work.programme import setup

setup()  # Django must know its apps before any module with a model is imported

from clearland.core.errors import ClearlandError  # noqa: E402
from clearland.work.bench import run  # noqa: E402
from clearland.work.bench.child import BOOK_JOBS  # noqa: E402
from tests.proof import load  # noqa: E402
from tests.proof.checks import CHECKS  # noqa: E402
from tests.proof.report import ROOT, Checked, markdown  # noqa: E402

BOOK_TIMES = 10  # one book of ten times the size: 1,000,000 records where the checks take 100,000


def checked(folder: Path, size: int) -> list[Checked]:
    """All checks in order: later ones read what earlier ones made."""
    results = []
    for check in CHECKS:
        start = time.perf_counter()
        try:
            said, ok = check(folder, size), True
        except (AssertionError, ClearlandError) as problem:
            said, ok = str(problem)[:300] or type(problem).__name__, False
        results.append(Checked(
            check.__name__.replace("_", " "), (check.__doc__ or "").strip(), ok, said, time.perf_counter() - start,
        ))  # fmt: skip
        sys.stderr.write(f"{'holds' if ok else 'FAILS'}  {results[-1].name}: {said}\n")
    return results


def prove(page: Path, size: int) -> bool:
    """Run everything and write the page; whether all checks hold."""
    with tempfile.TemporaryDirectory(prefix="clearland-proof-", ignore_cleanup_errors=True) as folder:
        checks = checked(Path(folder), size)
    measures = run.run(size, starting=_say)
    _say("load")
    measures += load.measures(size)
    measures += run.run(BOOK_TIMES * size, jobs=BOOK_JOBS, starting=_say, with_postgres=False)
    page.write_text(markdown(checks, measures, size), encoding="utf-8")
    return all(check.ok for check in checks)


def _say(job: str) -> None:
    sys.stderr.write(f"measures  {job}\n")


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 when every check holds."""
    size = int(arguments[0]) if arguments else run.DEFAULT_SIZE
    return 0 if prove(ROOT / "docs" / "proof.md", size) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
