"""Search over records, passages and claims within a scope: what a reader may not see is neither found nor shown."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Substr

from clearland.dictionary.model import Dictionary
from clearland.ledger import search_index
from clearland.ledger.judgements import local_id
from clearland.ledger.models import Claim, Passage, Rendition, Version
from clearland.ledger.names import names_known
from clearland.ledger.opening import current_opening
from clearland.ledger.readings import MODEL
from clearland.ledger.rows import rows
from clearland.ledger.scope import Scope
from clearland.ledger.search_words import Wanted, marks, parse
from clearland.ledger.store import ALIAS
from clearland.ledger.vocabulary import current_dictionary

Found = Literal["record", "claim", "passage"]
SORTS: tuple[Found, ...] = ("record", "claim", "passage")
LIMIT = 50
_ABOUT_WORDS = ("judgement", "name_match")
_SNIPPET = 240
_BEFORE = 60


@dataclass(frozen=True)
class Hit:
    """Something found. `kind` is that of the record, or `passage` or `claim`; `ref` is a REF of design section 9.

    `marks` are the code points of `snippet` that met the query, end exclusive. A record's hit names `record`, the hit of a
    passage or claim names `source` (SHA-256). A claim's snippet is its own words with those around them.
    """

    kind: str
    ref: str
    title: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    record: UUID | None = None
    source: str | None = None


def search(
    scope: Scope, query: str, *, as_known: date | None = None, limit: int = LIMIT, sorts: Collection[Found] = SORTS,
    kind: str = "", source: str = "",
) -> list[Hit]:
    """Records, then claims, then passages, that hold all words of a query; up to `limit` of each.

    Words of three letters and more also find longer ones that begin with them, and words with other endings; words between
    double quotes stand in a row; a name that the programme knows is found under every name of its bearer. `sorts`, `kind`
    (of records) and `source` (a SHA-256, for passages and claims) narrow what is looked at. A record whose local id is the
    query comes first, the others by local id; claims and passages by source and place in it. Submitted and verified
    hazards, accidents and finds are found, too; rejected claims are not.
    """
    wanted = parse(query, names_known(scope).variants)
    if not wanted or not scope.classes & set(search_index.CLASSES):
        return []
    search_index.follow()
    found: list[Hit] = []
    if "record" in sorts and not source:
        found += _records(scope, query.strip(), wanted, as_known, limit, kind)
    if "claim" in sorts and not kind:
        found += _claims(scope, wanted, as_known, limit, source)
    if "passage" in sorts and not kind:
        found += _passages(scope, wanted, as_known, limit, source)
    return found


def holding_words(found: QuerySet[Version], scope: Scope, query: str) -> QuerySet[Version]:
    """Rows of a list (`rows.rows`) that hold all words of a query, or whose local id contains it."""
    wanted = parse(query, names_known(scope).variants)
    own = Q(local_id__icontains=query.strip())
    if not wanted or not scope.classes & set(search_index.CLASSES):
        return found.filter(own)
    search_index.follow()
    return found.filter(own | Q(id__in=_ids(wanted, scope, "version")))


def _ids(wanted: list[Wanted], scope: Scope, sort: search_index.Sort) -> RawSQL:
    sql, parameters = search_index.matching(wanted, scope.classes, sort=sort)
    return RawSQL(sql, parameters)  # noqa: S611 -- constants; what was asked travels as a parameter


def _records(
    scope: Scope, query: str, wanted: list[Wanted], as_known: date | None, limit: int, kind: str
) -> Iterator[Hit]:
    found: QuerySet[Version] = rows(scope, kind or None, as_known=as_known, unverified=True)
    # The words of a judgement are those of a passage, which is found itself.
    found = found.filter(id__in=_ids(wanted, scope, "version")).exclude(kind__in=_ABOUT_WORDS)
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


def _passages(
    scope: Scope, wanted: list[Wanted], as_known: date | None, limit: int, source: str
) -> Iterator[Hit]:
    found = Passage.objects.using(ALIAS).filter(id__in=_ids(wanted, scope, "passage"))
    found = _readable(found, scope, as_known, source).order_by("rendition__source_id", "number").annotate(
        text=Substr("rendition__text", F("start") + 1, F("end") - F("start")),
    )
    for row in found[:limit].values("source", "heading", "filename", "start", "end", "text"):
        snippet, marked = _snippet(row["text"], wanted)
        ref = f"source:{row['source']}#{row['start']}-{row['end']}"
        yield Hit("passage", ref, row["heading"] or row["filename"], snippet, marked, source=row["source"])


def _claims(scope: Scope, wanted: list[Wanted], as_known: date | None, limit: int, source: str) -> Iterator[Hit]:
    held = Claim.objects.using(ALIAS).filter(id__in=_ids(wanted, scope, "claim")).exclude(extractor_version__startswith=MODEL)
    ordered = _readable(held, scope, as_known, source).order_by("rendition__source_id", "start", "end", "ref")
    before = Case(When(start__gt=_BEFORE, then=Value(_BEFORE)), default=F("start"), output_field=IntegerField())
    found = ordered.annotate(
        before=before, text=Substr("rendition__text", F("start") + 1 - before, Value(_SNIPPET)),
    ).values("ref", "source", "heading", "filename", "start", "end", "before", "text", "attribute")
    candidates = list(found[: 2 * limit])
    rejected = _rejected(scope, as_known, candidates)
    for row in islice((row for row in candidates if _place(row) not in rejected), limit):
        yield _claim_hit(row)


def _claim_hit(row: Mapping[str, Any]) -> Hit:
    own = (row["before"], min(row["before"] + row["end"] - row["start"], len(row["text"])))
    return Hit("claim", f"claim:{row['ref']}", row["heading"] or row["filename"], row["text"], (own,), source=row["source"])


def _place(row: Mapping[str, Any]) -> str:
    return local_id(row["source"], row["start"], row["end"], row["attribute"])


def _rejected(scope: Scope, as_known: date | None, candidates: Iterable[Mapping[str, Any]]) -> set[str]:
    """Of the places of claims, those of which a person rejected what was read there."""
    places = {_place(row) for row in candidates}
    judged = rows(scope, "judgement", as_known=as_known, bare=True).filter(local_id__in=places)
    return {name for name, said in judged.values_list("local_id", "attributes") if said.get("verdict") == "rejected"}


def _readable(found: QuerySet[Any], scope: Scope, as_known: date | None, source: str) -> QuerySet[Any]:
    """What stands in the newest readings of sources within the scope, annotated with the source's id and names."""
    newest = (
        Rendition.objects.using(ALIAS).filter(source=OuterRef("rendition__source")).order_by("-commit_id", "-sha256")
    )
    found = found.filter(
        rendition__source__sensitivity__in=tuple(scope.classes), rendition=Subquery(newest.values("sha256")[:1])
    )
    if as_known is not None:
        found = found.filter(_known_by(as_known))
    if source:
        found = found.filter(rendition__source=source)
    named: QuerySet[Any] = found.annotate(
        source=F("rendition__source_id"), heading=F("rendition__source__title"), filename=F("rendition__source__filename"),
    )
    return named


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
