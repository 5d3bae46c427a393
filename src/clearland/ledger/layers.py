"""The layers of a programme: one typed SQL view per kind, which QGIS and pyogrio open as it stands (design section 4).

On SQLite the file is a GeoPackage (`gpkg`), each view is registered in it, and R-trees answer for boxes (`rtree`). On
PostgreSQL the same views stand in the schema, with GiST below. All of it is derived: `install` makes it from the
dictionary after each migration and each change of an overlay, `uninstall` takes the views away before a migration,
since a table under a view cannot be altered.

Never open the programme's own file with pyogrio in a process that has it open: GDAL brings its own SQLite, and two of
them on one file in one process undo each other's POSIX locks (tried: a commit was lost). Another process is no danger.
"""

from collections.abc import Sequence, Set
from typing import Any

from django.db import transaction

from clearland.dictionary.model import Dictionary, Kind
from clearland.ledger import gpkg, layer_views, rtree, search_index
from clearland.ledger.projections import Shown
from clearland.ledger.rtree import records_in_bbox, versions_in_bbox

__all__ = ["MARK", "index", "install", "records_in_bbox", "reindex", "title", "uninstall", "versions_in_bbox"]

MARK = "RESTRICTED"
SYNTHETIC = "SYNTHETIC"
_POSTGRES_COMMENT = "Clearland layer"


def title(kind: Kind, marks: Sequence[str]) -> str:
    """What a GIS shows: the programme file is restricted as a whole, so every layer says so (design section 13)."""
    return " · ".join((kind.plural_label("en"), *marks))


def install(connection: Any, dictionary: Dictionary) -> None:
    """Makes views, registrations and indexes for the kinds of a dictionary. Idempotent, in one transaction.

    Raises ClearlandError E-LAYER-NAME when a kind is named like a table.
    """
    selects = {kind.name: (kind, layer_views.view_sql(kind, connection.vendor)) for kind in dictionary.layers()}
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _drop_views(connection.vendor, cursor)
        if connection.vendor == "sqlite":
            _install_sqlite(cursor, selects)
        else:
            _install_postgres(cursor, selects)
        search_index.install(cursor)


def _install_sqlite(cursor: Any, selects: dict[str, tuple[Kind, str]]) -> None:
    gpkg.install(cursor)
    gpkg.unregister_all(cursor)
    cursor.execute(layer_views.TYPE_TABLE)
    marks = _marks(cursor)
    titles: set[str] = set()
    for name, (kind, select) in selects.items():
        cursor.execute(f'CREATE VIEW "{name}" AS {select}')
        shown = title(kind, marks)
        shown = f"{shown} ({name})" if shown in titles else shown
        titles.add(shown)
        gpkg.register(cursor, name, shown, kind.definition, with_geometry=kind.geometry != "none")
    rtree.install(cursor, [name for name, (kind, _) in selects.items() if kind.geometry != "none"])


def _install_postgres(cursor: Any, selects: dict[str, tuple[Kind, str]]) -> None:
    rtree.install_gist(cursor)
    for name, (_, select) in selects.items():
        cursor.execute(f'CREATE VIEW "{name}" AS {select}')
        cursor.execute(f"""COMMENT ON VIEW "{name}" IS '{_POSTGRES_COMMENT}'""")


def uninstall(connection: Any) -> None:
    """Takes the views away, so that a migration can alter the tables below them. Indexes and their content stay."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _drop_views(connection.vendor, cursor)


def _drop_views(vendor: str, cursor: Any) -> None:
    if vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
    else:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'v' AND pg_table_is_visible(oid)"
            " AND obj_description(oid, 'pg_class') = %s",
            [_POSTGRES_COMMENT],
        )
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP VIEW "{name}"')


def index(cursor: Any, shown: Shown, kinds: Set[str]) -> None:
    """Called by the write path in its transaction with the records that show a new state, and the kinds written.

    GiST needs no such call. A programme that says it is a demonstration gets SYNTHETIC into its layers' titles.
    """
    if cursor.db.vendor != "sqlite":
        return
    rtree.index(cursor, shown)
    if "programme" in kinds:
        gpkg.retitle(cursor, MARK, " · ".join(_marks(cursor)))


def _marks(cursor: Any) -> tuple[str, ...]:
    cursor.execute(
        "SELECT 1 FROM record WHERE kind = 'programme' AND state = 'approved' AND attributes ->> '$.demonstration' = 1"
    )
    return (MARK, SYNTHETIC) if cursor.fetchone() else (MARK,)


def reindex(cursor: Any) -> None:
    """After records, versions or passages were rebuilt: fills the R-trees, empties the search index."""
    if cursor.db.vendor == "sqlite":
        rtree.refill(cursor)
    search_index.reset(cursor)
