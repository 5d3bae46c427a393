"""The rules with what is open of each, and the quality of the data: findings by kind, gaps of legacy sources."""

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.checks.catalogue import rule_of, rules
from clearland.figures.findings import Asked, counted
from clearland.figures.findings_records import limits_of
from clearland.ledger.rows import rows
from clearland.web import formats, labels
from clearland.web.access import Reading, reading, summed
from clearland.web.views.findings import marks_named
from clearland.work.answering import answers

WHERE = {
    "intake": gettext_lazy("when a file is read"),
    "record": gettext_lazy("on each record"),
    "across": gettext_lazy("across records"),
    "land": gettext_lazy("on the ground"),
    "balance": gettext_lazy("with every balance"),
    "write": gettext_lazy("when something is written"),
    "publish": gettext_lazy("before forms are used"),
}
_SHOWN = ("error", "warning", "query", "info")
_LABELS = (gettext_lazy("errors"), gettext_lazy("warnings"), gettext_lazy("questions"), gettext_lazy("information"))


def listing(request: HttpRequest) -> HttpResponse:
    """Every rule: what it asks for, where it is enforced, its limits here, how much of it is open."""
    read = reading(request)
    language = formats.language()
    limits: dict[str, Any] = summed(read, "limits", lambda: asdict(limits_of(read.snapshot)))
    open_of = {row["rule"]: row["n"] for row in _open(read, ("rule",))}
    made = [
        {
            "rule": rule, "statement": rule.statement(language), "remedies": rule.remedies(language), "where": WHERE[rule.where],
            "limits": [(name, limits[name]) for name in rule.limits], "open": open_of.get(rule.number, 0),
        }
        for rule in rules().values()
    ]  # fmt: skip
    return render(request, "clearland/checks.html", {"title": _("Checks"), "rows": made, "strip_class": "programme"})


def quality(request: HttpRequest) -> HttpResponse:
    """Open findings by kind and severity, and what legacy sources lack."""
    read = reading(request)
    tallies: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in _open(read, ("kind", "severity", "legacy")):
        tallies[row["kind"]]["legacy" if row["legacy"] else row["severity"]] += row["n"]
    kinds = [
        {
            "label": _kind(read, name), "legacy": tally["legacy"],
            "numbers": [(label, tally[severity]) for severity, label in zip(_SHOWN, _LABELS, strict=True)],
        }
        for name, tally in sorted(tallies.items())
    ]  # fmt: skip
    gaps = rows(read.scope, "legacy_gap", as_known=read.known).order_by("local_id")
    context = {
        "title": _("Data quality"), "kinds": kinds, "severities": _LABELS, "answered": len(answers(read.scope, read.known)),
        "gaps": [_gap(read, each.attributes) for each in gaps], "strip_class": "programme",
    }  # fmt: skip
    return render(request, "clearland/quality.html", context)


def _open(read: Reading, by: tuple[str, ...]) -> list[dict[str, Any]]:
    """Findings without an answer that the reader may see, counted."""
    given = answers(read.scope, read.known)
    asked = Asked(classes=tuple(sorted(read.scope.classes)), answered=tuple(sorted(given)))
    name = f"open:{','.join(by)}:{','.join(asked.classes)}:{marks_named(given)}"
    return summed(read, name, lambda: counted(read.snapshot, asked, by))


def _kind(read: Reading, name: str) -> str:
    kind = read.words.kinds.get(name)
    return labels.kind_label(kind) if kind else _("Account of land")


def _gap(read: Reading, said: dict[str, Any]) -> dict[str, Any]:
    rule = rule_of(said["code"])
    return {
        "sha": said["file_sha256"], "filename": said.get("filename", said["file_sha256"][:12]), "code": said["code"],
        "kind": _kind(read, said["gap_kind"]), "column": said.get("column", ""), "rows": said["rows"],
        "statement": rule.statement(formats.language()) if rule else "",
    }  # fmt: skip
