"""A programme of many released polygons: one more report, until the balance is up to date again.

Each job is a process of its own and reads what the first one wrote. Whatever an earlier process worked out of the same
ground lies in `derived/pieces`, so the balance is asked for once before the clock starts.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import islice

from clearland.core.ids import record_id
from clearland.figures.land import land_balance
from clearland.land.model import Hazard, Product
from clearland.ledger.drafts import Draft
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write as write_drafts
from clearland.work.bench import programmes
from clearland.work.bench.land import MOST_MIB
from clearland.work.bench.measure import SEED, Job, Measure, peak_memory_mib, seconds
from clearland.work.bench.nation import nation

MOST_RUNNING_MS = 50.0
MOST_COMMAND_S = 2.0
_PORTION = 100_000
_FOLDER = "land-book"
_FIRST, _LAST = date(2015, 1, 1), date(2020, 12, 31)


def write(job: Job) -> list[Measure]:
    """The generated nation in a new programme, and its first snapshot."""
    programmes.make(job.folder / _FOLDER)
    drafts = _drafts(job.products)
    while portion := list(islice(drafts, _PORTION)):
        write_drafts(portion, actor=programmes.WRITER, reason="bench")
    snapshot()
    return []


def balance(job: Job) -> list[Measure]:
    """The first balance of a programme that has none yet."""
    programmes.use(job.folder / _FOLDER)
    work = f"programme of {job.products:,} products: first balance"
    taken = seconds(lambda: _balanced(asks_once=True))
    return [
        Measure(work=work, unit="s", value=taken, note="every block is worked out"),
        Measure(work=f"{work}, peak memory", unit="MiB", value=peak_memory_mib(), budget=MOST_MIB),
    ]


def command(job: Job) -> list[Measure]:
    """One more report, then the balance by the command line, the start of its process included."""
    folder = programmes.use(job.folder / _FOLDER)
    write_drafts(_reports(1), actor=programmes.WRITER, reason="bench")
    asked = ["--programme", str(folder), "balance", "--from", str(_FIRST), "--to", str(_LAST)]
    line = [sys.executable, "-m", "clearland.cli.main", *asked]
    taken = seconds(lambda: subprocess.run(line, check=True, capture_output=True))  # noqa: S603
    return [Measure(work="one new report, balance by a command", unit="s", value=taken, budget=MOST_COMMAND_S)]


def running(job: Job) -> list[Measure]:
    """The same in a process that has balanced before, the best of three."""
    programmes.use(job.folder / _FOLDER)
    _balanced(asks_once=False)
    taken = min(seconds(partial(_after, report)) for report in _reports(4)[1:])
    return [
        Measure(work="one new report, balance in the running server", unit="ms", value=taken * 1e3, budget=MOST_RUNNING_MS,
                note="commit included"),
    ]  # fmt: skip


def _after(report: Draft) -> None:
    write_drafts([report], actor=programmes.WRITER, reason="bench")
    _balanced(asks_once=False)


def _balanced(*, asks_once: bool) -> None:
    land_balance(snapshot(), period_from=_FIRST, period_to=_LAST, asks_once=asks_once)


def _reports(number: int) -> list[Draft]:
    """Released polygons that come later, on ground like that of the others."""
    return [
        _released(replace(product, id=f"new {product.id}", local_id=f"SYNTHETIC-NEW-{product.id}", hazards=frozenset()))
        for product in nation(1_000, SEED + 1).products[:number]
    ]


def _drafts(products: int) -> Iterator[Draft]:
    country = nation(products, SEED)
    yield from (_identified(hazard) for hazard in country.hazards)
    yield from (_released(product) for product in country.products)


def _identified(hazard: Hazard) -> Draft:
    first = hazard.versions[0]
    return Draft(
        record=record_id("bench", f"land {hazard.id}"), kind="hazard", local_id=hazard.local_id, geometry=first.geometry,
        attributes={
            "name": hazard.local_id, "area_type": first.area_type, "status": "open",
            "contamination": sorted(first.contamination), "identified_on": str(hazard.identified_on),
            "required_depth_cm": "15", "district": first.place, "organisation": hazard.organisation,
        },
    )  # fmt: skip


def _released(product: Product) -> Draft:
    named = tuple(record_id("bench", f"land {name}") for name in sorted(product.hazards))
    return Draft(
        record=record_id("bench", f"land {product.id}"), kind="land_release", local_id=product.local_id,
        geometry=product.geometry, links={"hazards": named} if named else {},
        attributes={
            "product_type": product.product_type, "release_date": str(product.ended), "targets": sorted(product.targets),
            "depth_cm": str(int(product.depth_cm or 0)), "qc_state": product.qc_state, "organisation": product.organisation,
            "district": product.place,
        },
    )  # fmt: skip
