"""The likelihood map: how good it is on places left out, beside its peers on the same cells, and what a million cells take."""

from pathlib import Path
from time import perf_counter

import lightgbm
import numpy as np
from numpy.typing import NDArray

from clearland.intake.readers.dispatch import read_tables
from clearland.intake.tables import Hints
from clearland.planning.cells import MINED, Cells, Columns, Floats, cells_of
from clearland.planning.likelihood import learnt
from clearland.planning.surroundings import with_surroundings
from clearland.planning.synthetic import synthetic_cells
from clearland.planning.validation import Validation, by_place, density, ours, random_forest
from clearland.work.bench.measure import SEED, Job, Measure, peak_memory_mib

LEAST_ROC, LEAST_PRECISION, MOST_CALIBRATION_ERROR = 0.74, 0.44, 0.05
MOST_FEATURES_S, MOST_PREDICTION_S = 60.0, 10.0
_COLUMNS = Columns("LONGITUD_X", "LATITUD_Y", "mines_outcome", "Municipio")
_FILE = "reland-2022-antioquia.csv"
_LEARN_SIDE = 100
_LEAST_WHOLE = 1_000  # below it the bench only tries itself, on generated cells
_SMALL_SIDE = 40


def boosting(cells: Cells, known: NDArray[np.bool_], asked: NDArray[np.bool_]) -> Floats:
    """The peer: LightGBM (Ke et al. 2017) at its defaults on each cell alone."""
    model = lightgbm.LGBMClassifier(random_state=SEED, n_jobs=1, verbose=-1)
    model.fit(cells.values[known], cells.label[known] == MINED)
    return np.asarray(model.predict_proba(cells.values[asked]))[:, 1]


def quality(job: Job) -> list[Measure]:
    """On the published grid of Antioquia, every municipality left out once."""
    work = "likelihood, places left out"
    path = Path(job.examples) / "data" / _FILE
    if not job.examples or not path.is_file():
        return [Measure(work=work, unit="ROC", note="the examples of a checkout are not here")]
    cells = synthetic_cells(_SMALL_SIDE, SEED)
    if job.size >= _LEAST_WHOLE:
        [table] = read_tables(path, Hints())
        cells = cells_of(table, _COLUMNS)
    tried = [by_place(cells, name, learner) for name, learner in (
        ("ours", ours(cells)), ("random forest", random_forest), ("LightGBM", boosting), ("kernel density", density),
    )]  # fmt: skip
    return [measure for each in tried[1:] for measure in _against(work, tried[0], each)] + [
        Measure(work=work, unit="calibration error", value=tried[0].all.calibration_error, budget=MOST_CALIBRATION_ERROR)
    ]


def _against(work: str, own: Validation, peer: Validation) -> list[Measure]:
    return [
        Measure(
            work=work, unit="ROC", value=own.all.roc, budget=LEAST_ROC,
            peer=peer.learner, peer_value=peer.all.roc, least_ratio=1.0,
        ),
        Measure(
            work=work, unit="average precision", value=own.all.average_precision, budget=LEAST_PRECISION,
            peer=peer.learner, peer_value=peer.all.average_precision, least_ratio=1.0,
        ),
    ]  # fmt: skip


def million(job: Job) -> list[Measure]:
    """What ten cells for each record of the job take: 1,000,000 at the size of the proof."""
    learn_side = _LEARN_SIDE if job.size >= _LEAST_WHOLE else _SMALL_SIDE
    side = max(learn_side, int((10 * job.size) ** 0.5))
    model = learnt(synthetic_cells(learn_side, SEED))
    cells = synthetic_cells(side, SEED + 1, unknown=1.0)
    start = perf_counter()
    read, _ = with_surroundings(cells)
    features_s, start = perf_counter() - start, perf_counter()
    model.of_read(read)
    note = f"{len(cells):,} cells, {read.shape[1]} columns, peak {peak_memory_mib():,.0f} MiB"
    return [
        Measure(work="surroundings of a million cells", unit="s", value=features_s, budget=MOST_FEATURES_S, note=note),
        Measure(work="likelihood of a million cells", unit="s", value=perf_counter() - start, budget=MOST_PREDICTION_S),
    ]
