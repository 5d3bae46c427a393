"""What the processes of a programme tell each other about counts: small files in `derived/counts` of its folder.

Pages may run in one process or in many, counting runs in one of its own (`web.counter`), and each may be killed at any
moment. So nothing is said but by files that are replaced whole: what is wanted, what stands, what failed, how far the
present count is. Answers lie beside the snapshot they were computed from and bear a seal made with the site's secret,
which never travels with a programme: nobody can hand this site objects of their own making.
"""

import hashlib
import hmac
import json
import os
import pickle
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from clearland.core.errors import ClearlandError
from clearland.core.release import release
from clearland.ledger.scope import Actor

NOW = "now"
WARMED = "warmed"
_SEAL_BYTES = 32
_UNREADABLE = (OSError, ValueError, EOFError, AttributeError, ImportError, pickle.UnpicklingError)


@dataclass(frozen=True)
class Standing:
    """A finished count: the name of its snapshot's folder, and the head of the ledger it was made at."""

    folder: str
    head: str


@dataclass(frozen=True)
class Progress:
    """How far a count is: `step` of `steps` done, begun `began` seconds after the epoch."""

    step: int = 0
    steps: int = 1
    began: float = 0.0


@dataclass(frozen=True)
class Question:
    """A page that needs sums nobody has computed yet: its address, for whom, in which language, from which snapshot."""

    address: str
    language: str
    actor: Actor
    day: str
    folder: str

    @property
    def page(self) -> str:
        """The same page whatever the snapshot."""
        return _digest(self.address, self.language, self.actor.id, str(self.actor.is_admin), self.day)

    @property
    def id(self) -> str:
        """The name of its answer."""
        return _digest(self.page, self.folder)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def day_of(known: date | None) -> str:
    """A date of knowledge as files are named by it."""
    return known.isoformat() if known else NOW


def known_on(day: str) -> date | None:
    """The date of knowledge of a name."""
    return None if day == NOW else date.fromisoformat(day)


class Board:
    """The files of one programme. Every method may be called by any process at any time."""

    def __init__(self, programme_folder: Path) -> None:
        self.folder = programme_folder / "derived" / "counts"

    def want(self, day: str, language: str) -> None:
        """Ask for a count as known on a day, with the pages of a language."""
        (self._made("wanted") / f"{day}.{language}").touch()

    def wanted(self) -> dict[str, set[str]]:
        """Day -> languages asked for."""
        found: dict[str, set[str]] = {}
        for path in self._listed("wanted"):
            day, _, language = path.name.partition(".")
            found.setdefault(day, set()).add(language)
        return found

    def take(self, day: str) -> None:
        """Begin with a day: who asks from here on asks for the next count."""
        for path in self._listed("wanted"):
            if path.name.partition(".")[0] == day:
                path.unlink(missing_ok=True)

    def ask(self, question: Question) -> None:
        """Ask for the sums of one page."""
        _replace(self._made("questions") / question.id, json.dumps(asdict(question)).encode())

    def questions(self) -> list[Question]:
        """Take what is asked."""
        taken = []
        for path in self._listed("questions"):
            told = _read_json(path)
            path.unlink(missing_ok=True)
            if told:
                taken.append(Question(**(told | {"actor": Actor(**told["actor"])})))
        return taken

    def stand(self, day: str, standing: Standing) -> None:
        """Say that a count is finished."""
        _replace(self._made("standing") / day, json.dumps(asdict(standing)).encode())
        (self._made("failed") / day).unlink(missing_ok=True)

    def standing(self, day: str) -> Standing | None:
        """The newest finished count of a day."""
        told = _read_json(self.folder / "standing" / day)
        return Standing(**told) if told else None

    def stamp(self, day: str) -> tuple[int, int]:
        """Changes whenever `stand` was called; (0, 0) before."""
        try:
            found = (self.folder / "standing" / day).stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)

    def fail(self, day: str, error: ClearlandError) -> None:
        """Say that a count could not be made."""
        told = {"code": error.code, "sentence": error.sentence, "remedy": error.remedy}
        _replace(self._made("failed") / day, json.dumps(told).encode())

    def failure(self, day: str) -> ClearlandError | None:
        """Why the last count of a day failed; said once."""
        path = self.folder / "failed" / day
        told = _read_json(path)
        path.unlink(missing_ok=True)
        return ClearlandError(told["code"], told["sentence"], remedy=told["remedy"]) if told else None

    def say(self, progress: Progress) -> None:
        """How far the present count is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace(self.folder / "progress", json.dumps(asdict(progress)).encode())

    def progress(self) -> Progress:
        """What was said last."""
        told = _read_json(self.folder / "progress")
        return Progress(**told) if told else Progress()

    def _made(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def _listed(self, name: str) -> list[Path]:
        try:
            return sorted(path for path in (self.folder / name).iterdir() if not path.name.startswith("."))
        except FileNotFoundError:
            return []


def keep_answer(snapshot_folder: Path, name: str, values: Mapping[str, Any]) -> None:
    """Put sums beside their snapshot, sealed. `name` is a question's id, or WARMED for what every count computes."""
    data = pickle.dumps(dict(values), protocol=pickle.HIGHEST_PROTOCOL)
    path = _answer_path(snapshot_folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, _seal(data) + data)


def answer(snapshot_folder: Path, name: str) -> dict[str, Any] | None:
    """The sums of a question; None while there are none, or where the seal is not ours."""
    try:
        whole = _answer_path(snapshot_folder, name).read_bytes()
        seal, data = whole[:_SEAL_BYTES], whole[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, _seal(data)):
            return None
        found: dict[str, Any] = pickle.loads(data)  # noqa: S301  # sealed with the site's own secret
    except _UNREADABLE:
        return None
    return found


def _answer_path(snapshot_folder: Path, name: str) -> Path:
    return snapshot_folder / "derived" / f"answers-{release()}" / name


def _seal(data: bytes) -> bytes:
    return hmac.digest(f"clearland counts {settings.SECRET_KEY}".encode(), data, "sha256")


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    temporary.write_bytes(data)
    try:
        os.replace(temporary, path)
    except PermissionError:  # Windows, while somebody reads the file: what is said there is said again soon
        temporary.unlink(missing_ok=True)


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found
