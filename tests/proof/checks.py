"""What is proved at full size: each check returns a sentence with its numbers, or raises AssertionError."""

import random
import resource
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from clearland.core.errors import ClearlandError
from clearland.land.partition import Partition, partition
from clearland.ledger.rebuild import rebuild
from clearland.ledger.rows import head
from clearland.ledger.snapshot import snapshot
from clearland.ledger.verify import verify
from clearland.work import quarantine
from clearland.work.add import AddOptions, add_file
from clearland.work.bench import programmes
from clearland.work.bench.land_postgis import released_m2
from clearland.work.bench.measure import SEED
from clearland.work.bench.nation import nation
from clearland.work.bench.records import MAPPING, write_sheet
from clearland.work.demonstration.build import build
from tests.proof.defects import seeded_defects_come_back
from tests.proof.documents import BROKEN, write_long, write_many

MOST_GAP_M2 = 1.0
MOST_ORDER_M2 = 1e-3
LEAST_PAGES_S = 20
FULL_SIZE = 1_000_000


def two_demonstrations_have_one_head(folder: Path, size: int) -> str:
    """The demonstration is built twice from the same examples."""
    first, second = build(folder / "demonstration-1"), build(folder / "demonstration-2")
    assert first == second
    return f"both builds end on {first[:16]}…"


def a_sheet_is_taken_whole_and_once(folder: Path, size: int) -> str:
    """A generated sheet through mapping, checks and ledger; the same sheet again writes nothing."""
    sheet, mapping = folder / "finds.csv", folder / "finds.yaml"
    write_sheet(size, sheet)
    mapping.write_text(MAPPING, encoding="utf-8")
    programmes.make(folder / "sheet")
    options = AddOptions(mapping=mapping, publisher="Proof")
    first = add_file(sheet, options, actor=programmes.WRITER).receipt
    before = head()
    again = add_file(sheet, options, actor=programmes.WRITER).receipt
    assert (first.new, again.new, again.changed, again.unchanged) == (size, 0, 0, size)
    assert head() == before
    return f"{first.new:,} rows became records; of the same file again none"


def the_book_is_proved_and_rebuilt(folder: Path, size: int) -> str:
    """Every digest, the chain and every projection of the sheet's programme, before and after a rebuild from entries."""
    programmes.use(folder / "sheet")
    before = verify()
    assert before.ok, before.findings[:3]
    records = rebuild()
    after = verify()
    assert after.ok, after.findings[:3]
    assert after.head == before.head
    return f"{before.entries:,} entries in {before.commits:,} commits; {records:,} records rebuilt to the same projections"


def sums_agree_with_rows(folder: Path, size: int) -> str:
    """The snapshot's count and sum against the sheet that was generated, today and as known the day before it came."""
    programmes.use(folder / "sheet")
    now = snapshot().sql("SELECT count(*) AS n FROM ordnance").to_pylist()[0]["n"]
    before = snapshot(as_known=date(2026, 1, 1)).sql("SELECT count(*) AS n FROM ordnance").to_pylist()[0]["n"]
    assert (now, before) == (size, 0)
    return f"{now:,} finds known today, {before} before the sheet came"


def every_square_metre_is_counted_once(folder: Path, size: int) -> str:
    """What the cutting loses or gains per hazard, and the same nation handed over in another order."""
    country = nation(size, SEED)
    cut = partition(country.hazards, country.products, threads=2)
    residual = float(np.abs(cut.residual_m2).max())
    assert residual <= MOST_GAP_M2
    shuffled = random.Random(SEED)
    hazards, products = list(country.hazards), list(country.products)
    shuffled.shuffle(hazards)
    shuffled.shuffle(products)
    moved = float(np.abs(_by_hazard(partition(hazards, products)) - _by_hazard(cut)).max())
    assert moved <= MOST_ORDER_M2
    return (
        f"{len(hazards):,} hazards, {len(products):,} products: largest gap {residual:.1e} m²; "
        f"in another order and one thread the released ground of a hazard moves by at most {moved:.1e} m²"
    )


def _by_hazard(cut: Partition) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Released m² in the order of the hazards' ids."""
    order = np.argsort([hazard.id for hazard in cut.register.hazards])
    return released_m2(cut)[order]


def documents_of_any_number_and_length_go_through(folder: Path, size: int) -> str:
    """One long document (a page per 500 rows) and many of one page (one per 100 rows), four of them broken: claims are kept,
    what is broken lies in quarantine, at 20 pages a second or more of computing time and within 1 GiB."""
    programmes.make(folder / "documents")
    long_pages, many = max(2, size // 500), max(4, size // 100)
    write_long(folder / "long.txt", long_pages)
    files = [folder / "long.txt", *write_many(folder / "many", many)]
    refused, start = 0, time.process_time()
    for path in files:
        try:
            add_file(path, AddOptions(publisher="Proof"), actor=programmes.WRITER)
        except ClearlandError as error:
            refused += quarantine.keep(path, error) is not None
    pace = (long_pages + many) / (time.process_time() - start)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert refused == len(quarantine.listed()) == len(BROKEN)
    assert size < FULL_SIZE or pace >= LEAST_PAGES_S, f"{pace:.1f} pages/s"
    return f"{long_pages:,} pages in one document and {many:,} documents: {pace:.0f} pages/s, peak {peak_mib:,.0f} MiB so far"


CHECKS: tuple[Callable[[Path, int], str], ...] = (
    two_demonstrations_have_one_head, a_sheet_is_taken_whole_and_once, the_book_is_proved_and_rebuilt, sums_agree_with_rows,
    every_square_metre_is_counted_once, documents_of_any_number_and_length_go_through, seeded_defects_come_back,
)  # fmt: skip
