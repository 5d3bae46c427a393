"""Photographs as points: what the camera wrote is read, and bytes made to harm are nothing but a photograph without a place."""

import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.intake.readers.dispatch import read_tables
from clearland.intake.readers.photos import JPEG, shot_of


def entry(order: str, tag: int, sort: int, count: int, value: bytes) -> bytes:
    return struct.pack(f"{order}HHI", tag, sort, count) + value.ljust(4, b"\0")


def directory(order: str, entries: list[bytes]) -> bytes:
    return struct.pack(f"{order}H", len(entries)) + b"".join(entries) + b"\0\0\0\0"


def rationals(order: str, *pairs: tuple[int, int]) -> bytes:
    return b"".join(struct.pack(f"{order}II", *pair) for pair in pairs)


def photo(order: str = "<", *, south: bool = True) -> bytes:
    """A JPEG that begins as a camera's does: 20° 6' 36" S, 30° 12' W, 12.5 m, looking east, at nine o'clock."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    main_at, gps_at, exif_at, data_at = 8, 8 + 2 + 3 * 12 + 4, 8 + 42 + 2 + 6 * 12 + 4, 8 + 42 + 78 + 2 + 2 * 12 + 4
    latitude = rationals(order, (20, 1), (6, 1), (3600, 100))
    longitude = rationals(order, (30, 1), (12, 1), (0, 1))
    altitude, direction = rationals(order, (125, 10)), rationals(order, (90, 1))
    moment = b"2024:03:01 09:15:00\0"
    at = [data_at]
    for part in (latitude, longitude, altitude, direction):
        at.append(at[-1] + len(part))
    pointer = [struct.pack(f"{order}I", offset) for offset in at]
    main = directory(order, [
        entry(order, 0x8825, 4, 1, struct.pack(f"{order}I", gps_at)),
        entry(order, 0x8769, 4, 1, struct.pack(f"{order}I", exif_at)),
        entry(order, 0x0132, 2, 20, pointer[4]),
    ])  # fmt: skip
    gps = directory(order, [
        entry(order, 1, 2, 2, b"S\0" if south else b"N\0"), entry(order, 2, 5, 3, pointer[0]), entry(order, 3, 2, 2, b"W\0"),
        entry(order, 4, 5, 3, pointer[1]), entry(order, 6, 5, 1, pointer[2]), entry(order, 17, 5, 1, pointer[3]),
    ])  # fmt: skip
    exif = directory(order, [entry(order, 0x9003, 2, 20, pointer[4]), entry(order, 0x9011, 2, 4, b"Z\0")])
    block = mark + struct.pack(f"{order}I", main_at) + main + gps + exif + latitude + longitude + altitude + direction + moment
    segment = b"Exif\0\0" + block
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + b"\xff\xda\0\x02picture"


@pytest.mark.parametrize("order", ["<", ">"])
def test_place_moment_and_direction_are_read(order: str) -> None:
    shot = shot_of(photo(order))
    assert shot.latitude == pytest.approx(-20.11, abs=1e-9)
    assert shot.longitude == pytest.approx(-30.2, abs=1e-9)
    assert (shot.altitude_m, shot.direction_degree) == (12.5, 90.0)
    assert shot.taken_at == "2024-03-01T09:15:00Z"
    north = shot_of(photo(order, south=False)).latitude
    assert north == pytest.approx(20.11, abs=1e-9)


def test_photos_are_rows_alone_or_in_a_zip(tmp_path: Path) -> None:
    (tmp_path / "one.jpg").write_bytes(photo())
    (table,) = read_tables(tmp_path / "one.jpg")
    assert table.cells["photo"] == ["one.jpg"]
    with zipfile.ZipFile(tmp_path / "day.zip", "w") as packed:
        packed.writestr("b/two.JPG", photo())
        packed.writestr("a.jpeg", JPEG + b"\xe0 no place")
        packed.writestr("note.txt", "x")
    (table,) = read_tables(tmp_path / "day.zip")
    assert table.cells["photo"] == ["a.jpeg", "b/two.JPG"]
    assert table.geometries is not None
    assert [shape is None for shape in table.geometries] == [True, False]
    assert [(finding.code, finding.place.row) for finding in table.findings] == [("W-PHOTO-PLACE", 1)]


@given(st.integers(0, len(photo()) - 1), st.binary(min_size=1, max_size=8))
def test_no_bytes_do_harm(position: int, noise: bytes) -> None:
    whole = photo()
    shot = shot_of(whole[:position] + noise + whole[position + len(noise) :])
    assert shot.latitude is None or -90 <= shot.latitude <= 90
    assert shot.longitude is None or -180 <= shot.longitude <= 180
    shot_of(whole[:position])
