"""What a strict load cannot see: a label that contradicts its name, a missing translation, a copied definition.

Codes of findings: E-DICT-LABEL (label against name), E-DICT-TRANSLATION, E-DICT-DUPLICATE (name or label twice),
E-DICT-COPIED (one definition for two meanings), E-DICT-UNIT (suffix against unit), E-DICT-SOURCE (no provenance mark),
E-DICT-RENAMED (published and gone). The column of a finding is the path: `hazard.area_type`, `area_type.SHA`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from clearland.core.errors import Finding, Place
from clearland.dictionary.lint_words import AXES
from clearland.dictionary.lock import Lock, missing_from, published
from clearland.dictionary.model import LANGUAGES, Dictionary, Field

_SUFFIX_UNITS = {"m2": "m2", "cm": "cm", "m": "m", "km": "km", "ha": "ha", "lon": "degree", "lat": "degree"}
_UNITS_WITH_SUFFIX = {"m2", "cm", "m", "km", "ha", "degree"}
_MARKS = re.compile(r"\[(?:MDR-[A-Z]\d+|MDR-A|MDR|NG|CORE|CORE-SO|SY|LK|T:[^\]]+|IMAS-abs|K|ADD)\]")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")


def lint(dictionary: Dictionary, lock: Lock | None = None) -> list[Finding]:
    """Everything a person should mend, in a stable order; nothing when all is well. `lock`: the committed one."""
    findings: list[Finding] = []
    for path, name, labels in _labelled(dictionary):
        findings += _translations(path, labels)
        findings += _label_against_name(path, name, labels)
    for kind in dictionary.kinds.values():
        if kind.definitions:  # a programme may define its own kinds in one language; in some means in all
            findings += _translations(f"{kind.name}.definition", {"en": kind.definition, **kind.definitions})
        findings += _twice(kind.name, [(field.name, field.labels) for field in kind.fields])
        for field in kind.fields:
            findings += _unit(f"{kind.name}.{field.name}", field)
            findings += _source(f"{kind.name}.{field.name}", field.source)
        if kind.geometry_source:
            findings += _source(f"{kind.name}.geometry", kind.geometry_source)
    for each in dictionary.lists.values():
        findings += _twice(each.name, [(code.code, code.labels) for code in each.codes])
    findings += _twice("kinds", [(kind.name, kind.labels) for kind in dictionary.kinds.values()])
    findings += _twice("attributes", [(each.code, each.labels) for each in dictionary.attributes.values()])
    findings += _copied(dictionary)
    findings += missing_from(dictionary, lock or published())
    return findings


def _finding(code: str, column: str, sentence: str, remedy: str) -> Finding:
    return Finding(code=code, severity="error", sentence=sentence, place=Place(column=column), remedy=remedy)


def _labelled(dictionary: Dictionary) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Path, name and labels of everything a person reads."""
    for kind in dictionary.kinds.values():
        yield kind.name, kind.name, kind.labels
        yield f"{kind.name}.plural", kind.name, kind.plural_labels
        for field in kind.fields:
            yield f"{kind.name}.{field.name}", field.name, field.labels
    for each in dictionary.lists.values():
        yield each.name, each.name, each.labels
        for code in each.codes:
            yield f"{each.name}.{code.code}", code.code, code.labels
    for attribute in dictionary.attributes.values():
        yield attribute.code, attribute.code.partition(".")[2], attribute.labels
    for indicator in dictionary.indicators.values():
        yield f"indicator {indicator.code}", "", indicator.titles
    for form in dictionary.reports.values():
        yield f"report {form.name}", "", form.titles
        for section in form.sections:
            yield f"report {form.name}.{section.code}", "", section.titles
        for slot in form.slots():
            yield f"report {form.name}.{slot.code}", "", slot.titles
            for number, row in enumerate(slot.rows, start=1):
                yield f"report {form.name}.{slot.code}.{number}", "", row.titles


def _translations(path: str, labels: Mapping[str, str]) -> Iterator[Finding]:
    remedy = "Let somebody who works in that language write it."
    english = labels.get("en", "")
    for language in LANGUAGES:
        label = labels.get(language, "").strip()
        if not label:
            yield _finding("E-DICT-TRANSLATION", path, f"{path} has no label in {language}.", remedy)
        elif language == "ru" and _WORD.search(label) and not _CYRILLIC.search(label):
            yield _finding("E-DICT-TRANSLATION", path, f"The label {label!r} of {path} is not Russian.", remedy)
        elif language != "ru" and _CYRILLIC.search(label):
            yield _finding("E-DICT-TRANSLATION", path, f"The label {label!r} of {path} is not in {language}.", remedy)
        elif language != "en" and label == english and len(label.split()) > 1:
            yield _finding("E-DICT-TRANSLATION", path, f"{path} has the English label in {language}.", remedy)


def _label_against_name(path: str, name: str, labels: Mapping[str, str]) -> Iterator[Finding]:
    for axis in AXES:
        named = axis.in_name(name)
        if not name or (not named and not axis.strict):
            continue
        for language, label in labels.items():
            said = axis.in_label(language, label)
            if said is not None and said != named:
                by_name = " and ".join(sorted(named)) or f"no {axis.name}"
                by_label = " and ".join(sorted(said)) or "not"
                yield _finding(
                    "E-DICT-LABEL", path,
                    f"The name of {path} says {by_name}, its {language} label {label!r} says {by_label}.",
                    "Correct the label, or the name if nothing was recorded under it yet.",
                )


def _twice(path: str, members: Iterable[tuple[str, Mapping[str, str]]]) -> Iterator[Finding]:
    members = list(members)
    for name, count in Counter(name for name, _ in members).items():
        if count > 1:
            yield _finding("E-DICT-DUPLICATE", f"{path}.{name}", f"{path} has {name!r} {count} times.", "Keep one.")
    seen: dict[tuple[str, str], str] = {}
    for name, labels in members:
        for language, label in labels.items():
            first = seen.setdefault((language, label.casefold()), name)
            if first != name:
                yield _finding(
                    "E-DICT-DUPLICATE", f"{path}.{name}",
                    f"In {path}, {name} and {first} have one {language} label: {label!r}.", "Tell them apart in words.",
                )


def _unit(path: str, field: Field) -> Iterator[Finding]:
    suffix = field.name.rpartition("_")[2] if "_" in field.name else ""
    expected = _SUFFIX_UNITS.get(suffix)
    if expected is not None and field.unit != expected:
        yield _finding("E-DICT-UNIT", path, f"{path} ends in _{suffix}, but its unit is {field.unit or 'not given'}.",
                       f"Give it the unit {expected}, or another name.")
    elif expected is None and field.unit in _UNITS_WITH_SUFFIX:
        yield _finding("E-DICT-UNIT", path, f"{path} is measured in {field.unit}, and its name does not say so.",
                       "End the name in the unit.")


def _source(path: str, source: str) -> Iterator[Finding]:
    if not _MARKS.search(source) or _MARKS.sub("", source).strip():
        yield _finding("E-DICT-SOURCE", path, f"The source {source!r} of {path} is not made of provenance marks.",
                       "Write marks such as [MDR-H4], [NG] or [ADD], apart by blanks.")


def _copied(dictionary: Dictionary) -> Iterator[Finding]:
    """One definition under two names among all fields, among the codes of a list, or among the claim attributes.

    The same name in two kinds may share its definition: it means the same.
    """
    remedy = "Say what each means."
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for group, path, name, label, definition in _defined(dictionary):
        text = " ".join(definition.casefold().split()).rstrip(".")
        if text == label.casefold():
            yield _finding("E-DICT-COPIED", path, f"The definition of {path} only repeats its label.", remedy)
        first_name, first_path = seen.setdefault((group, text), (name, path))
        if first_name != name:
            yield _finding("E-DICT-COPIED", path, f"{path} and {first_path} have one definition.", remedy)


def _defined(dictionary: Dictionary) -> Iterator[tuple[str, str, str, str, str]]:
    """Group, path, name, English label and definition."""
    for kind in dictionary.kinds.values():
        yield "fields", kind.name, kind.name, kind.label("en"), kind.definition
        for field in kind.fields:
            yield "fields", f"{kind.name}.{field.name}", field.name, field.label("en"), field.definition
    for each in dictionary.lists.values():
        for code in each.codes:
            yield f"list {each.name}", f"{each.name}.{code.code}", code.code, code.label("en"), code.definition
    for attribute in dictionary.attributes.values():
        yield "attributes", attribute.code, attribute.code, attribute.label("en"), attribute.definition
