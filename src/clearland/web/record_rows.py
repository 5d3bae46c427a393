"""Rows of a list as HTML. An entry never changes, so neither does its row: the newest rows shown are kept as they are.

What a row shows besides its entry is part of the key it is kept under: dictionary, language, the reader's classes (a field
may be stricter than its record), the names of places and organisations, and where the site is mounted.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID

from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clearland.dictionary.model import Dictionary, Field, Kind
from clearland.ledger.rows import rows
from clearland.web import formats, labels
from clearland.web.access import Reading, kinds_key
from clearland.web.kept import MISSING, Kept

_NAMING = ("place", "organisation")
_ANY = UUID(int=0)
_kept = Kept(20_000)


@dataclass(frozen=True)
class Row:
    """One row with the sensitivity class of its record."""

    html: str
    sensitivity: str


def is_number(field: Field) -> bool:
    """Whether a column is set flush right."""
    return field.type in {"integer", "decimal"}


def rendered(read: Reading, model: Kind, columns: Sequence[Field], keys: Sequence[tuple[int, int]]) -> list[Row]:
    """Rows in the order of `keys`, pairs of a version and its entry as a scoped query of this request found them."""
    look = _look(read, model, columns)
    found = {version: _kept.get((look, entry)) for version, entry in keys}
    missing = [version for version, row in found.items() if row is MISSING]
    if missing:
        painter = _Painter(read, model, columns)
        for version in rows(read.scope, as_known=read.known, unverified=True).filter(id__in=missing).defer("geometry"):
            row = Row(painter.row(version), version.sensitivity)
            _kept.put((look, version.entry_id), row)
            found[version.id] = row
    return [found[version] for version, _entry in keys if found[version] is not MISSING]


def joined(page: Sequence[Row]) -> SafeString:
    """The rows as the body of a table."""
    return mark_safe("\n".join(row.html for row in page))  # noqa: S308  # every text is escaped where a row is made


def _look(read: Reading, model: Kind, columns: Sequence[Field]) -> tuple[Hashable, ...]:
    names = tuple(field.name for field in columns)
    return (formats.language(), get_script_prefix(), model.name, names, *kinds_key(read, _NAMING))


class _Painter:
    """What the rows of one page have in common, looked up once."""

    def __init__(self, read: Reading, model: Kind, columns: Sequence[Field]) -> None:
        self.read, self.model, self.columns = read, model, columns
        self.words: Dictionary = read.words
        self.places, self.organisations = labels.named(read, "place"), labels.named(read, "organisation")
        self.before, self.after = reverse("record", args=[_ANY]).split(str(_ANY))
        self.unverified = escape(_("unverified"))

    def row(self, version: Any) -> str:
        href = f"{self.before}{version.record_uuid}{self.after}"
        place = escape(self.places.get(version.place, version.place))
        organisation = escape(self.organisations.get(version.organisation, version.organisation))
        date = version.attributes.get(self.model.valid_from_field or "") or version.valid_from
        state = f' <span class="state {escape(version.state)}">{self.unverified}</span>' if version.unverified else ""
        return "".join((
            f'<tr class="row" data-href="{href}">\n',
            f'<td class="nowrap"><a href="{href}">{escape(version.local_id)}</a>{state}</td>',
            self._title(version), *(self._cell(field, version.attributes.get(field.name)) for field in self.columns),
            f'<td class="cut" title="{place}">{place}</td><td class="cut" title="{organisation}">{organisation}</td>',
            f'<td class="nowrap">{escape(formats.day(date))}</td>',
            f'<td class="nowrap quiet">{escape(formats.day(version.known_from))}</td>\n</tr>',
        ))  # fmt: skip

    def _title(self, version: Any) -> str:
        if not self.model.title_field:
            return ""
        title = labels.title_of(self.read, self.model, version)
        text = "" if title == version.local_id else escape(title)
        return f'<td class="cut" title="{text}">{text}</td>'

    def _cell(self, field: Field, value: Any) -> str:
        """A cell, with what it means where its text is a code."""
        text, meaning = labels.value_text(self.read, self.words, field, value), ""
        if field.code_list and value is not None:
            text, meaning = labels.brief(self.words, field, value)
        hover = f' title="{escape(meaning)}"' if meaning else ""
        return f'<td class="{"n" if is_number(field) else "cut"}"{hover}>{escape(text)}</td>'
