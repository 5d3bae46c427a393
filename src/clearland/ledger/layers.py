"""The layers of a programme: one typed SQL view per kind, which QGIS and pyogrio open as it stands (design section 4).

On SQLite the file is a GeoPackage (`gpkg`), each view is registered in it, and R-trees answer for boxes (`rtree`). On
PostgreSQL the same views stand in the schema, with GiST below. All of it is derived: `install` makes it from the
dictionary after each migration and each change of an overlay, `uninstall` takes the views away before a migration,
since a table under a view cannot be altered.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from clearland.dictionary.model import Dictionary, Kind
from clearland.ledger import gpkg, layer_views, rtree
from clearland.ledger.rtree import records_in_bbox, versions_in_bbox

__all__ = ["MARK", "index", "install", "records_in_bbox", "reindex", "title", "uninstall", "versions_in_bbox"]

MARK = "RESTRICTED"
_POSTGRES_COMMENT = "Clearland layer"


def title(kind: Kind, marks: Sequence[str]) -> str:
    """What a GIS shows: the programme file is restricted as a whole, so every layer says so (design section 13)."""
    return " · ".join((kind.plural_label("en"), *marks))


def install(connection: Any, dictionary: Dictionary, marks: Sequence[str] = (MARK,)) -> None:
    """Makes views, registrations and indexes anew for the kinds of a dictionary. Idempotent, in one transaction.

    `marks` stand in every layer's title. Raises ClearlandError E-LAYER-NAME when a kind is named like a table.
    """
    selects = {kind.name: (kind, layer_views.view_sql(kind, connection.vendor)) for kind in dictionary.layers()}
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _drop_views(connection.vendor, cursor)
        if connection.vendor == "sqlite":
            _install_sqlite(cursor, selects, marks)
        else:
            _install_postgres(cursor, selects)


def _install_sqlite(cursor: Any, selects: dict[str, tuple[Kind, str]], marks: Sequence[str]) -> None:
    gpkg.install(cursor)
    gpkg.unregister_all(cursor)
    cursor.execute(layer_views.TYPE_TABLE)
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


def index(cursor: Any, rows: Sequence[rtree.Indexed]) -> None:
    """Called by the write path in its transaction with the records that show a new state; GiST needs no such call."""
    if cursor.db.vendor == "sqlite":
        rtree.index(cursor, rows)


def reindex(cursor: Any) -> None:
    """After records and versions were rebuilt: the R-trees and bounds from nothing."""
    if cursor.db.vendor == "sqlite":
        rtree.refill(cursor)
