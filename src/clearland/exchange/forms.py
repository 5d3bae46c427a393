"""XLSForms from the dictionary: for every kind a form that ODK Collect and KoboCollect fill in without a network.

Questions stand in the dictionary's order. An obligatory field is required; a conditional one is asked, and required, when
its condition holds; lists of links and open sets repeat. Records that are parts of the one asked for (the legs of a minefield
record, the victims of an accident: the dictionary marks the link) stand in repeat groups of their own. Sealed fields are not
asked on a device, unless somebody wants it so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from clearland.core.errors import ClearlandError
from clearland.dictionary import envelope
from clearland.dictionary.conditions import Clause, parse_condition
from clearland.dictionary.model import LANGUAGES, Dictionary, Field, Kind
from clearland.exchange import form_words as said
from clearland.exchange.form_words import Words

FORM_PREFIX = "clearland_"
GEOMETRY = "geometry"
GEOMETRY_SHAPE = "geometry_shape"
_GEOMETRY_QUESTIONS = {"point": "geopoint", "line": "geotrace", "polygon": "geoshape"}
_YES_NO = "clearland_yes_no"
_YES_NO_CHOICES = [("true", said.YES), ("false", said.NO)]
_SHAPES = "clearland_shapes"
_PARTIAL_DATE = "regex(., '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$')"
_VERSION_CHARACTERS = 12
_ID_FOR_GOOD = "once(uuid())"  # an edit on the server leaves it as it is
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
    choices = _Choices()
    survey: list[Row] = [
        {"type": "start", "name": f"{FORM_PREFIX}started"},
        {"type": "end", "name": f"{FORM_PREFIX}ended"},
        {"type": "text", "name": kind.local_id_field, "required": "yes", **_in_languages("label", said.LOCAL_ID),
         **_in_languages("hint", said.LOCAL_ID_HINT)},
        *_asked(_Asking(dictionary, kind, choices), identities=identities),
    ]  # fmt: skip
    for part, link in dictionary.parts_of(kind):
        survey += _part(_Asking(dictionary, part, choices, part=True), link, identities=identities)
    settings = {
        "form_title": kind.label("en"),
        "form_id": f"{FORM_PREFIX}{kind.name}",
        "version": dictionary.version[:_VERSION_CHARACTERS],
        "default_language": said.LANGUAGE_NAMES["en"],
        "instance_name": f"${{{kind.local_id_field}}}",
    }
    return XlsForm(survey, choices.rows, settings)


@dataclass(frozen=True)
class _Asking:
    """The kind whose fields are asked, in a form of its own or as a part in the form of another."""

    dictionary: Dictionary
    kind: Kind
    choices: _Choices
    part: bool = False

    def question(self, name: str) -> str:
        return envelope.part_question(self.kind.name, name) if self.part else name


def _asked(asking: _Asking, *, identities: bool, without: str = "") -> Iterator[Row]:
    """The questions of a kind in the dictionary's order, the place last."""
    fields = [
        each for each in asking.kind.fields if each.name != without and (identities or each.sensitivity != "sealed")
    ]  # fmt: skip
    names = {each.name for each in fields}
    in_circles = _in_circles(fields)
    for each in fields:
        clauses = () if each.name in in_circles else parse_condition(each.condition)
        yield from _questions(asking, each, tuple(clause for clause in clauses if clause.field in names))
    yield from _geometry(asking)


def _part(asking: _Asking, link: Field, *, identities: bool) -> Iterator[Row]:
    """A repeat group for the records that are parts. It opens only where there are any: a browser shows a first one at once,
    and its required questions would have to be answered."""
    group = f"{envelope.PART_GROUP}{asking.kind.name}"
    any_ = f"{group}_any"
    title = {language: asking.kind.plural_label(language) for language in LANGUAGES}
    question = {language: text.format(parts=title[language]) for language, text in said.ANY_PARTS.items()}
    yes_no = asking.choices.add(_YES_NO, _YES_NO_CHOICES)
    yield {"type": f"select_one {yes_no}", "name": any_, **_in_languages("label", question),
           **_in_languages("hint", {language: asking.kind.defined(language) for language in LANGUAGES})}  # fmt: skip
    yield {"type": "begin_repeat", "name": group, **_in_languages("label", title), "relevant": f"${{{any_}}} = 'true'"}
    yield {"type": "calculate", "name": envelope.PART, "calculation": _ID_FOR_GOOD}
    yield from _asked(asking, identities=identities, without=link.name)
    yield {"type": "end_repeat"}


def _questions(asking: _Asking, each: Field, clauses: tuple[Clause, ...]) -> Iterator[Row]:
    dictionary, name = asking.dictionary, asking.question(each.name)
    label = {language: f"{each.label(language)} ({each.unit})" if each.unit else each.label(language) for language in LANGUAGES}
    shown = {**_in_languages("label", label), **_in_languages("hint", dict.fromkeys(LANGUAGES, each.definition))}
    relevant = {"relevant": _relevance(asking, clauses)} if clauses else {}
    required = {"required": "yes"} if each.obligation == "M" or clauses else {}
    question = {
        "type": _question_type(dictionary, each, asking.choices),
        "name": name,
        **shown,
        **_constraint(each),
        **required,
        **relevant,
    }
    if not repeats(dictionary, each):
        yield question
        return
    yield {"type": "begin_repeat", "name": name, **_in_languages("label", label), **relevant}
    yield {key: value for key, value in question.items() if key != "relevant"} | {"name": repeated_question(name)}
    yield {"type": "end_repeat"}


def _question_type(dictionary: Dictionary, each: Field, choices: _Choices) -> str:
    codes = dictionary.codes_of(each)
    if codes and each.code_list:
        name = choices.add(each.code_list, [(code.code, code.labels) for code in codes])
        return f"{'select_multiple' if each.type == 'codes' else 'select_one'} {name}"
    if each.type == "boolean":
        return f"select_one {choices.add(_YES_NO, _YES_NO_CHOICES)}"
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


def _relevance(asking: _Asking, clauses: tuple[Clause, ...]) -> str:
    return " and ".join(f"({_clause(asking, asking.kind.field(clause.field), clause)})" for clause in clauses)


def _clause(asking: _Asking, asked: Field, clause: Clause) -> str:
    reference = f"${{{asking.question(clause.field)}}}"
    if repeats(asking.dictionary, asked):
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


def _geometry(asking: _Asking) -> Iterator[Row]:
    kind = asking.kind
    if kind.geometry == "none":
        return
    if kind.geometry != "any":
        yield {
            "type": _GEOMETRY_QUESTIONS[kind.geometry],
            "name": asking.question(GEOMETRY),
            **_in_languages("label", said.GEOMETRY[kind.geometry]),
        }
        return
    shape_name = asking.question(GEOMETRY_SHAPE)
    name = asking.choices.add(_SHAPES, list(said.GEOMETRY.items()))
    yield {"type": f"select_one {name}", "name": shape_name, **_in_languages("label", said.GEOMETRY_SHAPE)}
    for shape, question in _GEOMETRY_QUESTIONS.items():
        yield {
            "type": question, "name": asking.question(f"{GEOMETRY}_{shape}"), "relevant": f"${{{shape_name}}} = '{shape}'",
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
