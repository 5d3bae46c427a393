"""Which rules look at a record of which kind, and all of them over the records of one kind."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from clearland.checks.records import education, ordnance, people, places, quality, stockpiles
from clearland.checks.records.dates import Dates
from clearland.checks.records.model import Attributes, Rule, Said, Setting
from clearland.checks.records.shapes import check_shapes
from clearland.checks.records.texts import FreeText, Others
from clearland.dictionary.model import Kind

_OF_KIND: dict[str, tuple[Rule, ...]] = {
    "ordnance": (ordnance.improvised, ordnance.disposal),
    "accident": (ordnance.improvised,),
    "public_report": (ordnance.improvised,),
    "activity_report": (ordnance.totals,),
    "victim": (people.ages, people.outcome),
    "referral": (people.referral_consent,),
    "eore_beneficiaries": (education.attendance, education.first_time, education.indirect),
    "stockpile": (stockpiles.stock,),
    "qa_visit": (quality.own_inspection,),
    "qc_sampling": (quality.item_accepted,),
}
_WITH_POINT: dict[str, tuple[Rule, ...]] = {
    "accident": (places.accuracy,),
    "public_report": (places.accuracy,),
    "minefield_reference": (places.as_written,),
}
_DEPTHS = frozenset({
    "depth_cm", "achieved_depth_cm", "specified_depth_cm", "required_depth_cm", "sample_depth_cm", "depth_found_cm",
})  # fmt: skip
_NO_WORK = frozenset({"place"})  # the outline of a country is as large as it is


def _rules(kind: Kind) -> tuple[Rule, ...]:
    """Every rule over the attributes of a kind."""
    depths = (ordnance.depth,) if _DEPTHS & kind.by_name.keys() else ()
    return (Dates(kind).check, *_OF_KIND.get(kind.name, ()), *depths, Others(kind).check, FreeText(kind).check)


def check_records(
    kind: Kind, attributes: Sequence[Attributes], geometries: NDArray[Any] | None, setting: Setting
) -> Iterator[tuple[int, Said]]:
    """What the rules find in records of one kind, with the position of the record.

    `geometries` (EPSG:4326, None where a record has none) may be None for a kind without shape.
    """
    for rule in _rules(kind):
        for index, said in enumerate(attributes):
            for found in rule(said, setting):
                yield index, found
    if geometries is None or kind.geometry == "none" or kind.name in _NO_WORK:
        return
    for rule in _WITH_POINT.get(kind.name, ()):
        for index in np.flatnonzero(~shapely.is_missing(geometries)).tolist():
            for found in rule(attributes[index], setting):
                yield index, found
    yield from check_shapes(attributes, geometries, setting)
