"""The keys of backups: the secret half is printed for the safe, the programme's machine holds only the other one.

So a machine that makes a backup every night cannot open any of them, and neither can whoever takes it away. The format is
that of age (age-encryption.org): with the printed key a backup also opens without Clearland, `age -d -i KEYFILE | tar x`.
"""

from pathlib import Path

import pyrage

from clearland.core.errors import ClearlandError, RefusedInput

_FILE = "backup.recipients"


def new() -> tuple[str, str]:
    """A secret key to be printed, and the recipient that belongs to it."""
    secret = pyrage.x25519.Identity.generate()
    return str(secret), str(secret.to_public())


def keep(folder: Path, recipient: str) -> None:
    """Encrypt backups to this recipient, besides those that were kept before. Raises ClearlandError E-BACKUP-KEY."""
    _recipient(recipient)
    held = recipients(folder)
    if recipient not in held:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / _FILE).write_text("".join(f"{each}\n" for each in (*held, recipient)), encoding="ascii")


def recipients(folder: Path) -> tuple[str, ...]:
    """Whom backups are encrypted to, from the programme's folder of keys."""
    path = folder / _FILE
    return tuple(path.read_text(encoding="ascii").split()) if path.is_file() else ()


def parsed_recipients(texts: tuple[str, ...]) -> list[pyrage.x25519.Recipient]:
    """Raises RefusedInput E-BACKUP-NOBODY when there is none, ClearlandError E-BACKUP-KEY for what is no recipient."""
    if not texts:
        raise RefusedInput(
            "E-BACKUP-NOBODY", "Nobody could open this backup: the programme has no backup key.",
            remedy="Make one, print it and put it into the safe: clearland backup-key new",
        )  # fmt: skip
    return [_recipient(text) for text in texts]


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise ClearlandError(
            "E-BACKUP-KEY",
            "This is no recipient of a backup.",
            remedy="It begins with age1; clearland backup-key show prints it.",
        ) from error


def secret_key(text: str) -> pyrage.x25519.Identity:
    """The secret key from its printed form; spaces and lower case do not matter. Raises ClearlandError E-BACKUP-KEY."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    try:
        return pyrage.x25519.Identity.from_str("".join("".join(lines).split()).upper())
    except pyrage.IdentityError as error:
        raise ClearlandError(
            "E-BACKUP-KEY", "This is no key of a backup.",
            remedy="It begins with AGE-SECRET-KEY-1 and lies where it was put when `clearland backup-key new` printed it.",
        ) from error  # fmt: skip
