"""What a re-survey says of the ground it adds or takes away (standards note b.5.3, b.5.9).

Ground is taken off a hazard as cancelled after non-technical and reduced after technical survey; a mapping error is a
correction, not released land. A split or merge passes ground to another hazard; what no other hazard takes is a
correction too. Clearance takes nothing off by redrawing: only a cleared polygon does, with its depth and its quality
control. So does no reason at all, and a find after release only ever adds ground.
"""

GROWN: dict[str | None, str] = {
    "mapping_error": "CORRECTED",
    "datum": "CORRECTED",
    "other": "CORRECTED",
    "fade_out": "NEWLY_IDENTIFIED",
    "new_contamination": "NEWLY_IDENTIFIED",
    "residual": "REOPENED",
}
SHRUNK: dict[str | None, str] = {"nts": "CANCELLED", "ts": "REDUCED"}
TAKES_NOTHING_OFF: frozenset[str | None] = frozenset({None, "clearance", "residual", "new_contamination"})


def line_of_growth(reason: str | None) -> str:
    """The line (a name of `records.Line`) under which added ground is booked."""
    return GROWN.get(reason, "EXTENDED")


def line_of_loss(reason: str | None) -> str:
    """The line under which ground taken off is booked where no other hazard takes it over."""
    return SHRUNK.get(reason, "CORRECTED")
