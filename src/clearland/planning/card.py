"""What goes with every likelihood map: what it was learnt from, how good it is elsewhere, and what it must not be used for."""

from typing import Any

from clearland.planning.cells import MINED, NOT_MINED, Cells
from clearland.planning.likelihood import LEAST_IN_LEAF, TREES, Model
from clearland.planning.validation import Score, Validation

PURPOSE = (
    "It orders survey. It releases no land, and a cell with a low likelihood is surveyed all the same before anybody is told "
    "anything about it."
)


def model_card(cells: Cells, model: Model, tried: list[Validation]) -> dict[str, Any]:
    """Plain data with stable keys; scores are those of places left out, never of the cells that were learnt from."""
    known = cells.labelled
    return {
        "purpose": PURPOSE,
        "method": f"{TREES} extremely randomised trees with {LEAST_IN_LEAF} cells or more in a leaf, over cells and surroundings",
        "digest": model.digest,
        "cells": {
            "all": len(cells), "mined": int((cells.label == MINED).sum()), "not_mined": int((cells.label == NOT_MINED).sum()),
            "places": sorted(set(cells.place[known].tolist())),
        },
        "columns": list(cells.names),
        "left_out": cells.left_out,
        "left_one_place_out": [
            {"learner": each.learner, **_plain(each.all), "places": {name: _plain(one) for name, one in each.places.items()}}
            for each in tried
        ],
    }  # fmt: skip


def _plain(score: Score) -> dict[str, float | int | None]:
    """A score without NaN, which JSON does not know."""
    return {name: None if value != value else value for name, value in vars(score).items()}  # noqa: PLR0124 - NaN is not itself
