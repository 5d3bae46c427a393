"""The nation through the real check, add and findings: what came back on which row."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clearland.core.errors import RefusedInput
from clearland.figures.findings import found
from clearland.ledger.scope import Actor
from clearland.ledger.snapshot import snapshot
from clearland.work.add import AddOptions, add_file, check_file
from tests.checks.defects import ORDER, Defect, nation, write_kind

Found = dict[tuple[str, str], set[str]]


@dataclass(frozen=True)
class Score:
    """How many seeded defects came back, which did not, and what was said of rows that are in order."""

    seeded: int
    missed: tuple[str, ...]
    false_alarms: tuple[tuple[str, str, str], ...]
    rows: int

    @property
    def found_share(self) -> float:
        """Share of the defects that were found."""
        return 1 - len(self.missed) / self.seeded

    @property
    def false_share(self) -> float:
        """Share of the rows in order about which something was said."""
        return len({(kind, name) for kind, name, _ in self.false_alarms}) / self.rows


def read_and_known(units: int, defects: Mapping[int, Defect], folder: Path, actor: Actor) -> Found:
    """Per kind and local id the codes: of reading each file, and of the findings once what may come in did."""
    said: Found = defaultdict(set)
    made = nation(units, defects)
    for kind in ORDER:
        rows = made[kind]
        path = write_kind(kind, rows, folder / f"{kind}.csv")
        options = AddOptions(kind=kind)
        plan = check_file(path, options, actor=actor)
        for finding in plan.findings:
            if finding.place.row is not None and finding.severity in ("error", "warning", "query"):
                said[kind, rows[finding.place.row - 2]["local_id"]].add(finding.code)
        refused = {finding.place.row for finding in plan.errors}
        if refused:
            rows = [row for number, row in enumerate(rows, start=2) if number not in refused]
            write_kind(kind, rows, path)
        try:
            add_file(path, options, actor=actor)
        except RefusedInput as refusal:
            raise AssertionError(
                (kind, [each.sentence for each in refusal.findings if each.severity == "error"][:3])
            ) from refusal
    for row in found(snapshot()):
        if row["record"]:
            said[row["kind"], row["local_id"]].add(row["code"])
    return said
