"""From what a file or a person gave to canonical attributes: typed, of the list, complete; or findings that say why.

Takes values already parsed (numbers, dates, lists) or as text. Canonical means JSON-ready and the same for the same
meaning: see `clean`. Numbers in text have a point and no thousands separators: other habits are the mapping's to read.
"""

import difflib
import json
import math
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from numbers import Integral, Real

from clearland.core.errors import Finding, Place
from clearland.core.partial_dates import PartialDate
from clearland.core.sealing import is_commitment
from clearland.dictionary.conditions import holds, parse_condition
from clearland.dictionary.model import CodeList, Dictionary, Field, Kind

SEALED = "E-VALUE-SEALED"
_SHORT = 60  # characters
MAX_TEXT = 20_000  # characters: longer text is a document, not a field
_MAX_MAGNITUDE = 30  # digits before or after the point: beyond it no field quantity lies, and expansion would not end
_LARGEST_INTEGER = 2**53 - 1  # canonical JSON cannot carry more (RFC 8785)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Clean = str | int | bool | list[str]


class _Refused(Exception):  # carries a finding within this module, never leaves it
    def __init__(self, code: str, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.remedy = code, sentence, remedy


def clean(
    dictionary: Dictionary,
    kind: str,
    attributes: Mapping[str, object],
    links: Collection[str] | None = None,
    *,
    sealing: bool = False,
) -> tuple[dict[str, Clean], list[Finding]]:
    """Canonical attributes and what is wrong with the others.

    text and code: NFC text; codes: sorted list, each once; integer: int; decimal: text without exponent; boolean: bool;
    date `YYYY-MM-DD`; partial_date `YYYY[-MM[-DD]]`; datetime ISO 8601 in UTC with `Z`. Blank values are left out.
    `links` are the roles that have a link: given, obligatory links are asked for too. Cleaning twice changes nothing.

    Findings have the field as their column: E-VALUE-COLUMN (no such field), E-VALUE-LINK (a link among attributes),
    E-VALUE-TYPE, E-VALUE-CODE, E-VALUE-RANGE, E-VALUE-MISSING (obligation M), E-VALUE-CONDITION (obligation C),
    E-VALUE-SEALED: who a person is, in plain text; with `sealing`, for ways in that seal what they get, only where it does
    not fit its field. The finding does not repeat it.
    Raises ClearlandError E-DICT-KIND for a kind that is not there.
    """
    definition = dictionary.kind(kind)
    cleaned: dict[str, Clean] = {}
    findings: list[Finding] = []
    refused: set[str] = set()
    for name, raw in attributes.items():
        field = definition.by_name.get(name)
        try:
            value = _value(dictionary, definition, name, field, raw, sealing=sealing)
        except _Refused as problem:
            refused.add(name)
            findings.append(Finding(
                code=problem.code, severity="error", sentence=problem.sentence, place=Place(column=name),
                remedy=problem.remedy, values={} if problem.code == SEALED else {"value": str(raw)[:200]},
            ))
        else:
            if value is not None:
                cleaned[name] = value
    given = {*cleaned, *refused, *(links or ())}
    findings += _missing(definition, cleaned, given, ask_links=links is not None)
    return cleaned, findings


def _missing(kind: Kind, cleaned: Mapping[str, object], given: set[str], *, ask_links: bool) -> list[Finding]:
    findings = []
    for field in kind.fields:
        if field.name in given or field.obligation == "O" or (field.is_link and not ask_links):
            continue
        if field.obligation == "M":
            findings.append(Finding(
                code="E-VALUE-MISSING", severity="error", place=Place(column=field.name),
                sentence=f"{field.label('en')} ({field.name}) is missing.",
                remedy=f"Give it: a record of {kind.name} cannot be counted without it.",
            ))
        elif holds(parse_condition(field.condition), cleaned):
            findings.append(Finding(
                code="E-VALUE-CONDITION", severity="error", place=Place(column=field.name),
                sentence=f"{field.label('en')} ({field.name}) is missing, and {field.condition}.",
                remedy="Give it, or correct the value that asks for it.",
            ))
    return findings


def _value(
    dictionary: Dictionary, kind: Kind, name: str, field: Field | None, raw: object, *, sealing: bool
) -> Clean | None:
    if field is None:
        near = difflib.get_close_matches(name, kind.by_name, n=1)
        hint = f"Did you mean {near[0]}?" if near else "Map it to a field, leave it out, or add a field by an overlay."
        raise _Refused("E-VALUE-COLUMN", f"The kind {kind.name} has no field {name!r}.", hint)
    if field.is_link:
        raise _Refused("E-VALUE-LINK", f"{name} leads to another record.", "Give it among the links.")
    if field.sensitivity == "sealed":
        return _sealed_value(dictionary, field, raw, sealing=sealing)
    return _open_value(dictionary, field, raw)


def _sealed_value(dictionary: Dictionary, field: Field, raw: object, *, sealing: bool) -> Clean | None:
    """A commitment as it is, else the value to be sealed; what is refused is not repeated."""
    if is_commitment(raw):
        return str(raw)
    if _plain(raw) is None:
        return None
    told = f"{field.label('en')} ({field.name}) tells who a person is"
    if not sealing:
        raise _Refused(SEALED, f"{told} and is kept sealed only.",
                       "Leave it out: the bytes of a file are kept as they came. Enter it on the record's page instead.")
    try:
        return _open_value(dictionary, field, raw)
    except _Refused:
        # Without its cause: that one quotes the value.
        raise _Refused(SEALED, f"{told}; what was given does not fit it.", f"Give a {field.type} of the field.") from None


def _open_value(dictionary: Dictionary, field: Field, raw: object) -> Clean | None:
    short = _is_short(raw, field) and field.sensitivity != "sealed"  # who a person is, is not remembered
    value = _read_short(field.type, str(raw)) if short else _read(field.type, raw)
    if value is None:
        return None
    if field.code_list is not None:
        _check_codes(dictionary, field, value)
    limited = field.minimum is not None or field.maximum is not None
    if limited and isinstance(value, (int, str)) and not _is_within(field.minimum, field.maximum, value):
        _refuse_range(field, Decimal(value))
    return value if value != [] else None


def _is_short(raw: object, field: Field) -> bool:
    """Whether a value is worth remembering: columns repeat codes, names and dates; lists are made anew each time."""
    return type(raw) is str and len(raw) <= _SHORT and field.type != "codes"


@lru_cache(maxsize=1 << 16)
def _read_short(value_type: str, raw: str) -> Clean | None:
    return _read(value_type, raw)


def _read(value_type: str, raw: object) -> Clean | None:
    plain = _plain(raw)
    return None if plain is None else _READERS[value_type](plain)


def _plain(raw: object) -> object | None:
    """A Python value; None for what files use as *no value* (blank text, NaN of tables, empty list)."""
    item = getattr(raw, "item", None)
    if callable(item) and not isinstance(raw, (str, bytes)):
        raw = item()  # a number of numpy or Arrow
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return None
    if isinstance(raw, str) and not raw.strip():
        return None
    return raw


def _wrong(what: str, raw: object, remedy: str) -> _Refused:
    return _Refused("E-VALUE-TYPE", f"{str(raw)[:80]!r} is not {what}.", remedy)


def _text(raw: object) -> str:
    if isinstance(raw, (bool, bytes)) or not isinstance(raw, (str, Integral, Real, Decimal)):
        raise _wrong("text", raw, "Give text.")
    written = raw if isinstance(raw, str) else _decimal(raw)
    text = unicodedata.normalize("NFC", written.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _CONTROL.search(text):
        raise _wrong("text", ascii(text), "Remove the control characters; the encoding of the file may be wrong.")
    if len(text) > MAX_TEXT:
        raise _Refused("E-VALUE-RANGE", f"The text has {len(text)} characters, more than {MAX_TEXT}.",
                       "Keep the document as a source and give a short text here.")
    return text


def _texts(raw: object) -> list[str]:
    if isinstance(raw, str) and raw.lstrip().startswith("["):
        try:
            raw = json.loads(raw)
        except ValueError:
            raise _wrong("a list", raw, "Separate the values by a semicolon.") from None
    if isinstance(raw, str):
        raw = raw.split(";")
    if not isinstance(raw, (list, tuple, set, frozenset)):
        raise _wrong("a list", raw, "Separate the values by a semicolon.")
    return sorted({text for text in (_text(each) for each in raw if each is not None) if text})


def _number(raw: object) -> Decimal:
    remedy = "Give digits with a decimal point and no unit; let the mapping read other forms."
    if isinstance(raw, bool) or not isinstance(raw, (str, Integral, Real, Decimal)):
        raise _wrong("a number", raw, remedy)
    try:
        number = raw if isinstance(raw, Decimal) else Decimal(str(raw).strip())
    except InvalidOperation:
        raise _wrong("a number", raw, remedy) from None
    if not number.is_finite() or "_" in str(raw) or (number and abs(number.adjusted()) > _MAX_MAGNITUDE):
        raise _wrong("a number", raw, remedy)
    return number


def _decimal(raw: object) -> str:
    number = _number(raw)
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _integer(raw: object) -> int:
    number = _number(raw)
    if number != int(number) or abs(number) > _LARGEST_INTEGER:
        raise _wrong("a whole number", raw, "Give a whole number.")
    return int(number)


def _boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    found = _BOOLEANS.get(str(raw).strip().lower()) if isinstance(raw, (str, Integral)) else None
    if found is None:
        raise _wrong("yes or no", raw, "Give true or false.")
    return found


def _date(raw: object) -> str:
    remedy = "Give YYYY-MM-DD; let the mapping read other forms."
    if isinstance(raw, datetime):
        if raw.timetz() != raw.timetz().replace(hour=0, minute=0, second=0, microsecond=0):
            raise _wrong("a date", raw, "It has a time of day: give the date alone.")
        raw = raw.date()
    if isinstance(raw, date):
        return raw.isoformat()
    try:
        parsed = PartialDate.parse(raw) if isinstance(raw, str) else None
    except ValueError:
        parsed = None
    if parsed is None or parsed.day is None:
        raise _wrong("a date", raw, remedy)
    return str(parsed)


def _partial_date(raw: object) -> str:
    if isinstance(raw, PartialDate):
        return str(raw)
    if isinstance(raw, date):
        return _date(raw)
    written = str(raw) if isinstance(raw, str) or type(raw) is int else ""
    try:
        return str(PartialDate.parse(written))
    except ValueError:
        raise _wrong("a year, month or day", raw, "Give YYYY, YYYY-MM or YYYY-MM-DD.") from None


def _datetime(raw: object) -> str:
    remedy = "Give ISO 8601 with its time zone, such as 2026-11-21T09:00:00+04:00."
    try:
        written = raw.strip() if isinstance(raw, str) else ""
        moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(written)
        if moment.tzinfo is None:
            raise _wrong("a moment with a time zone", raw, remedy)
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    except (ValueError, OverflowError):
        raise _wrong("a date with time", raw, remedy) from None


_READERS: Mapping[str, Callable[[object], Clean]] = {
    "text": _text, "code": _text, "codes": _texts, "integer": _integer, "decimal": _decimal, "boolean": _boolean,
    "date": _date, "partial_date": _partial_date, "datetime": _datetime,
}


def _check_codes(dictionary: Dictionary, field: Field, value: Clean) -> None:
    code_list = dictionary.lists[field.code_list or ""]
    for code in value if isinstance(value, list) else [str(value)]:
        if code_list.get(code) is None:
            raise _Refused("E-VALUE-CODE", f"{code[:80]!r} is not a code of the list {code_list.name}.",
                           _code_hint(code_list, code))


def _code_hint(code_list: CodeList, given: str) -> str:
    words = {word.casefold(): code.code for code in code_list.codes for word in (code.code, *code.labels.values())}
    near = difflib.get_close_matches(given.casefold(), words, n=1, cutoff=0.75)
    if near:
        return f"Did you mean {words[near[0]]}?"
    return f"The codes are {', '.join(list(code_list.by_code)[:15])}{', …' if len(code_list.codes) > 15 else '.'}"


@lru_cache(maxsize=1 << 14)
def _is_within(minimum: str | None, maximum: str | None, value: int | str) -> bool:
    number = Decimal(value)
    return (minimum is None or number >= Decimal(minimum)) and (maximum is None or number <= Decimal(maximum))


def _refuse_range(field: Field, number: Decimal) -> None:
    low, high = field.minimum, field.maximum
    allowed = f"at least {low}" if high is None else f"at most {high}" if low is None else f"from {low} to {high}"
    raise _Refused("E-VALUE-RANGE", f"{field.name} is {number:f}; it must be {allowed}.",
                   "Correct the value or its unit.")
