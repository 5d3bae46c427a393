"""The command `bench`: what this machine measures, beside peers and budgets, in one run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from clearland.cli.output import err, out, print_json, print_table

if TYPE_CHECKING:
    from clearland.work.bench.measure import Measure


def bench(
    size: Annotated[int, typer.Option(min=100, help="Number of records.")] = 100_000,
    products: Annotated[int | None, typer.Option(min=10, help="Number of released polygons; as many as records.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the measures as JSON.")] = False,
    query: Annotated[bool, typer.Option("--query", help="Print the PostGIS statement of the land peer and stop.")] = False,
) -> None:
    """Measure the work of design section 12 beside peers; needs no programme and leaves nothing behind."""
    from clearland.work.bench import land_postgis, run  # noqa: PLC0415 - loaded by nobody else

    if query:
        out.print(land_postgis.QUERY.strip(), markup=False)
        return
    measures = run.run(size, products, starting=lambda name: err.print(f"… {name}", markup=False))
    if as_json:
        print_json([measure.as_json() for measure in measures])
        return
    print_table(f"{size:,} records, seeded", COLUMNS, [cells(measure) for measure in measures])
    for measure in measures:
        if measure.note:
            out.print(f"{measure.work}: {measure.note}.", markup=False)
    out.print(f"\nThe peer of “land against PostGIS”:\n{land_postgis.QUERY.strip()}", markup=False)


COLUMNS = ("work", "measured", "budget", "peer", "peer measured", "speed × peer", "at least", "")


def cells(measure: "Measure") -> Sequence[str]:
    """A measure as a row of texts."""
    budget = ""
    if measure.budget is not None:
        budget = f"{'≥' if measure.more_is_better else '≤'} {_number(measure.budget)} {measure.unit}"
    return (
        measure.work, "" if measure.value is None else f"{_number(measure.value)} {measure.unit}", budget, measure.peer,
        "" if measure.peer_value is None else f"{_number(measure.peer_value)} {measure.unit}",
        "" if measure.ratio is None else f"{measure.ratio:.2f}",
        "" if measure.least_ratio is None else f"{measure.least_ratio:.2f}", measure.verdict,
    )  # fmt: skip


def _number(value: float) -> str:
    """Three digits that mean something: 21,400 · 137 · 4.25 · 0.0031."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def register(app: typer.Typer) -> None:
    """Hang the command on the program."""
    app.command()(bench)
