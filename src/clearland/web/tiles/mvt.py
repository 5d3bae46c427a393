"""Mapbox Vector Tile 2.1 written with numpy: a whole layer's coordinates are encoded in one pass.

The specification is https://github.com/mapbox/vector-tile-spec (version 2.1). A tile is a square of 4,096 units with y
pointing down; coordinates are deltas in zigzag form, rings are closed by a command and turn clockwise outside,
anticlockwise inside. Input geometry is in degrees (EPSG:4326), the tile in Web Mercator: for display only, no area is
ever measured here.
"""

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

EXTENT = 4096
BUFFER = 96
TOLERANCE = 4.0  # tile units: a quarter of a screen pixel at 256 CSS pixels per tile
_MAX_LATITUDE = 85.051128779806
_MOVE, _LINE, _CLOSE = 1, 2, 7

Value = str | int | float | bool
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class TileLayer:
    """One layer: `geometries` is an array of shapely geometries in degrees, `properties` and `ids` run beside it."""

    name: str
    geometries: Sequence[Any] | NDArray[Any]
    properties: Sequence[Mapping[str, Value]]
    ids: Sequence[int]


def tile_bounds(z: int, x: int, y: int, margin: float = BUFFER / EXTENT) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in degrees, widened by a share of its side."""
    side = 2.0**z

    def latitude(row: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side))))

    west, east = (x - margin) / side * 360 - 180, (x + 1 + margin) / side * 360 - 180
    return west, latitude(y + 1 + margin), east, latitude(y - margin)


def encode(layers: Iterable[TileLayer], z: int, x: int, y: int) -> bytes:
    """The tile's bytes. Layers without anything in the tile are left out; an empty tile is `b""`."""
    return b"".join(_message(3, body) for body in (_layer(layer, z, x, y) for layer in layers) if body)


def _to_tile(coordinates: NDArray[np.float64], z: int, x: int, y: int) -> NDArray[np.float64]:
    """Degrees to tile units."""
    side = 2.0**z
    latitude = np.radians(np.clip(coordinates[:, 1], -_MAX_LATITUDE, _MAX_LATITUDE))
    column = (coordinates[:, 0] + 180) / 360 * side - x
    row = (1 - np.arcsinh(np.tan(latitude)) / math.pi) / 2 * side - y
    return np.column_stack((column, row)) * EXTENT


def _layer(layer: TileLayer, z: int, x: int, y: int) -> bytes:
    """The Layer message's body, or nothing."""
    geometries = shapely.transform(np.asarray(layer.geometries, dtype=object), lambda c: _to_tile(c, z, x, y))
    geometries = shapely.clip_by_rect(geometries, -BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    geometries = shapely.simplify(geometries, TOLERANCE, preserve_topology=False)
    parts, feature_of_part = shapely.get_parts(geometries, return_index=True)
    # A clipped collection may hold a collection: one more pass opens it.
    parts, inner = shapely.get_parts(parts, return_index=True)
    feature_of_part = feature_of_part[inner]
    dimension = shapely.get_dimensions(parts)
    strongest = np.full(len(geometries), -1)
    np.maximum.at(strongest, feature_of_part, dimension)
    kept = (dimension == strongest[feature_of_part]) & ~shapely.is_empty(parts)
    blobs: dict[int, tuple[int, bytes]] = {}
    for kind, read in ((0, _points), (1, _lines), (2, _polygons)):
        chosen = kept & (dimension == kind)
        if chosen.any():
            features, commands = read(parts[chosen], feature_of_part[chosen])
            blobs |= {feature: (kind + 1, blob) for feature, blob in _split(features, commands)}
    return _layer_body(layer, blobs)


def _points(parts: Any, feature: Ints) -> tuple[Ints, Ints]:
    """(feature, command integer) rows of points; several points of one feature are one MoveTo."""
    xy = np.rint(shapely.get_coordinates(parts)).astype(np.int64)
    count = np.bincount(feature)[np.unique(feature)]
    first = np.r_[True, feature[1:] != feature[:-1]]
    return _weave(xy, feature, first, heads=[(_MOVE, count)], last=None)


def _lines(parts: Any, feature: Ints) -> tuple[Ints, Ints]:
    """(feature, command integer) rows of line strings."""
    xy, ring = shapely.get_coordinates(parts, return_index=True)
    return _paths(np.rint(xy).astype(np.int64), ring, feature, closed=False)


def _polygons(parts: Any, feature: Ints) -> tuple[Ints, Ints]:
    """(feature, command integer) rows of polygons, outer ring first, turned as the specification asks."""
    rings, part = shapely.get_rings(parts, return_index=True)
    outer = np.r_[True, part[1:] != part[:-1]]
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inside = np.r_[ring[1:] == ring[:-1], False]  # a ring repeats its first point at the end: ClosePath does that
    xy, ring = np.rint(xy[inside]).astype(np.int64), ring[inside]
    start = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    after = np.r_[np.arange(1, len(ring)), 0]
    after[np.r_[start[1:], len(ring)] - 1] = start
    doubled = xy[:, 0] * xy[after, 1] - xy[after, 0] * xy[:, 1]
    clockwise = np.add.reduceat(doubled, start) > 0
    wrong = clockwise != outer
    length = np.diff(np.r_[start, len(ring)])
    step = np.arange(len(ring)) - np.repeat(start, length)
    order = np.where(np.repeat(wrong, length), np.repeat(start + length - 1, length) - step, np.arange(len(ring)))
    return _paths(xy[order], ring, feature[part], closed=True)


def _paths(xy: Ints, ring: Ints, feature_of_ring: Ints, *, closed: bool) -> tuple[Ints, Ints]:
    """Drop points that rounding made equal and rings that collapsed, then weave the commands in."""
    moved = np.r_[True, (xy[1:] != xy[:-1]).any(axis=1) | (ring[1:] != ring[:-1])]
    xy, ring = xy[moved], ring[moved]
    size = np.bincount(ring, minlength=len(feature_of_ring))
    whole = (size >= (3 if closed else 2))[ring]
    xy, ring = xy[whole], ring[whole]
    if not len(xy):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first = np.r_[True, ring[1:] != ring[:-1]]
    length = np.diff(np.r_[np.flatnonzero(first), len(ring)])
    heads = [(_MOVE, np.ones_like(length)), (_LINE, length - 1)]
    return _weave(xy, feature_of_ring[ring], first, heads=heads, last=_CLOSE if closed else None)


def _weave(
    xy: Ints, feature: Ints, first: NDArray[np.bool_], *, heads: list[tuple[int, Ints]], last: int | None
) -> tuple[Ints, Ints]:
    """Command integers between zigzag deltas. `heads`: one before a path's first point, one after it."""
    delta = np.diff(xy, axis=0, prepend=xy[:1])
    fresh = np.r_[True, feature[1:] != feature[:-1]]
    delta[fresh] = xy[fresh]
    zigzag = (delta << 1) ^ (delta >> 63)
    start = np.flatnonzero(first)
    path = np.cumsum(first) - 1
    extra = len(heads) + (last is not None)
    at = 2 * np.arange(len(xy)) + extra * path + 1
    at[~first] += len(heads) - 1
    length = np.diff(np.r_[start, len(xy)])
    out = np.zeros(2 * len(xy) + extra * len(start), np.int64)
    out[at], out[at + 1] = zigzag[:, 0], zigzag[:, 1]
    out[at[start] - 1] = heads[0][0] | (heads[0][1] << 3)
    if len(heads) == 2:
        out[at[start] + 2] = heads[1][0] | (heads[1][1] << 3)
    if last is not None:
        out[at[start + length - 1] + 2] = last | (1 << 3)
    return np.repeat(feature[start], 2 * length + extra), out


def _split(feature: Ints, commands: Ints) -> list[tuple[int, bytes]]:
    """Packed varints per feature."""
    if not len(commands):
        return []
    data, end = _varints(commands)
    last = np.flatnonzero(np.r_[feature[1:] != feature[:-1], True])
    stops = end[last]
    starts = np.r_[0, stops[:-1]]
    return [(int(f), data[a:b]) for f, a, b in zip(feature[last], starts, stops, strict=True)]


def _varints(values: Ints) -> tuple[bytes, Ints]:
    """Base-128 varints of unsigned values below 2**35, and where each ends."""
    width = np.ones(len(values), np.int64)
    for bits in (7, 14, 21, 28):
        width += values >= (1 << bits)
    end = np.cumsum(width)
    data = np.zeros(int(end[-1]), np.uint8)
    begin = end - width
    for byte in range(5):
        rows = width > byte
        more = (width[rows] > byte + 1).astype(np.int64) << 7
        data[begin[rows] + byte] = ((values[rows] >> (7 * byte)) & 0x7F) | more
    return data.tobytes(), end


def _varint(value: int) -> bytes:
    """One varint. Numbers of keys and values and most lengths are small: theirs are made once."""
    return _SHORT[value] if value < len(_SHORT) else _long_varint(value)


def _long_varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append((value & 0x7F) | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


_SHORT = tuple(_long_varint(value) for value in range(1 << 12))


def _message(field: int, body: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return _SHORT[field << 3 | 2] + _varint(len(body)) + body


def _value(value: Value) -> bytes:
    """The Value message's body."""
    if isinstance(value, bool):
        return b"\x38" + _varint(int(value))
    if isinstance(value, int):
        return b"\x30" + _varint((value << 1) ^ (value >> 63))
    if isinstance(value, float):
        return b"\x19" + struct.pack("<d", value)
    return _message(1, value.encode())


def _layer_body(layer: TileLayer, blobs: Mapping[int, tuple[int, bytes]]) -> bytes:
    """Name, features, keys, values, extent and version of one layer."""
    if not blobs:
        return b""
    keys: dict[str, int] = {}
    values: dict[tuple[type, Value], int] = {}
    out = [_message(1, layer.name.encode())]
    for index in sorted(blobs):
        kind, geometry = blobs[index]
        tags = []
        for key, value in layer.properties[index].items():
            tags.append(_varint(keys.setdefault(key, len(keys))))
            tags.append(_varint(values.setdefault((type(value), value), len(values))))
        feature = b"\x08" + _varint(layer.ids[index]) + _message(2, b"".join(tags)) + b"\x18" + _varint(kind)
        out.append(_message(2, feature + _message(4, geometry)))
    out += [_message(3, key.encode()) for key in keys]
    out += [_message(4, _value(value)) for _, value in values]
    return b"".join(out) + b"\x28" + _varint(EXTENT) + b"\x78\x02"
