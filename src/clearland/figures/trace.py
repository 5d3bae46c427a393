"""Following a reference to what stands behind it: records, entries, rows of tables, characters of documents.

    record:ID[@ENTRY]   entry:ID   claim:REF   source:SHA[#START-END]   source:SHA!SHEET!ROW   figure:CODE?SCOPE@HEAD
    edition:NAME[!sealed:DIGITS]   sealed:DIGITS

Each step is plain data, streamed: a figure of a million records never stands in memory as text.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from clearland.core.errors import ClearlandError
from clearland.figures.indicators import contributions
from clearland.figures.model import Scope as FigureScope
from clearland.figures.report_editions import SEALED, report_edition, report_editions
from clearland.ledger import rows as book
from clearland.ledger.scope import Scope, scope, system_actor
from clearland.ledger.snapshot import snapshot

_FORM = re.compile(r"^(record|entry|claim|source|figure|edition|sealed):(.+)$")
_FIGURE = re.compile(r"^(?P<code>[^?@]+)(?:\?(?P<query>[^@]*))?(?:@(?P<head>[0-9a-f]{6,64}))?$")
_SPAN = re.compile(r"^(?P<sha>[0-9a-f]{64})(?:#(?P<start>\d+)-(?P<end>\d+)|!(?P<sheet>[^!]*)!(?P<row>\d+))?$")
CONTEXT_CHARACTERS = 160
Step = dict[str, Any]


def trace(ref: str, seen_by: Scope | None = None) -> Iterator[Step]:
    """The steps behind a reference, within a scope (the system's own when none is given).

    Raises ClearlandError E-REF-FORM for a reference of no known form, E-REF-NONE where nothing of that name is held.
    """
    match = _FORM.match(ref.strip())
    if not match:
        raise ClearlandError(
            "E-REF-FORM", f"“{ref}” is no reference.",
            remedy="Write record:ID, entry:ID, claim:REF, source:SHA#START-END, figure:CODE?SCOPE@HEAD, edition:NAME or "
            "sealed:DIGITS.",
        )  # fmt: skip
    followers: dict[str, Callable[[str, Scope], Iterator[Step]]] = {
        "record": _record, "entry": _entry, "claim": _claim, "source": _source, "figure": _figure,
        "edition": _edition, "sealed": _sealed,
    }  # fmt: skip
    return followers[match[1]](match[2], seen_by or scope(system_actor("figures"), "trace a reference"))


def _none(ref: str) -> ClearlandError:
    return ClearlandError("E-REF-NONE", f"Nothing named {ref} is held here.", remedy="Check the reference and the programme.")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _none(text) from error


def _record(name: str, seen_by: Scope) -> Iterator[Step]:
    record_id, _, entry_id = name.partition("@")
    history = book.history(seen_by, _uuid(record_id))
    if entry_id:
        history = [view for view in history if view.id == _uuid(entry_id)]
    if not history:
        raise _none(f"record:{name}")
    for view in history:
        yield _entry_step(view)


def _entry(name: str, seen_by: Scope) -> Iterator[Step]:
    view = book.entry(seen_by, _uuid(name))
    if view is None:
        raise _none(f"entry:{name}")
    yield _entry_step(view)


def _entry_step(view: book.EntryView) -> Step:
    return {
        "entry": str(view.id), "record": str(view.record), "kind": view.kind, "local_id": view.local_id, "state": view.state,
        "revision": view.revision, "known_at": view.known_at.isoformat(), "actor": view.actor, "reason": view.reason,
        "source": f"source:{view.source}{'!' + view.origin if view.origin else ''}" if view.source else None,
        "digest": view.digest, "changed": ", ".join(view.changed),
    }  # fmt: skip


def _claim(name: str, seen_by: Scope) -> Iterator[Step]:
    claim = book.claims(seen_by, ref=name).first()
    if claim is None:
        raise _none(f"claim:{name}")
    yield {
        "claim": claim.ref, "subject": claim.subject, "attribute": claim.attribute, "value": claim.value, "unit": claim.unit,
        "period": claim.period, "claimant": claim.claimant, "stance": claim.stance, "footnote": claim.body.get("footnote"),
    }  # fmt: skip
    yield from _source(f"{claim.rendition.source_id}#{claim.start}-{claim.end}", seen_by)


def _source(name: str, seen_by: Scope) -> Iterator[Step]:
    match = _SPAN.match(unquote(name))
    source = book.sources(seen_by).filter(sha256=match["sha"]).first() if match else None
    if match is None or source is None:
        raise _none(f"source:{name}")
    about: Step = {
        "source": source.sha256, "file": source.filename, "title": source.title, "publisher": source.publisher,
        "published": source.published, "received": str(source.received),
    }  # fmt: skip
    if match["row"] is not None:
        yield {**about, "sheet": match["sheet"], "row": int(match["row"])}
        return
    if match["start"] is None:
        yield about
        return
    rendition = book.rendition(seen_by, source.sha256)
    start, end = int(match["start"]), int(match["end"])
    if rendition is None or not 0 <= start < end <= len(rendition.text):
        raise _none(f"source:{name}")
    yield {
        **about, "rendition": rendition.sha256, "start": start, "end": end, "words": rendition.text[start:end],
        "before": rendition.text[max(0, start - CONTEXT_CHARACTERS) : start],
        "after": rendition.text[end : end + CONTEXT_CHARACTERS],
    }  # fmt: skip


def _edition(name: str, seen_by: Scope) -> Iterator[Step]:
    """What an edition is, or what one of its sealed references stands for: only for those who may read its package."""
    edition_name, _, sealed = name.partition("!")
    found = report_edition(snapshot(), edition_name)
    if found.attributes["sensitivity"] not in seen_by.classes:
        raise _none(f"edition:{edition_name}")
    if sealed:
        ref = found.kept(SEALED).get(sealed)
        if ref is None:
            raise _none(f"edition:{name}")
        yield {"sealed": sealed, "ref": ref}
        yield from trace(ref, seen_by)
        return
    yield {
        "edition": found.name, "report": found.report, "covers": found.covers, "language": found.language,
        "audience": found.audience, "as_known": str(found.as_known), "head": found.head, "step": found.step,
        "files": ", ".join(f"{each.name} {each.sha256}" for each in found.files), "record": f"record:{found.record}",
    }  # fmt: skip


def _sealed(name: str, seen_by: Scope) -> Iterator[Step]:
    """What a sealed reference stands for, in the newest edition that holds it and whose package the reader may read."""
    sealed = f"sealed:{name}"
    for found in report_editions(snapshot()):
        if found.attributes["sensitivity"] not in seen_by.classes:
            continue
        ref = found.kept(SEALED).get(sealed)
        if ref is not None:
            yield {"sealed": sealed, "edition": f"edition:{found.name}", "ref": ref}
            yield from trace(ref, seen_by)
            return
    raise _none(sealed)


def _figure(name: str, seen_by: Scope) -> Iterator[Step]:
    match = _FIGURE.match(name)
    if match is None:
        raise _none(f"figure:{name}")
    asked = FigureScope.parse(match["query"] or "")
    shot = snapshot(as_known=asked.as_known)
    if match["head"] and not shot.head.startswith(match["head"]):
        # The book has grown since: the same scope may have another value now, and the reader must know it.
        yield {"note": f"The reference was made at head {match['head']}; the book now stands at {shot.head[:12]}."}
    for row in contributions(shot, match["code"], asked).to_pylist():
        yield {"ref": f"entry:{row['entry']}", "amount": row["amount"], "place": row["place"], "digest": row["digest"]}
