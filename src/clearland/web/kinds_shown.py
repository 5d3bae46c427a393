"""Kinds of record under their themes, counted: what navigation and the page of all kinds show."""

from dataclasses import dataclass

from django.db.models import Count

from clearland.dictionary.model import Dictionary, Kind
from clearland.ledger.rows import rows
from clearland.ledger.tally import covers
from clearland.web import formats, labels
from clearland.web.access import Reading, remembered


@dataclass(frozen=True)
class KindShown:
    """A kind with the number of its records that the reader may see."""

    kind: Kind
    label: str
    count: int
    here: bool

    @property
    def told(self) -> str:
        """What its records are in the reader's language; empty where only the English definition says."""
        return self.kind.definitions.get(formats.language(), "")


@dataclass(frozen=True)
class ThemeShown:
    """A theme with its kinds; `count` is all their records, `first` the kind its tab leads to."""

    code: str
    label: str
    kinds: tuple[KindShown, ...]
    here: bool

    @property
    def count(self) -> int:
        """Records of all its kinds."""
        return sum(each.count for each in self.kinds)

    @property
    def first(self) -> str:
        """The first kind that has records, else the first."""
        return next((each for each in self.kinds if each.count), self.kinds[0]).kind.name


def drawn(words: Dictionary) -> tuple[str, ...]:
    """Kinds that a map can draw, as they lie over each other: places at the bottom, then by theme."""
    kinds = [kind.name for _, members in words.groups() for kind in members if kind.geometry != "none"]
    return tuple(sorted(kinds, key=lambda name: name != "place"))


def record_counts(read: Reading) -> dict[str, int]:
    """Number of records by kind, as known."""

    def look() -> dict[str, int]:
        found = rows(read.scope, as_known=read.known, bare=True).order_by().values_list("kind")
        return dict(found.annotate(n=Count("id")))

    if read.known is None and covers(read.scope):
        return read.tally.records(read.scope)
    return remembered(read, "counts", look)


def themes(read: Reading, here: str = "") -> list[ThemeShown]:
    """Every theme with every kind of the programme's dictionary, its own additions included; `here` is the kind shown."""
    return remembered(read, f"themes:{here}:{formats.language()}", lambda: _themes(read, here))


def _themes(read: Reading, here: str) -> list[ThemeShown]:
    counts = record_counts(read)
    shown = []
    for theme, kinds in read.words.groups():
        members = tuple(
            KindShown(kind, labels.kind_label(kind, many=True), counts.get(kind.name, 0), kind.name == here) for kind in kinds
        )
        shown.append(ThemeShown(theme.code, theme.label(formats.language()), members, any(each.here for each in members)))
    return shown
