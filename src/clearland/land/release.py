"""What a product may release (design section 6). The only place where this is decided.

A product releases a hazard's ground only if it is approved, has an end date on or after the hazard's identification,
names the hazard or one of its contamination types, did not fail quality control and, where cleared, went at least as
deep as the hazard requires. What else it covers is gross, and is shown apart under the first reason that applies.
"""

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

FAILED_STATES = frozenset({"failed", "rework"})  # work sent back has not been accepted: it releases nothing


class Verdict(IntEnum):
    """Whether a product releases a hazard, or why not; in the order in which reasons are looked at."""

    RELEASES = 0
    NOT_APPROVED = 1
    NO_END_DATE = 2
    BEFORE_IDENTIFICATION = 3
    OTHER_TYPE = 4
    FAILED_QC = 5
    TOO_SHALLOW = 6


GROSS_COLUMNS = {
    Verdict.OTHER_TYPE: "other_type_m2",
    Verdict.FAILED_QC: "failed_qc_m2",
    Verdict.TOO_SHALLOW: "too_shallow_m2",
}


def verdicts(
    *,
    approved: Any,
    ended_day: Any,
    identified_day: Any,
    targeted: Any,
    failed_qc: Any,
    cleared: Any,
    depth_cm: Any,
    required_depth_cm: Any,
) -> npt.NDArray[np.int8]:
    """A Verdict for each pair of product and hazard; arguments are scalars or arrays of one shape.

    Days are ordinals (`date.toordinal`) of the last day a partial date can mean, 0 for an end date not given; depths
    are cm with NaN for *not said*: a depth not said is never deep enough where one is required.
    """
    shallow = np.asarray(cleared) & ~np.isnan(required_depth_cm) & ~(np.asarray(depth_cm) >= required_depth_cm)
    return np.select(
        [
            ~np.asarray(approved),
            np.asarray(ended_day) <= 0,
            np.asarray(ended_day) < identified_day,
            ~np.asarray(targeted),
            np.asarray(failed_qc),
            shallow,
        ],
        list(Verdict)[1:],
        Verdict.RELEASES,
    ).astype(np.int8)
