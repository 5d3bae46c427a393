"""The language of report forms: which claims a slot takes, and what a form may not say."""

import pytest

from clearland.core.errors import ClearlandError
from clearland.dictionary.forms import CONTENTS, Selection, read_form
from clearland.dictionary.loader import builtin
from clearland.dictionary.reading import parse_yaml
from clearland.reports.texts import WRITERS

FORM = """
name: small
titles: {en: Small}
audience: public
sections:
  - code: one
    titles: {en: One}
    slots:
      - {code: s, titles: {en: Slot}, %s}
"""


def slot(text):
    return read_form(parse_yaml(FORM % text, "reports/small.yaml")).slots()[0]


def test_a_selection_is_read():
    asked = "{attributes: [use], definitions: [CCM], when: until, about: involved}"
    claims = slot(f"kind: text, content: claims, claims: {asked}").claims
    assert claims == Selection(attributes=("use",), definitions=("CCM",), when="until", about="involved")
    assert claims.takes("use.event")
    assert not claims.takes("users.event")
    assert slot("kind: text").content == "not_known"


@pytest.mark.parametrize(
    "text",
    ["kind: figure", "kind: table, by: [place]", "kind: overview", "kind: text, rows: [{titles: {en: x}, indicator: LR-3}]",
     "kind: overview, rows: [{titles: {en: x}}]", "kind: text, content: verdict", "kind: text, claims: {when: always}"],
)  # fmt: skip
def test_what_a_form_may_not_say(text):
    with pytest.raises(ClearlandError) as refused:
        slot(text)
    assert refused.value.code == "E-DICT-FORM"


def test_a_sum_names_slots_of_its_form():
    rule = "sums:\n  - {code: x, titles: {en: X}, plus: [s], minus: [], equals: %s}\n"
    [found] = read_form(parse_yaml(FORM % "kind: text" + rule % "s", "reports/small.yaml")).sums
    assert (found.plus, found.minus, found.equals) == (("s",), (), "s")
    with pytest.raises(ClearlandError) as refused:
        read_form(parse_yaml(FORM % "kind: text" + rule % "other", "reports/small.yaml"))
    assert refused.value.code == "E-DICT-FORM"


def test_every_content_has_a_writer_and_every_shipped_selection_meets_an_attribute():
    assert set(WRITERS) == set(CONTENTS)
    for form in builtin().reports.values():
        for code, selection in form.selections():
            assert any(selection.takes(attribute) for attribute in builtin().attributes), (form.name, code)

