"""Rules 28 and 31 to 37 of the standards note (e): hazards that overlap, and released polygons against their hazards.

Each rule is one function from `Ground` to what it found; nothing here changes a square metre of the balance.
"""

from collections.abc import Callable, Iterator

import numpy as np
import shapely

from clearland.checks.finds import Ground
from clearland.checks.model import NO_FIND, Accident, Find, Noted, noted
from clearland.land.area import Floats
from clearland.land.columns import NOBODY, Ints
from clearland.land.credit import STRENGTH
from clearland.land.days import days_of
from clearland.land.model import Product
from clearland.land.overlay import differences, intersections, unions
from clearland.land.records import Line

DAYS_A_YEAR = 365.25
_RELEASES = (Line.CANCELLED, Line.REDUCED, Line.CLEARED)
# kind of work and its type: the products that follow from it (standards b.2; survey lanes may be cleared)
_FOLLOWS: dict[tuple[str, str], frozenset[str]] = {
    ("survey", "nts"): frozenset({"cancelled"}),
    ("survey", "community"): frozenset({"cancelled"}),
    ("survey", "ts"): frozenset({"reduced", "cleared"}),
    ("clearance", "clearance"): frozenset({"cleared"}),
    ("clearance", "bac"): frozenset({"cleared"}),
    ("clearance", "road_clearance"): frozenset({"cleared"}),
}


def about(product: Product) -> tuple[str, str, str]:
    """A product as what a finding is about."""
    return "land_release", product.id, product.local_id


def hazards_overlap(ground: Ground) -> Iterator[Noted]:
    """28: two hazards of one type lie on the same ground that is still open."""
    book, table = ground.book, ground.known.cut.pieces
    own_type = book.versions.type[book.start[1:] - 1]
    left, right = shapely.STRtree(ground.newest).query(ground.newest, predicate="intersects")
    chosen = (left < right) & (own_type[left] == own_type[right])
    left, right = left[chosen], right[chosen]
    shared = intersections(ground.newest[left], ground.newest[right])
    remaining = np.nonzero((table.state == 0) & (table.view >= 0))[0]
    pair, piece = shapely.STRtree(table.shape[remaining]).query(shared, predicate="intersects")
    piece = remaining[piece]
    ours = (table.view[piece] == own_type[left[pair]]) & np.isin(table.hazard[piece], np.unique([left, right]))
    ours &= (table.hazard[piece] == left[pair]) | (table.hazard[piece] == right[pair])
    pair, piece = pair[ours], piece[ours]
    open_m2 = np.bincount(pair, shapely.area(intersections(shared[pair], table.shape[piece])), minlength=len(left))
    for row in np.nonzero(open_m2 > ground.known.limits.least_m2)[0].tolist():
        first, second = book.hazards[left[row]], book.hazards[right[row]]
        yield noted(
            ("hazard", second.id, second.local_id), "L-HAZARDS-OVERLAP", "warning", 28,
            f"It shares open ground of one type with hazard {first.local_id}; each m² is counted once.",
            "Cut one of the two outlines, with its reason.", others=(first.id,), shared_m2=float(open_m2[row]),
        )  # fmt: skip


def product_belongs(ground: Ground) -> Iterator[Noted]:
    """31: a product belongs to a hazard, and its type follows from the work."""
    for product in ground.book.products:
        if not any(name in ground.hazard_at for name in product.hazards):
            yield noted(
                about(product), "L-PRODUCT-NO-HAZARD", "warning" if product.targets else "error", 31,
                "It names no known hazard" + (", only what it looked for." if product.targets else ", nor what it looked for."),
                "Link the hazard whose ground it covers.",
            )  # fmt: skip
        work = ground.work_of(product)
        allowed = _FOLLOWS.get((work.kind, work.activity_type)) if work else None
        if work and allowed and product.product_type not in allowed:
            yield noted(
                about(product), "L-PRODUCT-METHOD", "warning", 31,
                f"Ground was {product.product_type} by {work.activity_type}, from which that does not follow.",
                "Check the type of the product, or the work that it names.", others=(work.record,),
            )  # fmt: skip


def product_outside(ground: Ground) -> Iterator[Noted]:
    """32: a product reaches more than a buffer beyond the hazards it names."""
    limits = ground.known.limits
    named, outline = ground.outlines_named(_that_count(ground))
    over = shapely.area(differences(ground.book.product_shape[named], outline)) > limits.least_m2
    named, outline = named[over], outline[over]  # a buffer is dear: only where something sticks out at all
    beyond = shapely.area(differences(ground.book.product_shape[named], shapely.buffer(outline, limits.buffer_m)))
    for place, area in zip(named.tolist(), beyond.tolist(), strict=True):
        if area <= limits.least_m2:
            continue
        product = ground.book.products[place]
        finds = len(ground.finds_of[place])
        yield noted(
            about(product), "L-PRODUCT-OUTSIDE", "warning", 32,
            f"It reaches more than {limits.buffer_m:g} m beyond its hazard; that ground is counted as checked outside hazards.",
            "Extend the hazard if finds or other evidence lie there; a person decides." if finds
            else "Check the outline. No find lies there that would speak for extending the hazard.",
            outside_m2=area, finds=finds,
        )  # fmt: skip


def product_exceeds(ground: Ground) -> Iterator[Noted]:
    """33: a product covers more of its hazards than was still open when its work ended."""
    book, table = ground.book, ground.known.cut.holdings
    named, outline = ground.outlines_named(_that_count(ground))
    inside = shapely.area(intersections(book.product_shape[named], outline))
    own_type = book.versions.type[book.start[1:] - 1]
    own = np.nonzero(table.view == own_type[table.hazard])[0] if len(own_type) else np.empty(0, dtype=np.int64)
    own = own[np.argsort(table.hazard[own], kind="stable")]
    holder = table.hazard[own]
    count = max(len(book.hazards), 1)
    product_of, hazard_of = np.divmod(np.unique(book.named), count)
    for place, covered in zip(named.tolist(), inside.tolist(), strict=True):
        day = book.ended[place]
        hazards = hazard_of[slice(*np.searchsorted(product_of, (place, place + 1)))]
        rows = np.concatenate([own[slice(*np.searchsorted(holder, (hazard, hazard + 1)))] for hazard in hazards])
        held = float(table.area_m2[rows][(table.since[rows] <= day) & (table.until[rows] >= day)].sum())
        if covered - held > ground.known.limits.least_m2:
            yield noted(
                about(book.products[place]), "L-PRODUCT-SURPLUS", "warning", 33,
                "It covers more of its hazard than was open when the work ended; the surplus is gross only.",
                "Nothing to do if ground was searched again; else check outline and date.",
                covered_m2=covered, open_m2=held, surplus_m2=covered - held,
            )  # fmt: skip


def products_overlap(ground: Ground) -> Iterator[Noted]:
    """34: a product overlaps earlier ones and is credited with less than it covers."""
    book = ground.book
    counts = _that_count(ground)
    shapes = book.product_shape[counts]
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    earlier = right < left  # positions are in the order of credit
    left, right = left[earlier], right[earlier]
    if not len(left):
        return
    order = np.argsort(left, kind="stable")
    later, group = np.unique(left[order], return_inverse=True)
    before = unions(np.asarray(shapely.geometrycollections(shapes[right[order]], indices=group), dtype=object))
    overlap = shapely.area(intersections(shapes[later], before))
    net = net_m2(ground)
    for place, first, shared in zip(counts[later].tolist(), _firsts(group, right[order]), overlap.tolist(), strict=True):
        gross = float(shapely.area(book.product_shape[place]))
        if min(shared, gross - float(net[place])) <= ground.known.limits.least_m2:
            continue
        other = book.products[counts[first]]
        yield noted(
            about(book.products[place]), "L-PRODUCT-OVERLAP", "warning", 34,
            f"It overlaps earlier work, such as {other.local_id}; ground already released is not credited again.",
            "Nothing to do if ground was searched again; else check both outlines.",
            others=(other.id,), overlap_m2=shared, gross_m2=gross, net_m2=float(net[place]),
        )  # fmt: skip


def depth(ground: Ground) -> Iterator[Noted]:
    """35: cleared ground has a depth, and it is what the task asked for."""
    for product in ground.book.products:
        if product.product_type != "cleared":
            continue
        work = ground.work_of(product)
        if product.depth_cm is None or product.depth_cm <= 0:
            yield noted(
                about(product), "L-DEPTH-NOT-SAID", "error", 35, "Ground was cleared to a depth that nobody stated.",
                "State the depth in cm; without it the ground counts as too shallow wherever a depth is required.",
            )  # fmt: skip
        elif work and work.specified_depth_cm is not None and product.depth_cm < work.specified_depth_cm:
            yield noted(
                about(product), "L-DEPTH-BELOW-TASK", "warning", 35, "It went less deep than its task asked for.",
                "Search again, or have the task changed with its reason.", others=(work.record,),
                depth_cm=float(product.depth_cm), specified_depth_cm=float(work.specified_depth_cm),
            )  # fmt: skip


def released_over_find(ground: Ground) -> Iterator[Noted]:
    """37: ground was cancelled or reduced over a find or an accident that was known before."""
    book = ground.book
    survey = np.nonzero((book.strength < STRENGTH["cleared"]) & (book.ended > 0) & book.approved)[0]
    events: list[Find | Accident] = [find for find in ground.known.finds if find.category not in NO_FIND]
    events += ground.known.accidents
    points = ground.in_plane([event.point for event in events])
    number, place = shapely.STRtree(book.product_shape[survey]).query(points, predicate="intersects")
    for event, product in sorted(zip(number.tolist(), survey[place].tolist(), strict=True), key=lambda pair: pair[::-1]):
        found = _over_event(ground, product, events[event])
        if found is not None:
            yield found


def _over_event(ground: Ground, place: int, event: Find | Accident) -> Noted | None:
    when = event.found_on if isinstance(event, Find) else event.happened_on
    decided = int(ground.book.ended_first[place])
    if when is None or days_of(when)[1] >= decided:
        return None
    product = ground.book.products[place]
    oldest = ground.known.limits.evidence_age_years
    fresh = oldest is not None and decided - days_of(when)[1] <= oldest * DAYS_A_YEAR
    target = event.category in ground.wanted(product)
    what = "a find" if isinstance(event, Find) else "an accident"
    return noted(
        about(product), "L-RELEASED-OVER-EVIDENCE", "error" if fresh and target else "warning", 37,
        f"Ground was {product.product_type} over {what} of {when}, {event.local_id}.",
        "Give the reason and a second approver, or take the spot out of the product.", others=(event.record,),
        category=event.category,
    )  # fmt: skip


def net_m2(ground: Ground) -> Floats:
    """Per product the ground it is credited with, each m² once."""
    moves = ground.known.cut.moves
    credited = (moves.view == -1) & (moves.product != NOBODY) & np.isin(moves.line, _RELEASES)
    net: Floats = np.zeros(len(ground.book.products))
    np.add.at(net, moves.product[credited], moves.area_m2[credited])
    return net


def _that_count(ground: Ground) -> Ints:
    """Positions of products that may release ground at all."""
    book = ground.book
    drawn = ~shapely.is_empty(book.product_shape)
    return np.nonzero(book.approved & (book.ended > 0) & ~book.failed_qc & drawn)[0]


def _firsts(group: Ints, values: Ints) -> list[int]:
    """The smallest value of each group."""
    return [int(values[group == number].min()) for number in range(int(group.max()) + 1)]


RULES: tuple[Callable[[Ground], Iterator[Noted]], ...] = (
    hazards_overlap, product_belongs, product_outside, product_exceeds, products_overlap, depth, released_over_find,
)  # fmt: skip
