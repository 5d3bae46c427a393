"""Findings: what the rules say about records, each leading to the record where it can be mended."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.figures.finding_words import said
from clearland.figures.findings import counts, found
from clearland.web import formats, labels
from clearland.web.access import Reading, reading, summed

PAGE = 50
SEVERITIES = {
    "error": gettext_lazy("error: must be mended"),
    "warning": gettext_lazy("warning: somebody should look"),
    "query": gettext_lazy("question to the operator"),
    "info": gettext_lazy("for information"),
}


def listing(request: HttpRequest) -> HttpResponse:
    """Findings as known, errors of each rule first; filtered by rule and severity."""
    read = reading(request)
    asked_rule, severity = request.GET.get("rule", ""), request.GET.get("severity", "")
    rule = int(asked_rule) if asked_rule.isdecimal() and len(asked_rule) <= 3 else None
    severity = severity if severity in SEVERITIES else ""
    totals = _totals(read)
    count = sum(row["n"] for row in totals if rule in (None, row["rule"]) and severity in ("", row["severity"]))
    pages = -(-count // PAGE) or 1
    number = min(_page_number(request), pages)
    context = {
        "title": _("Findings"),
        "rows": [_shown(read, row) for row in _page(read, rule, severity, number)],
        "count": count,
        "number": number,
        "previous": number - 1 if number > 1 else None,
        "following": number + 1 if number < pages else None,
        "pages": pages,
        "rules": _tally(totals, "rule", rule),
        "severities": [(code, SEVERITIES[code], n, here) for code, n, here in _tally(totals, "severity", severity)],
        "filtered": bool(rule or severity),
        "strip_class": _strip(read),
    }
    return render(request, "clearland/findings.html", context)


def _totals(read: Reading) -> list[dict[str, Any]]:
    """Findings per rule and severity that the reader may see; the name holds the classes, since it is kept for all."""
    classes = sorted(read.scope.classes)
    return summed(read, f"findings:{','.join(classes)}", lambda: counts(read.snapshot, classes=classes))


def _page(read: Reading, rule: int | None, severity: str, number: int) -> list[dict[str, Any]]:
    """The findings of one page."""
    classes = sorted(read.scope.classes)
    name = f"findings:{','.join(classes)}:{rule}:{severity}:{number}"
    start = (number - 1) * PAGE
    return summed(read, name, lambda: found(
        read.snapshot, classes=classes, rule=rule, severity=severity, start=start, most=PAGE,
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


def _shown(read: Reading, row: dict[str, Any]) -> dict[str, Any]:
    kind = read.words.kinds.get(row["kind"])
    worded = said(row["code"], formats.language())
    return row | {
        "sentence": worded[0] if worded else row["sentence"],
        "remedy": worded[1] if worded else row["remedy"],
        "language": formats.language() if worded else "en",
        "kind_label": labels.kind_label(kind) if kind else "",
        "severity_label": SEVERITIES[row["severity"]],
        "facts": [(name.removesuffix("_m2").replace("_", " "), _value(name, value))
                  for name, value in json.loads(row["values"]).items() if value is not None],
    }  # fmt: skip


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
