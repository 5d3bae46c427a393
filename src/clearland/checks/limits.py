"""What a programme may set: the thresholds of the rules, with the defaults of the rule list (standards note (e))."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from clearland.core.errors import ClearlandError


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Thresholds; the number of the rule that reads each stands in `rules.yaml`.

    `evidence_age_years`: how old a find of the target type may be to forbid cancellation or reduction over it (rule
    37); None until the programme has set it, and then such a find is a warning only.
    """

    buffer_m: float = 5.0
    near_m: float = 20.0
    least_m2: float = 1.0
    unknown_model_share: float = 0.30
    no_find_days: float = 10.0
    no_find_m2: float = 20_000.0
    evidence_age_years: float | None = None
    duplicate_m: float = 50.0
    earliest_year: float = 1988.0
    stale_years: float = 2.0
    district_m: float = 1_000.0
    crowded_share: float = 0.20
    crowded_least: float = 10.0
    edge_m: float = 5_000.0
    smallest_m2: float = 10.0
    largest_m2: float = 50_000_000.0
    stated_share: float = 0.05
    stated_m2: float = 25.0
    stated_refused_share: float = 0.25
    closure_share: float = 0.01
    closure_m: float = 2.0
    leg_m: float = 50.0
    benchmark_m: float = 500.0
    clearance_depth_cm: float = 300.0
    eod_depth_cm: float = 1_500.0
    task_buffer_m: float = 5.0
    outlier_least: float = 20.0
    team_km: float = 50.0
    sum_share: float = 0.01
    visit_days: float = 30.0
    residual_m: float = 50.0
    session_least: float = 3.0
    session_most: float = 300.0
    report_days: float = 15.0
    total_share: float = 0.02
    beneficiaries_times: float = 3.0


LIMITS = Limits()
_NAMES = frozenset(each.name for each in fields(Limits))


def limits_said(lines: Iterable[str]) -> Limits:
    """The limits of a programme from lines such as `near_m=30`; what is not named keeps its default.

    Raises ClearlandError E-CHECK-LIMIT for a name that is none, or a value that is no number of nought or more.
    """
    given: dict[str, float] = {}
    for line in lines:
        name, _equals, written = (part.strip() for part in line.partition("="))
        try:
            value = float(written)
        except ValueError:
            value = -1.0
        if name not in _NAMES or not 0 <= value < float("inf"):
            raise ClearlandError(
                "E-CHECK-LIMIT", f"{line!r} sets no limit of a rule.",
                remedy="Write a name of `clearland checks --limits`, an equals sign and a number.",
            )  # fmt: skip
        given[name] = value
    return replace(LIMITS, **given) if given else LIMITS
