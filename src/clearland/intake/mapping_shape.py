"""The words a mapping may use, and what may stand behind each: a schema small enough to read."""

import difflib
from collections.abc import Callable, Iterator, Mapping

from clearland.core.errors import Finding, Place
from clearland.core.units import AREA_M2, LENGTH_M

Check = Callable[[object, str], Iterator[tuple[str, str, str]]]
"""value, path -> (path, sentence, remedy) of everything wrong with it."""

UNITS = (*AREA_M2, *LENGTH_M)
STATES = ("draft", "submitted", "verified", "approved")
REVIEWED_STATES = ("returned", "withdrawn")  # only a column can say these: a file as a whole is neither
SENSITIVITIES = ("public", "partner", "programme", "restricted", "sealed")
_SOURCE_WORDS = ("column", "columns", "constant", "template", "year", "add")


def check_shape(content: object, file: str) -> list[Finding]:
    """Every way in which parsed YAML is no mapping file."""
    if not isinstance(content, dict):
        wrongs = [("", "The mapping holds no names and values.", "Start it with `kind: …`; see the mapping reference.")]
    elif "tables" in content:
        wrongs = list(_FILE(content, ""))
    else:
        wrongs = list(_mapping(content, ""))
    return [
        Finding(
            code="E-MAP-SHAPE",
            severity="error",
            sentence=sentence,
            remedy=remedy,
            place=Place(file=file, column=path or None),
        )
        for path, sentence, remedy in wrongs
    ]


def nearest(word: str, known: tuple[str, ...] | list[str]) -> str | None:
    """The known word that a misspelt one most likely means."""
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def _text(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        yield path, f"{path} must be a text.", "Write it in quotation marks."


def _texts(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    for item in value if isinstance(value, list) else [value]:
        yield from _text(item, path)


def _whole(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        yield path, f"{path} must be a whole number from 1.", "Count rows as the sheet shows them."


def _wholes(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    for item in value if isinstance(value, list) else [value]:
        yield from _whole(item, path)


def _truth(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    if not isinstance(value, bool):
        yield path, f"{path} must be true or false.", ""


def _swapped(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    if value != "where_outside" and not isinstance(value, bool):
        yield path, f"{path} must be true, false or where_outside.", ""


def _anything(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    if value is None:
        yield path, f"{path} has no value.", "Give one or leave the line out."


def _one_of(*words: str) -> Check:
    def check(value: object, path: str) -> Iterator[tuple[str, str, str]]:
        for item in value if isinstance(value, list) else [value]:
            if item not in words:
                yield path, f"{path} cannot be {item!r}.", f"It is one of {', '.join(words)}."

    return check


def _named(check: Check) -> Check:
    def each(value: object, path: str) -> Iterator[tuple[str, str, str]]:
        if not isinstance(value, dict):
            yield path, f"{path} must hold names and values.", ""
            return
        for name, item in value.items():
            yield from check(item, f"{path}.{name}")

    return each


def _words(known: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    def check(value: object, path: str) -> Iterator[tuple[str, str, str]]:
        if not isinstance(value, dict):
            yield path, f"{path} must hold names and values.", f"Its words are {', '.join(known)}."
            return
        for name, item in value.items():
            where = f"{path}.{name}" if path else str(name)
            if name not in known:
                guess = nearest(str(name), list(known))
                remedy = f"Did you mean {guess!r}?" if guess else f"The words here are {', '.join(known)}."
                yield where, f"{where} is no word of a mapping.", remedy
            else:
                yield from known[name](item, where)
        for name in required:
            if name not in value:
                yield path, f"{path or 'The mapping'} lacks {name!r}.", f"Add `{name}: …`."

    return check


def _one_of_or_column(*words: str) -> Check:
    constant, column = _one_of(*words), _words({"column": _text}, required=("column",))

    def check(value: object, path: str) -> Iterator[tuple[str, str, str]]:
        yield from (column if isinstance(value, dict) else constant)(value, path)

    return check


_NUMBERS = _words({"decimal": _one_of(".", ","), "thousands": _one_of(".", ",", " ", "'", "’")})
_FOLD = _one_of("accents", "case", "spaces")
_SOURCE = _words(
    {
        "column": _text,
        "columns": _texts,
        "constant": _anything,
        "template": _text,
        "add": _texts,
        "year": _text,
        "month": _text,
        "day": _text,
        "take": _one_of("partial", "first_day", "last_day"),
        "join": _text,
        "unit": _one_of(*UNITS),
        "codes": _named(_anything),
        "otherwise": _one_of("refuse", "keep", "blank"),
        "separator": _text,
        "dates": _texts,
        "numbers": _NUMBERS,
        "fold": _FOLD,
    }
)
_KEY_WORDS = _words({"columns": _texts, "fold": _FOLD, "order": _texts}, required=("columns",))
_GEOMETRY_WORDS = _words(
    {
        "longitude": _text,
        "latitude": _text,
        "wkt": _text,
        "mgrs": _text,
        "swapped": _swapped,
        "missing": _one_of("allow", "refuse"),
        "unusable": _one_of("leave_out", "refuse"),
    }
)


def _source(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    if not isinstance(value, dict):
        yield from _text(value, path)
        return
    yield from _SOURCE(value, path)
    said = [word for word in _SOURCE_WORDS if word in value]
    if len(said) != 1:
        yield path, f"{path} needs exactly one of {', '.join(_SOURCE_WORDS)}.", f"It has {', '.join(said) or 'none'}."
    if "day" in value and "month" not in value:
        yield path, f"{path} has a day without a month.", "Name the month's column too."


def _key(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    yield from (_KEY_WORDS if isinstance(value, dict) else _texts)(value, path)


def _geometry(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    if value == "none":
        return
    yield from _GEOMETRY_WORDS(value, path)
    if isinstance(value, dict) and ("longitude" in value) != ("latitude" in value):
        yield path, f"{path} names one axis only.", "Name both `longitude` and `latitude`."


_MAPPING_WORDS: dict[str, Check] = {
    "kind": _text,
    "series": _text,
    "sheet": _text,
    "layer": _text,
    "language": _text,
    "legacy": _truth,
    "notes": _text,
    "file": _words({"encoding": _text, "delimiter": _text, "header_row": _whole}),
    "local_id": _text,
    "key": _key,
    "fields": _named(_source),
    "links": _named(
        _words(
            {"column": _text, "kind": _text, "by": _one_of("local_id"), "separator": _text, "codes": _named(_anything)},
            required=("column", "kind"),
        )
    ),
    "geometry": _geometry,
    "crs": _text,
    "numbers": _NUMBERS,
    "dates": _texts,
    "blanks": _texts,
    "skip": _words({"rows": _wholes, "where": _named(_texts)}),
    "record": _text,
    "sensitivity": _one_of_or_column(*SENSITIVITIES),
    "state": _one_of_or_column(*STATES),
}
_mapping = _words(_MAPPING_WORDS, required=("kind",))


def _tables(value: object, path: str) -> Iterator[tuple[str, str, str]]:
    if not isinstance(value, list) or not value:
        yield path, f"{path} must be a list of mappings.", "Start each with `- kind: …`."
        return
    for number, part in enumerate(value, 1):
        yield from _mapping(part, f"{path}[{number}]")


_FILE = _words({"tables": _tables, **{name: check for name, check in _MAPPING_WORDS.items() if name != "kind"}}, ("tables",))
