"""The data dictionary as a page: kinds with their fields, code lists, claim attributes and what of the MDR is recorded.

The page in `docs/reference/data-dictionary.md` is the output of `render_markdown` and nothing else; a test compares.
Indicators and report forms are shown where they are computed, not here.
"""

from collections.abc import Iterable, Mapping

from clearland.dictionary.conformity import conformity, standard
from clearland.dictionary.model import LANGUAGES, ClaimAttribute, CodeList, Dictionary, Field, Kind

_INTRODUCTION = """# Data dictionary

Made from `src/clearland/dictionary` by `clearland.dictionary.document`; edit the YAML, not this page.

*Obl.*: **M** a record without it is refused; **C** refused where the condition holds; **O** optional. The items of the
Minimum Data Requirements that a record lacks are reported by rule 3, so that old data can come in and be completed.
Areas are in m², depths in cm, coordinates in degrees (WGS 84), dates ISO 8601; a *partial date* may be a year or a
month. A *link* leads to another record; `text → kind` holds the code or short name of one. Every record also has a
`local_id`, a workflow state and a class of sensitivity.

*Source*: `MDR-…` item of the Minimum Data Requirements (draft of 2018); `NG`, `CORE`, `CORE-SO`, `SY`, `LK` seen in
information systems in use; `T:` treaty and article; `IMAS-abs` abstract of a standard; `K` professional knowledge, not
verified; `ADD` our own.
"""
_HEADINGS = {"en": "English", "az": "Azərbaycanca", "ru": "Русский"}


def render_markdown(dictionary: Dictionary) -> str:
    """The whole page, the same for the same dictionary."""
    system = [kind for kind in dictionary.kinds.values() if not kind.layer]
    parts = [_INTRODUCTION, "## Kinds of record\n"]
    for theme, kinds in dictionary.groups():
        parts.append(f"**{' · '.join(_labels(theme.labels))}**: {theme.definition}\n")
        parts += [_kind(kind) for kind in kinds]
    parts.append("## Kinds that the system keeps for itself\n")
    parts += [_kind(kind) for kind in system]
    parts.append("## Code lists\n")
    parts += [_list(each) for each in dictionary.lists.values()]
    parts += ["## Claim attributes\n", _attributes(dictionary.attributes.values())]
    parts += ["## Minimum Data Requirements recorded\n", _mdr(dictionary)]
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> list[str]:
    return [labels.get(language, "") for language in LANGUAGES]


def _kind(kind: Kind) -> str:
    facts = [f"geometry: {kind.geometry} {kind.geometry_source}".strip(), f"class: {kind.sensitivity}"]
    if kind.key_field:
        facts.append(f"quoted by other records as: `{kind.key_field}`")
    names = " · ".join(label for label in _labels(kind.labels) if label)
    rows = [
        [f"`{field.name}`", _type(field), _obligation(field), *_labels(field.labels), field.definition, field.source]
        for field in kind.fields
    ]
    heads = ["field", "type", "obl.", *(_HEADINGS[language] for language in LANGUAGES), "definition", "source"]
    told = "".join(f"\n\n{_HEADINGS[language]}: {text}" for language, text in kind.definitions.items())
    return f"### {kind.name}\n\n{names}. {kind.definition}{told}\n\n*{'; '.join(facts)}*\n\n{_table(heads, rows)}"


def _type(field: Field) -> str:
    text = field.type.replace("_", " ")
    if field.code_list:
        text += f" of [{field.code_list}](#list-{field.code_list})"
    elif field.type == "codes" and not field.target_kinds:
        text = "texts"
    if field.target_kinds:
        text += f" → {', '.join(field.target_kinds)}"
    if field.part_of:
        text += ", of which it is a part"
    if field.unit:
        text += f", {field.unit}"
    if field.sensitivity != "public":
        text += f" ({field.sensitivity})"
    return text


def _obligation(field: Field) -> str:
    return f"C: {field.condition}" if field.condition else field.obligation


def _list(code_list: CodeList) -> str:
    rows = [[f"`{code.code}`", *_labels(code.labels), code.definition] for code in code_list.codes]
    table = _table(["code", *(_HEADINGS[language] for language in LANGUAGES), "definition"], rows)
    names = " · ".join(label for label in _labels(code_list.labels) if label)
    return f"### List {code_list.name}\n\n{names}. {code_list.definition}\n\n{table}"


def _attributes(attributes: Iterable[ClaimAttribute]) -> str:
    rows = [
        [f"`{each.code}`", each.value_type + (f" ({each.unit_family})" if each.unit_family else ""),
         *_labels(each.labels), each.definition]
        for each in attributes
    ]
    return _table(["attribute", "value", *(_HEADINGS[language] for language in LANGUAGES), "definition"], rows)


def _mdr(dictionary: Dictionary) -> str:
    entities = standard().entities
    rows = [
        [held.item.code, entities[held.item.entity]["en"], held.item.labels["en"],
         ", ".join([*(f"`{place}`" for place in (*held.fields, *held.also)), *(f"lost: `{each}`" for each in held.missing)])]
        for held in conformity(dictionary)
    ]  # fmt: skip
    return _table(["item", "of", "what", "held by"], rows)
