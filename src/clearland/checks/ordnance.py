"""Rules 38 to 44 of the standards note (e): finds against the work, the ground and the hazard they came from."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import numpy as np
import shapely

from clearland.checks.finds import Ground
from clearland.checks.land import about
from clearland.checks.model import Find, Noted, noted
from clearland.land.area import Geometries
from clearland.land.days import days_of

_SEARCHES = frozenset({"clearance", "bac", "road_clearance"})
_GONE = frozenset({"destroyed", "rendered_safe", "handed_over", "retained"})
_FEWEST_FOR_SHARE = 10  # below so many items a share says nothing


def finds_said(ground: Ground) -> Iterator[Noted]:
    """38: completed clearance says what it found, nought included."""
    counted = {find.activity for find in ground.known.finds}
    for work in ground.known.works:
        silent = work.items_found is None and work.record not in counted
        if work.kind == "clearance" and work.activity_type in _SEARCHES and work.status == "completed" and silent:
            yield noted(
                work, "L-FINDS-NOT-SAID", "error", 38, "Completed clearance says nothing of what it found.",
                "Give the number of items found; write 0 where there was none.",
            )  # fmt: skip


def more_gone_than_found(ground: Ground) -> Iterator[Noted]:
    """39: what was destroyed, handed over and retained is not more than what was found, by task."""
    gone: Counter[str] = Counter()
    for find in ground.known.finds:
        if find.activity and find.counts and find.fate in _GONE:
            gone[find.activity] += find.quantity
    for work in ground.known.works:
        if work.items_found is not None and gone[work.record] > work.items_found:
            yield noted(
                work, "L-MORE-GONE-THAN-FOUND", "error", 39, "More items were destroyed, handed over or retained than found.",
                "Correct the number found, or the task that the items name.", gone=gone[work.record], found=work.items_found,
            )  # fmt: skip


def find_outside(ground: Ground) -> Iterator[Noted]:
    """40: a find lies near the ground it names or, where it names none, near some hazard or product."""
    book, limits = ground.book, ground.known.limits
    near_any = _near_any(ground)
    for number, find in enumerate(ground.known.finds):
        point = ground.points[number]
        if point.is_empty or not find.counts:
            continue
        named: list[shapely.Geometry] = []
        if find.product in ground.product_at:
            named.append(book.product_shape[ground.product_at[find.product]])
        if find.hazard in ground.hazard_at:
            named.append(book.extent[ground.hazard_at[find.hazard]])
        named = [shape for shape in named if not shape.is_empty]
        away = min((float(shapely.distance(point, shape)) for shape in named), default=0.0)
        if away > limits.near_m:
            yield noted(
                find, "L-FIND-OUTSIDE", "warning", 40, f"It lies more than {limits.near_m:g} m from the ground it names.",
                "Check the position; else extend the hazard or record a new one.", distance_m=away,
            )  # fmt: skip
        elif not named and not near_any[number]:
            yield noted(
                find, "L-FIND-NO-HAZARD", "warning", 40, "It lies outside every recorded hazard.",
                "Record a hazard there, or a spot task; extend one if a pattern shows.",
            )  # fmt: skip


def _near_any(ground: Ground) -> list[bool]:
    """Per find whether a hazard or product lies within reach."""
    near = np.zeros(len(ground.known.finds), dtype=bool)
    shapes: tuple[Geometries, ...] = (ground.book.extent, ground.book.product_shape)
    for those in shapes:
        found, _ = shapely.STRtree(those).query(ground.points, predicate="dwithin", distance=ground.known.limits.near_m)
        near[found] = True
    answer: list[bool] = near.tolist()
    return answer


def find_below(ground: Ground) -> Iterator[Noted]:
    """41: an item was found deeper than the ground was searched."""
    for find in ground.known.finds:
        if find.depth_found_cm is None:
            continue
        depths: list[float] = []
        if find.product in ground.product_at:
            depths += [d for d in [ground.book.products[ground.product_at[find.product]].depth_cm] if d is not None]
        work = ground.works.get(find.activity or "")
        if not depths and work and work.achieved_depth_cm is not None:
            depths.append(work.achieved_depth_cm)
        if depths and find.depth_found_cm > max(depths):
            yield noted(
                find, "L-FIND-BELOW", "warning", 41, "It was found deeper than the ground is said to have been searched.",
                "Check both depths; a shallower search cannot have found it.",
                found_cm=float(find.depth_found_cm), searched_cm=float(max(depths)),
            )  # fmt: skip


def models(ground: Ground) -> Iterator[Noted]:
    """42: one model stands in one category, and an organisation knows most of what it found."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for find in ground.known.finds:
        if find.model:
            kinds[find.model.casefold()][find.category] += find.quantity
    for find in ground.known.finds:
        several = kinds.get((find.model or "").casefold(), Counter())
        usual = min(several, key=lambda code: (-several[code], code), default=find.category)
        if find.model and find.category != usual:
            yield noted(
                find, "L-MODEL-CATEGORY", "warning", 42, f"Its model stands elsewhere in category {usual}.",
                "Check model and category.", category=find.category,
            )  # fmt: skip
    yield from _unknown_models(ground)


def _unknown_models(ground: Ground) -> Iterator[Noted]:
    by_organisation: dict[str, list[Find]] = defaultdict(list)
    for find in ground.known.finds:
        if find.counts and find.organisation:
            by_organisation[find.organisation].append(find)
    for organisation, finds in sorted(by_organisation.items()):
        total = sum(find.quantity for find in finds)
        without = [find for find in finds if not find.model]
        share = sum(find.quantity for find in without) / total
        if total >= _FEWEST_FOR_SHARE and share > ground.known.limits.unknown_model_share:
            yield noted(
                without[0], "L-MODEL-UNKNOWN", "warning", 42, f"{organisation} names no model for {share:.0%} of its items.",
                "Ask the organisation for models.", items=total, organisation=organisation,
            )  # fmt: skip


def find_of_other_type(ground: Ground) -> Iterator[Noted]:
    """43: what was found in a hazard is among what it is said to hold."""
    for find in ground.known.finds:
        if not find.counts or find.category == "UNK" or find.hazard not in ground.hazard_at:
            continue
        hazard = ground.book.hazards[ground.hazard_at[find.hazard]]
        if find.category not in hazard.versions[-1].contamination:
            yield noted(
                ("hazard", hazard.id, hazard.local_id), "L-FIND-OTHER-TYPE", "warning", 43,
                f"{find.category} was found there ({find.local_id}), which its contamination does not name.",
                "Add the category to the hazard if the find belongs to it.", others=(find.record,), category=find.category,
            )  # fmt: skip


def no_finds(ground: Ground) -> Iterator[Noted]:
    """44: long or large clearance without a find is a question for planning, never a reason to rename the ground."""
    limits, book = ground.known.limits, ground.book
    for place, product in enumerate(book.products):
        if product.product_type != "cleared" or not book.approved[place] or ground.target_finds(place):
            continue
        area = float(shapely.area(book.product_shape[place]))
        work = ground.work_of(product)
        days = work.days if work else None
        if area > limits.no_find_m2 or (days is not None and days > limits.no_find_days):
            yield noted(
                about(product), "L-CLEARED-NO-FIND", "query", 44, "Ground was cleared at length and nothing was found.",
                "Ask whether survey could have released it; it stays cleared ground.",
                others=(work.record,) if work else (), cleared_m2=area, days=days,
            )  # fmt: skip


def days_to_first_find(ground: Ground, place: int) -> int | None:
    """Days from the start of a product's work to its first target find; None where either is not known to the day."""
    work = ground.work_of(ground.book.products[place])
    dated = [find.found_on for find in ground.target_finds(place) if find.found_on and find.found_on.day]
    if work is None or work.started is None or work.started.day is None or not dated:
        return None
    return max(min(days_of(when)[0] for when in dated) - days_of(work.started)[0], 0)


RULES: tuple[Callable[[Ground], Iterator[Noted]], ...] = (
    finds_said, more_gone_than_found, find_outside, find_below, models, find_of_other_type, no_finds,
)  # fmt: skip
