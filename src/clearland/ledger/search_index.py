"""The full-text index over versions and passages: FTS5 on SQLite, tsvector on PostgreSQL, the same words in both.

The words of a field stand in the column (on PostgreSQL under the weight) of the field's class, so that a scope searches
what it may read and a hidden field cannot be guessed at. Sealed fields are never indexed. Both databases get words that
`search_words` made: their own tokenisers differ and are kept out (`ascii` splits at spaces; lexemes are given as such).

Versions and passages are only ever added, so the index follows them by id. It is brought up to date when somebody
searches, outside the write path.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connections, transaction

from clearland.dictionary.model import Dictionary
from clearland.ledger.search_words import Wanted, words_of
from clearland.ledger.store import ALIAS, store_of
from clearland.ledger.vocabulary import dictionary_of

CLASSES = ("public", "partner", "programme", "restricted")
_WEIGHTS = dict(zip(CLASSES, "ABCD", strict=True))
_BETWEEN_FIELDS = "¶"  # a word nobody can ask for: a phrase does not reach from one field into the next
_CHUNK = 5_000
_LAST_POSITION = 16_383
Texts = dict[str, list[str]]


def install(cursor: Any) -> None:
    """The tables of the index, empty. Idempotent."""
    if cursor.db.vendor == "sqlite":
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5({', '.join(CLASSES)}, tokenize = 'ascii')"
        )
    else:
        cursor.execute("CREATE TABLE IF NOT EXISTS search_words (id bigint PRIMARY KEY, words tsvector NOT NULL)")
        cursor.execute("CREATE INDEX IF NOT EXISTS search_words_gin ON search_words USING gin (words)")
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS search_progress (last_version BIGINT NOT NULL, last_passage BIGINT NOT NULL)"
    )
    cursor.execute("SELECT 1 FROM search_progress")
    if cursor.fetchone() is None:
        cursor.execute("INSERT INTO search_progress VALUES (0, 0)")


def reset(cursor: Any) -> None:
    """Empties the index, after versions or passages were rebuilt."""
    cursor.execute("DELETE FROM search_words")
    cursor.execute("UPDATE search_progress SET last_version = 0, last_passage = 0")


def refresh() -> int:
    """Brings the index up to date in short transactions; how many versions and passages it took in."""
    taken = 0
    while new := _refresh_once():
        taken += new
    return taken


def _behind(cursor: Any) -> tuple[int, int] | None:
    cursor.execute("SELECT last_version, last_passage FROM search_progress")
    version, passage = cursor.fetchone()
    cursor.execute("SELECT (SELECT max(id) FROM version), (SELECT max(id) FROM passage)")
    newest_version, newest_passage = (newest or 0 for newest in cursor.fetchone())
    return None if version >= newest_version and passage >= newest_passage else (version, passage)


def _refresh_once() -> int:
    connection = connections[ALIAS]
    with connection.cursor() as cursor:
        if _behind(cursor) is None:
            return 0
    with transaction.atomic(using=ALIAS), connection.cursor() as cursor:
        store_of(cursor).lock()
        # Asked again under the lock: another process may have done it meanwhile.
        behind = _behind(cursor)
        if behind is None:
            return 0
        versions = list(_new_versions(cursor, behind[0]))
        passages = list(_new_passages(cursor, behind[1]))
        _insert(cursor, [(_version_key(id_), texts) for id_, texts in versions])
        _insert(cursor, [(_passage_key(id_), texts) for id_, texts in passages])
        cursor.execute(
            "UPDATE search_progress SET last_version = %s, last_passage = %s",
            [versions[-1][0] if versions else behind[0], passages[-1][0] if passages else behind[1]],
        )
    return len(versions) + len(passages)


def _version_key(version: int) -> int:
    return 2 * version


def _passage_key(passage: int) -> int:
    return 2 * passage + 1


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


def _insert(cursor: Any, rows: Sequence[tuple[int, Texts]]) -> None:
    if cursor.db.vendor == "sqlite":
        marks = ", ".join(["%s"] * (1 + len(CLASSES)))
        cursor.executemany(
            f"INSERT INTO search_words (rowid, {', '.join(CLASSES)}) VALUES ({marks})",
            [(key, *(_line(texts.get(each, ())) for each in CLASSES)) for key, texts in rows],
        )
    else:
        cursor.executemany(
            "INSERT INTO search_words (id, words) VALUES (%s, %s::tsvector)",
            [(key, _lexemes(texts)) for key, texts in rows],
        )


def _line(texts: Iterable[str]) -> str:
    """Words with spaces between them, for the `ascii` tokeniser."""
    return f" {_BETWEEN_FIELDS} ".join(" ".join(word.folded for word in words_of(text)) for text in texts)


def _lexemes(texts: Texts) -> str:
    """Words with position and weight, as the text of a tsvector. Words are letters and digits: nothing to escape."""
    lexemes = []
    position = 0
    for name, parts in texts.items():
        for part in parts:
            position += 1
            for word in words_of(part):
                position += 1
                lexemes.append(f"'{word.folded}':{min(position, _LAST_POSITION)}{_WEIGHTS[name]}")
    return " ".join(lexemes)


def matching(wanted: Sequence[Wanted], classes: frozenset[str], *, passages: bool) -> tuple[str, list[Any]]:
    """SQL with its parameters that selects the ids of versions, or of passages, that meet all conditions of a query."""
    readable = [name for name in CLASSES if name in classes]
    if connections[ALIAS].vendor == "sqlite":
        asked = " AND ".join(f'"{" ".join(each.words)}"{"*" if each.prefix else ""}' for each in wanted)
        return (
            "SELECT rowid / 2 FROM search_words WHERE search_words MATCH %s AND rowid %% 2 = %s",
            [f"{{{' '.join(readable)}}} : ({asked})", int(passages)],
        )
    weights = "".join(_WEIGHTS[name] for name in readable)
    asked = " & ".join(
        "(" + " <-> ".join(f"'{word}':{'*' if each.prefix else ''}{weights}" for word in each.words) + ")"
        for each in wanted
    )
    return "SELECT id / 2 FROM search_words WHERE words @@ %s::tsquery AND id %% 2 = %s", [asked, int(passages)]
