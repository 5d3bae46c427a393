"""The signed and encrypted envelope of a bundle.

    CLEARLAND-BUNDLE-1 \\n | length of header (4 bytes) | header (JSON) | AES-256-GCM ciphertext | Ed25519 signature (64 bytes)

The signature covers everything before it, so damage anywhere is found before anything is opened. The content key is random
and wrapped once for each recipient (X25519 with an ephemeral key, HKDF-SHA256) or by a passphrase (scrypt); the header is
authenticated with the content.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from clearland.core.canonical import canonical_bytes
from clearland.core.errors import RefusedInput
from clearland.exchange.keys import Identity, KeyRing

MAGIC = b"CLEARLAND-BUNDLE-1\n"
_LENGTH_BYTES, _KEY_BYTES, _NONCE_BYTES, _SIGNATURE_BYTES = 4, 32, 12, 64
_LARGEST_HEADER = 1 << 16
_INFO = b"clearland bundle content key"
_SCRYPT = {"n": 1 << 15, "r": 8, "p": 1}
_RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


@dataclass(frozen=True)
class Opened:
    """What was in an envelope, and which trusted partner signed it."""

    content: bytes
    sender: str
    signer: Identity


def sealed(content: bytes, ring: KeyRing, recipients: Sequence[Identity] = (), passphrase: str = "") -> bytes:
    """The envelope around `content`, signed by this programme, for recipients or for whoever knows the passphrase.

    Raises RefusedInput E-BUNDLE-RECIPIENT when it is for nobody.
    """
    if not recipients and not passphrase:
        raise RefusedInput(
            "E-BUNDLE-RECIPIENT", "Nobody could open this bundle.", remedy="Name a partner with --for, or give a passphrase."
        )
    key = AESGCM.generate_key(256)
    nonce = os.urandom(_NONCE_BYTES)
    header = canonical_bytes({
        "signer": ring.identity.signing.hex(),
        "nonce": nonce.hex(),
        "for": [_wrapped_for(key, identity) for identity in recipients],
        "passphrase": _wrapped_by(key, passphrase) if passphrase else None,
    })  # fmt: skip
    start = MAGIC + len(header).to_bytes(_LENGTH_BYTES, "big") + header
    body = start + AESGCM(key).encrypt(nonce, content, start)
    return body + ring.signing.sign(body)


def opened(data: bytes, ring: KeyRing, passphrase: str = "") -> Opened:
    """What is in an envelope. Raises RefusedInput E-BUNDLE-KIND (no bundle), E-BUNDLE-DAMAGED (damaged or cut off),
    E-BUNDLE-SIGNER (signed by nobody who is trusted here), E-BUNDLE-KEY (not made for this programme), E-BUNDLE-PASSPHRASE.
    """
    if not data.startswith(MAGIC):
        raise RefusedInput("E-BUNDLE-KIND", "This is no bundle.", remedy="Bundles are made by `clearland bundle`.")
    header, start = _header(data)
    signer = bytes.fromhex(str(header["signer"]))
    known = {identity.signing: (name, identity) for name, identity in ring.trusted().items()}
    if signer not in known:
        raise RefusedInput(
            "E-BUNDLE-SIGNER", f"The bundle is signed by a key that nobody here trusts ({Identity(signer, signer).fingerprint}).",
            remedy="Compare these digits with the sender, then: clearland keys trust NAME IDENTITY",
        )  # fmt: skip
    sender, identity = known[signer]
    body, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
    try:
        identity.signing_key.verify(signature, body)
    except InvalidSignature as error:
        raise damaged() from error
    key = _content_key(header, ring, passphrase)
    try:
        content = AESGCM(key).decrypt(bytes.fromhex(str(header["nonce"])), body[len(start) :], start)
    except (InvalidTag, ValueError) as error:
        raise damaged() from error
    return Opened(content, sender, identity)


def damaged() -> RefusedInput:
    """The refusal of a bundle whose bytes are not those that were signed."""
    return RefusedInput(
        "E-BUNDLE-DAMAGED",
        "The bundle is damaged or was cut off; nothing of it was taken.",
        remedy="Ask the sender for it again.",
    )


def _header(data: bytes) -> tuple[Mapping[str, Any], bytes]:
    at = len(MAGIC) + _LENGTH_BYTES
    length = int.from_bytes(data[len(MAGIC) : at], "big")
    if length > _LARGEST_HEADER or len(data) < at + length + _SIGNATURE_BYTES:
        raise damaged()
    try:
        header = json.loads(data[at : at + length])
        bytes.fromhex(header["signer"])
        bytes.fromhex(header["nonce"])
    except (ValueError, TypeError, KeyError) as error:
        raise damaged() from error
    return header, data[: at + length]


def _wrapped_for(key: bytes, identity: Identity) -> dict[str, str]:
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes(*_RAW)
    nonce = os.urandom(_NONCE_BYTES)
    wrapped = AESGCM(_shared(ephemeral, identity.sealing_key, public)).encrypt(nonce, key, identity.sealing)
    return {"key": identity.sealing.hex(), "ephemeral": public.hex(), "nonce": nonce.hex(), "wrapped": wrapped.hex()}


def _shared(private: X25519PrivateKey, public: X25519PublicKey, salt: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt, _INFO).derive(private.exchange(public))


def _wrapped_by(key: bytes, passphrase: str) -> dict[str, str]:
    salt, nonce = os.urandom(16), os.urandom(_NONCE_BYTES)
    wrapped = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, key, None)
    return {"salt": salt.hex(), "nonce": nonce.hex(), "wrapped": wrapped.hex()}


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt, _KEY_BYTES, **_SCRYPT).derive(passphrase.encode())


def _content_key(header: Mapping[str, Any], ring: KeyRing, passphrase: str) -> bytes:
    mine = ring.identity.sealing
    for each in header["for"]:
        if each["key"] == mine.hex():
            ephemeral = bytes.fromhex(each["ephemeral"])
            shared = _shared(ring.sealing, X25519PublicKey.from_public_bytes(ephemeral), ephemeral)
            return AESGCM(shared).decrypt(bytes.fromhex(each["nonce"]), bytes.fromhex(each["wrapped"]), mine)
    by = header["passphrase"]
    if by is None:
        raise RefusedInput(
            "E-BUNDLE-KEY",
            "The bundle was made for somebody else.",
            remedy="Send your identity (clearland keys show) and ask again.",
        )
    if not passphrase:
        raise RefusedInput("E-BUNDLE-PASSPHRASE", "The bundle has a passphrase.", remedy="Give it with --passphrase.")
    try:
        return AESGCM(_stretched(passphrase, bytes.fromhex(by["salt"]))).decrypt(
            bytes.fromhex(by["nonce"]), bytes.fromhex(by["wrapped"]), None
        )
    except InvalidTag as error:
        raise RefusedInput(
            "E-BUNDLE-PASSPHRASE", "The passphrase is not the bundle's.", remedy="Ask the sender for it."
        ) from error
