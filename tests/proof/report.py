"""`docs/proof.md`: what was proved, on which commit, when and on what class of machine."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clearland.cli.bench import COLUMNS, cells
from clearland.work.bench.measure import Measure

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Checked:
    """One check and how it ended."""

    name: str
    about: str
    ok: bool
    said: str
    seconds: float


def markdown(checks: Sequence[Checked], measures: Sequence[Measure], size: int) -> str:
    """The page."""
    lines = [
        "# Proof", "", "Written by `python -m tests.proof`; do not edit.", "",
        f"- Commit: `{commit()}`", f"- Date: {datetime.now(UTC).date().isoformat()}", f"- Machine: {machine()}",
        f"- Size: {size:,} records", "", "## Checks", "", "| check | result | seconds |", "| --- | --- | ---: |",
    ]  # fmt: skip
    for check in checks:
        result = f"holds: {check.said}" if check.ok else f"**FAILS**: {check.said}"
        lines.append(f"| {check.name}: {_cell(check.about)} | {_cell(result)} | {check.seconds:.0f} |")
    return "\n".join([*lines, "", "## Measures", "", *table(measures), ""])


def table(measures: Sequence[Measure]) -> list[str]:
    """Measures as a Markdown table."""
    lines = [f"| {' | '.join([*COLUMNS[:-1], 'verdict'])} |", f"|{' --- |' * len(COLUMNS)}"]
    return lines + [f"| {' | '.join(_cell(text) for text in cells(measure))} |" for measure in measures]


def commit() -> str:
    """The commit of the checkout, marked where files differ from it."""
    asked = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)
    return asked.stdout.strip() or "unknown"


def machine() -> str:
    """Cores, memory and how busy they were; nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, load average of the last minutes {os.getloadavg()[1]:.1f}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
