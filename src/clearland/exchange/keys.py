"""The keys of a programme: one to sign with (Ed25519), one that others encrypt to (X25519), and those of partners it trusts.

They lie outside the programme folder, which people pass on: in the folder that CLEARLAND_KEYS names, else beside the programme
in `<programme>.keys`. What a programme tells others is its *identity*, one line of text without secrets.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from clearland.core.errors import ClearlandError

_IDENTITY = re.compile(r"^clearland1:([0-9a-f]{64}):([0-9a-f]{64})$")
_NAME = re.compile(r"^[\w.-]{1,60}$")
_SIGNING, _SEALING, _TRUSTED = "signing.key", "sealing.key", "trusted"


@dataclass(frozen=True)
class Identity:
    """The public keys of a programme, as raw bytes."""

    signing: bytes
    sealing: bytes

    def __str__(self) -> str:
        return f"clearland1:{self.signing.hex()}:{self.sealing.hex()}"

    @property
    def fingerprint(self) -> str:
        """Short enough to be compared over the telephone: 16 hexadecimal digits in fours."""
        text = self.signing.hex()[:16]
        return " ".join(text[start : start + 4] for start in range(0, 16, 4))

    @property
    def signing_key(self) -> Ed25519PublicKey:
        """To check a signature."""
        return Ed25519PublicKey.from_public_bytes(self.signing)

    @property
    def sealing_key(self) -> X25519PublicKey:
        """To encrypt to."""
        return X25519PublicKey.from_public_bytes(self.sealing)


def parse_identity(text: str) -> Identity:
    """The identity that another programme printed. Raises ClearlandError E-KEY-IDENTITY."""
    match = _IDENTITY.match(text.strip())
    if match is None:
        raise ClearlandError(
            "E-KEY-IDENTITY",
            "This is no identity of a programme.",
            remedy="It is the line that `clearland keys show` prints there.",
        )
    return Identity(bytes.fromhex(match[1]), bytes.fromhex(match[2]))


class KeyRing:
    """The keys in one folder; a programme's own pair is made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def identity(self) -> Identity:
        """This programme's own public keys."""
        raw = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return Identity(self.signing.public_key().public_bytes(*raw), self.sealing.public_key().public_bytes(*raw))

    @property
    def signing(self) -> Ed25519PrivateKey:
        """The private key that bundles are signed with."""
        return Ed25519PrivateKey.from_private_bytes(self._private(_SIGNING))

    @property
    def sealing(self) -> X25519PrivateKey:
        """The private key that opens what is encrypted to this programme."""
        return X25519PrivateKey.from_private_bytes(self._private(_SEALING))

    def _private(self, name: str) -> bytes:
        path = self.folder / name
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(os.urandom(32))
        return path.read_bytes()

    def trusted(self) -> dict[str, Identity]:
        """Name -> identity of every partner this programme takes bundles from, itself (`here`) among them."""
        folder = self.folder / _TRUSTED
        found = {path.name: parse_identity(path.read_text(encoding="ascii")) for path in sorted(folder.glob("*"))}
        return {**found, "here": self.identity}

    def trust(self, name: str, identity: Identity) -> None:
        """Take bundles signed by this identity from now on, under a name. Raises ClearlandError E-KEY-NAME."""
        if _NAME.match(name) is None or name == "here":
            raise ClearlandError(
                "E-KEY-NAME", f"{name!r} cannot name a partner.", remedy="Use letters, digits, dots and hyphens."
            )
        folder = self.folder / _TRUSTED
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / name).write_text(f"{identity}\n", encoding="ascii")

    def named(self, name: str) -> Identity:
        """The identity of a trusted partner. Raises ClearlandError E-KEY-UNKNOWN."""
        found = self.trusted().get(name)
        if found is None:
            raise ClearlandError(
                "E-KEY-UNKNOWN",
                f"No partner is called {name!r}.",
                remedy="Add the identity first: clearland keys trust NAME IDENTITY",
            )
        return found
