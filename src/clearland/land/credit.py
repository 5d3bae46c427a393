"""Which of several products gets a released square metre (design section 6).

The one whose work ended first. On the same day: cleared, reduced, cancelled, or reduced first where the programme
counts cleared survey lanes as reduced; then organisation, then local id. The time of approval never decides, nor does
the order in which anything arrived. Later products count gross only; the map shows the strongest effort.
"""

from collections.abc import Sequence
from itertools import pairwise

import shapely

from clearland.land.days import days_of
from clearland.land.model import Product, Settings

SAME_DAY_ORDER = {
    "cleared": {"cleared": 0, "reduced": 1, "cancelled": 2},
    "reduced": {"reduced": 0, "cleared": 1, "cancelled": 2},
}
STRENGTH = {"cancelled": 1, "reduced": 2, "cleared": 3}


def in_credit_order(products: Sequence[Product], settings: Settings) -> list[Product]:
    """The products, the first to be credited first. Products without an end date come first and release nothing."""
    same_day = SAME_DAY_ORDER[settings.survey_lanes]

    def key(product: Product) -> tuple[int, int, str, str]:
        return days_of(product.ended)[1], same_day[product.product_type], product.organisation or "", product.local_id

    keyed = sorted(((key(product), product) for product in products), key=lambda pair: pair[0])
    ties = {first[0] for first, second in pairwise(keyed) if first[0] == second[0]}
    if ties:  # one local id twice: the shape decides, so that arrival still does not
        keyed.sort(key=lambda pair: (pair[0], _shape(pair[1]) if pair[0] in ties else b""))
    return [product for _, product in keyed]


def strongest(product_types: Sequence[str]) -> str:
    """The strongest effort among products on one piece: what the map shows. Raises ValueError for none."""
    return max(product_types, key=STRENGTH.__getitem__)


def _shape(product: Product) -> bytes:
    return b"" if product.geometry is None else bytes(shapely.to_wkb(shapely.normalize(product.geometry)))
