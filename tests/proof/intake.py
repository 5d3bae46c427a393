"""A very long sheet through mapping, checks and ledger in a process of its own, which says what it took.

    python -m tests.proof.intake FOLDER

FOLDER holds `finds.csv` and `finds.yaml`; the programme is made beside them.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from clearland.work.programme import setup

setup()  # Django must know its apps before any module with a model is imported

from clearland.work.add import AddOptions, add_file  # noqa: E402
from clearland.work.bench import programmes  # noqa: E402
from clearland.work.bench.measure import peak_memory_mib  # noqa: E402
from clearland.work.bench.records import MAPPING, write_sheet  # noqa: E402

LEAST_ROWS_S = 5_000
MOST_MIB = 1_024


def a_very_long_sheet_is_taken_in_little_memory(folder: Path, size: int) -> str:
    """A generated sheet is read, identified, checked and staged by portions, then written in one transaction: at 5,000 rows a
    second or more of computing time, within 1 GiB."""
    held = folder / "long"
    held.mkdir()
    write_sheet(size, held / "finds.csv")
    (held / "finds.yaml").write_text(MAPPING, encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "tests.proof.intake", str(held)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-300:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["new"] == size
    assert said["peak_mib"] <= MOST_MIB, f"peak {said['peak_mib']:,.0f} MiB"
    pace = size / said["cpu_s"]
    assert size < LEAST_ROWS_S or pace >= LEAST_ROWS_S, f"{pace:,.0f} rows/s"
    return f"{size:,} rows: {pace:,.0f} rows/s of computing time, peak {said['peak_mib']:,.0f} MiB"


def main(folder: Path) -> None:
    """Add the sheet; one line of JSON."""
    programmes.make(folder / "programme")
    start = time.process_time()
    options = AddOptions(mapping=folder / "finds.yaml", publisher="Proof")
    receipt = add_file(folder / "finds.csv", options, actor=programmes.WRITER).receipt
    said = {"new": receipt.new, "cpu_s": time.process_time() - start, "peak_mib": peak_memory_mib()}
    sys.stdout.write(f"{json.dumps(said)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
