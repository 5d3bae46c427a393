"""The likelihood map: surroundings, learning, what it leaves out, and how it is tried."""

import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.errors import RefusedInput
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.tables import Hints
from clearland.planning.cells import MINED, Cells, Columns, cells_of
from clearland.planning.likelihood import learnt
from clearland.planning.surroundings import lattice, with_surroundings
from clearland.planning.synthetic import synthetic_cells
from clearland.planning.validation import by_place, calibration_error, density, ours, random_forest


@pytest.fixture(scope="module")
def country():
    return synthetic_cells(48, 7)


def chosen(cells, order):
    return Cells(cells.x_m[order], cells.y_m[order], cells.names, cells.values[order], cells.label[order], cells.place[order], {})


def test_a_window_is_what_counting_by_hand_gives():
    chance = np.random.default_rng(3)
    row, column = (each.ravel() for each in np.mgrid[0:9, 0:11])
    keep = chance.random(99) > 0.2  # a coast: not every place of the lattice has a cell
    row, column, values = row[keep], column[keep], chance.normal(size=99)[keep]
    values[5] = np.nan
    label, place = np.zeros(len(row), np.int8), np.full(len(row), "A")
    cells = Cells(column * 500.0, row * 500.0, ("height",), values[:, None], label, place, {})
    read, sources = with_surroundings(cells, windows=(2,))
    assert set(sources) == {"height"}
    for at in (0, 5, 17, len(row) - 1):
        near = (abs(row - row[at]) <= 2) & (abs(column - column[at]) <= 2) & np.isfinite(values)
        mean, spread = values[near].mean(), values[near].std()
        own = values[at] if np.isfinite(values[at]) else mean
        assert read[at] == pytest.approx([own, mean, spread, own - mean], abs=1e-5)


@given(st.integers(2, 40), st.floats(10, 5_000))
def test_the_lattice_is_as_wide_as_the_cells_lie_apart(side, step_m):
    row, column = (each.ravel() for each in np.mgrid[0:side, 0:3])
    grid = lattice(column * step_m, row * step_m)
    assert grid.spacing_m == pytest.approx(step_m)
    assert grid.shape == (side, 3)
    assert grid.spread(np.ones(len(row))).sum() == len(row)


def test_it_is_better_in_places_it_never_saw_than_what_learns_places_by_heart(country):
    own = by_place(country, "ours", ours(country)).all
    forest = by_place(country, "forest", random_forest).all
    spots = by_place(country, "density", density).all
    assert own.roc > max(forest.roc, spots.roc) + 0.03
    assert own.average_precision > max(forest.average_precision, spots.average_precision)
    assert own.calibration_error < 0.08


def test_the_same_cells_in_another_order_get_the_same_likelihood(country):
    order = np.random.default_rng(1).permutation(len(country))
    other = chosen(country, order)
    first, second = learnt(country), learnt(other)
    assert first.digest == second.digest
    assert second.of(other).probability == pytest.approx(first.of(country).probability[order])


def test_reasons_name_what_the_truth_was_made_of(country):
    model = learnt(country)
    likely = int(np.argmax(model.of(country).probability))
    reasons = model.reasons(country, likely)
    assert {reason.name for reason in reasons[:2]} == {"slope", "cover"}
    assert reasons[0].effect > 0


def test_the_doubt_is_larger_where_trees_disagree(country):
    found = learnt(country).of(country)
    sure = (found.probability < 0.05) | (found.probability > 0.95)
    assert ((found.doubt >= 0) & (found.doubt <= 0.5)).all()
    assert found.doubt[~sure].mean() > found.doubt[sure].mean()


def test_calibration_error_by_hand():
    said = np.array([0.05, 0.05, 0.95, 0.95])
    assert calibration_error(np.array([False, False, True, True]), said) == pytest.approx(0.05)
    assert calibration_error(np.array([True, True, False, False]), said) == pytest.approx(0.95)


def sheet(path, rows, header=("lon", "lat", "mined", "town", "slope", "cover", "victims")):
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def rows(count=120):
    chance = np.random.default_rng(5)
    made = []
    for number in range(count):
        town, slope = f"SYN-{number % 3}", chance.normal()
        mined = int(slope + chance.normal(scale=0.3) > 0)
        lon, lat = -30 + number % 12 * 0.01, 5 + number // 12 * 0.01
        made.append([lon, lat, mined, town, slope, "scrub" if slope > 0.5 else "field", 100 * (number % 3)])
    return made


COLUMNS = Columns("lon", "lat", "mined", "town")


def table(path):
    [found] = read_tables(path, Hints())
    return found


def test_what_is_the_same_throughout_a_place_is_left_out_and_said(tmp_path):
    cells = cells_of(table(sheet(tmp_path / "a.csv", rows())), COLUMNS)
    assert cells.names == ("slope", "cover: field", "cover: scrub")
    assert cells.left_out == {"victims": "says the same of every cell of a place"}
    assert (cells.label == MINED).sum() == sum(row[2] for row in rows())


@pytest.mark.parametrize(
    ("change", "columns", "code"),
    [
        (lambda row: row, Columns("x", "lat", "mined", "town"), "E-PLAN-COLUMN"),
        (lambda row: [400, *row[1:]], COLUMNS, "E-PLAN-POINT"),
        (lambda row: ["", *row[1:]], COLUMNS, "E-PLAN-POINT"),
        (lambda row: [*row[:2], "maybe", *row[3:]], COLUMNS, "E-PLAN-LABEL"),
        (lambda row: [*row[:4], 1, "same", 1], COLUMNS, "E-PLAN-NOTHING"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path, change, columns, code):
    with pytest.raises(RefusedInput) as refused:
        cells_of(table(sheet(tmp_path / "a.csv", [change(row) for row in rows()])), columns)
    assert refused.value.code == code


def test_too_few_labels_and_too_few_places_are_refused(tmp_path):
    few = [[*row[:2], row[2] if number < 12 else -1, *row[3:]] for number, row in enumerate(rows())]
    with pytest.raises(RefusedInput, match="Fewer than 10"):
        learnt(cells_of(table(sheet(tmp_path / "a.csv", few)), COLUMNS))
    one = cells_of(table(sheet(tmp_path / "b.csv", [[*row[:3], "SYN-0", *row[4:]] for row in rows()])), COLUMNS)
    with pytest.raises(RefusedInput) as refused:
        by_place(one, "density", density)
    assert refused.value.code == "E-PLAN-PLACES"


def test_the_command_writes_the_map_and_its_card(tmp_path):
    path = sheet(tmp_path / "a.csv", rows())
    arguments = ["likelihood", str(path), "--label", "mined", "--place", "town", "--longitude", "lon", "--latitude", "lat"]
    done = CliRunner().invoke(app, [*arguments, "-o", str(tmp_path / "map.csv")])
    assert done.exit_code == 0, done.output
    assert "releases no land" in done.output
    with (tmp_path / "map.csv").open(encoding="utf-8") as stream:
        written = list(csv.DictReader(stream))
    assert len(written) == len(rows())
    assert all(0 <= float(row["likelihood"]) <= 1 for row in written)
    card = json.loads((tmp_path / "map.csv.card.json").read_text(encoding="utf-8"))
    assert [each["learner"] for each in card["left_one_place_out"]] == ["likelihood", "kernel density", "random forest"]
    assert card["left_out"] == {"victims": "says the same of every cell of a place"}
    assert set(card["left_one_place_out"][0]["places"]) == {"SYN-0", "SYN-1", "SYN-2"}
