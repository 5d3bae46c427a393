"""The last look at an edition before it is frozen for others: what its files hold is read back and searched.

This does not trust the compiler. It takes the bytes that would be handed out (text, document properties, annex, JSON), and
looks for identifiers of records, coordinates, days, names of people's records, and counts that are small or follow from a
total and the other parts.
"""

import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2

from clearland.dictionary.forms import Audience
from clearland.figures.disclosure import LEAST_COUNT
from clearland.reports.audience import COORDINATE, day_in

_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])")
_REFERENCE = re.compile(r"(?:entry|record|figure):[0-9A-Za-z]")
_MARKUP = re.compile(r"<[^>]+>")
_COUNTED = frozenset({"people", "count", "accidents"})


@dataclass(frozen=True)
class Breach:
    """Something that an audience would read and may not: in which file, what kind, and the words themselves."""

    file: str
    what: str
    words: str


def breaches(files: Mapping[str, bytes], audience: Audience, *, names: Sequence[str] = (), known: str = "") -> list[Breach]:
    """Everything in the files (name → bytes) that breaks the audience's rules; nothing for the programme itself.

    `names` are identifiers that must not appear; `known` is the one day that may: that of knowledge, on the cover.
    """
    if audience == "programme":
        return []
    found = []
    for name, data in files.items():
        for text in texts(name, data):
            found += [Breach(name, *each) for each in _in_text(text, audience, names, known)]
        if name.endswith(".json"):
            found += [Breach(name, "small_count", words) for words in small_counts(json.loads(data)["figures"])]
    return list(dict.fromkeys(found))


def texts(name: str, data: bytes) -> Iterator[str]:
    """The words of a file, its properties and parts included."""
    target = name.rpartition(".")[2]
    if target == "pdf":
        document = pypdfium2.PdfDocument(data)
        yield " ".join(document.get_metadata_dict().values())
        for page in document:
            yield page.get_textpage().get_text_range()
    elif target in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for part in package.namelist():
                if part.endswith((".xml", ".rels")) and part not in _FIXED_PARTS:
                    yield _MARKUP.sub(" ", package.read(part).decode())
    elif target == "html":
        yield _MARKUP.sub(" ", re.sub(r"<style.*?</style>|data:image/[^\"']*", " ", data.decode(), flags=re.DOTALL))
    elif target == "json":
        told = json.loads(data)
        yield from _leaves({key: value for key, value in told.items() if key not in ("as_known", "head", "dictionary")})
    else:
        yield data.decode().replace("\\", "")


# Style and settings are ours; core properties bear only the fixed date that every file has.
_FIXED_PARTS = frozenset({
    "word/styles.xml", "word/settings.xml", "word/theme/theme1.xml", "word/fontTable.xml", "word/numbering.xml",
    "word/webSettings.xml", "docProps/core.xml", "docProps/app.xml", "xl/styles.xml", "xl/theme/theme1.xml",
})  # fmt: skip


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key not in ("from", "to", "as_known"):  # the report's own period and date of knowledge
                yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, str):
        yield value


def _in_text(text: str, audience: Audience, names: Sequence[str], known: str) -> Iterator[tuple[str, str]]:
    plain = text.replace(known, "") if known else text
    for what, pattern in (("identifier", _UUID), ("reference", _REFERENCE)):
        yield from ((what, match[0]) for match in pattern.finditer(plain))
    for name in names:
        if name in plain:
            yield "identifier", name
    if audience == "public":
        yield from (("coordinate", match[0]) for match in COORDINATE.finditer(plain))
        yield from (("day", words) for words in day_in(plain))


def small_counts(told: Sequence[Mapping[str, Any]]) -> list[str]:
    """Counts of one to four that are printed, and those that a printed total and its printed parts leave over."""
    guarded = [each for each in told if each["unit"] in _COUNTED and each["lineage"] and "reference" in each["lineage"]]
    found = [_said(each, each["value"]) for each in guarded if each["value"] and 0 < each["value"] < LEAST_COUNT]
    families: dict[Any, list[Mapping[str, Any]]] = defaultdict(list)
    for each in guarded:
        families[each["code"]].append(each)
    for members in families.values():
        for total in members:
            for name in {name for each in members for name in each["scope"]} - set(total["scope"]):
                parts = [each for each in members if set(each["scope"]) == {*total["scope"], name}
                         and all(each["scope"][key] == value for key, value in total["scope"].items())]  # fmt: skip
                hidden = [each for each in parts if each["value"] is None]
                if len(hidden) == 1 and total["value"] is not None:
                    rest = total["value"] - sum(each["value"] for each in parts if each["value"] is not None)
                    if 0 < rest < LEAST_COUNT:
                        found.append(_said(hidden[0], rest))
    return found


def _said(each: Mapping[str, Any], value: float) -> str:
    return f"{each['code']} {each['scope']} = {value}"
