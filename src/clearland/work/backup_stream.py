"""A tar archive through age, in both directions, in constant memory."""

import os
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

import pyrage

from clearland.core.errors import RefusedInput


@contextmanager
def written(output: BinaryIO, recipients: Sequence[pyrage.x25519.Recipient]) -> Iterator[tarfile.TarFile]:
    """An archive to add to; what is added goes encrypted into `output`."""
    work = partial(_encrypted, output, recipients)
    with _beside(work, into=True) as pipe, tarfile.open(fileobj=pipe, mode="w|") as archive:
        yield archive


def extracted(path: Path, key: pyrage.x25519.Identity, folder: Path) -> None:
    """Unpack a backup into a folder that exists.

    Raises RefusedInput E-BACKUP-OTHER-KEY (made for another key), E-BACKUP-DAMAGED (cut off or changed); files that were
    unpacked before the damage was met are left for the caller to remove."""
    try:
        with path.open("rb") as data, _beside(lambda target: pyrage.decrypt_io(data, target, [key]), into=False) as pipe:
            with tarfile.open(fileobj=pipe, mode="r|") as archive:
                archive.extractall(folder, filter="data")
            while pipe.read(1 << 20):  # the padding: age has proved the whole file only when it is read to its end
                pass
    except (pyrage.DecryptError, tarfile.TarError, OSError) as error:
        raise _refusal(error) from error


def _refusal(error: BaseException) -> RefusedInput:
    if isinstance(error, pyrage.DecryptError) and "key" in str(error).lower():
        return RefusedInput(
            "E-BACKUP-OTHER-KEY",
            "The backup was made for another key.",
            remedy="Give the key that was printed for this programme.",
        )
    return RefusedInput(
        "E-BACKUP-DAMAGED", "The backup is damaged or was cut off; nothing was restored.", remedy="Take the one before it."
    )


def _encrypted(output: BinaryIO, recipients: Sequence[pyrage.x25519.Recipient], source: IO[bytes]) -> None:
    pyrage.encrypt_io(source, output, recipients)


@contextmanager
def _beside(work: Callable[[IO[bytes]], object], *, into: bool) -> Iterator[IO[bytes]]:
    """One end of a pipe, while a thread does `work` on the other: it reads what goes `into` the pipe, or fills it.

    What the thread raised is raised here at the end, and goes before a broken pipe, which only follows from it."""
    reading, writing = os.pipe()
    source, target = os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
    theirs, ours = (source, target) if into else (target, source)
    raised: list[BaseException] = []

    def run() -> None:
        try:
            with theirs:
                work(theirs)
        except BaseException as error:  # noqa: BLE001 - handed to the caller below, whatever it is
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield ours
    except (OSError, tarfile.TarError):
        _ended(ours, thread)
        if raised:
            raise raised[0] from None
        raise
    _ended(ours, thread)
    if raised:
        raise raised[0]


def _ended(pipe: IO[bytes], thread: threading.Thread) -> None:
    with suppress(OSError):
        pipe.close()
    thread.join()
