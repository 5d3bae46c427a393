"""How good a likelihood is where it was not learnt: every place is left out once and predicted from all others.

A random split would let neighbours tell on each other and flatter every model; only the spatial number is ever shown.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gaussian_kde
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score, roc_auc_score

from clearland.core.errors import RefusedInput
from clearland.planning.cells import MINED, Cells, Floats
from clearland.planning.likelihood import LEAST_OF_EACH, SEED, learnt_from
from clearland.planning.surroundings import with_surroundings

BINS = 10
Learner = Callable[[Cells, NDArray[np.bool_], NDArray[np.bool_]], Floats]
"""(cells, labelled cells to learn from, cells to predict) -> probabilities of the latter."""


@dataclass(frozen=True)
class Score:
    """Of predictions: area under the ROC curve, average precision, expected calibration error (ten equal bins), 0 to 1.

    ROC and average precision are NaN where only one outcome occurs."""

    cells: int
    mined: int
    roc: float
    average_precision: float
    calibration_error: float


@dataclass(frozen=True)
class Validation:
    """One learner: the score over all left-out places together, and of each place alone."""

    learner: str
    all: Score
    places: dict[str, Score]


def score(mined: NDArray[np.bool_], probability: Floats) -> Score:
    """The score of probabilities against outcomes."""
    both = 0 < mined.sum() < len(mined)
    return Score(
        len(mined), int(mined.sum()), float(roc_auc_score(mined, probability)) if both else np.nan,
        float(average_precision_score(mined, probability)) if both else np.nan, calibration_error(mined, probability),
    )  # fmt: skip


def calibration_error(mined: NDArray[np.bool_], probability: Floats) -> float:
    """Mean gap between what was said and how often it was so, over ten bins of probability, weighted by their cells."""
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    said = np.bincount(bins, probability, BINS)
    was = np.bincount(bins, mined.astype(float), BINS)
    return float(np.abs(said - was).sum() / max(len(mined), 1))


def by_place(cells: Cells, learner: str, learn: Learner) -> Validation:
    """Leave each place out once. Raises RefusedInput E-PLAN-PLACES where fewer than two places have labelled cells."""
    known = cells.labelled
    places = np.unique(cells.place[known])
    if len(places) < 2:
        raise RefusedInput(
            "E-PLAN-PLACES", "A likelihood is tried on places it was not learnt from, and there is one place only.",
            remedy="Name the column of districts or municipalities.",
        )  # fmt: skip
    probability = np.full(len(cells), np.nan)
    for place in places:
        inside = known & (cells.place == place)
        probability[inside] = learn(cells, known & ~inside, inside)
    mined = cells.label == MINED
    scores = {str(place): known & (cells.place == place) for place in places}
    return Validation(
        learner, score(mined[known], probability[known]),
        {place: score(mined[inside], probability[inside]) for place, inside in scores.items()},
    )  # fmt: skip


def ours(cells: Cells) -> Learner:
    """The model of `likelihood`, with surroundings read once: they hold no label."""
    read, _ = with_surroundings(cells)

    def learn(cells: Cells, known: NDArray[np.bool_], asked: NDArray[np.bool_]) -> Floats:
        model = learnt_from(read[cells.labelled], cells, "", known[cells.labelled])
        return model.of_read(read[asked]).probability

    return learn


def density(cells: Cells, known: NDArray[np.bool_], asked: NDArray[np.bool_]) -> Floats:
    """The baseline of hot-spot maps: where mined cells lie thickest, by a Gaussian kernel of Scott's width (1992)."""
    places = np.vstack([cells.x_m, cells.y_m])
    mined = known & (cells.label == MINED)
    if mined.sum() < LEAST_OF_EACH:
        return np.full(int(asked.sum()), 0.5)
    near = gaussian_kde(places[:, mined])(places[:, asked]) * mined.sum()
    all_near = gaussian_kde(places[:, known])(places[:, asked]) * known.sum()
    return np.asarray(near / np.maximum(near + all_near, np.finfo(float).tiny))


def random_forest(cells: Cells, known: NDArray[np.bool_], asked: NDArray[np.bool_]) -> Floats:
    """The peer: a random forest (Breiman 2001) on each cell alone, leaves of five."""
    values = np.nan_to_num(cells.values)
    forest = RandomForestClassifier(min_samples_leaf=5, random_state=SEED, n_jobs=1)
    forest.fit(values[known], cells.label[known] == MINED)
    return np.asarray(forest.predict_proba(values[asked])[:, 1])
