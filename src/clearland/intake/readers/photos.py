"""Photographs as points: place, moment and direction from the EXIF block of JPEG files, one by one or in a zip.

Only the few tags needed are read, in memory, with every offset checked: no picture is decoded. (Exif 2.32, sections 4.5, 4.6.)
"""

import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from clearland.core.errors import Finding, Place
from clearland.intake.crs import WGS84
from clearland.intake.tables import Cell, Table

JPEG = b"\xff\xd8\xff"
SUFFIXES = (".jpg", ".jpeg")
_COLUMNS = ("photo", "taken_at", "altitude_m", "direction_degree")
_APP1, _SCAN = 0xE1, 0xDA
_EXIF = b"Exif\x00\x00"
_GPS_IFD, _EXIF_IFD, _DATE_TIME, _TAKEN, _OFFSET = 0x8825, 0x8769, 0x0132, 0x9003, 0x9011
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE, _ALTITUDE_REF, _ALTITUDE, _DIRECTION = 1, 2, 3, 4, 5, 6, 17
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_MOST_ENTRIES, _MOST_VALUES = 512, 4_096
_HEAD_BYTES = 1 << 18  # EXIF stands in the first segments, which are at most 64 KiB each
Tags = Mapping[int, tuple[object, ...]]


@dataclass(frozen=True)
class Shot:
    """What a photograph says: degrees in WGS 84, metres above (or below) the sea, degrees from north."""

    taken_at: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    altitude_m: float | None = None
    direction_degree: float | None = None


def read_photo(path: Path) -> Table:
    """One photograph as a table of one row."""
    with path.open("rb") as stream:
        return _table(path.name, [(path.name, stream.read(_HEAD_BYTES))])


def read_photos(path: Path, members: Sequence[str]) -> Table:
    """The photographs of a zip, by name."""
    with zipfile.ZipFile(path) as packed:
        heads = []
        for name in sorted(members):
            with packed.open(name) as stream:
                heads.append((name, stream.read(_HEAD_BYTES)))
    return _table(path.name, heads)


def _table(file: str, photos: Sequence[tuple[str, bytes]]) -> Table:
    shots = [shot_of(head) for _, head in photos]
    cells: dict[str, list[Cell]] = {
        "photo": [name for name, _ in photos],
        "taken_at": [shot.taken_at for shot in shots],
        "altitude_m": [shot.altitude_m for shot in shots],
        "direction_degree": [shot.direction_degree for shot in shots],
    }
    geometries = np.full(len(shots), None, dtype=object)
    findings = []
    for index, (shot, (name, _)) in enumerate(zip(shots, photos, strict=True)):
        if shot.longitude is not None and shot.latitude is not None:
            geometries[index] = shapely.Point(shot.longitude, shot.latitude)
        else:
            findings.append(
                Finding(
                    code="W-PHOTO-PLACE", severity="warning", place=Place(file=file, row=index + 1, column="photo"),
                    sentence=f"{name} does not say where it was taken.",
                    remedy="Turn on location in the camera, or give the place.",
                )
            )  # fmt: skip
    return Table(
        file=file, sheet=None, format="photographs", columns=_COLUMNS, cells=cells, numbers=range(1, len(shots) + 1),
        geometries=geometries, crs=WGS84, findings=tuple(findings),
    )  # fmt: skip


def shot_of(head: bytes) -> Shot:
    """What the first bytes of a JPEG file say; an empty `Shot` where they say nothing or are damaged."""
    for block in _exif_blocks(head):
        try:
            return _shot(block)
        except (struct.error, ValueError, IndexError, ZeroDivisionError):
            return Shot()
    return Shot()


def _exif_blocks(head: bytes) -> Iterator[bytes]:
    """The TIFF blocks inside the EXIF segments."""
    at = 2
    while at + 4 <= len(head) and head[at] == 0xFF and head[at + 1] != _SCAN:
        length = int.from_bytes(head[at + 2 : at + 4], "big")
        segment = head[at + 4 : at + 2 + length]
        if head[at + 1] == _APP1 and segment.startswith(_EXIF):
            yield segment[len(_EXIF) :]
        at += 2 + max(length, 2)


def _shot(block: bytes) -> Shot:
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        raise ValueError("no TIFF block")
    main = _directory(block, order, struct.unpack_from(f"{order}I", block, 4)[0])
    exif = _directory(block, order, _whole(main[_EXIF_IFD])) if _EXIF_IFD in main else {}
    gps = _directory(block, order, _whole(main[_GPS_IFD])) if _GPS_IFD in main else {}
    latitude, longitude = _degrees(gps, _LATITUDE, _LATITUDE_REF, "S", 90), _degrees(gps, _LONGITUDE, _LONGITUDE_REF, "W", 180)
    both = latitude is not None and longitude is not None and (latitude, longitude) != (0.0, 0.0)
    altitude = _number(gps.get(_ALTITUDE))
    below = gps.get(_ALTITUDE_REF, (0,))[0] in (1, b"\x01")
    return Shot(
        taken_at=_moment(_text(exif.get(_TAKEN) or main.get(_DATE_TIME)), _text(exif.get(_OFFSET))),
        longitude=longitude if both else None, latitude=latitude if both else None,
        altitude_m=None if altitude is None else -altitude if below else altitude, direction_degree=_number(gps.get(_DIRECTION)),
    )  # fmt: skip


def _directory(block: bytes, order: str, at: int) -> Tags:
    """Tag -> values of one directory. Raises struct.error where it points outside the block."""
    count = struct.unpack_from(f"{order}H", block, at)[0]
    found: dict[int, tuple[object, ...]] = {}
    for number in range(min(count, _MOST_ENTRIES)):
        tag, sort, values, _ = struct.unpack_from(f"{order}HHII", block, at + 2 + 12 * number)
        size = _SIZES.get(sort)
        if size is None or not 0 < values <= _MOST_VALUES:
            continue
        here = at + 2 + 12 * number + 8
        start = here if size * values <= 4 else struct.unpack_from(f"{order}I", block, here)[0]
        found[tag] = _values(block, order, sort, values, start)
    return found


def _values(block: bytes, order: str, sort: int, count: int, start: int) -> tuple[object, ...]:
    if sort in (2, 7):
        return (block[start : start + count],)
    if sort in (5, 10):
        parts = struct.unpack_from(f"{order}{2 * count}{'I' if sort == 5 else 'i'}", block, start)
        return tuple(parts[2 * n] / parts[2 * n + 1] if parts[2 * n + 1] else None for n in range(count))
    return struct.unpack_from(f"{order}{count}{ {1: 'B', 3: 'H', 4: 'I', 9: 'i'}[sort] }", block, start)


def _whole(values: tuple[object, ...]) -> int:
    if not isinstance(values[0], int):
        raise ValueError("no offset")  # noqa: TRY004 -- damaged bytes, not a wrong call
    return values[0]


def _number(values: tuple[object, ...] | None) -> float | None:
    return round(float(values[0]), 3) if values and isinstance(values[0], (int, float)) else None


def _degrees(gps: Tags, tag: int, reference: int, negative: str, most: int) -> float | None:
    parts = gps.get(tag)
    if parts is None or len(parts) != 3 or not all(isinstance(part, (int, float)) for part in parts):
        return None
    degrees, minutes, seconds = (float(str(part)) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if value > most:
        return None
    return -value if (_text(gps.get(reference)) or "").upper() == negative else value


def _text(values: tuple[object, ...] | None) -> str | None:
    raw = values[0] if values else None
    return raw.split(b"\x00")[0].decode("ascii", "replace").strip() or None if isinstance(raw, bytes) else None


def _moment(text: str | None, offset: str | None) -> str | None:
    """`2024:03:01 09:15:00` as ISO 8601, with the camera's offset where it says one."""
    if text is None or len(text) != 19 or not text[:4].isdecimal() or text.startswith("0000"):
        return None
    return f"{text[:4]}-{text[5:7]}-{text[8:10]}T{text[11:]}{offset or ''}"
