"""Records that may tell of one thing: a queue by likelihood, each pair side by side with its grounds, decided by a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import shapely
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clearland.checks.catalogue import reason_said
from clearland.checks.matching.model import Reason
from clearland.dictionary.model import Field, Kind
from clearland.figures.matches import KINDS, Candidate, Candidates, candidates
from clearland.ledger.rows import links, rows
from clearland.web import formats, labels
from clearland.web.access import Reading, reading, summed
from clearland.web.asked import uuid_or_nil
from clearland.web.people import actor_name
from clearland.web.shapes import measures
from clearland.web.views.record import source_titles
from clearland.web.views.records import widest
from clearland.work import matching

SHOWN = 100
LETTERS = ("A", "B")
VERDICTS = {
    matching.SAME: gettext_lazy("one and the same"),
    matching.DIFFERENT: gettext_lazy("two things"),
    matching.NOT_SURE: gettext_lazy("not sure"),
}
_MEMBERS = "programme"


@dataclass(frozen=True)
class _Queue:
    """What a reader may see of a kind: pairs that wait, decisions, the records of both, what was compared."""

    found: Candidates
    waiting: Sequence[Candidate]
    decided: Sequence[matching.Decided]
    versions: dict[str, Any]

    @property
    def shown(self) -> list[Candidate]:
        """The likeliest of those that wait."""
        return [pair for pair in self.waiting if pair.first in self.versions and pair.second in self.versions]


def listing(request: HttpRequest) -> HttpResponse:
    """The pairs of one kind that wait, the likeliest first, and what was decided."""
    read = reading(request)
    kind = _kind(read, request.GET.get("kind", KINDS[0]))
    queue = _queue(read, kind.name)
    context = {
        "title": _("Possible duplicates"),
        "kinds": [(name, labels.kind_label(read.words.kind(name), many=True), name == kind.name) for name in KINDS],
        "kind": kind.name,
        "rows": [_line(read, kind, pair, queue.versions) for pair in queue.shown],
        "decided": [_decision(read, each, queue.versions) for each in queue.decided[:SHOWN]],
        "count": len(queue.waiting),
        "found": queue.found,
        "may_decide": _may_decide(read),
        "strip_class": widest(version.sensitivity for version in queue.versions.values()),
    }
    return render(request, "clearland/matching.html", context)


def pair_page(request: HttpRequest, first: UUID, second: UUID) -> HttpResponse:
    """Two records side by side, what speaks for and against, and the decision where there is one."""
    read = reading(request)
    one, other = (_visible(read, [record]).get(str(record)) for record in (first, second))
    if one is None or other is None or one.kind != other.kind or one.kind not in KINDS:
        raise Http404
    kind = read.words.kind(one.kind)
    queue = _queue(read, kind.name)
    key = frozenset((str(first), str(second)))
    candidate = next((pair for pair in queue.found.pairs if key == {pair.first, pair.second}), None)
    standing = next((each for each in queue.decided if each.pair == key), None)
    versions = [one, other] if str(first) < str(second) else [other, one]
    titles = source_titles(read, [version.source_sha for version in versions])
    context = {
        "title": _("One thing or two?"),
        "kind": kind.name,
        "kind_label": labels.kind_label(kind),
        "sides": [_side(read, letter, version, titles) for letter, version in zip(LETTERS, versions, strict=True)],
        "facts": _facts(read, kind, versions),
        "shapes": [
            {"letter": letter, "geometry": shapely.to_geojson(version.geometry)}
            for letter, version in zip(LETTERS, versions, strict=True) if version.geometry is not None
        ],
        "score": formats.number(candidate.score, 2) if candidate else "",
        "reasons": [_reason(read, kind, each) for each in candidate.reasons] if candidate else [],
        "standing": _decision(read, standing, queue.versions | {str(v.record_uuid): v for v in versions}) if standing else None,
        "counting": standing.counted if standing and standing.counted else _fuller(versions),
        "next": _next(queue, key),
        "may_decide": _may_decide(read),
        "strip_class": widest(version.sensitivity for version in versions),
    }  # fmt: skip
    return render(request, "clearland/matching_pair.html", context)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide about a pair, or take a decision back; then the next pair that waits, or the page of the one taken back."""
    read = reading(request)
    given = request.POST
    read.refuse_past()
    first, second = (uuid_or_nil(given.get(name, "")) for name in ("first", "second"))
    if given.get("action") == "undo":
        matching.take_back(uuid_or_nil(given.get("match", "")), actor=read.actor)
        return redirect("matching_pair", first, second)
    kind = _kind(read, given.get("kind", ""))
    queue = _queue(read, kind.name)
    key = frozenset((str(first), str(second)))
    candidate = next((pair for pair in queue.found.pairs if key == {pair.first, pair.second}), None)
    following = _next(queue, key)
    matching.decide(
        first, second, given.get("action", ""), actor=read.actor, counted=uuid_or_nil(given.get("counted", "")),
        reason=given.get("reason", ""), candidate=candidate,
    )  # fmt: skip
    return redirect(following or f"{reverse('matching')}?{urlencode({'kind': kind.name})}")


def _queue(read: Reading, kind: str) -> _Queue:
    found = summed(read, f"matches:{kind}", lambda: candidates(read.snapshot, kind))
    decided = matching.decisions(read.scope, kind, read.known)
    waiting = matching.open_candidates(found, decided)
    named = {record for pair in waiting[:SHOWN] for record in (pair.first, pair.second)}
    named |= {record for each in decided[:SHOWN] for record in each.pair}
    return _Queue(found, waiting, decided, _visible(read, map(UUID, named)))


def _visible(read: Reading, records: Iterable[UUID]) -> dict[str, Any]:
    """The records that the reader may see, by their id."""
    found = rows(read.scope, as_known=read.known).filter(record__id__in=list(records))
    return {str(version.record_uuid): version for version in found}  # type: ignore[attr-defined]


def _kind(read: Reading, name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return read.words.kind(name)


def _may_decide(read: Reading) -> bool:
    return read.known is None and _MEMBERS in read.scope.classes


def _next(queue: _Queue, here: frozenset[str]) -> str:
    """The address of the likeliest pair that waits beside this one."""
    others = (pair for pair in queue.shown if here != {pair.first, pair.second})
    following = next(others, None)
    return reverse("matching_pair", args=[following.first, following.second]) if following else ""


def _line(read: Reading, kind: Kind, pair: Candidate, versions: dict[str, Any]) -> dict[str, Any]:
    one, other = versions[pair.first], versions[pair.second]
    return {
        "pair": pair, "score": formats.number(pair.score, 2), "one": one.local_id, "other": other.local_id,
        "said": [_reason(read, kind, each) for each in pair.reasons[:3]],
    }  # fmt: skip


def _reason(read: Reading, kind: Kind, reason: Reason) -> dict[str, Any]:
    """A ground in the reader's words, and whether it speaks for one thing or for two."""
    values = dict(reason.values)
    if "date" in values:
        values["date"] = formats.day(str(values["date"]))
    field = kind.by_name.get(str(values.get("field")))
    if field is not None:
        values["field"] = labels.field_label(field)
        for name in ("value", "one", "other"):
            if values.get(name) is not None:
                values[name] = _worded(read, field, values[name])
    return {"said": reason_said(reason.code, values, formats.language()), "speaks_for": reason.weight > 0}


def _worded(read: Reading, field: Field, value: Any) -> str:
    joined = value.split("+") if field.type == "codes" and isinstance(value, str) else value
    return labels.value_text(read, read.words, field, joined)


def _decision(read: Reading, each: matching.Decided, versions: dict[str, Any]) -> dict[str, Any]:
    return {
        "match": each.record, "first": each.first, "second": each.second, "verdict": VERDICTS[each.verdict],
        "who": actor_name(each.actor), "decided_at": each.decided_at, "reason": each.reason,
        "names": [versions[record].local_id if record in versions else "…" for record in (each.first, each.second)],
        "counted": versions[each.counted].local_id if each.counted in versions else "",
    }  # fmt: skip


def _side(read: Reading, letter: str, version: Any, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "letter": letter, "record": str(version.record_uuid), "local_id": version.local_id,
        "measures": measures(version.geometry), "source": titles.get(version.source_sha or "", _("told by hand")),
    }  # fmt: skip


def _fuller(versions: Sequence[Any]) -> str:
    """Of two records the one that says more; the first of two that say as much."""
    one, other = versions
    return str((other if len(other.attributes) > len(one.attributes) else one).record_uuid)


def _facts(read: Reading, kind: Kind, versions: Sequence[Any]) -> list[dict[str, Any]]:
    """One row per field that either says, those that differ first; sealed fields are never among them."""
    made = []
    for field in labels.readable(read, kind):
        values = [version.attributes.get(field.name) for version in versions]
        if any(value is not None for value in values):
            texts = [labels.value_text(read, read.words, field, value) for value in values]
            said = [value for value in values if value is not None]
            made.append({"label": labels.field_label(field), "texts": texts, "differs": len(said) == 2 and said[0] != said[1]})
    made += _linked(read, kind, versions)
    return sorted(made, key=lambda row: not row["differs"])


def _linked(read: Reading, kind: Kind, versions: Sequence[Any]) -> list[dict[str, Any]]:
    """What both lead to, by the local ids of those records."""
    ends = [[link for link in links(read.scope, version.record_uuid, read.known) if link.outgoing] for version in versions]
    made = []
    for role in dict.fromkeys(link.role for side in ends for link in side):
        field = kind.by_name.get(role)
        texts = [", ".join(link.local_id for link in side if link.role == role) for side in ends]
        label = labels.field_label(field) if field else role
        made.append({"label": label, "texts": texts, "differs": all(texts) and texts[0] != texts[1]})
    return made
