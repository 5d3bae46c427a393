"""The overlay that a move lays over the dictionary: where a record comes from, and the centre's custom defined fields."""

from collections.abc import Mapping, Sequence
from typing import Any

from clearland.intake.imsma.model import Extract
from clearland.intake.imsma.rules import Rules

NAME = "imsma"
_SOURCE = "[NG]"
_WORK = ("clearance", "spot_task", "survey")


def overlay_content(extract: Extract, rules: Rules, before: Mapping[str, Any]) -> dict[str, Any]:
    """The content of the overlay; fields that an earlier move added (`before`) stay, whatever IMSMA has dropped since."""
    fields: dict[str, dict[str, dict[str, Any]]] = {
        kind["name"]: {each["name"]: each for each in kind["fields"]} for kind in before.get("kinds", ())
    }
    for kind in sorted(rules.fields):
        for each in (*_origin_fields(), *([_area_field()] if kind in _WORK else [])):
            fields.setdefault(kind, {}).setdefault(each["name"], each)
    for own in extract.own_fields:
        for sort in own.sorts:
            for kind in _kinds_of(rules, sort):
                made = _own_field(own.label, own.name, own.type, sealed=sort == "victim" and own.type == "text")
                fields.setdefault(kind, {}).setdefault(made["name"], made)
    return {"kinds": [{"name": kind, "fields": list(named.values())} for kind, named in sorted(fields.items())]}


def _kinds_of(rules: Rules, sort: str) -> Sequence[str]:
    of_sort = rules.kinds[sort]
    return sorted({each["kind"] for each in (*of_sort["types"].values(), of_sort["otherwise"])} - {""})


def _origin_fields() -> tuple[dict[str, Any], ...]:
    return (
        {
            "name": "imsma_guid", "type": "text", "source": _SOURCE, "definition": "The key of the item in IMSMA.",
            "labels": {"en": "IMSMA key", "az": "IMSMA açarı", "ru": "Ключ IMSMA"},
        },
        {
            "name": "imsma_report", "type": "text", "source": _SOURCE,
            "definition": "The data entry form in IMSMA that told this state.",
            "labels": {"en": "IMSMA report", "az": "IMSMA hesabatı", "ru": "Донесение IMSMA"},
        },
        {
            "name": "imsma_reported_on", "type": "partial_date", "source": _SOURCE,
            "definition": "Date of information of that form.",
            "labels": {"en": "IMSMA date of information", "az": "IMSMA məlumat tarixi", "ru": "Дата сведений IMSMA"},
        },
    )  # fmt: skip


def _area_field() -> dict[str, Any]:
    return {
        "name": "imsma_area_m2", "type": "decimal", "unit": "m2", "source": _SOURCE,
        "definition": "The size that IMSMA states for the activity.",
        "labels": {"en": "IMSMA area", "az": "IMSMA sahəsi", "ru": "Площадь IMSMA"},
    }  # fmt: skip


def _own_field(label: str, name: str, type_name: str, *, sealed: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": name, "type": type_name, "source": _SOURCE, "definition": f"Custom defined field of IMSMA: {label}.",
        "labels": {"en": label, "az": label, "ru": label},
    }  # fmt: skip
    return {**made, "sensitivity": "sealed"} if sealed else made
