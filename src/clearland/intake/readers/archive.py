"""Zip files are measured before anything opens them: count, sizes as they really unpack, ratio, names, encryption.

The size in a zip directory is only a claim of whoever wrote it, so members are unpacked once and counted; nothing is
kept in memory or on disk while doing so.
"""

import copy
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from clearland.core.errors import Place, RefusedInput
from clearland.intake.limits import Limits

_CHUNK_BYTES = 256 * 1024
_FLAG_ENCRYPTED = 0x1


def measure_zip(path: Path, limits: Limits, look: Callable[[str, bytes], None] | None = None) -> list[str]:
    """The member names of a zip that is whole, not encrypted and not a bomb. `look` sees every chunk that unpacks.

    Raises RefusedInput E-ZIP-DAMAGED, E-ZIP-ENCRYPTED, E-ZIP-BOMB or E-ZIP-NAME.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _refuse_by_directory(path, members, limits)
            total = 0
            for member in members:
                total += _measure_member(archive, member, total, limits, look)
            return [member.filename for member in members if not member.is_dir()]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise damaged(path, str(error)) from error


def damaged(path: Path, detail: str) -> RefusedInput:
    """A zip-based file that does not unpack."""
    return RefusedInput(
        "E-ZIP-DAMAGED",
        f"The file is damaged or was cut off: it does not unpack ({detail}).",
        place=Place(file=path.name),
        remedy="Send or download it again, and compare its size with the original.",
    )


def _refuse_by_directory(path: Path, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.members:
        raise _bomb(path, f"it holds {len(members):,} files, more than {limits.members:,}")
    for member in members:
        if member.flag_bits & _FLAG_ENCRYPTED:
            raise RefusedInput(
                "E-ZIP-ENCRYPTED",
                f"{member.filename!r} in the archive is protected by a password.",
                place=Place(file=path.name),
                remedy="Unpack it yourself and add what is inside.",
            )
        parts = member.filename.replace("\\", "/").split("/")
        if member.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
            raise RefusedInput(
                "E-ZIP-NAME",
                f"{member.filename!r} would unpack outside its folder.",
                place=Place(file=path.name),
                remedy="Pack the files again without absolute names.",
            )
    if sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise _bomb(path, f"it unpacks to more than {limits.unpacked_bytes:,} bytes")


def _measure_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    before: int,
    limits: Limits,
    look: Callable[[str, bytes], None] | None,
) -> int:
    # A copy that claims to be endless, so that zipfile reads to the true end instead of to the declared size.
    path = Path(str(archive.filename))
    endless = copy.copy(member)
    endless.file_size = limits.unpacked_bytes + 1
    size = 0
    with archive.open(endless) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            if before + size > limits.unpacked_bytes:
                raise _bomb(path, f"it unpacks to more than {limits.unpacked_bytes:,} bytes")
            if size > limits.ratio_counts_from_bytes and size > limits.unpacked_ratio * max(member.compress_size, 1):
                raise _bomb(path, f"{member.filename!r} unpacks to more than {limits.unpacked_ratio} times its size")
            if look is not None:
                look(member.filename, chunk)
    if size != member.file_size:
        raise damaged(path, f"{member.filename!r} is {size:,} bytes, its directory says {member.file_size:,}")
    return size


def _bomb(path: Path, sentence: str) -> RefusedInput:
    return RefusedInput(
        "E-ZIP-BOMB",
        f"The archive is refused: {sentence}.",
        place=Place(file=path.name),
        remedy="Unpack it yourself, look at what it holds, and add only the tables and layers.",
    )
