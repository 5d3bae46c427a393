"""R-trees of the programme file: `rtree_<kind>_geom` for the layers, `version_bbox` for the map as known on a date.

A layer's R-tree is keyed by `record.fid` and bears the name that GeoPackage gives it (annex F.3): GDAL ignores any
other. `version_bbox` is keyed by `version.id` and holds only versions whose box is not that of their record: a bulk
load, in which every record has one version, fills one R-tree and not two. All keep 32-bit floats rounded outwards, so
they find a little more than asked for and never less; who needs it exact compares the box or the geometry. PostgreSQL
has GiST instead: on every record, and on the versions that are not what their record shows.
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from typing import Any

import numpy as np
from django.db import connections
from django.db.models.expressions import RawSQL

from clearland.ledger import gpkg, rtree_pack
from clearland.ledger.projections import ChangedRow, Shown
from clearland.ledger.store import ALIAS
from clearland.ledger.workflow import SETTLED

BoundingBox = tuple[float, float, float, float]
VERSION_BBOX = "version_bbox"
# The names of annex F.3, by which GDAL asks.
_COLUMNS = "id, minx, maxx, miny, maxy"
_MEETS = "minx <= %s AND maxx >= %s AND miny <= %s AND maxy >= %s"
_BOX_MEETS = "kind = %s AND geometry && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
# The few rows after a key: SQLite, which is not told how many these are, would walk an index of all of a kind.
_BY_KEY = "NOT INDEXED"
# One box inserted costs as much as ten that are packed.
_LEAST_PACKED = 1_000
_WORTH_PACKING = 8
_READ_AT_ONCE = 20_000
_SETTLED = ", ".join(f"'{state}'" for state in sorted(SETTLED))
# A settled version that still holds is what its record shows, and is found there.
_NOT_SHOWN = f"(known_to IS NOT NULL OR state NOT IN ({_SETTLED}))"


def layer_tree(kind: str) -> str:
    """The name of the R-tree of a kind's layer."""
    return f"rtree_{kind}_{gpkg.GEOMETRY_COLUMN}"


def install(cursor: Any, kinds: Iterable[str]) -> None:
    """Makes the R-trees that are missing, drops those of kinds that are gone, and fills what does not fit its table."""
    wanted = {layer_tree(kind): kind for kind in kinds}
    cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'rtree!_%%!_geom' ESCAPE '!' AND rootpage = 0", [])
    for (tree,) in cursor.fetchall():
        if tree not in wanted:
            cursor.execute(f'DROP TABLE "{tree}"')
    for tree, kind in wanted.items():
        cursor.execute(f'CREATE VIRTUAL TABLE IF NOT EXISTS "{tree}" USING rtree({_COLUMNS})')
        cursor.execute(f'SELECT (SELECT count(*) FROM "{tree}_rowid"), (SELECT count(*) FROM ({_records(kind)}))')
        held, needed = cursor.fetchone()
        if held != needed:
            _fill(cursor, tree, kind)
    cursor.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {VERSION_BBOX} USING rtree({_COLUMNS})")
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS layer_progress (last_version INTEGER NOT NULL, last_fid INTEGER NOT NULL)"
    )
    cursor.execute("SELECT 1 FROM layer_progress")
    if cursor.fetchone() is None:
        # What is there already counts as seen before, whatever its number of versions.
        cursor.execute("INSERT INTO layer_progress SELECT 0, coalesce(max(fid), 0) FROM record")
    _index_versions(cursor)


def _records(kind: str, found: str = "") -> str:
    return f"SELECT fid, min_x, max_x, min_y, max_y FROM record {found} WHERE kind = '{kind}' AND min_x IS NOT NULL"


def _fill(cursor: Any, tree: str, kind: str) -> None:
    cursor.execute(_records(kind))
    parts = [np.empty((0, 5))]
    while found := cursor.fetchmany(_READ_AT_ONCE):
        parts.append(np.array(found, dtype=np.float64))  # a key below 2^53 is exact in a double
    table = np.concatenate(parts)
    rtree_pack.fill(cursor, tree, table[:, 0].astype(np.int64), table[:, 1:])


def refill(cursor: Any) -> None:
    """Empties and fills every R-tree from `record` and `version`, after these were rebuilt."""
    for kind in gpkg.feature_layers(cursor):
        _fill(cursor, layer_tree(kind), kind)
    cursor.execute(f"DELETE FROM {VERSION_BBOX}")
    # Every record counts as seen before, whatever its number of versions.
    cursor.execute("UPDATE layer_progress SET last_version = 0, last_fid = (SELECT coalesce(max(fid), 0) FROM record)")
    _index_versions(cursor)


def _index_versions(cursor: Any) -> None:
    """Enters versions whose box is not their record's, for the records that were written again since the last time."""
    cursor.execute(
        f"""INSERT OR REPLACE INTO {VERSION_BBOX} ({_COLUMNS})
            SELECT v.id, v.min_x, v.max_x, v.min_y, v.max_y FROM version v JOIN record r ON r.fid = v.record_id
            WHERE v.min_x IS NOT NULL AND v.record_id IN (
                SELECT n.record_id FROM layer_progress p CROSS JOIN version n {_BY_KEY}
                WHERE n.id > p.last_version AND n.record_id <= p.last_fid)
              AND (r.min_x IS NULL OR v.min_x <> r.min_x OR v.min_y <> r.min_y OR v.max_x <> r.max_x
                   OR v.max_y <> r.max_y)"""
    )
    cursor.execute(
        """UPDATE layer_progress SET last_version = (SELECT coalesce(max(id), 0) FROM version),
                  last_fid = (SELECT coalesce(max(fid), 0) FROM record)"""
    )


def index(cursor: Any, shown: Shown) -> None:
    """Brings the R-trees and the layers' bounds up to date with records just written, in the writer's transaction."""
    with_geometry = gpkg.feature_layers(cursor)
    if shown.first_fid is not None:
        _index_new(cursor, shown.first_fid, with_geometry)
    by_kind: dict[str, list[ChangedRow]] = defaultdict(list)
    for row in shown.changed:
        by_kind[row.kind].append(row)
    for kind, changed in by_kind.items():
        boxes = [(row.fid, row.bounds) for row in changed if row.bounds is not None]
        if kind in with_geometry:
            tree = layer_tree(kind)
            gone = [(row.fid,) for row in changed if row.bounds is None]
            cursor.executemany(f'DELETE FROM "{tree}" WHERE id = %s', gone)
            cursor.executemany(
                f'INSERT OR REPLACE INTO "{tree}" ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s)',
                [(fid, box[0], box[2], box[1], box[3]) for fid, box in boxes],
            )
        gpkg.touch(cursor, kind, [box for _, box in boxes])
    _index_versions(cursor)


def _index_new(cursor: Any, first_fid: int, with_geometry: Set[str]) -> None:
    """Enters the records from `first_fid` on, a small number one by one, a large one with the whole tree made anew."""
    cursor.execute(
        f"""SELECT kind, count(min_x), min(min_x), min(min_y), max(max_x), max(max_y) FROM record {_BY_KEY}
           WHERE fid >= %s GROUP BY kind""",
        [first_fid],
    )
    for kind, boxes, *box in cursor.fetchall():
        gpkg.touch(cursor, kind, [(box[0], box[1], box[2], box[3])] if boxes else [])
        if kind not in with_geometry or not boxes:
            continue
        tree = layer_tree(kind)
        if boxes >= _LEAST_PACKED and boxes * _WORTH_PACKING > _held(cursor, tree):
            _fill(cursor, tree, kind)
        else:
            cursor.execute(f'INSERT INTO "{tree}" {_records(kind, _BY_KEY)} AND fid >= %s', [first_fid])


def _held(cursor: Any, tree: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{tree}_rowid"')
    return int(cursor.fetchone()[0])


def install_gist(cursor: Any) -> None:
    """PostgreSQL: GiST over the geometry of records and versions. Idempotent."""
    cursor.execute('CREATE INDEX IF NOT EXISTS record_geometry_gist ON "record" USING gist (geometry)')
    cursor.execute(f'CREATE INDEX IF NOT EXISTS version_past_gist ON "version" USING gist (geometry) WHERE {_NOT_SHOWN}')


def records_in_bbox(kind: str, bbox: BoundingBox) -> RawSQL:
    """For `filter(fid__in=…)`: records of a kind whose box meets min x, min y, max x, max y (degrees) or nearly."""
    if connections[ALIAS].vendor == "postgresql":
        return RawSQL(f"SELECT fid FROM record WHERE {_BOX_MEETS}", (kind, *bbox))  # noqa: S611 -- constants
    return RawSQL(f'SELECT id FROM "{layer_tree(kind)}" WHERE {_MEETS}', _sides(bbox))  # noqa: S611 -- a kind of the dictionary


def versions_in_bbox(kind: str, bbox: BoundingBox) -> RawSQL:
    """For `filter(id__in=…)`: versions of a kind whose box meets min x, min y, max x, max y (degrees), and more.

    Beside the versions found it names those of records found by their present box: compare the version's own box, too.
    """
    if connections[ALIAS].vendor == "postgresql":
        return RawSQL(  # noqa: S611 -- constants
            f"""SELECT id FROM version WHERE record_id IN (SELECT fid FROM record WHERE {_BOX_MEETS})
                UNION SELECT id FROM version WHERE {_BOX_MEETS} AND {_NOT_SHOWN}""",
            (kind, *bbox, kind, *bbox),
        )
    sides = _sides(bbox)
    return RawSQL(  # noqa: S611 -- as above
        f"""SELECT id FROM version WHERE record_id IN (SELECT id FROM "{layer_tree(kind)}" WHERE {_MEETS})
            UNION SELECT id FROM {VERSION_BBOX} WHERE {_MEETS}""",
        (*sides, *sides),
    )


def _sides(bbox: BoundingBox) -> tuple[float, float, float, float]:
    min_x, min_y, max_x, max_y = bbox
    return (max_x, min_x, max_y, min_y)
