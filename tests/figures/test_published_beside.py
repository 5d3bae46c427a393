"""Published figures held against ours: the same, different by how much, another scope, or nothing to hold them against."""

from clearland.claims.model import Scope
from clearland.core.formats import LANGUAGES
from clearland.figures import published_beside as module
from clearland.figures.disagreements import compared, found, witnessed
from clearland.figures.indicators import figures
from clearland.figures.published_beside import published_beside
from clearland.ledger.snapshot import snapshot
from tests.figures.told import country, paper

TEXT = "In 2024 mines killed 2 and injured 7 people. In the North 6 people were victims. Elsewhere 9 people. There were 40."


def casualty(at, value, attribute="casualty.total", **rest):
    return {"at": at, "value": value, "attribute": attribute, "period": "2024", **rest}


def test_a_published_figure_lies_beside_ours(programme):
    country()
    paper(
        TEXT, casualty("2 and", 2, "casualty.killed"), casualty("7 people", 7, "casualty.injured"),
        casualty("6 people", 6), casualty("40", 40, period=None),
    )  # fmt: skip
    made = published_beside(snapshot())
    assert [(one.claim.value, one.lie, one.difference) for one in made] == [
        (7, "differs", -3.0), (40, "scope", -34.0), (2, "same", 0.0), (6, "same", 0.0),
    ]  # fmt: skip
    assert made[0].why.say("en") == "Published: 7 people (Mine Office). Ours, CAS-1: 4 people. They differ by 3 people."
    assert "does not say its period" in made[1].why.say("en")
    assert len({made[0].why.say(language) for language in LANGUAGES}) == 3
    plain = made[0].as_json()
    assert (plain["kind"], plain["indicator"]) == ("figure_differs", "CAS-1")
    assert made[0].ours[0].lineage.entries == 3


def test_a_place_in_the_scope_and_one_that_is_not_ours(programme):
    country()
    paper(TEXT, casualty("6 people", 5, scope=Scope(place=("VA-1",))), casualty("9 people", 9, scope=Scope(place=("ZZ",))))
    (only,) = published_beside(snapshot())
    assert (only.claim.value, only.lie) == (5, "differs")
    assert [figure.scope.place for figure in only.ours] == ["VA-1"]


def test_figures_of_many_places_are_asked_for_together_and_are_what_each_place_tells(sqlite_programme, monkeypatch):
    country()
    years = range(2000, 2025)
    text = " ".join(f"In {year} there were {year % 7 + 1} victims." for year in years)
    paper(text, *(
        casualty(f"In {year}", year % 7 + 1, period=str(year), scope=Scope(place=("VA-1",)))
        for year in years
    ))  # fmt: skip
    asked = []
    whole = figures

    def noted(*args, **rest):
        asked.append(rest["scope"])
        return whole(*args, **rest)

    monkeypatch.setattr(module, "figures", noted)
    made = published_beside(snapshot())
    assert len(made) == len(years)
    assert all(scope.place is None for scope in asked)
    for one in made:
        alone = whole(snapshot(), [one.indicator], scope=one.ours[0].scope)[0]
        assert (alone.value, alone.lineage.digest) == (one.ours[0].value, one.ours[0].lineage.digest)


def test_what_ours_cannot_be_asked_for_is_another_scope_not_a_difference(programme):
    country()
    paper(TEXT, casualty("9 people", 9, scope=Scope(actor=("Army",), definition="hospital records")))
    (only,) = published_beside(snapshot())
    assert only.lie == "scope"
    assert "the published figure is of Army, ours of everybody" in only.why.say("en")
    assert "hospital records" in only.why.say("en")


def test_plans_shares_and_countries_without_records_are_not_held_against_anything(programme):
    country()
    paper(TEXT, casualty("9 people", 9, modality="planned"), casualty("40", 40, subject="Ostrana"))
    assert published_beside(snapshot()) == []


def test_the_words_around_a_claim_come_with_the_snapshot(programme):
    text = "The Office first said that 31 people were victims. It corrected this: 16 people, after a review of files."
    paper(text, casualty("31 people", 31), casualty("16 people", 16))
    shot = snapshot()
    row = shot.sql('SELECT * FROM claim ORDER BY start').to_pylist()[1]
    assert row["before"] + row["quote"] + row["after"] == text
    assert row["quote"] == "16 people"
    (pair,) = found(shot)
    assert pair.kind == "corrects"


def test_two_prints_of_one_quotation_are_one_witness(programme):
    words = "no mines were laid by our forces"
    quoted = {"attribute": "use.event", "value": words, "unit": "text", "quoted": True, "period": "2024", "at": words}
    paper(f"The Office said: “{words}”.", quoted.copy(), filename="a.txt")
    paper(f"It had said: “{words}”, again.", quoted.copy(), filename="b.txt")
    every = compared(snapshot())
    assert [one.kind for one in every] == ["same_source"]
    assert set(witnessed(every, [every[0].left]).values()) == {1}
