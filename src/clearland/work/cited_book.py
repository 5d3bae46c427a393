"""What held sources cite, as their newest readings tell it: every cited source with its notes, and the held ones it may be.

A reading never changes, so what its notes cite is read once and kept; the whole is put together anew when a source or a
reading comes. What people decide is laid over it elsewhere (`citing`).
"""

import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from uuid import UUID

from clearland.core.canonical import sha256_hex
from clearland.core.words import folded_name
from clearland.evidence.reading.cited import Cited, cited_in, is_ibid
from clearland.ledger.notes_read import NoteRead, claims_resting, newest_renditions, notes_read, readings_state, source_lines
from clearland.ledger.scope import Scope

ALIKE_ENOUGH = 0.85
_READINGS, _BOOKS = 50_000, 4  # kept in this process
_CANDIDATES = 25  # held titles that are compared letter by letter with a cited one
_COMMON = 400  # held titles that share a word before the word tells nothing


@dataclass(frozen=True, kw_only=True)
class Note:
    """Where a source is cited: the citing source, the note's label and words, and how many claims rest on the note.

    `through` is the label of the note that an Ibid points at, `doubtful` says that this may be another."""

    source: str
    title: str
    label: str
    start: int
    words: str
    claims: int
    through: str = ""
    doubtful: bool = False


@dataclass(frozen=True, kw_only=True)
class Held:
    """A held source that a citation may mean: how alike (0 to 1), and by what (`symbol`, `url`, `title`)."""

    source: str
    title: str
    score: float
    how: str


@dataclass(frozen=True, kw_only=True)
class CitedSource:
    """One source that others cite, with every note that does; `cited` is None where a note has no body.

    `held` are proposals (`citing.with_matches`); `holding` and `held_as` what a person decided, in `record` by `actor`;
    `claims` how many rest on it."""

    key: str
    cited: Cited | None
    notes: tuple[Note, ...]
    claims: int
    held: tuple[Held, ...] = ()
    holding: str = ""
    held_as: str = ""
    record: UUID | None = None
    actor: str = ""


@dataclass
class Shelf:
    """The held sources, found by symbol, by file name and by the words of their titles."""

    titles: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # source -> title as shown, folded, published
    by_symbol: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_filename: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_word: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Book:
    """Everything cited, by how many claims rest on it; `by_key` the same by its key."""

    told: tuple[CitedSource, ...]
    by_key: Mapping[str, CitedSource]
    shelf: Shelf


_lock = threading.Lock()
_Read = tuple[tuple[str, Cited | None, NoteRead], ...]  # the key of each cited source, what is told of it, the note
_cited: OrderedDict[str, _Read] = OrderedDict()
_books: OrderedDict[str, Book] = OrderedDict()


def book(seen_by: Scope) -> Book:
    """What the sources within a scope cite, kept until a source or a reading comes."""
    state = readings_state(seen_by)
    with _lock:
        if state in _books:
            _books.move_to_end(state)
            return _books[state]
    made = _made(seen_by)
    with _lock:
        _books[state] = made
        while len(_books) > _BOOKS:
            _books.popitem(last=False)
    return made


def may_be(shelf: Shelf, one: CitedSource) -> tuple[Held, ...]:
    """The held sources a cited one may be, the most alike first, three at most; never one that cites it."""
    if one.cited is None:
        return ()
    citing = {note.source for note in one.notes}
    found = []
    for source in _candidates(shelf, one.cited) - citing:
        score, how = _alike(shelf, one.cited, source)
        if score >= ALIKE_ENOUGH:
            found.append(Held(source=source, title=shelf.titles[source][0], score=round(score, 2), how=how))
    return tuple(sorted(found, key=lambda each: (-each.score, each.source))[:3])


def cited_by(read: NoteRead) -> list[Cited | None]:
    """The sources a note cites, an Ibid resolved; None alone where the note has no body."""
    if read.missing:
        return [None]
    return [*(cited_in(read.through) if is_ibid(read.words) else ()), *cited_in(read.words)]


def note_of(read: NoteRead, source: str, title: str, claims: int) -> Note:
    """A note as a list shows it."""
    ibid = read.ibid or {}
    return Note(
        source=source, title=title, label=read.label, start=read.start, words=read.words, claims=claims,
        through=str(ibid.get("note", "")), doubtful=bool(ibid.get("doubtful")),
    )  # fmt: skip


def _made(seen_by: Scope) -> Book:
    lines = source_lines(seen_by)
    newest = newest_renditions(seen_by)
    resting = claims_resting(newest.values(), seen_by)
    read = _read_all({newest[line["sha256"]]: line["sha256"] for line in lines if line["sha256"] in newest})
    found: dict[str, tuple[Cited | None, list[Note]]] = {}
    for line in lines:
        rendition = newest.get(line["sha256"], "")
        title = line["title"] or line["filename"]
        for key, cited, each in read.get(rendition, ()):
            note = note_of(each, line["sha256"], title, resting[rendition, each.label])
            told, notes = found.setdefault(key, (cited, []))
            notes.append(note)
            if cited is not None and told is not None and len(cited.line) > len(told.line):
                found[key] = (cited, notes)
    made = [
        CitedSource(key=key, cited=cited, notes=tuple(notes), claims=sum(note.claims for note in notes))
        for key, (cited, notes) in found.items()
    ]  # fmt: skip
    made.sort(key=lambda one: (-one.claims, one.cited.line if one.cited else one.key))
    return Book(tuple(made), {one.key: one for one in made}, _shelf(lines))


def _read_all(sources: Mapping[str, str]) -> dict[str, _Read]:
    """What each rendition (of a source) cites; those read before are not read again."""
    with _lock:
        known = {name: _cited[name] for name in sources if name in _cited}
    for name, notes in notes_read([name for name in sources if name not in known]):
        known[name] = tuple((_key(cited, sources[name], read.label), cited, read) for read in notes for cited in cited_by(read))
    with _lock:
        for name, told in known.items():
            _cited[name] = told
            _cited.move_to_end(name)
        while len(_cited) > _READINGS:
            _cited.popitem(last=False)
    return known


def _key(cited: Cited | None, source: str, label: str) -> str:
    """Names a cited source on every machine: its symbol, else its title with the author and date; a missing note by itself."""
    if cited is None:
        return f"note:{source[:16]}:{label}"
    if cited.symbol:
        return f"symbol:{folded_name(cited.symbol)}"
    told = (cited.author, cited.title, cited.published) if cited.publication_type != "report" else (cited.title, "", "")
    return f"cited:{sha256_hex('|'.join(map(folded_name, told)).encode())[:16]}"


def _shelf(lines: Iterable[Mapping[str, str]]) -> Shelf:
    shelf = Shelf()
    for line in lines:
        source, folded = line["sha256"], folded_name(line["title"])
        shelf.titles[source] = (line["title"] or line["filename"], folded, line["published"])
        shelf.by_filename[line["filename"]].append(source)
        if line["symbol"]:
            shelf.by_symbol[folded_name(line["symbol"])].append(source)
        for word in set(folded.split()):
            shelf.by_word[word].append(source)
    return shelf


def _candidates(shelf: Shelf, cited: Cited) -> set[str]:
    """Sources that share the symbol or the file name, and those whose titles share the most and rarest words."""
    found = set(shelf.by_symbol.get(folded_name(cited.symbol), ())) if cited.symbol else set()
    if cited.url:
        found |= set(shelf.by_filename.get(cited.url.rstrip("/").rpartition("/")[2], ()))
    shared: Counter[str] = Counter()
    words = sorted(set(folded_name(cited.title).split()), key=lambda word: len(shelf.by_word.get(word, ())))
    for place, word in enumerate(words):
        holders = shelf.by_word.get(word, ())
        if len(holders) > _COMMON and (shared or place):
            continue
        shared.update(holders)
    return found | {source for source, _count in shared.most_common(_CANDIDATES)}


def _alike(shelf: Shelf, cited: Cited, source: str) -> tuple[float, str]:
    if cited.symbol and source in shelf.by_symbol.get(folded_name(cited.symbol), ()):
        return 1.0, "symbol"
    if cited.url and source in shelf.by_filename.get(cited.url.rstrip("/").rpartition("/")[2], ()):
        return 0.95, "url"
    title, (_shown, own, published) = folded_name(cited.title), shelf.titles[source]
    if not title or not own:
        return 0.0, ""
    matcher = SequenceMatcher(None, title, own)
    if matcher.quick_ratio() < ALIKE_ENOUGH:
        return 0.0, ""
    same_day = cited.published.startswith(published) or published.startswith(cited.published)
    dates_differ = bool(cited.published and published) and not same_day
    return (matcher.ratio() * (0.8 if dates_differ else 1.0)), "title"

