"""`docs/proof.md`: what was proved, on which commit, when and on what class of machine."""

from collections.abc import Sequence

from clearland.cli.bench import COLUMNS, cells
from clearland.work.bench.measure import Measure
from tests.proof.parts import Checked, Part


def markdown(parts: Sequence[Part]) -> str:
    """The page."""
    lines = [
        "# Proof", "", "Written by `make proof`; do not edit. A part run alone, `make proof PART=land`, says its own commit.", "",
        "| part | commit | date | machine | size | minutes | checks |", "| --- | --- | --- | --- | ---: | ---: | --- |",
    ]  # fmt: skip
    for part in parts:
        held = "" if not part.checks else "hold" if part.ok else "**FAIL**"
        lines.append(
            f"| {part.name} | `{part.commit}` | {part.day} | {part.machine} | {part.size:,} | {part.minutes:.1f} | {held} |"
        )
    checks = [_check(check) for part in parts for check in part.checks]
    lines += ["", "## Checks", "", "| check | result | seconds |", "| --- | --- | ---: |", *checks, "", "## Measures"]
    for part in parts:
        if part.measures:
            lines += ["", f"### {part.name}", "", *table(part.measures)]
    return "\n".join([*lines, ""])


def _check(check: Checked) -> str:
    result = f"holds: {check.said}" if check.ok else f"**FAILS**: {check.said}"
    return f"| {check.name}: {_cell(check.about)} | {_cell(result)} | {check.seconds:.0f} |"


def table(measures: Sequence[Measure]) -> list[str]:
    """Measures as a Markdown table."""
    lines = [f"| {' | '.join([*COLUMNS[:-1], 'verdict', 'note'])} |", f"|{' --- |' * (len(COLUMNS) + 1)}"]
    return lines + [f"| {' | '.join(_cell(text) for text in (*cells(measure), measure.note))} |" for measure in measures]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
