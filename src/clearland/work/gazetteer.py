"""The programme's places as names to look for in documents, in every spelling that its records or transliteration give.

A claim then carries the code of the place it speaks of, whatever the document calls it: Fuzuli, Fizuli and Füzuli are
one district. A settlement that bears its district's name stands for the district. Source of the table: the BGN/PCGN
romanisation habits for Azerbaijani as printed in English reports; ours where they print two forms.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from django.db import connections

from clearland.evidence.extraction.names import Names
from clearland.ledger.names import newest_version
from clearland.ledger.rows import rows
from clearland.ledger.scope import Scope
from clearland.ledger.store import ALIAS

SHORTEST = 4  # shorter names are words of some language, and would be found everywhere
MOST_FORMS = 16
# Letters of the Azerbaijani alphabet and what English prints for them; the first form is the commonest.
_PRINTED = {
    "ə": ("a", "e"), "ğ": ("gh", "g"), "ş": ("sh",), "ç": ("ch",), "x": ("kh", "x"), "c": ("j",), "ı": ("i", "y"), "ö": ("o",),
    "ü": ("u",), "q": ("g", "q"), "İ": ("I",),
}  # fmt: skip
_WIDE = frozenset({"country"})


def printed_forms(name: str) -> set[str]:
    """A name and the forms English text gives it, at most MOST_FORMS besides itself; names in other scripts stay alone."""
    choices = [_forms_of(letter) for letter in name]
    forms = {name}
    for chosen in product(*choices):
        forms.add("".join(chosen))
        if len(forms) > MOST_FORMS:
            break
    return forms


def _forms_of(letter: str) -> tuple[str, ...]:
    lower = _PRINTED.get(letter) or _PRINTED.get(letter.lower())
    if lower is None:
        return (letter,)
    return lower if letter.islower() or letter == "İ" else tuple(form.capitalize() for form in lower)


def names_of_programme(seen_by: Scope) -> Names:
    """Place names to codes, from the place records within a scope. Districts win over settlements of one name.

    Kept until a place is written, so that ten thousand documents ask once."""
    connection = connections[ALIAS]
    return _kept(str(connection.settings_dict["NAME"]), newest_version("place"), seen_by)


@lru_cache(maxsize=4)
def _kept(_programme: str, _newest: int, seen_by: Scope) -> Names:
    known: dict[str, str] = {}
    found = list(_places(seen_by))
    for kind in ("admin1", "admin2", "settlement"):
        for place_type, code, written in found:
            if place_type != kind:
                continue
            names = [form for name in written for form in printed_forms(name) if len(form) >= SHORTEST]
            # A settlement named like a district: its other spellings are the district's as well.
            stands_for = next((known[name] for name in names if name in known), code)
            for name in names:
                known.setdefault(name, stands_for)
    return Names(places=known, states=tuple(sorted(_states(seen_by))))


def _places(seen_by: Scope) -> Iterator[tuple[str, str, list[str]]]:
    for version in rows(seen_by, "place").order_by("local_id").only("attributes"):
        attributes = version.attributes
        if attributes.get("place_type") not in _WIDE:
            written = list(_written([attributes["name"], *attributes.get("names", [])]))
            yield attributes.get("place_type", ""), attributes["code"], written


def _states(seen_by: Scope) -> Iterator[str]:
    """The countries of the programme's place records, without what stands in brackets after a name."""
    for version in rows(seen_by, "place").only("attributes"):
        if version.attributes.get("place_type") == "country":
            yield version.attributes["name"].split(" (")[0]


def _written(names: Iterable[str]) -> Iterator[str]:
    """The names, and each without the word for its kind of area."""
    for name in names:
        yield name
        for ending in (" Rayon", " District", " City"):
            if name.endswith(ending):
                yield name.removesuffix(ending)
