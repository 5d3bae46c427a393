"""Coordinates of any reference system to EPSG:4326 (longitude, latitude in degrees), with the datum said.

PROJ never goes to the network: where a better transformation needs a grid that is not installed, the finding says how
many metres the one that was used may be off.
"""

from functools import lru_cache

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError, ProjError
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]
from pyproj.transformer import TransformerGroup

from clearland.core.errors import Finding, Place, RefusedInput

WGS84 = "EPSG:4326"
_DOUBTFUL_ACCURACY_M = 5.0


@lru_cache(maxsize=64)
def understand(text: str) -> pyproj.CRS:
    """A coordinate reference system from an EPSG code, WKT or PROJ text. Raises pyproj CRSError."""
    return pyproj.CRS.from_user_input(text)


def is_wgs84(text: str) -> bool:
    """Whether coordinates are WGS 84 degrees already (EPSG:4326, OGC:CRS84, and what equals them)."""
    crs = understand(text)
    return bool(crs.equals(pyproj.CRS.from_epsg(4326), ignore_axis_order=True))


def to_wgs84(array: NDArray[np.object_], crs_text: str, place: Place) -> tuple[NDArray[np.object_], list[Finding]]:
    """The geometries in EPSG:4326 and the finding that names source, datum and accuracy.

    Coordinates go in and come out in the order x, y (longitude, latitude). Raises RefusedInput E-CRS-UNKNOWN or
    E-CRS-OUTSIDE where coordinates lie where the system is not defined.
    """
    try:
        if is_wgs84(crs_text):
            return array, []
        source = understand(crs_text)
        set_network_enabled(active=False)
        group = TransformerGroup(source, pyproj.CRS.from_epsg(4326), always_xy=True)
        transformer = group.transformers[0]
    except (CRSError, ProjError, IndexError) as error:
        raise unknown_crs(crs_text, place) from error
    moved = shapely.transform(array, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
    coordinates = shapely.get_coordinates(moved[~shapely.is_missing(moved)])
    if not np.isfinite(coordinates).all():
        raise RefusedInput(
            "E-CRS-OUTSIDE",
            f"Some coordinates lie where {source.name} is not defined.",
            place=place,
            remedy="Check which reference system the coordinates are in, and name it in the mapping (`crs: EPSG:…`).",
        )
    return moved, [_said(source, transformer, group, place)]


def _said(source: pyproj.CRS, transformer: pyproj.Transformer, group: TransformerGroup, place: Place) -> Finding:
    datum = source.datum.name if source.datum else source.geodetic_crs.name if source.geodetic_crs else "not said"
    accuracy = transformer.accuracy
    known = accuracy is not None and accuracy >= 0
    doubtful = not known or accuracy > _DOUBTFUL_ACCURACY_M
    how = f"to about {accuracy:g} m" if known else "with an accuracy that is not known"
    better = " A finer transformation exists but its grid is not installed." if group.unavailable_operations else ""
    return Finding(
        code="W-CRS-TRANSFORMED" if doubtful else "I-CRS-TRANSFORMED",
        severity="warning" if doubtful else "info",
        place=place,
        sentence=f"Coordinates in {source.name} (datum {datum}) were transformed to WGS 84 {how}.{better}",
        remedy="Compare a point that you know on the ground." if doubtful else "",
        rule=81,
        values={"crs": source.name, "datum": datum, "accuracy_m": float(accuracy) if known else None},
    )


def unknown_crs(text: str, place: Place) -> RefusedInput:
    """The refusal for a reference system that cannot be understood."""
    return RefusedInput(
        "E-CRS-UNKNOWN",
        f"The reference system {text!r} is not known.",
        place=place,
        remedy="Name it by its EPSG code in the mapping, such as `crs: EPSG:32638`.",
    )
