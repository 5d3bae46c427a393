"""How items of IMSMA become records: the rules of `fields.yaml`, with a centre's own laid over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml

from clearland.core.errors import Place, RefusedInput
from clearland.intake.folding import cell_text
from clearland.intake.imsma.model import Item, Sort, Version

_PARTS = ("type_of", "kinds", "unfinished", "links", "fields", "identity")
_BARE = frozenset({
    "dataentrydate", "isactive", "imsma_id", "imsma_links", "clearland_wkt", "longitude", "latitude", "local_id", "id",
    "objectid", "linkedid", "linkeditem", "linkedlocalid", "objectlink", "victimid", "pointno", "shape", "shapetype", "shapeenum",
    "date_of_information", "dateofinformation", "report_date", "reportdate", "date_of_report", "created_date",
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Route:
    """What items of one type become: a kind of record ("" for none) and fields that the type decides."""

    kind: str
    constants: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The rules in force."""

    type_of: Mapping[str, Sequence[str]]
    kinds: Mapping[str, Mapping[str, Any]]
    unfinished: Sequence[str]
    links: Mapping[str, Sequence[str]]
    fields: Mapping[str, Mapping[str, Mapping[str, Any]]]
    identity: Mapping[str, Sequence[str]]

    def type_text(self, sort: Sort, version: Version) -> str:
        """What IMSMA calls the type of an item: the first of its type cells that names a type the rules know, else the first."""
        texts = [text for column in self.type_of.get(sort, ()) if (text := cell_text(version.cells.get(column)))]
        return next((text for text in texts if text.casefold() in self.kinds[sort]["types"]), texts[0] if texts else "")

    def route(self, item: Item) -> Route:
        """What an item becomes: by its newest approved type, so that all its versions are states of one record."""
        version = item.standing or item.versions[-1]
        of_sort = self.kinds[item.sort]
        said = of_sort["types"].get(self.type_text(item.sort, version).casefold(), of_sort["otherwise"])
        return Route(kind=said["kind"], constants=said.get("constants", {}))

    def roles(self, ours: Sort, theirs: Sort) -> Sequence[str]:
        """The link fields by which an item of one sort can name one of another, best first."""
        return self.links.get(f"{ours}/{theirs}", ())

    def of_person(self, column: str) -> Literal["kept", "identity", "withheld"]:
        """What happens to a cell of a victim: kept where a rule reads it, sealed where it tells who the person is, and
        otherwise left out, since any text may tell."""
        if any(column in columns for columns in self.identity.values()):
            return "identity"
        read = {each for told in self.fields["victim"].values() for each in told["from"]} | {*self.type_of.get("victim", ())}
        if column in read or column in _BARE or column.endswith(("guid", "localid")):
            return "kept"
        return "withheld"


def load_rules(own: Path | None = None) -> Rules:
    """The rules that ship, with a centre's own file over them. Raises RefusedInput E-MOVE-FIELDS."""
    shipped = _shipped()
    if own is None:
        return shipped
    try:
        content = yaml.safe_load(own.read_text(encoding="utf-8"))
        unknown = sorted({*content} - {*_PARTS})
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        raise _refused(own, f"The file of fields cannot be read ({str(error).splitlines()[0]}).") from error
    if unknown:
        raise _refused(own, f"The file of fields has a part that means nothing: {', '.join(unknown)}.")
    merged = _merged({part: getattr(shipped, part) for part in _PARTS}, content)
    return Rules(**merged)


@lru_cache(maxsize=1)
def _shipped() -> Rules:
    content = yaml.safe_load(files("clearland.intake.imsma").joinpath("fields.yaml").read_text(encoding="utf-8"))
    return Rules(**content)


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Entry by entry; a list or a word takes the place of what was there."""
    made = dict(base)
    for name, value in over.items():
        there = made.get(name)
        made[name] = _merged(there, value) if isinstance(there, Mapping) and isinstance(value, Mapping) else value
    return made


def _refused(path: Path, sentence: str) -> RefusedInput:
    return RefusedInput(
        "E-MOVE-FIELDS", sentence, place=Place(file=path.name),
        remedy=f"It is YAML with the parts {', '.join(_PARTS)}, as in clearland/intake/imsma/fields.yaml.",
    )
