"""The canonical bytes of an entry: what is hashed, stored and never re-serialised.

A body is the RFC 8785 JSON of {attributes, kind, known_at, links, local_id, origin, record, sensitivity, source, state}. It is
put together from its parts, because the parts that need no lock are made before the lock is taken; a test compares the
result with `core.canonical.canonical_bytes`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from json import encoder
from typing import Any
from uuid import UUID

from clearland.core.canonical import canonical_bytes

_MAX_INTEGER = 2**53
_text: Callable[[str], str] = encoder.encode_basestring  # a JSON string with its quotes


def _encoder() -> Callable[[Any], str]:
    """JSON with sorted keys and no spaces. `JSONEncoder.encode` makes its C encoder anew for every call, at twice the cost."""
    plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:  # a Python without the C accelerator
        return plain.encode
    chunks = make(None, plain.default, _text, None, ":", ",", True, False, False)
    return lambda value: "".join(chunks(value, 0))


_encode = _encoder()


@lru_cache(maxsize=1_024)
def moment_text(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_moment(text: str) -> datetime:
    """The inverse of `moment_text`."""
    return datetime.fromisoformat(text)


def _fault(value: Any) -> str | None:
    """Why a value may not enter a body, or None. Floats would be rounded by readers: decimals travel as strings."""
    kind = type(value)
    if kind is str:
        if "\x00" in value:
            return "a NUL character, which PostgreSQL cannot store"
        return None if value.isascii() or value.isprintable() else _unpaired(value)
    if kind is bool:
        return None
    if kind is int:
        return None if -_MAX_INTEGER <= value <= _MAX_INTEGER else f"the integer {value}, beyond 2^53"
    if kind is list or kind is tuple:
        return next((fault for item in value if (fault := _fault(item))), None)
    if kind is dict:
        faults = (_fault(key) if isinstance(key, str) else f"the key {key!r}" for key in value)
        return next((fault for fault in faults if fault), None) or _fault(list(value.values()))
    return f"{value!r} ({kind.__name__})"


def _unpaired(text: str) -> str | None:
    """Lone surrogates have no UTF-8 form."""
    return "a lone surrogate" if any("\ud800" <= character <= "\udfff" for character in text) else None


class UnfitValue(ValueError):
    """A value that may not enter a body."""


def _plain_text(attributes: Mapping[str, Any]) -> str | None:
    """Canonical JSON of attributes that hold nothing but plain ASCII, None where each value must be looked at.

    Looking at the finished text once is several times faster than at each value, and nearly all records are plain.
    """
    for value in attributes.values():
        kind = type(value)
        if kind is str or kind is bool:
            continue
        if kind is int and -_MAX_INTEGER <= value <= _MAX_INTEGER:
            continue
        if kind is list and all(type(item) is str for item in value):
            continue
        return None
    text = _encode(attributes)
    return text if text.isascii() and "\\u0000" not in text else None


def attributes_text(attributes: Mapping[str, Any]) -> str:
    """Canonical JSON of attributes. Raises UnfitValue for null, float, NUL and objects.

    json sorts keys by code point, RFC 8785 by UTF-16 unit: alike while keys are ASCII, so what may hold other keys takes
    the slow way.
    """
    if (plain := _plain_text(attributes)) is not None:
        return plain
    simple = True
    for name, value in attributes.items():
        if fault := _fault(value):
            raise UnfitValue(f"the value of {name!r} is {fault}")
        kind = type(value)
        if kind is dict or not name.isascii() or (kind is list and not all(type(item) is str for item in value)):
            simple = False
    return _encode(attributes) if simple else canonical_bytes(dict(attributes)).decode()


def links_text(links: Mapping[str, Sequence[UUID]]) -> str:
    """Canonical JSON of links: each role with its targets, sorted, without repeats or empty roles."""
    if not links:
        return "{}"
    return _encode({role: sorted({str(target) for target in targets}) for role, targets in links.items() if targets})


def head_part(attributes: str, kind: str) -> str:
    """The body up to `known_at`. Names of kinds are identifiers and need no escape."""
    return f'{{"attributes":{attributes},"kind":"{kind}","known_at":"'


def middle_part(links: str, local_id: str) -> str:
    """The body between `known_at` and `origin`."""
    return f'","links":{links},"local_id":{_text(local_id)}'


def tail_part(record: UUID | str, sensitivity: str) -> str:
    """The body between `origin` and `source`."""
    return f',"record":"{record}","sensitivity":"{sensitivity}","source":'


def body_bytes(parts: tuple[str, str, str], known_at: str, origin: str, source: str | None, state: str) -> bytes:
    """The whole body from `head_part`, `middle_part` and `tail_part`. An empty origin has no key."""
    head, middle, tail = parts
    placed = f',"origin":{_text(origin)}' if origin else ""
    quoted = f'"{source}"' if source else "null"
    return f'{head}{known_at}{middle}{placed}{tail}{quoted},"state":"{state}"}}'.encode()
