"""The generated nation as a snapshot would hold it: Arrow tables with the columns that `figures/land.py` asks for."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import shapely

from clearland.land.model import Hazard, Product

_TEXT, _TEXTS, _NUMBER = pa.string(), pa.list_(pa.string()), pa.float64()


def product_rows(products: Sequence[Product]) -> pa.Table:
    """One row per released polygon; geometry is WKB in EPSG:4326."""
    return _table(products, {
        "record": (_TEXT, lambda one: one.id), "entry": (_TEXT, lambda one: f"e-{one.id}"),
        "local_id": (_TEXT, lambda one: one.local_id), "product_type": (_TEXT, lambda one: one.product_type),
        "release_date": (_TEXT, lambda one: str(one.ended) if one.ended else None),
        "hazards": (_TEXTS, lambda one: sorted(one.hazards)), "targets": (_TEXTS, lambda one: sorted(one.targets)),
        "depth_cm": (_NUMBER, lambda one: one.depth_cm), "qc_state": (_TEXT, lambda one: one.qc_state),
        "organisation": (_TEXT, lambda one: one.organisation), "donor": (_TEXTS, lambda one: list(one.donors)),
        "method": (_TEXT, lambda one: one.method), "activity": (_TEXT, lambda one: one.activity),
        "place": (_TEXT, lambda one: one.place), "area_reported_m2": (_NUMBER, lambda one: one.area_reported_m2),
    }).append_column("geometry", _wkb([one.geometry for one in products]))  # fmt: skip


def hazard_rows(hazards: Sequence[Hazard]) -> pa.Table:
    """One row per version of a hazard, those of one hazard together."""
    states = [(hazard, number, version) for hazard in hazards for number, version in enumerate(hazard.versions)]
    return _table(states, {
        "record": (_TEXT, lambda one: one[0].id), "entry": (_TEXT, lambda one: f"e-{one[0].id}-{one[1]}"),
        "local_id": (_TEXT, lambda one: one[0].local_id), "organisation": (_TEXT, lambda one: one[0].organisation),
        "place": (_TEXT, lambda one: one[2].place), "area_type": (_TEXT, lambda one: one[2].area_type),
        "contamination": (_TEXTS, lambda one: sorted(one[2].contamination)),
        "identified_on": (_TEXT, lambda one: str(one[0].identified_on) if one[0].identified_on else None),
        "changed_on": (_TEXT, lambda one: str(one[2].valid_from) if one[2].valid_from else None),
        "change_reason": (_TEXT, lambda one: one[2].change_reason),
        "required_depth_cm": (_NUMBER, lambda one: one[2].required_depth_cm),
        "area_reported_m2": (_NUMBER, lambda one: one[2].area_reported_m2),
        "parent_hazard": (_TEXT, lambda one: one[0].parent), "published": (_TEXT, lambda one: None),
        "received": (_TEXT, lambda one: None),
    }).append_column("geometry", _wkb([one[2].geometry for one in states]))  # fmt: skip


def _table(rows: Sequence[Any], columns: dict[str, Any]) -> pa.Table:
    return pa.table({name: pa.array([read(row) for row in rows], type=type_) for name, (type_, read) in columns.items()})


def _wkb(shapes: Sequence[Any]) -> pa.Array:
    return pa.array(shapely.to_wkb(shapes), type=pa.binary())
