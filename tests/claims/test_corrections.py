"""Corrections, retractions and explanations, from the words beside a figure; and what rests on no words at all."""

from clearland.claims.compare import disagreements
from clearland.claims.corrections import AROUND, Around
from clearland.claims.model import Claim
from clearland.core.formats import LANGUAGES


def read(text, *numbers, file="a.txt", claimant="Mine Office", as_of="2015-06-01", attribute="casualty.total", period="2014"):
    """Claims of the numbers as they stand in a text, and the words around each."""
    claims, at, around = [], 0, {}
    for number in numbers:
        start = text.index(str(number), at)
        at = start + len(str(number))
        claim = Claim(
            file=file, start=start, end=at, subject="Varenia", attribute=attribute, value=number, unit="people",
            qualifier="exact", period=period, claimant=claimant, as_of=as_of,
        )  # fmt: skip
        claims.append(claim)
        around[claim.ref] = Around(text[max(0, start - AROUND) : start], text[start:at], text[at : at + AROUND])
    return claims, around


def compared(*readings):
    claims = [claim for made, _around in readings for claim in made]
    around = {ref: one for _made, some in readings for ref, one in some.items()}
    return disagreements(claims, lambda claim: around.get(claim.ref))


def test_a_figure_corrected_in_one_sentence():
    text = "The Office recorded casualties. It revised the total for 2014 from 31 to 16 after a review of files."
    (found,) = compared(read(text, 31, 16))
    assert (found.kind, found.left.value, found.right.value) == ("corrects", 31, 16)
    assert found.reason == "Mine Office corrects its own figure: 16 people instead of 31 people."


def test_the_former_figure_may_stand_last():
    (found,) = compared(read("There were 22 casualties in 2014 and not 25 as previously reported.", 22, 25))
    assert found.kind == "corrects"
    assert "22 people instead of 25 people" in found.reason


def test_an_erratum_in_a_later_document():
    first = read("In 2014 the Office recorded 31 casualties.", 31)
    later = read("Erratum: the number of casualties in 2014 is 16.", 16, file="b.txt", as_of="2016-02-01")
    (found,) = compared(first, later)
    assert found.kind == "corrects"
    assert "16 people instead of 31" in found.reason


def test_corrections_in_azerbaijani_and_russian():
    assert [one.kind for one in compared(read("İdarə rəqəmi dəqiqləşdirdi: əvvəl 31, indi 16 nəfər.", 31, 16))] == ["corrects"]
    assert [one.kind for one in compared(read("Данные за 2014 год исправлены: 16 вместо 31.", 16, 31))] == ["corrects"]


def test_two_figures_of_one_voice_without_such_words_are_left_alone():
    assert compared(read("The Office recorded 31 casualties in the north and 16 in the south.", 31, 16)) == []
    other = read("Revised standards were adopted. The Office recorded 31 casualties. In the south there were 16.", 31, 16)
    assert compared(other) == []


def test_another_claimant_does_not_correct():
    first = read("In 2014 the Office recorded 31 casualties.", 31)
    other = read("Correction: there were 16 casualties.", 16, file="b.txt", claimant="Hospital", as_of="2016-02-01")
    assert [one.kind for one in compared(first, other)] == ["contradicts"]


def test_a_statement_taken_back():
    first = read("The Office counted 31 casualties in 2014.", 31)
    later = read("In March the Office withdrew its earlier estimate of 31 casualties.", 31, file="b.txt", as_of="2016-03-01")
    (found,) = compared(first, later)
    assert found.kind == "retracts"
    assert "withdrew its earlier estimate" in found.reason


def test_troops_that_withdraw_take_nothing_back():
    first = read("The Office counted 31 casualties in 2014.", 31)
    later = read("After the army withdrew its forces, 31 casualties were known.", 31, file="b.txt", as_of="2016-03-01")
    assert [one.kind for one in compared(first, later)] == ["confirms"]


def test_a_difference_that_a_source_explains():
    text = "The union counted 25 casualties in 2014. The Office counted 22. The two figures differ because of other methods."
    union, office = read(text, 25, claimant="Union"), read(text, 22, claimant="Mine Office")
    (found,) = compared(union, office)
    assert found.kind == "explains"
    assert "The source says why: “The two figures differ because of other methods.”" in found.reason
    assert "25 people (Union) against 22 people (Mine Office)" in found.reason


def test_an_explanation_in_another_paragraph_is_not_taken():
    text = "The union counted 25 casualties. The Office counted 22.\n\nLand was reclassified in the north."
    assert [one.kind for one in compared(read(text, 25, claimant="Union"), read(text, 22))] == ["contradicts"]


def test_reasons_are_said_in_every_language():
    text = "The union counted 25 casualties in 2014. The Office counted 22. The two figures differ because of other methods."
    revised = compared(read("It was revised from 31 to 16.", 31, 16))
    found = [*compared(read(text, 25, claimant="Union"), read(text, 22)), *revised]
    for one in found:
        said = {one.why.say(language) for language in LANGUAGES}
        assert len(said) == len(LANGUAGES)
        assert all("{" not in each for each in said)
    assert found[0].why.as_json()["code"] == "explained"
