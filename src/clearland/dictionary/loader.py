"""The dictionary from its YAML, with a programme's overlays on top.

Strict: an unknown key, a missing label, a name given twice, or a list or kind that is not there stops the load with
file and path. `version` is the SHA-256 of the canonical content, so that two processes can tell they mean the same.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NoReturn

from clearland.core.canonical import sha256_hex
from clearland.core.errors import ClearlandError, Place
from clearland.dictionary.forms import ReportForm, read_form
from clearland.dictionary.indicators import Indicator, read_indicator
from clearland.dictionary.model import Dictionary
from clearland.dictionary.overlays import Content, apply_overlays
from clearland.dictionary.parsing import check_references, read_attributes, read_kind, read_list
from clearland.dictionary.reading import Node, parse_yaml


@lru_cache(maxsize=1)
def builtin() -> Dictionary:
    """The dictionary that Clearland ships."""
    return load(files("clearland.dictionary"))


def with_overlays(overlays: Sequence[Mapping[str, object]]) -> Dictionary:
    """The shipped dictionary with a programme's additions (shape: `overlays.py`).

    Raises ClearlandError E-DICT-FORM, E-DICT-OVERLAY or E-DICT-REFERENCE with overlay and path.
    """
    if not overlays:
        return builtin()
    base = builtin()
    content = apply_overlays(Content(dict(base.kinds), dict(base.lists), dict(base.attributes)), overlays)
    return _assemble(content, base.indicators, base.reports, {})


def load(folder: Traversable) -> Dictionary:
    """A dictionary from a folder with `kinds`, `lists`, `attributes`, `indicators` and `reports`.

    A folder that is missing or empty is fine. Raises ClearlandError E-DICT-YAML, E-DICT-FORM or E-DICT-REFERENCE.
    """
    content = Content({}, {}, {})
    origin: dict[str, str] = {}
    for node in _documents(folder, "lists"):
        code_list = read_list(node)
        _named(node, code_list.name)
        content.lists[code_list.name] = code_list
    for node in _documents(folder, "kinds"):
        kind = read_kind(node)
        _named(node, kind.name)
        content.kinds[kind.name] = kind
        origin[kind.name] = node.file
    for node in _documents(folder, "attributes"):
        for attribute in read_attributes(node):
            if attribute.code in content.attributes:
                node.fail(f"The attribute {attribute.code!r} is given twice.", "Give each attribute once.")
            content.attributes[attribute.code] = attribute
    return _assemble(content, _indicators(folder), _reports(folder), origin)


def _documents(folder: Traversable, part: str) -> Iterator[Node]:
    place = folder / part
    if not place.is_dir():
        return
    for file in sorted(place.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            yield parse_yaml(file.read_text(encoding="utf-8"), f"{part}/{file.name}")


def _named(node: Node, name: str) -> None:
    if node.file.rpartition("/")[2] != f"{name}.yaml":
        node.fail(f"The file holds {name!r}.", f"Call it {name}.yaml, so that it is found.")


def _indicators(folder: Traversable) -> dict[str, Indicator]:
    indicators: dict[str, Indicator] = {}
    for node in _documents(folder, "indicators"):
        for each in node.items() if isinstance(node.value, list) else (node,):
            indicator = read_indicator(each)
            if indicator.code in indicators:
                each.fail(f"The indicator {indicator.code!r} is given twice.", "Give each indicator its own code.")
            indicators[indicator.code] = indicator
    return indicators


def _reports(folder: Traversable) -> dict[str, ReportForm]:
    reports: dict[str, ReportForm] = {}
    for node in _documents(folder, "reports"):
        form = read_form(node)
        if form.name in reports:
            node.fail(f"The report {form.name!r} is given twice.", "Give each report its own name.")
        reports[form.name] = form
    return reports


def _check_slots(
    indicators: Mapping[str, Indicator], attributes: Collection[str], reports: Mapping[str, ReportForm]
) -> None:
    for form in reports.values():
        for slot, code in form.indicators():
            if code not in indicators:
                _no_such(form, slot, "indicator", code)
        for slot, selection in form.selections():
            for wanted in selection.attributes:
                if not any(each == wanted or each.startswith(f"{wanted}.") for each in attributes):
                    _no_such(form, slot, "attribute", wanted)


def _no_such(form: ReportForm, slot: str, what: str, name: str) -> NoReturn:
    raise ClearlandError(
        "E-DICT-REFERENCE", f"The slot {slot!r} names no {what} there is: {name!r}.",
        place=Place(file=f"report {form.name}", column=slot), remedy=f"Correct the name, or add the {what}.",
    )  # fmt: skip


def _canonical(parts: Mapping[str, Mapping[str, object]]) -> bytes:
    """The bytes `core.canonical` would give, by json's own encoder: names are ASCII and no number is a fraction, and it
    is ten times faster on a thousand fields (a dictionary is put together at every start and for every overlay)."""
    return json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_members).encode()


def _members(value: object) -> dict[str, object]:
    """A dataclass as its declared fields alone: what it remembers beside them is no content."""
    return {each.name: getattr(value, each.name) for each in fields(value)}  # type: ignore[arg-type]  # only they come


def _assemble(
    content: Content, indicators: Mapping[str, Indicator], reports: Mapping[str, ReportForm], origin: Mapping[str, str]
) -> Dictionary:
    check_references(content.kinds, content.lists, origin)
    _check_slots(indicators, content.attributes, reports)
    parts: dict[str, Mapping[str, object]] = {
        "kinds": content.kinds, "lists": content.lists, "attributes": content.attributes,
        "indicators": indicators, "reports": reports,
    }
    return Dictionary(
        kinds=dict(sorted(content.kinds.items())), lists=dict(sorted(content.lists.items())),
        attributes=dict(sorted(content.attributes.items())), indicators=dict(sorted(indicators.items())),
        reports=dict(sorted(reports.items())), version=sha256_hex(_canonical(parts)),
    )
