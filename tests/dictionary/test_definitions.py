"""What a kind is can be said in several languages; the kinds that Clearland ships say it in all of them."""

from dataclasses import replace

import pytest

from clearland.core.errors import ClearlandError
from clearland.dictionary.lint import lint
from clearland.dictionary.loader import builtin, with_overlays
from clearland.dictionary.model import LANGUAGES

DRAIN = {
    "name": "drain", "labels": {"en": "Drain", "az": "Drenaj", "ru": "Дренаж"},
    "plural_labels": {"en": "Drains", "az": "Drenajlar", "ru": "Дренажи"}, "geometry": "line", "layer": True,
    "sensitivity": "programme", "fields": [],
}  # fmt: skip


@pytest.mark.parametrize("name", builtin().kinds)
def test_every_kind_is_defined_in_every_language(name: str) -> None:
    kind = builtin().kind(name)
    said = [kind.defined(language) for language in LANGUAGES]
    assert len(set(said)) == len(LANGUAGES)
    assert all(each.endswith(".") for each in said)


def test_a_definition_may_be_a_text_or_texts_by_language() -> None:
    plain = with_overlays([{"kinds": [{**DRAIN, "definition": "A ditch in a hazard."}]}]).kind("drain")
    assert [plain.defined(language) for language in LANGUAGES] == ["A ditch in a hazard."] * 3
    told = {"en": "A ditch in a hazard.", "ru": "Канава в опасной зоне."}
    kind = with_overlays([{"kinds": [{**DRAIN, "definition": told}]}]).kind("drain")
    assert [kind.defined(language) for language in ("en", "az", "ru")] == [told["en"], told["en"], told["ru"]]
    with pytest.raises(ClearlandError, match="E-DICT-FORM"):
        with_overlays([{"kinds": [{**DRAIN, "definition": {"ru": "Канава."}}]}])


def test_the_lint_asks_for_the_other_languages_once_there_are_two() -> None:
    dictionary = builtin()
    hazard = dictionary.kind("hazard")

    def said(definitions: dict[str, str]) -> list[tuple[str, str | None]]:
        kinds = {**dictionary.kinds, "hazard": replace(hazard, definitions=definitions)}
        return [(finding.code, finding.place.column) for finding in lint(replace(dictionary, kinds=kinds))]

    assert said({}) == said(dict(hazard.definitions)) == []
    assert said({"ru": hazard.definitions["ru"]}) == [("E-DICT-TRANSLATION", "hazard.definition")]
    assert said({"az": hazard.definitions["az"], "ru": "Plain English here"}) == [("E-DICT-TRANSLATION", "hazard.definition")]
