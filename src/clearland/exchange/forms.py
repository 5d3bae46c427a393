"""XLSForms from the dictionary: for every kind a form that ODK Collect and KoboCollect fill in without a network.

Questions stand in the dictionary's order. An obligatory field is required; a conditional one is asked, and required, when
its condition holds; lists of links and open sets repeat. Sealed fields are not asked on a device, unless somebody wants it so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from clearland.core.errors import ClearlandError
from clearland.dictionary.conditions import Clause, parse_condition
from clearland.dictionary.model import LANGUAGES, Dictionary, Field, Kind
from clearland.exchange import form_words as said
from clearland.exchange.form_words import Words

FORM_PREFIX = "clearland_"
GEOMETRY = "geometry"
GEOMETRY_SHAPE = "geometry_shape"
_GEOMETRY_QUESTIONS = {"point": "geopoint", "line": "geotrace", "polygon": "geoshape"}
_YES_NO = "clearland_yes_no"
_SHAPES = "clearland_shapes"
_PARTIAL_DATE = "regex(., '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$')"
_VERSION_CHARACTERS = 12
Row = Mapping[str, str]


@dataclass(frozen=True)
class XlsForm:
    """The three sheets of a form; each row maps a column's name to its text."""

    survey: Sequence[Row]
    choices: Sequence[Row]
    settings: Row


@dataclass
class _Choices:
    """The lists a form uses, each once."""

    rows: list[dict[str, str]] = field(default_factory=list)
    named: set[str] = field(default_factory=set)

    def add(self, name: str, choices: Sequence[tuple[str, Words]]) -> str:
        if name not in self.named:
            self.named.add(name)
            self.rows += [{"list_name": name, "name": code, **_in_languages("label", labels)} for code, labels in choices]
        return name


def repeated_question(name: str) -> str:
    """The question inside the repeat group of a field with several values."""
    return f"{name}_each"


def repeats(dictionary: Dictionary, each: Field) -> bool:
    """Whether a field takes any number of texts, and so stands in a repeat group."""
    return each.type == "links" or (each.type == "codes" and not dictionary.codes_of(each))


def xlsform(dictionary: Dictionary, kind: Kind, *, identities: bool = False) -> XlsForm:
    """The form of a kind. With `identities` it asks who a person is, too: device and server then hold that openly."""
    asked = [each for each in kind.fields if identities or each.sensitivity != "sealed"]
    names = {each.name for each in asked}
    in_circles = _in_circles(asked)
    choices = _Choices()
    survey: list[Row] = [
        {"type": "start", "name": f"{FORM_PREFIX}started"},
        {"type": "end", "name": f"{FORM_PREFIX}ended"},
        {"type": "text", "name": kind.local_id_field, "required": "yes", **_in_languages("label", said.LOCAL_ID),
         **_in_languages("hint", said.LOCAL_ID_HINT)},
    ]  # fmt: skip
    for each in asked:
        clauses = () if each.name in in_circles else parse_condition(each.condition)
        known = tuple(clause for clause in clauses if clause.field in names)
        survey += _questions(dictionary, kind, each, known, choices)
    survey += _geometry(kind, choices)
    settings = {
        "form_title": kind.label("en"),
        "form_id": f"{FORM_PREFIX}{kind.name}",
        "version": dictionary.version[:_VERSION_CHARACTERS],
        "default_language": said.LANGUAGE_NAMES["en"],
        "instance_name": f"${{{kind.local_id_field}}}",
    }
    return XlsForm(survey, choices.rows, settings)


def _questions(dictionary: Dictionary, kind: Kind, each: Field, clauses: tuple[Clause, ...], choices: _Choices) -> Iterator[Row]:
    label = {language: f"{each.label(language)} ({each.unit})" if each.unit else each.label(language) for language in LANGUAGES}
    shown = {**_in_languages("label", label), **_in_languages("hint", dict.fromkeys(LANGUAGES, each.definition))}
    relevant = {"relevant": _relevance(dictionary, kind, clauses)} if clauses else {}
    required = {"required": "yes"} if each.obligation == "M" or clauses else {}
    question = {
        "type": _question_type(dictionary, each, choices),
        "name": each.name,
        **shown,
        **_constraint(each),
        **required,
        **relevant,
    }
    if not repeats(dictionary, each):
        yield question
        return
    yield {"type": "begin_repeat", "name": each.name, **_in_languages("label", label), **relevant}
    yield {name: value for name, value in question.items() if name != "relevant"} | {"name": repeated_question(each.name)}
    yield {"type": "end_repeat"}


def _question_type(dictionary: Dictionary, each: Field, choices: _Choices) -> str:
    codes = dictionary.codes_of(each)
    if codes and each.code_list:
        name = choices.add(each.code_list, [(code.code, code.labels) for code in codes])
        return f"{'select_multiple' if each.type == 'codes' else 'select_one'} {name}"
    if each.type == "boolean":
        return f"select_one {choices.add(_YES_NO, [('true', said.YES), ('false', said.NO)])}"
    return {"integer": "integer", "decimal": "decimal", "date": "date", "datetime": "dateTime"}.get(each.type, "text")


def _constraint(each: Field) -> dict[str, str]:
    if each.type == "partial_date":
        return {"constraint": _PARTIAL_DATE, **_in_languages("constraint_message", said.PARTIAL_DATE)}
    if each.is_link and each.target_kind is None:
        example = f"{each.target_kinds[0]}:…"
        regex = f"regex(., '^({'|'.join(each.target_kinds)}):.+$')"
        return {"constraint": regex, **_in_languages("constraint_message", said.filled(said.KIND_AND_NUMBER, example=example))}
    low, high = each.minimum, each.maximum
    if low is None and high is None:
        return {}
    tests = [f". >= {low}"] * (low is not None) + [f". <= {high}"] * (high is not None)
    words = said.BETWEEN if low is not None and high is not None else said.AT_LEAST if low is not None else said.AT_MOST
    message = said.filled(words, low=str(low), high=str(high))
    return {"constraint": " and ".join(tests), **_in_languages("constraint_message", message)}


def _relevance(dictionary: Dictionary, kind: Kind, clauses: tuple[Clause, ...]) -> str:
    return " and ".join(f"({_clause(dictionary, kind.field(clause.field), clause)})" for clause in clauses)


def _clause(dictionary: Dictionary, asked: Field, clause: Clause) -> str:
    reference = f"${{{clause.field}}}"
    if repeats(dictionary, asked):
        return f"count({reference}) > 0"
    if not clause.values:
        return f"{reference} != ''"
    if asked.type == "codes":
        return " or ".join(f"selected({reference}, '{value}')" for value in clause.values)
    return " or ".join(f"{reference} = '{value}'" for value in clause.values)


def _in_circles(fields: Sequence[Field]) -> set[str]:
    """Fields whose condition leads back to themselves: a form may not ask each only when the other was answered."""
    leads = {each.name: {clause.field for clause in parse_condition(each.condition)} for each in fields}
    circles = set()
    for start, first in leads.items():
        reached, waiting = set(), list(first)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += leads.get(name, ())
        if start in reached:
            circles.add(start)
    return circles


def _geometry(kind: Kind, choices: _Choices) -> Iterator[Row]:
    if kind.geometry == "none":
        return
    if kind.geometry != "any":
        yield {
            "type": _GEOMETRY_QUESTIONS[kind.geometry],
            "name": GEOMETRY,
            **_in_languages("label", said.GEOMETRY[kind.geometry]),
        }
        return
    name = choices.add(_SHAPES, list(said.GEOMETRY.items()))
    yield {"type": f"select_one {name}", "name": GEOMETRY_SHAPE, **_in_languages("label", said.GEOMETRY_SHAPE)}
    for shape, question in _GEOMETRY_QUESTIONS.items():
        yield {
            "type": question, "name": f"{GEOMETRY}_{shape}", "relevant": f"${{{GEOMETRY_SHAPE}}} = '{shape}'",
            **_in_languages("label", said.GEOMETRY[shape]),
        }  # fmt: skip


def _in_languages(column: str, words: Words) -> dict[str, str]:
    return {f"{column}::{said.LANGUAGE_NAMES[language]}": words.get(language, words["en"]) for language in LANGUAGES}


def write_xlsform(form: XlsForm, target: Path) -> None:
    """The form as XLSX, every cell a text. Raises ClearlandError E-FORM-INVALID where pyxform cannot make a form of it, as
    after an overlay that names a field in a way no form can; nothing is left at `target` then."""
    _write_sheets(form, target)
    try:
        convert(target)
    except PyXFormError as error:
        target.unlink()
        raise ClearlandError(
            "E-FORM-INVALID",
            f"No form can be made of {form.settings['form_title']}: {error}",
            remedy="Correct the overlay that added the field it names.",
        ) from error


def _write_sheets(form: XlsForm, target: Path) -> None:
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(target), safe) as book:
        bold = book.add_format({"bold": True})
        for name, rows in (("survey", form.survey), ("choices", form.choices), ("settings", [form.settings])):
            sheet = book.add_worksheet(name)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            for position, column in enumerate(columns):
                sheet.write_string(0, position, column, bold)
                for line, row in enumerate(rows, 1):
                    if row.get(column):
                        sheet.write_string(line, position, row[column])
            sheet.freeze_panes(1, 2)
