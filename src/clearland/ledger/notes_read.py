"""The newest readings of all sources at once: which rendition, its notes' words, how many claims rest on each note.

Pages that look over thousands of sources read these in a handful of queries; `rows` reads one source at a time.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

from clearland.core.canonical import sha256_hex
from clearland.ledger.models import Claim, Commit, Note, Passage, Rendition, Source
from clearland.ledger.scope import Scope
from clearland.ledger.snapshot_reuse import claims_state
from clearland.ledger.store import ALIAS

_AT_ONCE = 200  # renditions whose texts are in memory together
_CITING = ("note", "citation")
_LINE = ("sha256", "title", "filename", "symbol", "published")


@dataclass(frozen=True, kw_only=True)
class NoteRead:
    """A note or citation of a reading: its label, where it starts, its words."""

    label: str
    start: int
    words: str
    through: str = ""  # the words of the note that an Ibid points at
    ibid: Any = None  # what the reader resolved it to: `note`, `doubtful`
    missing: bool = False  # a marker without a body


def readings_state(scope: Scope) -> str:
    """Changes with every source and every reading, whatever else is written; names the programme as well."""
    connection = connections[ALIAS]
    newest = Commit.objects.using(ALIAS).filter(source__isnull=False).order_by("-sequence").values_list("hash", flat=True).first()
    told = [str(connection.settings_dict["NAME"]), newest, claims_state(connection), sorted(scope.classes)]
    return sha256_hex(repr(told).encode())


def newest_renditions(scope: Scope) -> dict[str, str]:
    """Source -> its newest rendition, within the scope."""
    found = Rendition.objects.using(ALIAS).filter(source__sensitivity__in=tuple(scope.classes))
    return dict(found.order_by("commit_id", "sha256").values_list("source_id", "sha256"))


def source_lines(scope: Scope) -> list[dict[str, str]]:
    """What a list of sources needs of each: sha256, title, filename, symbol, published; in order of the hash."""
    found = Source.objects.using(ALIAS).filter(sensitivity__in=tuple(scope.classes)).order_by("sha256")
    return [{name: str(value) for name, value in line.items()} for line in found.values(*_LINE)]


def notes_read(renditions: Sequence[str]) -> Iterator[tuple[str, list[NoteRead]]]:
    """Each of these renditions with its notes and citations, in the order of its text."""
    for first in range(0, len(renditions), _AT_ONCE):
        yield from _of_batch(renditions[first : first + _AT_ONCE])


def _of_batch(some: Sequence[str]) -> Iterator[tuple[str, list[NoteRead]]]:
    found: dict[str, list[NoteRead]] = {name: [] for name in some}
    noted = Passage.objects.using(ALIAS).filter(rendition_id__in=some, kind__in=_CITING).order_by("rendition_id", "number")
    placed = list(noted.values_list("rendition_id", "label", "start", "end", "details"))
    with_text = {name for name, *_ in placed}
    texts = dict(Rendition.objects.using(ALIAS).filter(sha256__in=with_text).values_list("sha256", "text"))
    for name, label, start, end, details in placed:
        found[name].append(_note(texts[name], label, start, end, details))
    bodiless = Note.objects.using(ALIAS).filter(rendition_id__in=some, body_start__isnull=True).order_by("id")
    for name, label, markers in bodiless.values_list("rendition_id", "label", "markers"):
        found[name].append(NoteRead(label=label, start=markers[0][0] if markers else 0, words="", missing=True))
    yield from found.items()


def notes_labelled(reading: Rendition, labels: Collection[str]) -> list[NoteRead]:
    """The notes of one rendition that have these labels, in the order of its text."""
    noted = (
        Passage.objects.using(ALIAS).filter(rendition_id=reading.sha256, kind__in=_CITING, label__in=labels).order_by("number")
    )
    return [_note(reading.text, *each) for each in noted.values_list("label", "start", "end", "details")]


def _note(text: str, label: str, start: int, end: int, details: Any) -> NoteRead:
    ibid = (details or {}).get("ibid")
    through = text[ibid["start"] : ibid["end"]] if ibid else ""
    return NoteRead(label=label, start=start, words=text[start:end], through=through, ibid=ibid)


def claims_resting(renditions: Iterable[str], scope: Scope) -> Counter[tuple[str, str]]:
    """(rendition, note label) -> how many claims rest on the note: closed by its marker or standing in it."""
    wanted = set(renditions)
    counted: Counter[tuple[str, str]] = Counter()
    found = Claim.objects.using(ALIAS).filter(rendition__source__sensitivity__in=tuple(scope.classes)).order_by()
    named = found.values_list("rendition_id", "body__footnote", "body__in_footnote")
    for name, closing, inside in named.iterator(chunk_size=5_000):
        if name in wanted:
            counted.update((name, label) for label in {str(each) for each in (closing, inside) if each not in (None, "")})
    return counted
