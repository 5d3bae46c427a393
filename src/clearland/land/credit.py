"""Which of several products gets a released square metre (design section 6).

The one whose work ended first. On the same day: cleared, reduced, cancelled, or reduced first where the programme
counts cleared survey lanes as reduced; then organisation, then local id. The time of approval never decides, nor does
the order in which anything arrived. Later products count gross only; the map shows the strongest effort.
"""

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from clearland.land.given import Products
from clearland.land.model import Settings
from clearland.land.sorting import in_order

SAME_DAY_ORDER = {
    "cleared": {"cleared": 0, "reduced": 1, "cancelled": 2},
    "reduced": {"reduced": 0, "cleared": 1, "cancelled": 2},
}
STRENGTH = {"cancelled": 1, "reduced": 2, "cleared": 3}


def in_credit_order(products: Products, settings: Settings) -> Products:
    """The products, the first to be credited first. Products without an end date come first and release nothing."""
    kind = products.product_type.numbered(SAME_DAY_ORDER[settings.survey_lanes])
    order = in_order(
        [products.ended, kind], products.organisation, products.local_id, lambda row: _shape(products.geometry[row])
    )
    return products.take(order)


def strongest(product_types: Sequence[str]) -> str:
    """The strongest effort among products on one piece: what the map shows. Raises ValueError for none."""
    return max(product_types, key=STRENGTH.__getitem__)


def _shape(geometry: BaseGeometry | None) -> bytes:
    return b"" if geometry is None else bytes(shapely.to_wkb(shapely.normalize(geometry)))
