"""Commands that advise what to survey and clear next."""

from pathlib import Path
from typing import Annotated

import typer

from clearland.cli.output import err, out, print_json, print_table
from clearland.planning.card import PURPOSE
from clearland.planning.cells import Columns


def likelihood(
    file: Annotated[Path, typer.Argument(help="Table of cells: a point, what describes it, and what is known of it.")],
    label: Annotated[str, typer.Option(help="Column with 1 (mined), 0 (searched, nothing found), -1 or nothing (not known).")],
    place: Annotated[str, typer.Option(help="Column of the district or municipality; each is left out once to try the model.")],
    longitude: Annotated[str, typer.Option(help="Column of the longitude in degrees.")] = "longitude",
    latitude: Annotated[str, typer.Option(help="Column of the latitude in degrees.")] = "latitude",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="CSV to write, with its card beside it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the model card as JSON.")] = False,
) -> None:
    """How likely each cell is mined, and how good that is in places the model never saw. It releases no land."""
    from clearland.work import likelihoods  # noqa: PLC0415 - scikit-learn takes a second to load

    columns = Columns(longitude, latitude, label, place)
    made = likelihoods.tried(file, columns, step=lambda said: err.print(f"… {said}", markup=False))
    if output is not None:
        likelihoods.written(made, output)
    if as_json:
        print_json(made.card)
        return
    print_table(
        f"{len(made.cells):,} cells, each place left out once", ("learner", "ROC", "average precision", "calibration error"),
        [
            (each.learner, f"{each.all.roc:.3f}", f"{each.all.average_precision:.3f}", f"{each.all.calibration_error:.3f}")
            for each in made.validations
        ],
    )  # fmt: skip
    for name, why in made.cells.left_out.items():
        out.print(f"Left out: {name} {why}.", markup=False)
    out.print(PURPOSE, markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    app.command()(likelihood)
