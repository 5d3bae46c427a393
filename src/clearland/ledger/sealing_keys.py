"""Where the sealing key of a programme lies: in CLEARLAND_SEALED_KEY, or in a file outside every programme folder.

A programme folder is copied, sent and backed up; whoever has it has not the key. The programme record keeps the key's
fingerprint only, so that a wrong key is told from the right one before anything is sealed under it.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

from django.db import connections

from clearland.core.errors import ClearlandError, RefusedInput
from clearland.core.sealing import SealingKey, parsed, printed
from clearland.ledger.opening import PROGRAMME_RECORD
from clearland.ledger.store import ALIAS

VARIABLE = "CLEARLAND_SEALED_KEY"
_CONFIG = "CLEARLAND_CONFIG"
_FINGERPRINT = re.compile(r"^[0-9a-f]{16}$")
_REMEDY = "Give the printed key in CLEARLAND_SEALED_KEY, or keep it here: clearland sealing-key import"


def config_folder() -> Path:
    """The user's folder of settings: CLEARLAND_CONFIG, else the system's place for them and `clearland` in it."""
    if named := os.environ.get(_CONFIG):
        return Path(named)
    base = os.environ.get("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "clearland"


def key_file(fingerprint: str) -> Path:
    """The file in which the key with this fingerprint is kept."""
    return config_folder() / "sealing-keys" / f"{fingerprint}.key"


def keep(secret: bytes) -> Path:
    """Store a key in its file, which only its owner may read. Raises ClearlandError (E-SEALED-KEEP) where that fails."""
    path = key_file(SealingKey.from_secret(secret).fingerprint)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(f"{printed(secret)}\n")
    except OSError as error:
        raise ClearlandError(
            "E-SEALED-KEEP", f"The sealing key cannot be kept in {path.parent} ({error.strerror}).",
            remedy="Name another folder in CLEARLAND_CONFIG and import the printed key: clearland sealing-key import",
        ) from error  # fmt: skip
    return path


def programme_fingerprint() -> str:
    """The fingerprint that the programme in use states; empty where it has no sealing key."""
    with connections[ALIAS].cursor() as cursor:
        identity: Any = PROGRAMME_RECORD.hex if connections[ALIAS].vendor == "sqlite" else PROGRAMME_RECORD
        cursor.execute('SELECT attributes FROM "record" WHERE id = %s', [identity])
        row = cursor.fetchone()
    if row is None:
        return ""
    attributes = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return str(attributes.get("sealing_key", ""))


def key_here() -> SealingKey | None:
    """The sealing key of the programme in use; None where the programme has none, or this machine does not hold it.

    Raises RefusedInput (E-SEALED-KEY) for a key of another programme, ClearlandError (E-SEALED-KEY) for what is no key."""
    fingerprint = programme_fingerprint()
    if not _FINGERPRINT.match(fingerprint):
        return None
    if given := os.environ.get(VARIABLE):
        key = SealingKey.from_secret(parsed(given))
    else:
        path = key_file(fingerprint)
        if not path.is_file():
            return None
        key = SealingKey.from_secret(parsed(path.read_text(encoding="ascii")))
    if key.fingerprint != fingerprint:
        raise RefusedInput(
            "E-SEALED-KEY", f"This is the sealing key {key.fingerprint}; the programme's is {fingerprint}.", remedy=_REMEDY
        )
    return key


def needed_key() -> SealingKey:
    """The sealing key of the programme in use. Raises RefusedInput (E-SEALED-KEY) where it is not at hand."""
    if key := key_here():
        return key
    if fingerprint := programme_fingerprint():
        raise RefusedInput("E-SEALED-KEY", f"The programme's sealing key {fingerprint} is not on this machine.", remedy=_REMEDY)
    raise RefusedInput(
        "E-SEALED-KEY", "This programme has no sealing key: it keeps no identities.", remedy="Make one: clearland sealing-key new"
    )
