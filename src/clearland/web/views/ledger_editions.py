"""Somebody else's ledger in two editions: which lines read differently, and why."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.figures.ledger_restatement import CAUSES, LedgerLine, LedgerRestatement
from clearland.web import formats, labels
from clearland.web.access import Reading, reading, summed
from clearland.work.foreign_ledgers import restate_series, series_editions

CAUSE_LABELS = {
    "added": gettext_lazy("added"), "withdrawn": gettext_lazy("withdrawn"), "re-dated": gettext_lazy("re-dated (proposed)"),
    "reclassified": gettext_lazy("reclassified"), "changed": gettext_lazy("changed"), "rounded": gettext_lazy("rounded"),
}  # fmt: skip
_READ = ("re-dated", "withdrawn", "added", "changed", "reclassified", "rounded")
_MOST_LINES = 100


def page(request: HttpRequest) -> HttpResponse:
    """`?series=&before=&after=&to=&cause=`: two of a series' editions, by the days on which they were received."""
    read = reading(request)
    held = summed(read, "series-editions", lambda: series_editions(read.snapshot))
    context: dict[str, Any] = {"title": _("Ledgers restated"), "held": held, "causes": CAUSE_LABELS.items()}
    names = [each["series"] for each in held]
    asked = request.GET.get("series", "")
    chosen = next((each for each in held if each["series"] == asked), held[0] if held else None)
    if chosen is not None:
        days = chosen["received"]
        before, after = _day(request, "before", days, 0), _day(request, "after", days, len(days) - 1)
        until = _limit(request)
        name = f"restated:{chosen['kind']}:{chosen['series']}:{before}:{after}:{until}"
        told = summed(read, name, lambda: restate_series(
            chosen["kind"], chosen["series"], (before, after), span=(None, until)
        ))  # fmt: skip
        cause = request.GET.get("cause", "")
        context |= {
            "chosen": chosen, "before": before, "after": after, "until": until, "names": names, "told": told.as_json(),
            "cause": cause, **_lines(read, chosen["kind"], told, cause),
        }  # fmt: skip
    return render(request, "clearland/restated.html", context)


def _day(request: HttpRequest, name: str, days: list[date], otherwise: int) -> date:
    return next((day for day in days if day.isoformat() == request.GET.get(name)), days[otherwise])


def _limit(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("to", ""))
    except ValueError:
        return None


def _lines(read: Reading, kind: str, told: LedgerRestatement, cause: str) -> dict[str, Any]:
    model = read.words.kind(kind)
    chosen = [line for line in told.lines if line.cause == cause] if cause in CAUSES else sorted(told.lines, key=_order)
    label = {name: labels.field_label(model.field(name)) for name in (*told.key_fields, *told.compared)}

    def key(values: tuple[str, ...] | None) -> list[str]:
        fields = [model.field(name) for name in told.key_fields]
        return [
            labels.value_text(read, read.words, field, value) if value else ""
            for field, value in zip(fields, values or ("",) * len(fields), strict=True)
            if values
        ]

    def row(line: LedgerLine) -> dict[str, Any]:
        differs = [
            {"label": label[name], "before": formats.number(then), "after": formats.number(now)}
            for name, (then, now) in line.differs.items()
        ]
        return {"cause": CAUSE_LABELS[line.cause], "key": key(line.key), "moved": key(line.moved_to), "differs": differs}

    moves = [
        {"less": _joined(label, less), "more": _joined(label, more), "lines": number}
        for (less, more), number in told.moves().items()
    ]
    return {
        "heads": [label[name] for name in told.key_fields], "rows": [row(line) for line in chosen[:_MOST_LINES]],
        "more": max(0, len(chosen) - _MOST_LINES), "moves": moves,
        "counts": [(one, CAUSE_LABELS[one], len(told.of(one))) for one in CAUSES],
        "corrected": [(label[name], number) for name in told.compared if (number := len(told.corrected(name)))],
    }  # fmt: skip


def _order(line: LedgerLine) -> tuple[bool, int]:
    """Lines that say something first; added lines of nothing but noughts last."""
    return line.cause == "added" and not any((line.after or {}).values()), _READ.index(line.cause)


def _joined(label: dict[str, str], names: str) -> str:
    return " + ".join(label[name] for name in names.split("+") if name)
