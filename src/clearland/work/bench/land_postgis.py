"""Land: the same attribution as one PostGIS statement, the best that could be written, and where the results differ.

The statement is given projected polygons in the order of credit. It leaves out what only `land` does: whose ground it is
where hazards overlap or were redrawn. So the square metres are compared on hazards that stand alone.
"""

from typing import LiteralString

import numpy as np
import psycopg
import shapely

from clearland.land.area import Floats
from clearland.land.columns import Ints
from clearland.land.credit import STRENGTH
from clearland.land.ownership import ALL
from clearland.land.partition import Partition
from clearland.land.records import Flags, Line
from clearland.land.register import Register
from clearland.work.bench import postgres
from clearland.work.bench.land import cut_of
from clearland.work.bench.measure import SEED, Job, Measure, seconds
from clearland.work.bench.nation import nation
from clearland.work.bench.nation_rows import hazard_rows, product_rows

LEAST_RATIO = 2.0
_RELEASED = (Line.CANCELLED, Line.REDUCED, Line.CLEARED)
_MOST_DIFFERENCE_M2 = 1.0
_TABLES: LiteralString = """
    CREATE UNLOGGED TABLE hazard (id int, identified int, codes int, depth_cm float8, geom geometry);
    CREATE UNLOGGED TABLE product (
        turn int, named int, ended int, codes int, failed boolean, cleared boolean, depth_cm float8, geom geometry)"""
_INDEXES: LiteralString = """
    CREATE INDEX ON hazard USING gist (geom); CREATE INDEX ON product USING gist (geom); ANALYZE hazard; ANALYZE product"""
QUERY: LiteralString = """
CREATE UNLOGGED TABLE released AS
SELECT h.id AS hazard, p.turn AS product,
       ST_Area(CASE WHEN earlier.ground IS NULL THEN covered.ground
                    ELSE ST_Difference(covered.ground, earlier.ground) END) AS area_m2
FROM hazard h
JOIN product p ON ST_Intersects(h.geom, p.geom)
 AND (p.named = h.id OR p.codes & h.codes <> 0) AND p.ended >= h.identified AND NOT p.failed
 AND (NOT p.cleared OR p.depth_cm >= h.depth_cm)
CROSS JOIN LATERAL (
    SELECT CASE WHEN ST_CoveredBy(p.geom, h.geom) THEN p.geom ELSE ST_Intersection(p.geom, h.geom) END AS ground
) covered
CROSS JOIN LATERAL (
    SELECT ST_Union(q.geom) AS ground
    FROM product q
    WHERE q.geom && covered.ground AND q.turn < p.turn
      AND (q.named = h.id OR q.codes & h.codes <> 0) AND q.ended >= h.identified AND NOT q.failed
      AND (NOT q.cleared OR q.depth_cm >= h.depth_cm)
) earlier"""


def measure(job: Job) -> list[Measure]:
    """The attribution in two threads beside the statement in two parallel workers, and the largest difference per hazard."""
    work = "land against PostGIS"
    if not job.postgres:
        return [Measure(work=work, unit="s", note="no PostGIS")]
    country = nation(job.products, SEED)
    made: list[Partition] = []
    hazards, products = hazard_rows(country.hazards), product_rows(country.products)
    ours = seconds(lambda: made.append(cut_of(hazards, products)))
    book = made[0].register
    with psycopg.connect(postgres.new_database(job.postgres, "bench_land"), autocommit=True) as connection:
        _load(connection, book)
        connection.execute("SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0")
        peer = seconds(lambda: connection.execute(QUERY))
        found = connection.execute("SELECT hazard, sum(area_m2) FROM released GROUP BY hazard").fetchall()
    theirs = np.zeros(len(book.hazards))
    if found:
        theirs[[row[0] for row in found]] = [row[1] for row in found]
    alone = hazards_alone(book)
    difference = np.abs(released_m2(made[0]) - theirs)[alone]
    return [
        Measure(
            work=work, unit="s", value=ours, peer="PostGIS, correlated union of earlier products", peer_value=peer,
            least_ratio=LEAST_RATIO, note="the statement is printed with --query",
        ),
        Measure(
            work="land: largest difference to PostGIS", unit="m² per hazard", value=float(difference.max(initial=0)),
            budget=_MOST_DIFFERENCE_M2, note=f"{int(alone.sum()):,} hazards that stand alone",
        ),
    ]  # fmt: skip


def released_m2(cut: Partition) -> Floats:
    """Net m² released per hazard position, each m² once over all types."""
    moves = cut.moves
    counted = (moves.view == ALL) & np.isin(moves.line, _RELEASED)
    total = np.zeros(len(cut.register.hazards))
    np.add.at(total, moves.giver[counted], moves.area_m2[counted])
    return total


def hazards_alone(book: Register) -> Flags:
    """Whether each hazard has one version and meets no other hazard."""
    left, right = shapely.STRtree(book.extent).query(book.extent, predicate="intersects")
    alone: Flags = np.diff(book.start) == 1
    alone[left[left != right]] = False
    return alone


def _load(connection: psycopg.Connection, book: Register) -> None:
    first: Ints = book.start[:-1]
    versions, position = book.versions, book.position
    connection.execute(_TABLES)
    hazards = zip(
        range(len(book.hazards)), versions.day[first].tolist(), versions.codes[first].tolist(),
        versions.depth_cm[first].tolist(), shapely.to_wkb(book.extent, hex=True), strict=True,
    )  # fmt: skip
    products = zip(
        range(len(book.products)), [position[next(iter(product.hazards))] for product in book.products],
        book.ended.tolist(), book.product_codes.tolist(), book.failed_qc.tolist(),
        (book.strength == STRENGTH["cleared"]).tolist(), book.depth_cm.tolist(),
        shapely.to_wkb(book.product_shape, hex=True), strict=True,
    )  # fmt: skip
    with connection.cursor() as cursor:
        for table, rows in (("hazard", hazards), ("product", products)):
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    connection.execute(_INDEXES)
