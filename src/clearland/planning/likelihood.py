"""How likely a cell is mined, learnt from cells where that is known.

Extremely randomised trees (Geurts, Ernst and Wehenkel 2006) over each cell and its surroundings: many shallow opinions whose
mean is close to a frequency, and whose disagreement is the doubt. They read no coordinate and no name of a place. Nothing here
releases land: a low likelihood is a reason to survey in another order, never a reason not to survey.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier

from clearland.core.canonical import canonical_bytes
from clearland.core.errors import RefusedInput
from clearland.planning.cells import MINED, Cells, Floats
from clearland.planning.surroundings import WINDOWS, with_surroundings

TREES, LEAST_IN_LEAF, SHARE_OF_COLUMNS, SEED = 100, 10, 0.3, 20_260
LEAST_OF_EACH = 10
_BLOCK = 100_000


@dataclass(frozen=True)
class Likelihood:
    """(n,) probability that a cell is mined, and (n,) standard deviation of the trees' opinions, both 0 to 1."""

    probability: Floats
    doubt: Floats


@dataclass(frozen=True)
class Reason:
    """One description and what it adds to the likelihood of a cell: probability as it is, less probability if it were usual."""

    name: str
    effect: float


@dataclass(frozen=True)
class Model:
    """A learnt likelihood. `digest` names training data, settings and versions: the same digest gives the same numbers."""

    forest: ExtraTreesClassifier
    names: tuple[str, ...]
    usual: Floats
    digest: str

    def read(self, cells: Cells) -> tuple[NDArray[np.float32], tuple[str, ...]]:
        """What the model reads of cells: (n, m), and the description each column is made from."""
        return with_surroundings(cells.with_columns(self.names))

    def of(self, cells: Cells) -> Likelihood:
        """The likelihood of each cell. All cells of a stretch of land are given together: neighbours describe each other."""
        return self.of_read(self.read(cells)[0])

    def of_read(self, read: NDArray[np.float32]) -> Likelihood:
        """The same, of what `read` made."""
        mean, square = np.zeros(len(read)), np.zeros(len(read))
        for start in range(0, len(read), _BLOCK):
            part = slice(start, start + _BLOCK)
            for tree in self.forest.estimators_:
                opinion = tree.tree_.predict(read[part])[:, MINED]
                mean[part] += opinion
                square[part] += opinion**2
        mean, square = mean / TREES, square / TREES
        return Likelihood(mean, np.sqrt(np.maximum(square - mean**2, 0.0)))

    def reasons(self, cells: Cells, at: int, most: int = 5) -> list[Reason]:
        """Why one cell is as likely as it is: the descriptions with the largest effect, largest first."""
        read, sources = self.read(cells)
        row = read[at : at + 1]
        names = list(dict.fromkeys(sources))
        changed = np.repeat(row, len(names) + 1, axis=0)
        for number, name in enumerate(names, start=1):
            columns = [column for column, source in enumerate(sources) if source == name]
            changed[number, columns] = self.usual[columns]
        probability = self.of_read(changed).probability
        found = [Reason(name, float(probability[0] - probability[number])) for number, name in enumerate(names, start=1)]
        return sorted(found, key=lambda reason: (-abs(reason.effect), reason.name))[:most]


def learnt(cells: Cells) -> Model:
    """A model from the labelled cells; the others only say what lies around. Raises RefusedInput E-PLAN-FEW."""
    read, _ = with_surroundings(cells)
    return learnt_from(read[cells.labelled], cells, _digest(cells))


def learnt_from(read: NDArray[np.float32], cells: Cells, digest: str, chosen: NDArray[np.bool_] | None = None) -> Model:
    """A model from what was read of the labelled cells, or of the `chosen` among them. Raises RefusedInput E-PLAN-FEW."""
    known = np.flatnonzero(cells.labelled)
    known, read = (known, read) if chosen is None else (known[chosen], read[chosen])
    order = np.lexsort((cells.y_m[known], cells.x_m[known]))  # so that the order in which cells came changes nothing
    read, label = read[order], cells.label[known][order]
    if min((label == MINED).sum(), (label != MINED).sum()) < LEAST_OF_EACH:
        raise RefusedInput(
            "E-PLAN-FEW", f"Fewer than {LEAST_OF_EACH} cells are known to be mined, or not to be.",
            remedy="Label more cells from surveys and clearance.",
        )  # fmt: skip
    forest = ExtraTreesClassifier(
        TREES, min_samples_leaf=LEAST_IN_LEAF, max_features=SHARE_OF_COLUMNS, random_state=SEED, n_jobs=1
    ).fit(read, label == MINED)
    return Model(forest, cells.names, np.median(read, axis=0), digest)


def _digest(cells: Cells) -> str:
    about = {
        "columns": list(cells.names), "windows": list(WINDOWS), "model": [TREES, LEAST_IN_LEAF, str(SHARE_OF_COLUMNS), SEED],
        "versions": [version("scikit-learn"), version("numpy")],
    }  # fmt: skip
    hasher = hashlib.sha256(canonical_bytes(about))
    for part in _bytes(cells):
        hasher.update(part)
    return hasher.hexdigest()


def _bytes(cells: Cells) -> Sequence[bytes]:
    order = np.lexsort((cells.y_m, cells.x_m))
    return [each[order].tobytes() for each in (cells.x_m, cells.y_m, cells.values, cells.label)]
