"""A likelihood map from a table of cells: learnt, tried on places it was not learnt from, written with its card."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearland.core.errors import RefusedInput
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.tables import Hints, Table
from clearland.planning.card import model_card
from clearland.planning.cells import Cells, Columns, cells_of
from clearland.planning.likelihood import Model, learnt
from clearland.planning.validation import Validation, by_place, density, ours, random_forest

DENSITY, FOREST, OURS = "kernel density", "random forest", "likelihood"


@dataclass(frozen=True)
class Tried:
    """A table's cells, the model of all its labels, and how each learner does on places left out, ours first."""

    table: Table
    columns: Columns
    cells: Cells
    model: Model
    validations: list[Validation]

    @property
    def card(self) -> dict[str, Any]:
        """The model card."""
        return model_card(self.cells, self.model, self.validations)


def tried(path: Path, columns: Columns, *, step: Callable[[str], object] = lambda said: None) -> Tried:
    """Learn from one sheet, trying ours beside a hot-spot map and a random forest. Raises RefusedInput E-PLAN-*, E-READ-*."""
    tables = read_tables(path, Hints())
    if len(tables) != 1:
        raise RefusedInput("E-PLAN-NOTHING", "The file has more than one table.", remedy="Give one sheet or layer.")
    cells = cells_of(tables[0], columns)
    validations = []
    for name, learner in ((OURS, ours(cells)), (DENSITY, density), (FOREST, random_forest)):
        step(name)
        validations.append(by_place(cells, name, learner))
    return Tried(tables[0], columns, cells, learnt(cells), validations)


def written(made: Tried, output: Path) -> None:
    """The likelihood of every cell as CSV (point, place, label, likelihood, doubt), and beside it its card as JSON."""
    found = made.model.of(made.cells)
    longitude, latitude = (made.table.cells[name] for name in (made.columns.longitude, made.columns.latitude))
    with output.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["longitude", "latitude", "place", "label", "likelihood", "doubt"])
        for at in range(len(made.cells)):
            writer.writerow([
                longitude[at], latitude[at], made.cells.place[at], int(made.cells.label[at]),
                f"{found.probability[at]:.4f}", f"{found.doubt[at]:.4f}",
            ])  # fmt: skip
    card = json.dumps(made.card, indent=1, ensure_ascii=False)
    output.with_name(f"{output.name}.card.json").write_text(card + "\n", encoding="utf-8")
