"""The names and codes ever published: data out there holds them, so none may vanish or change its type.

`codes.lock.yaml` is committed; a new field or code is added to it with the change that brings it, and nothing is ever
taken out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from clearland.core.errors import Finding, Place
from clearland.dictionary.model import Dictionary
from clearland.dictionary.reading import parse_yaml

LOCK_FILE = "codes.lock.yaml"
_REMEDY = "Keep the old name and stop using it; add the new one beside it."


@dataclass(frozen=True)
class Lock:
    """Codes by list, field types by kind and field, and claim attributes, as published."""

    lists: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, Mapping[str, str]]
    attributes: tuple[str, ...]


@lru_cache(maxsize=1)
def published() -> Lock:
    """The committed lock. Raises ClearlandError E-DICT-YAML or E-DICT-FORM when it cannot be read."""
    text = (files("clearland.dictionary") / LOCK_FILE).read_text(encoding="utf-8")
    nodes = parse_yaml(text, LOCK_FILE).mapping("lists kinds attributes")
    return Lock(
        lists={name: node.texts() for name, node in nodes["lists"].open_mapping().items()},
        kinds={
            name: {field: kept.text() for field, kept in node.open_mapping().items()}
            for name, node in nodes["kinds"].open_mapping().items()
        },
        attributes=nodes["attributes"].texts(),
    )


def lock_of(dictionary: Dictionary) -> Lock:
    """What a dictionary would publish."""
    return Lock(
        lists={name: tuple(sorted(each.by_code)) for name, each in sorted(dictionary.lists.items())},
        kinds={name: {field.name: field.type for field in sorted(kind.fields, key=lambda each: each.name)}
               for name, kind in sorted(dictionary.kinds.items())},
        attributes=tuple(sorted(dictionary.attributes)),
    )


def missing_from(dictionary: Dictionary, lock: Lock) -> list[Finding]:
    """E-DICT-RENAMED for all that was published and is gone or has another type."""
    findings = []
    for name, codes in lock.lists.items():
        known = dictionary.lists[name].by_code if name in dictionary.lists else {}
        findings += [
            _gone(f"The code {code!r} of the list {name}", f"{name}.{code}") for code in codes if code not in known
        ]
    for name, fields in lock.kinds.items():
        kind = dictionary.kinds.get(name)
        for field, kept in fields.items():
            there = kind.by_name.get(field) if kind else None
            if there is None:
                findings.append(_gone(f"The field {field!r} of the kind {name}", f"{name}.{field}"))
            elif there.type != kept:
                findings.append(Finding(
                    code="E-DICT-RENAMED", severity="error", place=Place(column=f"{name}.{field}"), remedy=_REMEDY,
                    sentence=f"The field {name}.{field} was published as {kept} and is {there.type} now.",
                ))
    gone = [code for code in lock.attributes if code not in dictionary.attributes]
    return findings + [_gone(f"The claim attribute {code!r}", code) for code in gone]


def _gone(what: str, column: str) -> Finding:
    return Finding(code="E-DICT-RENAMED", severity="error", sentence=f"{what} was published and is gone.",
                   place=Place(column=column), remedy=_REMEDY)


def render_lock(dictionary: Dictionary, lock: Lock) -> str:
    """The text of the lock file for a dictionary: what stood in the lock, and what is new."""
    new = lock_of(dictionary)
    lines = ["# Every code, field and claim attribute ever published. Nothing is taken out (lock.py).", "lists:"]
    for name in sorted({*lock.lists, *new.lists}):
        codes = sorted({*lock.lists.get(name, ()), *new.lists.get(name, ())})
        lines.append(f"  {name}:")
        lines += [f'    - "{code}"' for code in codes]
    lines.append("kinds:")
    for name in sorted({*lock.kinds, *new.kinds}):
        fields = {**new.kinds.get(name, {}), **lock.kinds.get(name, {})}
        lines.append(f"  {name}:")
        lines += [f"    {field}: {kept}" for field, kept in sorted(fields.items())]
    lines.append("attributes:")
    lines += [f"  - {code}" for code in sorted({*lock.attributes, *new.attributes})]
    return "\n".join(lines) + "\n"
