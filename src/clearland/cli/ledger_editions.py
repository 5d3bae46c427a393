"""What `restate` prints of two editions of somebody else's ledger."""

from pathlib import Path

from clearland.cli.output import out, print_json
from clearland.core.clock import system_clock
from clearland.dictionary.loader import builtin
from clearland.figures.ledger_restatement import CAUSES, LedgerLine, LedgerRestatement
from clearland.work.foreign_ledgers import Span, restate_files

_SHOWN = 40


def restate_ledger_files(before: str, after: str, mappings: list[Path], key: str, span: Span, *, as_json: bool) -> None:
    """Compare two files and print the lines that differ with their causes; no programme is needed."""
    told = restate_files(
        Path(before), Path(after), mappings, builtin(), span=span, today=system_clock().date(),
        key=[name.strip() for name in key.split(",") if name.strip()],
    )  # fmt: skip
    if as_json:
        print_json(told.as_json())
        return
    _print(told)


def _print(told: LedgerRestatement) -> None:
    said = told.as_json()
    apart = ", ".join(told.key_fields)
    out.print(f"Lines are told apart by {apart}: {told.keys_before} before, {told.keys_after} after.", markup=False)
    for cause in CAUSES:
        lines = told.of(cause)
        if not lines:
            continue
        zero = f", {said['added_all_zero']} of them all zero" if cause == "added" else ""
        note = " (proposed: a person decides)" if cause == "re-dated" else ""
        out.print(f"{cause}: {len(lines)}{zero}{note}", markup=False)
        if cause == "reclassified":
            for (less, more), number in told.moves().items():
                out.print(f"    {less} → {more}: {number}", markup=False)
        telling = [line for line in lines if cause != "added" or any((line.after or {}).values())]
        for line in telling[:_SHOWN]:
            out.print(f"    {_words(line)}", markup=False)
        if len(telling) > _SHOWN:
            out.print(f"    … and {len(telling) - _SHOWN} more; --json prints all", markup=False)
    corrected = ", ".join(f"{name} in {number}" for name, number in said["corrected"].items() if number)
    out.print(f"Categories of one total differ in {told.categories_differ} lines.", markup=False)
    out.print(f"Numbers corrected: {corrected or 'none'}.", markup=False)
    out.print(f"The same: {told.same}.", markup=False)


def _words(line: LedgerLine) -> str:
    key = " · ".join(part for part in line.key if part)
    moved = f" → {' · '.join(part for part in line.moved_to if part)}" if line.moved_to else ""
    numbers = line.after if line.before is None else line.before if line.after is None else None
    if numbers is not None:
        return f"{key}: {', '.join(f'{name} {value:,g}' for name, value in numbers.items() if value) or 'all zero'}"
    return f"{key}{moved}: {', '.join(f'{name} {then:,g} → {now:,g}' for name, (then, now) in line.differs.items())}"
