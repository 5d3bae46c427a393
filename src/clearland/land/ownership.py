"""Whose square metre it is (design section 6). Overlap of two hazards is decided here.

Within one contamination type each m² belongs at each moment to at most one open hazard: a CHA before an SHA, then the
earlier identified, then organisation and local id; never the identity, which depends on arrival.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import shapely

from clearland.land.days import days_of
from clearland.land.model import Hazard

CLASS_RANK = {"CHA": 0, "SHA": 1}
CLASSES = ("CHA", "SHA")
ALL = -1  # the view in which ground under several types counts once


def in_order_of_identification(hazards: Sequence[Hazard]) -> list[Hazard]:
    """Hazards by identification, organisation, local id. Their position is what every later comparison uses."""

    def key(hazard: Hazard) -> tuple[int, str, str]:
        return days_of(hazard.identified_on)[1], hazard.organisation or "", hazard.local_id

    keyed = sorted(((key(hazard), hazard) for hazard in hazards), key=lambda pair: pair[0])
    ties = {first[0] for first, second in pairwise(keyed) if first[0] == second[0]}
    if ties:  # one local id twice: the shape decides, so that arrival still does not
        keyed.sort(key=lambda pair: (pair[0], _shape(pair[1]) if pair[0] in ties else b""))
    return [hazard for _, hazard in keyed]


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


def _shape(hazard: Hazard) -> bytes:
    shapes = [version.geometry for version in hazard.versions if version.geometry is not None]
    return b"".join(bytes(shapely.to_wkb(shapely.normalize(shape))) for shape in shapes)
