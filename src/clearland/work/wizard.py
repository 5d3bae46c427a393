"""A file that somebody is bringing in: kept while its mapping is made, looked at, and then added or thrown away."""

import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from clearland.core.canonical import sha256_hex
from clearland.core.clock import Clock, system_clock
from clearland.core.errors import ClearlandError, Place, RefusedInput
from clearland.dictionary.model import Kind
from clearland.intake.limits import DEFAULT_LIMITS
from clearland.intake.mapping import ANY_KIND, parse_mappings
from clearland.intake.plan import Plan
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.suggest import starter_mapping
from clearland.intake.tables import Table
from clearland.ledger.scope import Actor
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.add import Added, AddOptions, add_file, check_file

KEPT_SECONDS = 24 * 3600
MAPPING_FILE = "mapping.yaml"
_TOKEN_DIGITS = 32


@dataclass(frozen=True)
class Upload:
    """A file as somebody handed it in; `token` finds it again, for that person only."""

    token: str
    path: Path


def keep(data: bytes, name: str, actor: Actor) -> Upload:
    """Keep a file for a day. Raises RefusedInput E-FILE-TOO-LARGE."""
    if len(data) > DEFAULT_LIMITS.text_bytes:
        raise RefusedInput(
            "E-FILE-TOO-LARGE", f"The file is {len(data):,} bytes; at most {DEFAULT_LIMITS.text_bytes:,} are taken here.",
            remedy="Add it with `clearland add`, or split it.",
        )  # fmt: skip
    _forget_old()
    token = sha256_hex(data)[:_TOKEN_DIGITS]
    folder = _folder(actor) / token
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (Path(name.replace("\\", "/")).name or "table")
    path.write_bytes(data)
    return Upload(token, path)


def kept(token: str, actor: Actor) -> Upload:
    """The file of a token. Raises ClearlandError E-UPLOAD-GONE."""
    folder = _folder(actor) / token
    found = sorted(path for path in folder.glob("*") if path.name != MAPPING_FILE) if _is_token(token) else []
    if not found:
        raise ClearlandError(
            "E-UPLOAD-GONE", "The file is no longer kept here.", remedy="Hand it in again: it is kept for a day."
        )
    return Upload(token, found[0])


def _is_token(token: str) -> bool:
    return len(token) == _TOKEN_DIGITS and all(digit in "0123456789abcdef" for digit in token)


def _uploads() -> Path:
    """Outside the programme's folder, which is copied and backed up: what is handed in may name people."""
    programme = sha256_hex(str(Path(settings.PROGRAMME_DIR).resolve()).encode())[:_TOKEN_DIGITS]
    folder = Path(tempfile.gettempdir()) / f"clearland-uploads-{programme}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or (os.name == "posix" and folder.stat().st_uid != os.getuid()):
        raise ClearlandError(
            "E-UPLOAD-FOLDER", "The folder for files handed in belongs to somebody else.",
            remedy="Name another place for temporary files in TMPDIR.", place=Place(file=str(folder)),
        )  # fmt: skip
    return folder


def _folder(actor: Actor) -> Path:
    return _uploads() / actor.id.replace(":", "-")


def _forget_old() -> None:
    oldest = time.time() - KEPT_SECONDS
    for folder in _uploads().glob("*/*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def tables_of(upload: Upload) -> list[Table]:
    """The tables of the file. Raises RefusedInput."""
    return read_tables(upload.path)


def proposed(upload: Upload, kind: str | None) -> str:
    """A mapping to start from, as YAML; a file with several tables is mapped by its largest."""
    table = max(tables_of(upload), key=len)
    return starter_mapping(table, current_dictionary(), kind)


def changed(text: str, kind: Kind, columns: Mapping[str, tuple[str, str]], local_id: str) -> str:
    """The mapping with other fields for some columns: `columns` maps a column to the field it had and the field it gets (empty
    for none). `local_id` is the column of local ids, and the key where the mapping's key was open. Raises RefusedInput E-MAP-*.
    """
    parse_mappings(text, MAPPING_FILE)
    content: dict[str, Any] = yaml.safe_load(text)
    fields, links = dict(content.get("fields") or {}), dict(content.get("links") or {})
    for column, (was, now) in columns.items():
        if was == now:
            continue
        fields.pop(was, None)
        links.pop(was, None)
        if now and kind.field(now).is_link:
            links[now] = {"column": column, "kind": kind.field(now).target_kind or ANY_KIND}
        elif now:
            fields[now] = column
    content["fields"] = fields
    content.pop("links", None)
    if links:
        content["links"] = links
    if local_id and local_id != content.get("local_id"):
        content["key"] = [local_id]
        content["local_id"] = local_id
    written = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
    notes = [line for line in text.splitlines() if line.startswith("#")]
    return "\n".join([written.rstrip(), *notes, ""])


def field_of_columns(text: str) -> dict[str, str]:
    """Column -> field, as a mapping says for columns that stand alone; nothing for text that is no mapping."""
    try:
        mapping = parse_mappings(text, MAPPING_FILE)[0]
    except RefusedInput:
        return {}
    found = {source.columns[0]: name for name, source in mapping.fields.items() if len(source.columns) == 1}
    return {**found, **{link.column: name for name, link in mapping.links.items()}}


def _options(upload: Upload, text: str) -> AddOptions:
    parse_mappings(text, MAPPING_FILE)
    path = upload.path.parent / MAPPING_FILE
    path.write_text(text, encoding="utf-8")
    return AddOptions(mapping=path)


def look(upload: Upload, text: str, *, actor: Actor, marked: Path | None = None) -> Plan:
    """What adding would do. `marked`: where the workbook goes back to, with notes. Raises RefusedInput E-MAP-*."""
    return check_file(upload.path, _options(upload, text), actor=actor, marked=marked)


def bring(upload: Upload, text: str, *, actor: Actor, clock: Clock = system_clock) -> Added:
    """Add the file, and keep it here no longer. Raises RefusedInput; nothing is added then, and the file stays to be mended."""
    added = add_file(upload.path, _options(upload, text), actor=actor, clock=clock)
    shutil.rmtree(upload.path.parent, ignore_errors=True)
    return added


def save_mapping(text: str, name: str) -> Path:
    """Keep a mapping in the programme's folder `mappings`, for the next edition. Raises RefusedInput E-MAP-*, E-MAP-NAME."""
    parse_mappings(text, MAPPING_FILE)
    plain = name.strip().removesuffix(".yaml")
    if not plain or not all(letter.isalnum() or letter in "-_ " for letter in plain):
        raise RefusedInput("E-MAP-NAME", f"{name!r} cannot name a mapping.", remedy="Use letters, digits, spaces and hyphens.")
    target = Path(settings.PROGRAMME_DIR) / "mappings" / f"{plain}.yaml"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def saved_mappings() -> Sequence[Path]:
    """The mappings kept in the programme's folder, by name."""
    return sorted((Path(settings.PROGRAMME_DIR) / "mappings").glob("*.yaml"))
