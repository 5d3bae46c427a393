"""Keys and envelopes for what only a named reason may open: identities of victims and witnesses (design section 4).

One *sealing key* of 32 bytes lies outside the programme. Two keys are derived from it, each for one use: wrapping the
data keys of persons, and blind indexes. Each person has a data key of their own, so that
forgetting that key forgets the person.

    body of an entry      commitment = SHA-256(16 random bytes ‖ value): proves a value later, tells nothing now
    sealed_person         wrapped data key, and an envelope of salt ‖ value under it, bound to person and field
    blind index           HMAC of the folded value: equal values meet without being opened

Envelopes are AES-256-GCM: 12 bytes of nonce, then ciphertext with its tag. The design is ours; AES-GCM is NIST SP
800-38D, HKDF is RFC 5869, scrypt is RFC 7914.
"""

import base64
import binascii
import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from clearland.core.errors import ClearlandError

KEY_BYTES = 32
SALT_BYTES = 16
_NONCE_BYTES = 12
_PREFIX = "sealed:"
_CHECK = b"clearland sealing key"


@dataclass(frozen=True)
class SealingKey:
    """The programme's sealing key with the keys made from it. Its representation never shows a byte of them."""

    _wrapping: bytes = field(repr=False)
    _indexing: bytes = field(repr=False)
    fingerprint: str

    @classmethod
    def from_secret(cls, secret: bytes) -> "SealingKey":
        """From the 32 secret bytes. Raises ClearlandError (E-SEALED-KEY) for another length."""
        if len(secret) != KEY_BYTES:
            raise ClearlandError("E-SEALED-KEY", "The sealing key is not 32 bytes long.", remedy=_KEY_REMEDY)
        parts = [
            HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"clearland {use}".encode()).derive(secret)
            for use in ("wrapping", "blind index", "fingerprint")
        ]
        return cls(parts[0], parts[1], hmac.new(parts[2], _CHECK, hashlib.sha256).hexdigest()[:16])

    def new_person(self, person: str) -> bytes:
        """A fresh data key for a person (a record's identity), wrapped."""
        return _shut(self._wrapping, os.urandom(KEY_BYTES), person)

    def seal(self, wrapped: bytes, person: str, name: str, value: str) -> tuple[str, bytes]:
        """A value of one field of one person: the commitment for the entry's body, and the envelope for the sealed row."""
        salt = os.urandom(SALT_BYTES)
        content = value.encode()
        envelope = _shut(self._data_key(wrapped, person), salt + content, f"{person}\x1f{name}")
        return commitment(salt, content), envelope

    def open(self, wrapped: bytes, person: str, name: str, envelope: bytes, committed: str) -> str:
        """The value in an envelope.

        Raises ClearlandError (E-SEALED-KEY) under another key, (E-SEALED-DAMAGED) when the envelope was altered, belongs to
        another person or field, or holds something else than the entry's body committed to."""
        return self._opened(wrapped, person, name, envelope, committed)[SALT_BYTES:].decode()

    def sealed_anew(
        self, wrapped: bytes, person: str, name: str, envelope: bytes, committed: str, successor: "SealingKey", new: bytes
    ) -> bytes:
        """The same value under the data key `new` that another sealing key wraps; the commitment stands. Raises as `open`."""
        salted = self._opened(wrapped, person, name, envelope, committed)
        return _shut(successor._data_key(new, person), salted, f"{person}\x1f{name}")

    def _opened(self, wrapped: bytes, person: str, name: str, envelope: bytes, committed: str) -> bytes:
        """Salt and value in an envelope."""
        opened = _open(self._data_key(wrapped, person), envelope, f"{person}\x1f{name}", "E-SEALED-DAMAGED")
        if not hmac.compare_digest(commitment(opened[:SALT_BYTES], opened[SALT_BYTES:]), committed):
            raise ClearlandError("E-SEALED-DAMAGED", f"The sealed {name} is not what the ledger committed to.", remedy=_DAMAGED)
        return opened

    def cipher(self, wrapped: bytes, owner: str) -> "Cipher":
        """What shuts and opens the blocks of a file under a wrapped data key. Raises ClearlandError (E-SEALED-KEY)."""
        return Cipher(self._data_key(wrapped, owner))

    def blind_index(self, name: str, value: str) -> str:
        """The same text for the same value of the same field, whatever its case, accents or spaces; it cannot be read back."""
        folded = unicodedata.normalize("NFKD", value).casefold().replace("ı", "i")
        letters = "".join(letter for letter in folded if letter.isalnum())
        return hmac.new(self._indexing, f"{name}\x1f{letters}".encode(), hashlib.sha256).hexdigest()

    def _data_key(self, wrapped: bytes, person: str) -> bytes:
        return _open(self._wrapping, wrapped, person, "E-SEALED-KEY")


@dataclass(frozen=True)
class Cipher:
    """One data key, unwrapped; its representation never shows a byte of it."""

    _key: bytes = field(repr=False)

    def shut(self, content: bytes, bound_to: str) -> bytes:
        """An envelope that opens under the same words only."""
        return _shut(self._key, content, bound_to)

    def open(self, envelope: bytes, bound_to: str) -> bytes:
        """What is in it. Raises ClearlandError (E-SEALED-DAMAGED)."""
        return _open(self._key, envelope, bound_to, "E-SEALED-DAMAGED")


_KEY_REMEDY = "Give the key printed at `init` in CLEARLAND_SEALED_KEY, or the passphrase it was made from."
_DAMAGED = "Restore the sealed table from a backup; run `clearland verify`."


def new_secret() -> bytes:
    """Thirty-two random bytes for a new programme."""
    return os.urandom(KEY_BYTES)


def printed(secret: bytes) -> str:
    """The secret as a person keeps it on paper: base32 in groups of four, with two characters that catch a slip."""
    text = base64.b32encode(secret).decode().rstrip("=")
    text += base64.b32encode(hashlib.sha256(secret).digest()).decode()[:2]
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def parsed(text: str) -> bytes:
    """The secret from its printed form; spaces, case and hyphens do not matter. Raises ClearlandError (E-SEALED-KEY)."""
    letters = "".join(text.split()).replace("-", "").upper()
    body, check = letters[:-2], letters[-2:]
    try:
        secret = base64.b32decode(body + "=" * (-len(body) % 8))
    except binascii.Error as error:
        raise ClearlandError("E-SEALED-KEY", "This is no sealing key.", remedy=_KEY_REMEDY) from error
    if len(secret) != KEY_BYTES or base64.b32encode(hashlib.sha256(secret).digest()).decode()[:2] != check:
        raise ClearlandError("E-SEALED-KEY", "The sealing key has a slip of the pen in it.", remedy=_KEY_REMEDY)
    return secret


def from_passphrase(passphrase: str, salt: bytes) -> bytes:
    """The secret made from a passphrase (scrypt, 32 MiB). The salt is no secret and lies with the programme."""
    words = unicodedata.normalize("NFKC", passphrase).encode()
    return Scrypt(salt=salt, length=KEY_BYTES, n=2**15, r=8, p=1).derive(words)


def commitment(salt: bytes, value: bytes) -> str:
    """What an entry's body holds in place of a sealed value."""
    return _PREFIX + hashlib.sha256(salt + value).hexdigest()


def is_commitment(value: object) -> bool:
    """Whether a value of a body stands for a sealed one."""
    return isinstance(value, str) and value.startswith(_PREFIX) and len(value) == len(_PREFIX) + 64


def _shut(key: bytes, content: bytes, bound_to: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, bound_to.encode())


def _open(key: bytes, envelope: bytes, bound_to: str, code: str) -> bytes:
    try:
        return AESGCM(key).decrypt(envelope[:_NONCE_BYTES], envelope[_NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        if code == "E-SEALED-KEY":
            raise ClearlandError(code, "This key does not open the programme's sealed rows.", remedy=_KEY_REMEDY) from error
        raise ClearlandError(code, "A sealed value was altered or belongs elsewhere.", remedy=_DAMAGED) from error
