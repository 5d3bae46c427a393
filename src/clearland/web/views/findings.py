"""Findings: what the rules say about records, each leading to the record where it can be mended, until somebody answers."""

import hashlib
import json
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clearland.checks.catalogue import rules, said
from clearland.dictionary.model import Kind
from clearland.figures.finding_words import said as of_ground
from clearland.figures.findings import Asked, asked_for, counted
from clearland.web import formats, labels
from clearland.web.access import Reading, reading, summed
from clearland.web.people import actor_name
from clearland.work.answering import Answer, answer, answers, take_back

PAGE = 50
SEVERITIES = {
    "error": gettext_lazy("error: must be mended"),
    "warning": gettext_lazy("warning: somebody should look"),
    "query": gettext_lazy("question to the operator"),
    "info": gettext_lazy("for information"),
}
VERDICTS = {
    "corrected": gettext_lazy("Corrected"),
    "as_is": gettext_lazy("Right as it is"),
    "not_applicable": gettext_lazy("Rule does not apply"),
}
_FIELDS = ("field", "other")  # values that name a field of the record


def listing(request: HttpRequest) -> HttpResponse:
    """Findings as known, errors of each rule first; filtered by rule, severity and whether somebody answered."""
    read = reading(request)
    asked_rule, severity = request.GET.get("rule", ""), request.GET.get("severity", "")
    rule = int(asked_rule) if asked_rule.isdecimal() and len(asked_rule) <= 3 else None
    severity = severity if severity in SEVERITIES else ""
    given = answers(read.scope, read.known)
    only_answered = request.GET.get("answered") == "1"
    asked = Asked(
        classes=tuple(sorted(read.scope.classes)), rule=rule, severity=severity, answered=tuple(sorted(given)),
        only_answered=only_answered,
    )  # fmt: skip
    totals = _totals(read, given, only_answered=only_answered)
    count = sum(row["n"] for row in totals if rule in (None, row["rule"]) and severity in ("", row["severity"]))
    pages = -(-count // PAGE) or 1
    number = min(_page_number(request), pages)
    context = {
        "title": _("Findings"),
        "rows": [shown(read, row, given) for row in _page(read, asked, number)],
        "count": count,
        "number": number,
        "previous": number - 1 if number > 1 else None,
        "following": number + 1 if number < pages else None,
        "pages": pages,
        "rules": _tally(totals, "rule", rule),
        "severities": [(code, SEVERITIES[code], n, here) for code, n, here in _tally(totals, "severity", severity)],
        "statement": rules()[rule].statement(formats.language()) if rule is not None and rule in rules() else "",
        "filtered": bool(rule or severity),
        "only_answered": only_answered,
        "may_answer": may_answer(read),
        "verdicts": VERDICTS.items(),
        "back": request.get_full_path(),
        "strip_class": _strip(read),
    }
    return render(request, "clearland/findings.html", context)


def of_record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """A fragment of a record's page: what rules found about it, open and answered."""
    read = reading(request)
    given = answers(read.scope, read.known)
    asked = Asked(classes=tuple(sorted(read.scope.classes)), record=str(record_id))
    name = f"findings:{','.join(asked.classes)}:of:{record_id}"
    found = summed(read, name, lambda: asked_for(read.snapshot, asked, most=PAGE))
    context = {
        "rows": [shown(read, row, given) for row in found], "may_answer": may_answer(read), "verdicts": VERDICTS.items(),
        "back": reverse("record", args=[record_id]),
    }  # fmt: skip
    return render(request, "clearland/_record_findings.html", context)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Answer a finding, or take an answer back; then the page it was answered on."""
    read = reading(request)
    given = request.POST
    read.refuse_past()
    if given.get("action") == "undo":
        take_back(given.get("mark", ""), actor=read.actor)
    else:
        answer(read.snapshot, given.get("mark", ""), given.get("verdict", ""), given.get("reason", ""), actor=read.actor)
    back = given.get("back", "")
    own = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and not urlsplit(back).netloc
    return redirect(back if own and back.startswith("/") else reverse("findings"))


def may_answer(read: Reading) -> bool:
    """Members of the programme answer what is known today."""
    return read.known is None and "programme" in read.scope.classes


def marks_named(given: Collection[str]) -> str:
    """Names a set of answers, so that sums made with another one are not taken for it."""
    return hashlib.sha256(" ".join(sorted(given)).encode()).hexdigest()[:16]


def _totals(read: Reading, given: Collection[str], *, only_answered: bool) -> list[dict[str, Any]]:
    """Findings per rule and severity that the reader may see; the name holds the classes, since it is kept for all."""
    asked = Asked(classes=tuple(sorted(read.scope.classes)), answered=tuple(sorted(given)), only_answered=only_answered)
    name = f"findings:{','.join(asked.classes)}:{marks_named(given)}:{only_answered}"
    return summed(read, name, lambda: counted(read.snapshot, asked, ("rule", "severity")))


def _page(read: Reading, asked: Asked, number: int) -> list[dict[str, Any]]:
    """The findings of one page."""
    what = f"{asked.rule}:{asked.severity}:{asked.only_answered}:{marks_named(asked.answered)}:{number}"
    start = (number - 1) * PAGE
    return summed(read, f"findings:{','.join(asked.classes)}:{what}", lambda: asked_for(
        read.snapshot, asked, start=start, most=PAGE,
    ))  # fmt: skip


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 8 else 1


def _tally(totals: list[dict[str, Any]], name: str, here: object) -> list[tuple[Any, int, bool]]:
    """Each rule or severity that occurs with how often; the order of rules, or of weight."""
    summed: dict[Any, int] = {}
    for row in totals:
        if row[name] is not None:
            summed[row[name]] = summed.get(row[name], 0) + row["n"]
    order = list(SEVERITIES).index if name == "severity" else int
    return [(key, summed[key], key == here) for key in sorted(summed, key=order)]


def shown(read: Reading, row: dict[str, Any], given: dict[str, Answer]) -> dict[str, Any]:
    """A finding in the reader's words, with its answer where there is one."""
    kind = read.words.kinds.get(row["kind"])
    values = json.loads(row["values"])
    language = formats.language()
    own = said(row["code"], _worded(kind, values), language)
    words = own or of_ground(row["code"], language)
    standing = given.get(row["mark"])
    return row | {
        "kind_label": labels.kind_label(kind) if kind else "",
        "severity_label": _("legacy gap: counted, blocks nothing") if row["legacy"] else SEVERITIES[row["severity"]],
        "sentence": words[0] if words else row["sentence"], "remedy": words[1] if words else row["remedy"],
        "language": language if words else "en",
        "facts": [] if own else [
            (name.removesuffix("_m2").replace("_", " "), _value(name, value))
            for name, value in values.items() if value is not None
        ],
        "answer": standing, "verdict": VERDICTS.get(standing.verdict) if standing else "",
        "who": actor_name(standing.actor) if standing else "",
    }  # fmt: skip


def _worded(kind: Kind | None, values: dict[str, Any]) -> dict[str, Any]:
    """Values with fields under the names that the reader knows them by."""
    named = {name: kind.by_name.get(str(values.get(name))) if kind else None for name in _FIELDS}
    return values | {name: labels.field_label(field) for name, field in named.items() if field is not None}


def _value(name: str, value: Any) -> str:
    """A value of a finding with its unit, which its name carries."""
    if not isinstance(value, int | float):
        return str(value)
    for suffix, unit in (("_m2", "m2"), ("_cm", "cm"), ("_m", "m")):
        if name.endswith(suffix):
            return f"{formats.number(value, 0)}\N{NO-BREAK SPACE}{formats.unit_sign(unit)}"
    return formats.number(value)


def _strip(read: Reading) -> str:
    return "restricted" if "restricted" in read.scope.classes else "programme"
