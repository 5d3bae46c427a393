"""One line of the bench: what was measured, what a peer took for the same, and what the budget allows."""

import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

SEED = 20_260
SCORES = ("ROC", "average precision")


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a job is given: a folder of the run, the number of records, and what else lies on this machine.

    `postgres` is the URL of a superuser of a server with PostGIS, empty where there is none; `examples` the folder of the
    checkout's examples, empty where only the package is installed.
    """

    folder: Path
    size: int
    products: int
    postgres: str = ""
    examples: str = ""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """`value` in `unit`; more is better where the unit is per second. `budget` is the least or the most that is allowed.

    `peer_value` is in the same unit; `least_ratio` is the speed, in terms of the peer's, that the budget asks for. A
    measure without a value was skipped, and `note` says why.
    """

    work: str
    unit: str
    value: float | None = None
    budget: float | None = None
    peer: str = ""
    peer_value: float | None = None
    least_ratio: float | None = None
    note: str = ""

    @property
    def more_is_better(self) -> bool:
        """Rates and scores are to be high, durations, memory and errors low."""
        return self.unit.endswith("/s") or self.unit in SCORES

    @property
    def ratio(self) -> float | None:
        """How many times as fast as the peer (less than 1: slower)."""
        if not self.value or not self.peer_value:
            return None
        return self.value / self.peer_value if self.more_is_better else self.peer_value / self.value

    @property
    def verdict(self) -> str:
        """`ok`, `over` where a budget is missed, `skipped`, or nothing where there is no budget."""
        if self.value is None:
            return "skipped"
        held = []
        if self.budget is not None:
            held.append(self.value >= self.budget if self.more_is_better else self.value <= self.budget)
        if self.least_ratio is not None and self.ratio is not None:
            held.append(self.ratio >= self.least_ratio)
        return "" if not held else "ok" if all(held) else "over"

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys."""
        return {
            "work": self.work, "unit": self.unit, "value": self.value, "budget": self.budget, "peer": self.peer,
            "peer_value": self.peer_value, "ratio": self.ratio, "least_ratio": self.least_ratio, "verdict": self.verdict,
            "note": self.note,
        }  # fmt: skip


def measure_from(data: dict[str, Any]) -> Measure:
    """The measure of `as_json`."""
    return Measure(**{name: value for name, value in data.items() if name not in ("ratio", "verdict")})


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes until its answer is there, in seconds of the wall clock; what it made is let go afterwards."""
    start = perf_counter()
    made = work()
    took = perf_counter() - start
    del made
    return took


def best_seconds(work: Callable[[], object], times: int) -> float:
    """The shortest of several runs: what the work takes when nothing disturbs it."""
    return min(seconds(work) for _ in range(times))


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed. Needs at least one."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def peak_memory_mib() -> float:
    """The most memory this process ever held (peak RSS), in MiB.

    Linux hands a parent's peak on to its children through `getrusage`, so what the kernel says of this program alone is
    asked first.
    """
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="ascii").splitlines() if status.is_file() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / (1 << 10)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
