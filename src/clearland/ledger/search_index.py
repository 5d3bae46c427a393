"""The full-text index over versions, passages and claims: FTS5 on SQLite, tsvector on PostgreSQL, the same words in both.

The words of a field stand in the column (on PostgreSQL under the weight) of the field's class, so that a scope searches
what it may read and a hidden field cannot be guessed at. Sealed fields are never indexed. Both databases get words that
`core.words` made: their own tokenisers differ and are kept out (`ascii` splits at spaces; lexemes are given as such). The
stems of a text stand in their order; after them stand, in no order, the words that differ from their stem, so that a name
or the beginning of a word is found as it was written.

Versions, passages and claims are only ever added, so the index follows them by id. It is brought up to date when somebody
searches, outside the write path. An index made by another normaliser is made anew.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from django.conf import settings
from django.db import connections, transaction

from clearland.core.words import words_of
from clearland.dictionary.model import Dictionary
from clearland.ledger.search_words import Term, Wanted
from clearland.ledger.store import ALIAS
from clearland.ledger.vocabulary import dictionary_of

CLASSES = ("public", "partner", "programme", "restricted")
_WEIGHTS = dict(zip(CLASSES, "ABCD", strict=True))
NORMALISER = 2  # counts changes of `core.words` and of what is indexed
Sort = Literal["version", "passage", "claim"]
_SORTS: tuple[Sort, ...] = ("version", "passage", "claim")
_BETWEEN_FIELDS = "¶"  # a word nobody can ask for: a phrase does not reach from one field into the next
_CHUNK = 5_000
_LAST_POSITION = 16_383
Texts = dict[str, list[str]]


def install(cursor: Any) -> None:
    """The tables of the index, empty. Idempotent; an index of another normaliser is dropped."""
    if not _is_current(cursor):
        cursor.execute("DROP TABLE IF EXISTS search_words")
        cursor.execute("DROP TABLE IF EXISTS search_progress")
    if cursor.db.vendor == "sqlite":
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5({', '.join(CLASSES)}, tokenize = 'ascii')"
        )
    else:
        cursor.execute("CREATE TABLE IF NOT EXISTS search_words (id bigint PRIMARY KEY, words tsvector NOT NULL)")
        cursor.execute("CREATE INDEX IF NOT EXISTS search_words_gin ON search_words USING gin (words)")
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS search_progress (last_version BIGINT NOT NULL, last_passage BIGINT NOT NULL,"
        " last_claim BIGINT NOT NULL, normaliser INTEGER NOT NULL)"
    )
    cursor.execute("SELECT 1 FROM search_progress")
    if cursor.fetchone() is None:
        cursor.execute("INSERT INTO search_progress VALUES (0, 0, 0, %s)", [NORMALISER])


def _is_current(cursor: Any) -> bool:
    tables = cursor.db.introspection.table_names(cursor)
    if "search_progress" not in tables:
        return False
    columns = {column.name for column in cursor.db.introspection.get_table_description(cursor, "search_progress")}
    if "normaliser" not in columns:
        return False
    cursor.execute("SELECT normaliser FROM search_progress")
    found = cursor.fetchone()
    return found is not None and found[0] == NORMALISER


def reset(cursor: Any) -> None:
    """Empties the index, after versions, passages or claims were rebuilt."""
    cursor.execute("UPDATE search_progress SET last_version = 0, last_passage = 0, last_claim = 0")  # holds the row first
    cursor.execute("DELETE FROM search_words")


def follow() -> None:
    """Before a search: bring the index up to date, unless a process of the site does so all the time.

    There a search is at most about a second late."""
    if not settings.SEARCH_INDEXED_APART:
        refresh()


def refresh() -> int:
    """Brings the index up to date in short transactions; how many versions, passages and claims it took in.

    Words are found before anything is locked. On PostgreSQL no writer of the ledger waits then: whoever brings the index up
    to date, or empties it, holds the row that says how far it is. SQLite has one lock for all that is written."""
    taken = 0
    with connections[ALIAS].cursor() as cursor:
        while (behind := _behind(cursor)) is not None:
            taken += _take_in(cursor, behind)
    return taken


def _progress(cursor: Any, *, locked: bool = False) -> tuple[int, int, int]:
    """The last version, passage and claim that the index holds."""
    for_update = " FOR UPDATE" if locked and cursor.db.vendor == "postgresql" else ""
    cursor.execute(f"SELECT last_version, last_passage, last_claim FROM search_progress{for_update}")
    version, passage, claim = cursor.fetchone()
    return version, passage, claim


def _behind(cursor: Any) -> tuple[int, int, int] | None:
    """How far the index is, None where it holds everything."""
    done = _progress(cursor)
    cursor.execute("SELECT (SELECT max(id) FROM version), (SELECT max(id) FROM passage), (SELECT max(id) FROM claim)")
    newest = [number or 0 for number in cursor.fetchone()]
    return None if all(at >= last for at, last in zip(done, newest, strict=True)) else done


def _take_in(cursor: Any, behind: tuple[int, int, int]) -> int:
    """One chunk of each sort; how many were taken in, none where another process did meanwhile."""
    taken = [list(new(cursor, last)) for new, last in zip((_new_versions, _new_passages, _new_claims), behind, strict=True)]
    values = [
        _values(cursor, _key(sort, id_), texts)
        for sort, found in zip(_SORTS, taken, strict=True) for id_, texts in found
    ]  # fmt: skip
    with transaction.atomic(using=ALIAS):
        if _progress(cursor, locked=True) != behind:
            return 0
        _insert(cursor, values)
        cursor.execute(
            "UPDATE search_progress SET last_version = %s, last_passage = %s, last_claim = %s",
            [found[-1][0] if found else last for found, last in zip(taken, behind, strict=True)],
        )
    return len(values)


def _key(sort: Sort, id_: int) -> int:
    return len(_SORTS) * id_ + _SORTS.index(sort)


def _new_versions(cursor: Any, after: int) -> Iterator[tuple[int, Texts]]:
    dictionary = dictionary_of(cursor)
    cursor.execute(
        "SELECT id, kind, local_id, attributes FROM version WHERE id > %s ORDER BY id LIMIT %s", [after, _CHUNK]
    )
    for id_, kind, local_id, attributes in cursor.fetchall():
        values = json.loads(attributes) if isinstance(attributes, str) else attributes
        yield id_, texts_of(dictionary, kind, local_id, values)


def texts_of(dictionary: Dictionary, kind: str, local_id: str, attributes: dict[str, Any]) -> Texts:
    """Searchable texts of a record by the class of their field; the local id is as open as the record."""
    texts: Texts = {"public": [local_id]}
    fields = dictionary.kinds[kind].by_name if kind in dictionary.kinds else {}
    for name, value in attributes.items():
        field = fields.get(name)
        if field is None or field.sensitivity not in CLASSES or field.type not in {"text", "code", "codes"}:
            continue
        texts.setdefault(field.sensitivity, []).extend([value] if isinstance(value, str) else value)
    return texts


def _new_passages(cursor: Any, after: int) -> Iterator[tuple[int, Texts]]:
    cursor.execute(
        'SELECT id, rendition_id, start, "end" FROM passage WHERE id > %s ORDER BY id LIMIT %s', [after, _CHUNK]
    )
    held, text = None, ""
    for id_, rendition, start, end in cursor.fetchall():
        if rendition != held:
            cursor.execute("SELECT text FROM rendition WHERE sha256 = %s", [rendition])
            held, text = rendition, cursor.fetchone()[0]
        yield id_, {"public": [text[start:end]]}


def _new_claims(cursor: Any, after: int) -> Iterator[tuple[int, Texts]]:
    dictionary = dictionary_of(cursor)
    cursor.execute(
        "SELECT id, subject, attribute, claimant, body FROM claim WHERE id > %s ORDER BY id LIMIT %s", [after, _CHUNK]
    )
    for id_, subject, attribute, claimant, body in cursor.fetchall():
        values = json.loads(body) if isinstance(body, str) else body
        yield id_, {"public": claim_texts(dictionary, subject, attribute, claimant, values)}


def claim_texts(dictionary: Dictionary, subject: str, attribute: str, claimant: str, body: Mapping[str, Any]) -> list[str]:
    """Searchable texts of a claim: what it is about in every language, whom, its value, its claimant, places and actors."""
    known = dictionary.attributes.get(attribute)
    scope = body.get("scope") or {}
    said = [subject, *(known.labels.values() if known else [attribute]), claimant, str(body.get("unit") or "")]
    value = body.get("value")
    said += [str(value)] if isinstance(value, str | int | float) and not isinstance(value, bool) else []
    return [text for text in (*said, *(scope.get("place") or ()), *(scope.get("actor") or ())) if text]


def _values(cursor: Any, key: int, texts: Texts) -> tuple[Any, ...]:
    """The row of the index."""
    if cursor.db.vendor == "sqlite":
        return (key, *(_line(texts.get(each, ())) for each in CLASSES))
    return (key, _lexemes(texts))


def _insert(cursor: Any, values: Sequence[tuple[Any, ...]]) -> None:
    if cursor.db.vendor == "sqlite":
        # One statement for all rows: else each waits for the interpreter's other threads while all writers wait for it.
        columns = ", ".join(f"value ->> {number}" for number in range(1 + len(CLASSES)))
        rows = json.dumps(values, ensure_ascii=False)
        cursor.execute(f"INSERT INTO search_words (rowid, {', '.join(CLASSES)}) SELECT {columns} FROM json_each(%s)", [rows])
    else:
        cursor.executemany("INSERT INTO search_words (id, words) VALUES (%s, %s::tsvector)", values)


def _line(texts: Iterable[str]) -> str:
    """Words with spaces between them, for the `ascii` tokeniser."""
    return " ".join(word for word, _position in _positions(texts, 0)[0])


def _positions(texts: Iterable[str], start: int) -> tuple[list[tuple[str, int]], int]:
    """The words of the texts of one class with their positions, and the last position. A word that nobody can ask for
    stands between two texts, and before each of the words as written, which are in no order."""
    made: list[tuple[str, int]] = []
    position, written = start, set[str]()
    for text in texts:
        position += 1
        made.append((_BETWEEN_FIELDS, position))
        for word in words_of(text):
            position += 1
            made.append((word.stem, position))
            if word.folded != word.stem:
                written.add(word.folded)
    for folded in sorted(written):
        made += [(_BETWEEN_FIELDS, position + 1), (folded, position + 2)]
        position += 2
    return made, position


def _lexemes(texts: Texts) -> str:
    """Words with position and weight, as the text of a tsvector. Words are letters and digits: nothing to escape."""
    lexemes = []
    position = 0
    for name, parts in texts.items():
        placed, position = _positions(parts, position)
        lexemes += [
            f"'{word}':{min(at, _LAST_POSITION)}{_WEIGHTS[name]}" for word, at in placed if word != _BETWEEN_FIELDS
        ]
    return " ".join(lexemes)


def matching(wanted: Sequence[Wanted], classes: frozenset[str], *, sort: Sort) -> tuple[str, list[Any]]:
    """SQL with its parameters that selects the ids of versions, passages or claims that meet all conditions of a query."""
    readable = [name for name in CLASSES if name in classes]
    of_sort = [len(_SORTS), len(_SORTS), _SORTS.index(sort)]
    if connections[ALIAS].vendor == "sqlite":
        asked = " AND ".join(f"({' OR '.join(map(_for_sqlite, each.terms))})" for each in wanted)
        return (
            "SELECT rowid / %s FROM search_words WHERE search_words MATCH %s AND rowid %% %s = %s",
            [of_sort[0], f"{{{' '.join(readable)}}} : ({asked})", *of_sort[1:]],
        )
    weights = "".join(_WEIGHTS[name] for name in readable)
    asked = " & ".join(f"({' | '.join(_for_postgres(term, weights) for term in each.terms)})" for each in wanted)
    return (
        "SELECT id / %s FROM search_words WHERE words @@ %s::tsquery AND id %% %s = %s",
        [of_sort[0], asked, *of_sort[1:]],
    )


def _for_sqlite(term: Term) -> str:
    return f'"{" ".join(term.words)}"{"*" if term.prefix else ""}'


def _for_postgres(term: Term, weights: str) -> str:
    return "(" + " <-> ".join(f"'{word}':{'*' if term.prefix else ''}{weights}" for word in term.words) + ")"
