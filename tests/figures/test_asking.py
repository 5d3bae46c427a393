"""A question in words: what may be meant, and that a bare word of the field is refused as a figure."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.dictionary.loader import builtin
from clearland.figures.asking import refuse_word, understood
from clearland.figures.disclosing import disclosed
from clearland.figures.indicators import figures
from clearland.figures.model import Scope
from clearland.ledger.snapshot import snapshot
from tests.figures.told import country

INDICATORS = builtin().indicators


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("hectares cleared since November 2020", "LR-3"), ("people killed or injured by mines", "CAS-1"),
        ("risk education sessions in 2024", "EORE-1"), ("разминированная, очищенная площадь", "LR-3"),
        ("ləğv edilmiş sahə", "LR-1"), ("stockpile", "STK-1"),
    ],
)  # fmt: skip
def test_the_figure_meant_is_among_the_first(words, code):
    assert code in [each.code for each in understood(words, INDICATORS).candidates]


def test_cleared_alone_is_no_figure():
    refusal = refuse_word("cleared", INDICATORS)
    assert refusal.code == "E-FIG-AMBIGUOUS"
    for code in ("LR-3", "LR-7"):
        assert code in refusal.remedy
    assert refuse_word("xyzzy", INDICATORS).code == "E-FIG-CODE"


@pytest.mark.parametrize(
    ("words", "scope"),
    [
        ("cleared in 2022", Scope(period_from=date(2022, 1, 1), period_to=date(2022, 12, 31))),
        ("cleared since November 2020", Scope(period_from=date(2020, 1, 1))),
        ("casualties 2020 to 2023 in North", Scope(period_from=date(2020, 1, 1), period_to=date(2023, 12, 31), place="VA-1")),
        ("casualties", Scope()),
    ],
)
def test_the_scope_is_read_from_the_words(words, scope):
    assert understood(words, INDICATORS, {"VA-1": "North", "VA": "Varenia"}).scope == scope


def test_a_question_about_nothing_here_has_no_candidate():
    assert understood("the price of tea", INDICATORS).candidates == ()


def test_a_public_figure_of_people_hides_what_is_small_and_seals_its_lineage(sqlite_programme):
    country()
    shot = snapshot()
    asked = Scope(period_from=date(2024, 1, 1), period_to=date(2024, 12, 31))
    made = figures(shot, ["CAS-1"], scope=asked, by=["outcome"]) + figures(shot, ["CAS-1"], scope=asked)
    assert [figure.value for figure in made] == [4, 2, 6]
    public = disclosed(shot, made, "public")
    assert [each.value for each in public] == [None, None, 6]
    sealed = public[2].sealed
    assert sealed is not None
    assert (sealed.kinds, sealed.records, sealed.first_month, sealed.last_month) == (("accident",), "", "2024-01", "2024-03")
    assert [each.value for each in disclosed(shot, made, "programme")] == [4, 2, 6]
    programme = ["--programme", str(sqlite_programme.folder)]
    found = CliRunner().invoke(app, [*programme, "figures", "CAS-1", "--by", "outcome", "--audience", "public", "--json"])
    assert found.exit_code == 0, found.output
    told = json.loads(found.output)
    assert {each["status"] for each in told} == {"withheld"}
    refused = CliRunner().invoke(app, [*programme, "figures", "cleared"])
    assert refused.exit_code == 1
    assert CliRunner().invoke(app, [*programme, "figures", "--audience", "everyone"]).exit_code == 2
