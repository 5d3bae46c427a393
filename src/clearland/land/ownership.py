"""Whose square metre it is (design section 6). Overlap of two hazards is decided here.

Within one contamination type each m² belongs at each moment to at most one open hazard: a CHA before an SHA, then the
earlier identified, then organisation and local id; never the identity, which depends on arrival.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely

from clearland.land.given import Hazards
from clearland.land.outlines import shapes_of
from clearland.land.sorting import in_order

CLASS_RANK = {"CHA": 0, "SHA": 1}
CLASSES = ("CHA", "SHA")
ALL = -1  # the view in which ground under several types counts once


def in_order_of_identification(hazards: Hazards) -> Hazards:
    """Hazards by identification, organisation, local id. Their position is what every later comparison uses."""
    _, day = hazards.identified
    return hazards.take(in_order([day], hazards.organisation, hazards.local_id, lambda row: _shape(hazards, row)))


def owners(
    open_versions: Mapping[int, int], class_of: Sequence[int], type_of: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """The owner of one piece of ground per view: {type index or ALL: (hazard position, version)}.

    `open_versions` maps each open hazard's position to its version in force; `class_of` and `type_of` give the class
    rank and type index of a version.
    """
    best: dict[int, tuple[int, int, int]] = {}
    for hazard, version in open_versions.items():
        claim = (class_of[version], hazard, version)
        for view in (type_of[version], ALL):
            if view not in best or claim < best[view]:
                best[view] = claim
    return {view: (hazard, version) for view, (_, hazard, version) in best.items()}


def held_by_confirmed(
    released: Iterable[int], open_versions: Mapping[int, int], class_of: Sequence[int], type_of: Sequence[int]
) -> set[int]:
    """Suspected hazards whose ground had moved to a confirmed one that is now released.

    Drawing a CHA on SHA ground moves those m² whether or not anybody cut the SHA, so they do not fall back to it.
    """
    freed = {type_of[open_versions[hazard]] for hazard in released if class_of[open_versions[hazard]] == 0}
    return {
        hazard for hazard, version in open_versions.items() if class_of[version] == 1 and type_of[version] in freed
    }


def _shape(hazards: Hazards, row: int) -> bytes:
    drawn = shapes_of(hazards.geometry, np.arange(hazards.start[row], hazards.start[row + 1]))
    return b"".join(bytes(shapely.to_wkb(shapely.normalize(shape))) for shape in drawn if shape is not None)
