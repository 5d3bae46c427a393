"""A process that writes for the people of the load: one new hazardous area per line of its input, through the one door.

    python -m tests.proof.load_writer FOLDER

Each line is the key of a new record; the answer is a line with the seconds the write took, or with what went wrong.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

from clearland.work.programme import setup

setup()  # Django must know its apps before any module with a model is imported

from django.db import DatabaseError  # noqa: E402

from clearland.core.errors import ClearlandError  # noqa: E402
from clearland.core.ids import record_id  # noqa: E402
from clearland.ledger.write import write  # noqa: E402
from clearland.work import programme  # noqa: E402
from clearland.work.bench import programmes  # noqa: E402
from clearland.work.bench.records import hazards  # noqa: E402


def main(folder: Path) -> None:
    """Write until the input ends."""
    programme.use(folder)
    like = next(iter(hazards(1)))
    for line in sys.stdin:
        key = line.strip()
        start = time.perf_counter()
        try:
            write([replace(like, record=record_id("load", key), local_id=key)], actor=programmes.WRITER, reason="one click")
            said = f"{time.perf_counter() - start:.6f}"
        except (ClearlandError, DatabaseError) as error:
            said = f"{type(error).__name__}: {error}".replace("\n", " ")
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
