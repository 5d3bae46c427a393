"""Dictionary labels and values in words: what a kind, field, code, district or organisation is called here."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clearland.core.formats import measure_sign
from clearland.dictionary.model import Dictionary, Field, Kind
from clearland.ledger.rows import rows
from clearland.ledger.trails import LinkView
from clearland.web import formats
from clearland.web.access import Reading, remembered

_SHORT_CODE = 8


def kind_label(kind: Kind, *, many: bool = False) -> str:
    """The kind's name in the reader's language."""
    lang = formats.language()
    return kind.plural_label(lang) if many else kind.label(lang)


def field_label(field: Field) -> str:
    """The field's label with its unit."""
    sign = measure_sign(field.unit, formats.language())
    return f"{field.label(formats.language())}{f' ({sign})' if sign else ''}"


def code_label(words: Dictionary, list_name: str | None, code: object) -> str:
    """A code in words; the code itself where the list does not hold it."""
    found = words.lists[list_name].get(str(code)) if list_name and list_name in words.lists else None
    return found.label(formats.language()) if found else str(code)


def named(read: Reading, kind: str) -> Mapping[str, str]:
    """Key (district code, organisation's short name) → name, for one kind of register."""
    words = read.words
    if kind not in words.kinds:
        return {}
    key, title = words.kind(kind).key_field, words.kind(kind).title_field

    def look() -> dict[str, str]:
        found = rows(read.scope, kind, as_known=read.known, bare=True).values_list("attributes", "local_id")
        return {a.get(key or "", local): a.get(title or "", local) for a, local in found}

    return remembered(read, f"named:{kind}", look, kinds=(kind,))


def titled(read: Reading, kind: Kind) -> bool:
    """Whether records of the kind have a title that the reader may see."""
    return bool(kind.title_field) and kind.field(str(kind.title_field)).sensitivity in read.scope.classes


def title_of(read: Reading, kind: Kind, version: Any) -> str:
    """What a record is called: its title field in the reader's words, else its local id."""
    value = version.attributes.get(kind.title_field) if titled(read, kind) else None
    if not value:
        return str(version.local_id)
    field = kind.field(str(kind.title_field))
    return brief(read.words, field, value)[0] if field.code_list else value_text(read, read.words, field, value)


def brief(words: Dictionary, field: Field, value: Any) -> tuple[str, str]:
    """A coded value for a narrow column: codes that people read as they are (CHA, AP) stay codes, with their meaning."""
    many = value if isinstance(value, list) else [value]
    full = ", ".join(code_label(words, field.code_list, code) for code in many)
    if all(str(code).isupper() and len(str(code)) <= _SHORT_CODE for code in many):
        return ", ".join(map(str, many)).replace("_", " "), full
    return full, ""


def readable(read: Reading, kind: Kind) -> tuple[Field, ...]:
    """The attribute fields of a kind whose class is open to the reader: a field may be stricter than its record."""
    return tuple(field for field in kind.attribute_fields if field.sensitivity in read.scope.classes)


def role_label(words: Dictionary, kind: str, link: LinkView) -> str:
    """What a link says, read from the record of this kind: the field of whichever record states it."""
    stating = words.kinds.get(kind if link.outgoing else link.kind)
    field = stating.by_name.get(link.role) if stating else None
    label = field.label(formats.language()) if field else link.role
    return label if link.outgoing else _("named there as: %s") % label


def value_text(read: Reading, words: Dictionary, field: Field, value: Any) -> str:
    """An attribute's value in the reader's language."""
    if value is None:
        return ""
    if field.type in {"code", "codes"} and field.code_list:
        many = value if isinstance(value, list) else [value]
        return ", ".join(code_label(words, field.code_list, code) for code in many)
    if field.target_kinds and not field.is_link:
        names = named(read, field.target_kinds[0])
        many = value if isinstance(value, list) else [value]
        return ", ".join(names.get(str(one), str(one)) for one in many)
    if field.type == "boolean":
        return _("yes") if value else _("no")
    if field.type in {"integer", "decimal"}:
        return formats.number(Decimal(str(value)))
    if field.type in {"date", "partial_date", "datetime"}:
        return formats.day(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
