"""Which of several products gets a released square metre (design section 6).

The one whose work ended first. On the same day: cleared, reduced, cancelled, or reduced first where the programme
counts cleared survey lanes as reduced; then organisation, then local id. The time of approval never decides, nor does
the order in which anything arrived. Later products count gross only; the map shows the strongest effort.
"""

from collections.abc import Sequence

import numpy as np
import shapely

from clearland.land.days import days_of_all
from clearland.land.model import Product, Settings
from clearland.land.sorting import in_order

SAME_DAY_ORDER = {
    "cleared": {"cleared": 0, "reduced": 1, "cancelled": 2},
    "reduced": {"reduced": 0, "cleared": 1, "cancelled": 2},
}
STRENGTH = {"cancelled": 1, "reduced": 2, "cleared": 3}


def in_credit_order(products: Sequence[Product], settings: Settings) -> list[Product]:
    """The products, the first to be credited first. Products without an end date come first and release nothing."""
    same_day = SAME_DAY_ORDER[settings.survey_lanes]
    kind = np.fromiter((same_day[product.product_type] for product in products), dtype=np.int64, count=len(products))
    order = in_order(
        products, [days_of_all([product.ended for product in products])[:, 1], kind],
        [product.organisation for product in products], [product.local_id for product in products], _shape,
    )
    return [products[position] for position in order]


def strongest(product_types: Sequence[str]) -> str:
    """The strongest effort among products on one piece: what the map shows. Raises ValueError for none."""
    return max(product_types, key=STRENGTH.__getitem__)


def _shape(product: Product) -> bytes:
    return b"" if product.geometry is None else bytes(shapely.to_wkb(shapely.normalize(product.geometry)))
