"""What a path or an address holds, read: the items, and the bytes that the ledger keeps of it.

Files are kept byte for byte. Where they tell who a victim is, a copy without that is kept in their place: an entry and its
source are for ever, and what names a person never lies in one in plain text. A database is kept as its rows.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from clearland.core.errors import Place, RefusedInput
from clearland.intake.imsma import core, ng
from clearland.intake.imsma.database import Identities, read_database
from clearland.intake.imsma.dump import MEDIA_TYPE, Rows, from_bytes, is_dump, to_bytes
from clearland.intake.imsma.maxml import read_maxml
from clearland.intake.imsma.model import Extract, Kept
from clearland.intake.imsma.rules import Rules

_HEAD = 4_096


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What was read and what is kept of it; `sha256` names what was handed over, which is not always what is kept."""

    extract: Extract
    kept: Kept
    sha256: str


def hand_database(url: str, rules: Rules, *, schema: str = "", step: Callable[[int], None] = lambda done: None) -> Handed:
    """A restored IMSMA NG database. Raises ClearlandError E-MOVE-CONNECT, RefusedInput E-MOVE-SCHEMA."""
    rows, identities = read_database(url, rules, schema, step)
    data = to_bytes(rows)
    extract = ng.items_of(from_bytes(data, "imsma-ng.json"), identities)
    return Handed(extract=extract, kept=Kept(data=data, filename="imsma-ng.json", media_type=MEDIA_TYPE),
                  sha256=sha256(data).hexdigest())  # fmt: skip


def hand_path(path: Path, rules: Rules) -> Handed:
    """A maXML file, an export of IMSMA Core, or rows kept by an earlier move.

    Raises RefusedInput E-MOVE-FILE, E-MOVE-XML, E-MOVE-CORE, E-MOVE-DUMP, and whatever the readers of tables refuse."""
    if not path.exists():
        raise RefusedInput(
            "E-MOVE-FILE", "There is no such file or folder.", place=Place(file=str(path)), remedy="Check its name."
        )
    if path.is_file():
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        if is_dump(head):
            return hand_kept(path.read_bytes(), path.name, rules)
        if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
            data = path.read_bytes()
            extract, kept = read_maxml(data, path.name, rules)
            return Handed(extract=extract, kept=Kept(data=kept, filename=path.name, media_type="application/xml"),
                          sha256=sha256(data).hexdigest())  # fmt: skip
    return _hand_core(path, rules)


def hand_kept(data: bytes, file: str, rules: Rules) -> Handed:
    """What a move has kept, read again: everything but what tells who a person is."""
    digest = sha256(data).hexdigest()
    if is_dump(data):
        rows = from_bytes(data, file)
        extract = _items(rows, {})
        return Handed(extract=extract, kept=Kept(data=data, filename=file, media_type=MEDIA_TYPE), sha256=digest)
    extract, kept = read_maxml(data, file, rules)
    return Handed(extract=extract, kept=Kept(data=kept, filename=file, media_type="application/xml"), sha256=digest)


def _hand_core(path: Path, rules: Rules) -> Handed:
    rows, identities = core.read_core(path, rules)
    data = to_bytes(rows)
    extract = _items(from_bytes(data, path.name), identities)
    handed = path.read_bytes() if path.is_file() else _packed(path)
    # Layers are kept as rows: a geodatabase of another moment has other bytes for the same features.
    return Handed(extract=extract, kept=Kept(data=data, filename=f"{path.stem}.json", media_type=MEDIA_TYPE),
                  sha256=sha256(handed).hexdigest())  # fmt: skip


def _items(rows: Rows, identities: Identities) -> Extract:
    return ng.items_of(rows, identities) if rows.origin == "imsma-ng" else core.items_of(rows, identities)


def _packed(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for member in sorted(part for part in folder.rglob("*") if part.is_file()):
            archive.writestr(zipfile.ZipInfo(member.relative_to(folder).as_posix()), member.read_bytes())
    return packed.getvalue()
