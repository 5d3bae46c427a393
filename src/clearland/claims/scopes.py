"""How the scopes of two claims lie to one another: where they differ, where only one says, how alike they are."""

from collections.abc import Sequence
from dataclasses import fields

from clearland.claims.model import Scope
from clearland.claims.reasons import Coded, Reason

# Fields of the scope in which two tellings of one matter may differ; a weight is what each difference takes from likeness.
_LOOSE = {"device": 0.25, "actor": 0.25, "definition": 0.15}
_UNSAID = 0.1
_CODED = ("device", "activity", "method", "population", "outcome")


def differences(left: Scope, right: Scope) -> tuple[list[str], list[str]]:
    """Fields in which both say something else, and fields of which only one says anything."""
    other: list[str] = []
    unsaid: list[str] = []
    for item in fields(Scope):
        a, b = getattr(left, item.name) or None, getattr(right, item.name) or None
        a, b = (frozenset(part) if isinstance(part, tuple) else part for part in (a, b))
        if a == b:
            continue
        (other if a is not None and b is not None else unsaid).append(item.name)
    return other, unsaid


def said_as(left: Scope, right: Scope) -> tuple[str, str]:
    """`same`, `other` (both say, and differ), `definition` or `unsaid` (only one says), with the field it lies in."""
    other, unsaid = differences(left, right)
    hard = [name for name in other if name != "definition"]
    if hard:
        return "other", hard[0]
    return ("definition", "definition") if other else ("unsaid", unsaid[0]) if unsaid else ("same", "")


def apart(left: Scope, right: Scope, other: Sequence[str]) -> bool:
    """Whether the scopes tell of different matters: another place, outcome or method, or devices that exclude each other."""
    if any(name not in _LOOSE for name in other):
        return True
    return "device" in other and not any(str(scope.device).startswith("MIX") for scope in (left, right))


def likeness(left: Scope, right: Scope) -> float:
    other, unsaid = differences(left, right)
    return round(max(0.0, 1 - sum(_LOOSE.get(name, 0.5) for name in other) - _UNSAID * len(unsaid)), 2)


def because(left: Scope, right: Scope) -> tuple[Reason, ...]:
    """Where two scopes differ, a reason for each field that both say and one for those that only one says."""
    other, unsaid = differences(left, right)
    told = []
    for name in other:
        a, b = (getattr(scope, name) for scope in (left, right))
        a, b = (", ".join(part) if isinstance(part, tuple) else str(part) for part in (a, b))
        field = Reason(f"field_{name}")
        coded = Coded if name in _CODED else str
        differs = Reason("field_differs", {"field": field, "here": coded(a), "there": coded(b)})
        told.append(Reason("definitions_differ") if name == "definition" else differs)
    if unsaid:
        told.append(Reason("fields_unsaid", {"fields": tuple(Reason(f"field_{name}") for name in unsaid)}))
    return tuple(told)
