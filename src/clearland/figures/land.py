"""From a snapshot to what `land` balances: hazards through time, released polygons, returns; and the partition, kept.

A hazard's versions in the world come from its versions in the ledger (`land_columns.hazards_from`).
"""

import threading
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from clearland.core.partial_dates import PartialDate
from clearland.figures.duplicates import named_with_mates, told_again
from clearland.figures.editions import Edition, newest_before
from clearland.figures.land_cluster import Spread, balance_sums, workers
from clearland.figures.land_columns import hazards_from, products_from
from clearland.figures.pieces import MOST_IN_A_BLOCK
from clearland.land.balance import BalanceResult, Published, balance, balance_of, question_of
from clearland.land.blocks import MOST_PRODUCTS
from clearland.land.districts import official_on
from clearland.land.given import Hazards, Products
from clearland.land.incremental import revise
from clearland.land.model import District, ReportedReturn, Settings
from clearland.land.partition import Partition, partition
from clearland.land.projection import Projection
from clearland.land.summary import Question
from clearland.ledger.snapshot import Snapshot

# The tables that a partition is read from.
GROUND_KINDS = ("hazard", "land_release", "place", "programme", "record_match", "source")
_KEPT = 4
MOST_AT_ONCE = 250_000  # more products are cut in blocks, so that memory stays small; then no partition is kept
FEWEST_ON_DISK = 20_000  # fewer are cut sooner than their blocks are found
_partitions: dict[tuple[Path, str, str], Partition] = {}  # folder of snapshots, snapshot, edition
_lock = threading.Lock()


def _partial(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def hazards(snapshot: Snapshot, entries: Collection[str] | None = None) -> Hazards:
    """Every hazard that counts on the snapshot's date, with its versions oldest first. Geometry in EPSG:4326.

    With `entries`, what an edition rested on instead: the versions of exactly these entries.
    """
    return hazards_from(hazard_rows(snapshot, entries))


def hazard_rows(snapshot: Snapshot, entries: Collection[str] | None = None) -> pa.Table:
    """The rows of `hazards`, as `land_columns.hazards_from` reads them.

    A hazard without an outline that another record tells already is left out: what was reported of it counts once.
    """
    rows = snapshot.sql(
        f"""SELECT h.record, h.entry, h.local_id, h.organisation, h.place, h.area_type, h.contamination, h.identified_on,
                  h.changed_on, h.change_reason, h.required_depth_cm, h.area_reported_m2, h.parent_hazard, h.geometry,
                  CAST(s.published AS VARCHAR) AS published, CAST(s.received AS VARCHAR) AS received
           FROM hazard_history h {_counting("hazard", entries)} LEFT JOIN source s ON s.sha256 = h.source
           ORDER BY h.record, h.known_from, h.revision""",
        _parameters(entries),
    )
    again = told_again(snapshot, "hazard") if entries is None else {}
    if not again:
        return rows
    drawn = set(rows.filter(pc.is_valid(rows["geometry"]))["record"].to_pylist())
    left_out = [record for record in again if record not in drawn]
    return rows.filter(pc.invert(pc.is_in(rows["record"], value_set=pa.array(left_out, type=pa.string()))))


def _shape(wkb: bytes | None) -> Any:
    return shapely.from_wkb(wkb) if wkb is not None else None


def _counting(kind: str, entries: Collection[str] | None) -> str:
    """The join that leaves of a history `h` the records that count, or the entries given."""
    if entries is None:
        return f"SEMI JOIN {kind} now ON now.record = h.record"
    return "SEMI JOIN (SELECT unnest(CAST(? AS VARCHAR[])) AS entry) frozen ON frozen.entry = h.entry"


def _parameters(entries: Collection[str] | None) -> list[object]:
    return [] if entries is None else [list(entries)]


def entries_behind(snapshot: Snapshot) -> dict[str, list[str]]:
    """Per kind the entries that the partition of a snapshot rests on, sorted: what an edition keeps."""
    wanted = {"hazard": f"SELECT entry FROM hazard_history h {_counting('hazard', None)} ORDER BY entry",
              "land_release": "SELECT entry FROM land_release ORDER BY entry"}  # fmt: skip
    return {kind: snapshot.sql(query)["entry"].to_pylist() for kind, query in wanted.items()}


def products(snapshot: Snapshot, entries: Collection[str] | None = None) -> Products:
    """Every released polygon that counts on the snapshot's date, or those of the given entries."""
    return products_from(product_rows(snapshot, entries))


def product_rows(snapshot: Snapshot, entries: Collection[str] | None = None) -> pa.Table:
    """The rows of `products`, as `land_columns.products_from` reads them."""
    source = "land_release h" if entries is None else f"land_release_history h {_counting('land_release', entries)}"
    rows = snapshot.sql(
        f"""SELECT h.record, h.entry, h.local_id, h.product_type, h.release_date, h.geometry, h.hazards, h.targets, h.depth_cm,
                  h.qc_state, h.organisation, h.donor, h.method, h.activity, h.place, h.area_reported_m2
           FROM {source} ORDER BY h.record""",
        _parameters(entries),
    )
    return named_with_mates(snapshot, rows)


def returns(snapshot: Snapshot) -> list[ReportedReturn]:
    """Every return with areas but no polygons; operators and places stay joint where the return does not split them."""
    made = []
    for row in snapshot.sql("SELECT * FROM activity_report ORDER BY record").to_pylist():
        areas = [row[name] or 0.0 for name in ("cancelled_m2", "reduced_m2", "cleared_m2", "released_method_not_said_m2")]
        if not any(areas):
            continue
        named = row["hazards"] or []
        made.append(ReportedReturn(
            id=row["record"], period_from=PartialDate.of(row["period_from"]), period_to=PartialDate.of(row["period_to"]),
            operators=_several(row["organisation"], row["organisations"]), places=_several(row["place"], row["districts"]),
            contamination=frozenset(row["contamination"] or ()), hazard=named[0] if len(named) == 1 else None,
            cancelled_m2=areas[0], reduced_m2=areas[1], cleared_m2=areas[2], released_method_not_said_m2=areas[3],
        ))  # fmt: skip
    return made


def _several(one: str | None, many: Iterable[str] | None) -> frozenset[str]:
    return frozenset([*([one] if one else []), *(many or ())])


def settings(snapshot: Snapshot) -> Settings:
    """The programme's own centre of measurement, where it has stated one, and the district boundaries in force."""
    stated = snapshot.sql("SELECT centre_lon, centre_lat FROM programme ORDER BY known_from DESC LIMIT 1").to_pylist()
    if not stated or stated[0]["centre_lon"] is None or stated[0]["centre_lat"] is None:
        return Settings(districts=districts(snapshot))
    return Settings(projection=Projection(stated[0]["centre_lon"], stated[0]["centre_lat"]), districts=districts(snapshot))


def districts(snapshot: Snapshot) -> tuple[District, ...]:
    """Boundaries marked official on the snapshot's date, of the finest level that has any; none: stored districts stand."""
    rows = snapshot.sql(
        """SELECT code, official_from, official_to, geometry, place_type FROM place
           WHERE place_type IN ('admin1', 'admin2') AND official_from IS NOT NULL AND geometry IS NOT NULL ORDER BY code"""
    ).to_pylist()
    for level in ("admin2", "admin1"):
        bounds = [
            District(
                code=row["code"], geometry=_shape(row["geometry"]), official_from=_partial(row["official_from"]),
                official_to=_partial(row["official_to"]),
            )
            for row in rows
            if row["place_type"] == level and _shape(row["geometry"]).geom_type in ("Polygon", "MultiPolygon")
        ]  # fmt: skip
        if official := official_on(bounds, snapshot.as_known or datetime.now(UTC).date()):
            return official
    return ()


def ground(snapshot: Snapshot) -> Partition:
    """The partition of a snapshot, computed once per process: snapshots never change.

    Where one of the same programme is at hand, only the ground that changed between the two is worked out again.
    """
    return _kept(snapshot, "", lambda: (hazards(snapshot), products(snapshot)))


def ground_of(snapshot: Snapshot, edition: Edition) -> Partition:
    """The partition an edition rested on, cut again from its own entries and measured as the snapshot is."""
    return _kept(
        snapshot, edition.file,
        lambda: (hazards(snapshot, edition.hazard_entries), products(snapshot, edition.release_entries)),
    )  # fmt: skip


def _kept(snapshot: Snapshot, edition: str, read: Callable[[], tuple[Hazards, Products]]) -> Partition:
    key = (snapshot.folder.parent, snapshot.folder.name, edition)
    with _lock:
        if key in _partitions:
            return _partitions[key]
        before = next((cut for known, cut in reversed(_partitions.items()) if known[0] == key[0]), None)
    drawn, released = read()
    if before is None:
        made = partition(drawn, released, settings(snapshot), threads=2)
    else:
        made = revise(before, drawn, released, settings(snapshot), threads=2)
    with _lock:
        while len(_partitions) >= _KEPT:
            del _partitions[next(iter(_partitions))]
        return _partitions.setdefault(key, made)


def land_balance(
    snapshot: Snapshot, *, period_from: date, period_to: date, by: Collection[str] = ("type", "class"),
    as_published: bool = True, asks_once: bool = False,
) -> BalanceResult:
    """The balance of a closed period as known on the snapshot's date. Raises ClearlandError E-LAND-PERIOD, E-LAND-BY.

    With an edition published for the time before, opening is as published there and what has come to light since
    stands in `adjustments`; `as_published=False` balances what is known now alone. A process that `asks_once` keeps no
    partition: it takes from disk what earlier processes worked out of the same ground.
    """
    edition = newest_before(snapshot, period_from) if as_published else None
    most = FEWEST_ON_DISK if asks_once else MOST_AT_ONCE
    if snapshot.sql("SELECT count(*) AS n FROM land_release")["n"][0].as_py() > most:
        question = question_of(period_from, period_to, by, edition.period_to if edition else None)
        return _in_blocks(snapshot, None, question, edition, MOST_IN_A_BLOCK)
    cut = ground(snapshot)
    return balance(
        cut.register.hazards, cut.register.products, returns(snapshot), period_from=period_from, period_to=period_to, by=by,
        settings=cut.register.settings, cut=cut,
        published=Published(cut=ground_of(snapshot, edition), period_to=edition.period_to) if edition else None,
    )  # fmt: skip


def land_balance_on(
    cluster: str, snapshot: Snapshot, *, period_from: date, period_to: date, by: Collection[str] = ("type", "class"),
    most: int = MOST_PRODUCTS,
) -> BalanceResult:
    """The same balance, cut by the workers of a Dask scheduler (`tcp://host:port`) in blocks of at most `most` products.

    Raises ClearlandError E-CLUSTER-… where they cannot be reached or do not finish.
    """
    edition = newest_before(snapshot, period_from)
    question = question_of(period_from, period_to, by, edition.period_to if edition else None)
    with workers(cluster) as client:
        return _in_blocks(snapshot, client, question, edition, most)


def _in_blocks(
    snapshot: Snapshot, client: Any | None, question: Question, edition: Edition | None, most: int
) -> BalanceResult:
    folder = snapshot.folder.parent.parent
    known = Spread(folder, hazard_rows(snapshot), product_rows(snapshot), settings(snapshot), most)
    now, sums = balance_sums(known, client, question)
    then = None
    if edition:
        rows = hazard_rows(snapshot, edition.hazard_entries), product_rows(snapshot, edition.release_entries)
        then, _ = balance_sums(Spread(folder, *rows, known.settings, most), client, question)
    return balance_of(question, now, known.reported(sums, returns(snapshot)), then=then)
