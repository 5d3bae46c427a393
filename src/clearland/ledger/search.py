"""Search over records and passages within a scope: what a reader may not see is neither found nor shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Substr

from clearland.dictionary.model import Dictionary
from clearland.ledger import search_index
from clearland.ledger.models import Passage, Rendition, Version
from clearland.ledger.opening import current_opening
from clearland.ledger.rows import rows
from clearland.ledger.scope import Scope
from clearland.ledger.search_words import Wanted, marks, parse
from clearland.ledger.store import ALIAS
from clearland.ledger.vocabulary import current_dictionary

LIMIT = 50
_SNIPPET = 240
_BEFORE = 60


@dataclass(frozen=True)
class Hit:
    """Something found. `kind` is that of the record, or `passage`; `ref` is a REF of design section 9.

    `marks` are the code points of `snippet` that met the query, end exclusive. A record's hit names `record`, a
    passage's hit names `source` (SHA-256).
    """

    kind: str
    ref: str
    title: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    record: UUID | None = None
    source: str | None = None


def search(scope: Scope, query: str, *, as_known: date | None = None, limit: int = LIMIT) -> list[Hit]:
    """Records, then passages, that hold all words of a query; up to `limit` of each.

    Words of three letters and more also find longer ones that begin with them; words between double quotes stand in a
    row. A record whose local id is the query comes first, the others by local id; passages by source and place in it.
    Submitted and verified hazards, accidents and finds are found, too.
    """
    wanted = parse(query)
    if not wanted or not scope.classes & set(search_index.CLASSES):
        return []
    search_index.refresh()
    return [*_records(scope, query.strip(), wanted, as_known, limit), *_passages(scope, wanted, as_known, limit)]


def holding_words(found: QuerySet[Version], scope: Scope, query: str) -> QuerySet[Version]:
    """Rows of a list (`rows.rows`) that hold all words of a query, or whose local id contains it."""
    wanted = parse(query)
    own = Q(local_id__icontains=query.strip())
    if not wanted or not scope.classes & set(search_index.CLASSES):
        return found.filter(own)
    search_index.refresh()
    return found.filter(own | Q(id__in=_ids(wanted, scope, passages=False)))


def _ids(wanted: list[Wanted], scope: Scope, *, passages: bool) -> RawSQL:
    sql, parameters = search_index.matching(wanted, scope.classes, passages=passages)
    return RawSQL(sql, parameters)  # noqa: S611 -- constants; what was asked travels as a parameter


def _records(scope: Scope, query: str, wanted: list[Wanted], as_known: date | None, limit: int) -> Iterator[Hit]:
    found: QuerySet[Version] = rows(scope, as_known=as_known, unverified=True)
    # The words of a judgement are those of a passage, which is found itself.
    found = found.filter(id__in=_ids(wanted, scope, passages=False)).exclude(kind="judgement")
    exact = Case(When(local_id__iexact=query, then=Value(0)), default=Value(1), output_field=IntegerField())
    dictionary = current_dictionary()
    seen: set[UUID] = set()
    for version in (
        found.annotate(exact=exact)
        .order_by("exact", "local_id", "record__id", "state")[:limit]
        .values("kind", "local_id", "attributes", "record_uuid")
    ):
        # One record may stand twice, as approved and as drafted over it; `approved` sorts first.
        if version["record_uuid"] not in seen:
            seen.add(version["record_uuid"])
            yield _record_hit(scope, dictionary, version, wanted)


def _record_hit(scope: Scope, dictionary: Dictionary, version: Mapping[str, Any], wanted: list[Wanted]) -> Hit:
    name, local_id = version["kind"], version["local_id"]
    texts = search_index.texts_of(dictionary, name, local_id, version["attributes"])
    shown = [text for each in search_index.CLASSES if each in scope.classes for text in texts.get(each, ())]
    best = max(shown, key=lambda text: len(marks(text, wanted)))
    snippet, marked = _snippet(best, wanted)
    kind = dictionary.kind(name)
    titled = kind.by_name.get(kind.title_field) if kind.title_field else None
    title = version["attributes"].get(titled.name) if titled and titled.sensitivity in scope.classes else None
    return Hit(
        name, f"record:{version['record_uuid']}", str(title or local_id), snippet, marked, record=version["record_uuid"]
    )


def _passages(scope: Scope, wanted: list[Wanted], as_known: date | None, limit: int) -> Iterator[Hit]:
    newest = (
        Rendition.objects.using(ALIAS).filter(source=OuterRef("rendition__source")).order_by("-commit_id", "-sha256")
    )
    found = Passage.objects.using(ALIAS).filter(
        id__in=_ids(wanted, scope, passages=True),
        rendition__source__sensitivity__in=tuple(scope.classes),
        rendition=Subquery(newest.values("sha256")[:1]),
    )
    if as_known is not None:
        found = found.filter(_known_by(as_known))
    found = found.order_by("rendition__source_id", "number").annotate(
        source=F("rendition__source_id"),
        heading=F("rendition__source__title"),
        filename=F("rendition__source__filename"),
        text=Substr("rendition__text", F("start") + 1, F("end") - F("start")),
    )
    for row in found[:limit].values("source", "heading", "filename", "start", "end", "text"):
        snippet, marked = _snippet(row["text"], wanted)
        ref = f"source:{row['source']}#{row['start']}-{row['end']}"
        yield Hit("passage", ref, row["heading"] or row["filename"], snippet, marked, source=row["source"])


def _known_by(as_known: date) -> Q:
    """Sources known at the end of D: recorded by then, or before the opening received by then."""
    opening = current_opening()
    recorded = Q(rendition__source__recorded_at__lt=opening.end_of(as_known))
    received = Q(rendition__source__received__lte=as_known, rendition__source__received__lt=opening.opened_on)
    return recorded | received


def _snippet(text: str, wanted: list[Wanted]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The part of a text around the first word that met the query, and where such words stand in it."""
    found = marks(text, wanted)
    start = max(0, found[0][0] - _BEFORE) if found else 0
    if start:
        start = text.find(" ", start, found[0][0]) + 1 or start
    part = text[start : start + _SNIPPET]
    return part, tuple((left - start, right - start) for left, right in found if right - start <= len(part))
