"""A file of odd outlines through `add`, and its union, released and remaining ground against PostGIS on the spheroid.

PostGIS is given the outlines as the programme holds them after repair; it unites and cuts them in degrees and measures
with geodesics. So it shares neither plane, nor overlay, nor measure with what it is compared with.
"""

from collections import Counter
from datetime import date

import psycopg

from clearland.core.errors import Finding
from clearland.figures.land import land_balance
from clearland.land.rows import EVERY
from clearland.ledger.scope import Actor
from clearland.ledger.snapshot import snapshot
from clearland.work.add import AddOptions, add_file
from clearland.work.bench import odd_outlines, postgres, programmes
from clearland.work.bench.measure import Job, Measure
from clearland.work.bench.odd_outlines import Files

_AREAS = """
    WITH dangerous AS (SELECT ST_Union(geom) AS geom FROM given WHERE kind = 'hazard'),
         worked AS (SELECT ST_Union(geom) AS geom FROM given WHERE kind = 'land_release')
    SELECT ST_Area(dangerous.geom::geography, true), ST_Area(ST_Intersection(dangerous.geom, worked.geom)::geography, true),
           ST_Area(ST_Difference(dangerous.geom, worked.geom)::geography, true)
    FROM dangerous, worked"""
MOST_POLYGONS = 10_000
MOST_DIFFERENCE = 1e-6
MEASURES = ("identified", "released", "remaining")
Areas = dict[str, float]


def measure(job: Job) -> list[Measure]:
    """Ten thousand odd outlines (fewer where the bench is smaller): the largest difference, and what was repaired."""
    work = "land: odd outlines against PostGIS on the spheroid"
    if not job.postgres:
        return [Measure(work=work, unit="relative", note="no PostGIS")]
    folder = job.folder / "odd-outlines"
    folder.mkdir()
    programmes.make(folder / "programme")
    count = min(job.products, MOST_POLYGONS)
    findings = take_in(odd_outlines.write(folder, count), programmes.WRITER)
    found = largest_difference(by_balance(), by_postgis(postgres.new_database(job.postgres, "bench_odd")))
    note = f"{count:,} outlines; {repairs(findings)}"
    return [Measure(work=work, unit="relative", value=found, budget=MOST_DIFFERENCE, note=note)]


def take_in(files: Files, actor: Actor) -> list[Finding]:
    """Both files, each by its mapping alone. Raises RefusedInput. Returns every finding, repairs among them."""
    findings: list[Finding] = []
    for path, mapping in ((files.hazards, files.hazard_mapping), (files.released, files.released_mapping)):
        findings += add_file(path, AddOptions(mapping=mapping, publisher="Synthetic"), actor=actor).findings
    return findings


def repairs(findings: list[Finding]) -> str:
    """How often each code was found, as a line of text."""
    counted = Counter(finding.code for finding in findings)
    return ", ".join(f"{code} {count:,}" for code, count in sorted(counted.items()))


def by_balance() -> Areas:
    """Square metres of the row *all* of a balance over all time."""
    row = land_balance(snapshot(), period_from=date(1990, 1, 1), period_to=date(2090, 1, 1), by=()).row(type=EVERY)
    return {"identified": row["newly_identified"], "released": row.released_m2, "remaining": row.closing_m2 or 0.0}


def by_postgis(url: str) -> Areas:
    """The same of the outlines that count, measured by PostGIS on the spheroid of WGS 84."""
    shot = snapshot()
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE given (kind text, geom geometry(Geometry, 4326))")
        for kind in ("hazard", "land_release"):
            shapes = shot.sql(f"SELECT geometry FROM {kind} WHERE geometry IS NOT NULL")["geometry"].to_pylist()
            cursor.executemany(
                "INSERT INTO given VALUES (%s, ST_SetSRID(ST_GeomFromWKB(%s), 4326))", [(kind, shape) for shape in shapes]
            )
        row = cursor.execute(_AREAS).fetchone()
    assert row is not None  # two aggregates always give one row
    return dict(zip(MEASURES, row, strict=True))


def largest_difference(ours: Areas, theirs: Areas) -> float:
    """The largest relative difference of any measure."""
    return max(abs(ours[name] - theirs[name]) / theirs[name] for name in MEASURES)


