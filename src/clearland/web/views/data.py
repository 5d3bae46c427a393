"""What the programme can record: every kind under its theme, and where each minimum data requirement is held."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clearland.dictionary.conformity import GEOMETRY, Held, conformity, standard
from clearland.dictionary.model import Dictionary
from clearland.web import formats, labels
from clearland.web.access import reading
from clearland.web.kinds_shown import themes


@dataclass(frozen=True)
class PlaceShown:
    """A field that holds an item: `kind › field` in the reader's words, its path in the dictionary, its kind's list."""

    kind: str
    label: str
    path: str
    sealed: bool


@dataclass(frozen=True)
class ItemShown:
    """A row of the conformity page."""

    code: str
    label: str
    places: list[PlaceShown]
    missing: tuple[str, ...]


def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind of record, with how many there are and how many fields it has."""
    read = reading(request)
    shown = themes(read)
    context = {"title": _("Data"), "themes": shown, "number": sum(len(theme.kinds) for theme in shown)}
    return render(request, "clearland/data.html", context)


def conformity_page(request: HttpRequest) -> HttpResponse:
    """The minimum data requirements with the fields that hold them in this programme's dictionary."""
    read = reading(request)
    found = conformity(read.words)
    language = formats.language()
    entities = [
        (_in(labels_of, language), [_shown(read.words, held, language) for held in found if held.item.entity == name])
        for name, labels_of in standard().entities.items()
    ]
    context = {
        "title": _("Conformity"), "standard": _in(standard().labels, language), "entities": entities,
        "held": sum(held.is_held for held in found), "number": len(found),
    }  # fmt: skip
    return render(request, "clearland/conformity.html", context)


def _in(texts: object, language: str) -> str:
    return texts.get(language) or texts["en"] if isinstance(texts, dict) else ""


def _shown(words: Dictionary, held: Held, language: str) -> ItemShown:
    places = [_place(words, path) for path in (*held.fields, *held.also)]
    return ItemShown(held.item.code, _in(held.item.labels, language), places, held.missing)


def _place(words: Dictionary, path: str) -> PlaceShown:
    kind_name, _dot, name = path.partition(".")
    kind = words.kind(kind_name)
    if name == GEOMETRY:
        return PlaceShown(kind_name, f"{labels.kind_label(kind)} › {_('place on the map')}", path, sealed=False)
    field = kind.field(name)
    return PlaceShown(kind_name, f"{labels.kind_label(kind)} › {labels.field_label(field)}", path, field.sensitivity == "sealed")
