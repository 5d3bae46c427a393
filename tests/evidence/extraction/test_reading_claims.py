"""Who says what, how sure, when and with which note: short texts of our own, each a trap."""

from clearland.evidence.extraction.extract import extract_claims
from clearland.evidence.extraction.names import Names
from clearland.evidence.reading.read import read_document

HEAD = "Varenia\n\nMine Ban Policy\n\nLast updated: 6 October 2015\n\nPolicy\n\n"


def claims(body, names=None, file="landmine-monitor-2015-varenia.txt"):
    document = read_document((HEAD + body).encode(), file)
    return extract_claims(document, file, names or Names(states=("Varenia", "Ostrana")))


def one(body, attribute, **rest):
    found = [claim for claim in claims(body, **rest) if claim.attribute.startswith(attribute)]
    assert len(found) == 1, [(claim.attribute, claim.value) for claim in found]
    return found[0]


def test_the_document_speaks_where_nobody_else_does():
    claim = one("Varenia has not acceded to the Mine Ban Treaty.\n", "treaty.status")
    assert (claim.claimant, claim.value, claim.polarity, claim.period) == (
        "Landmine Monitor",
        "not acceded",
        "negated",
        "as-of 2015-10-06",
    )


def test_a_status_of_two_treaties_is_two_claims():
    found = [
        one
        for one in claims(
            "Varenia is not party to the Convention on Conventional Weapons or the Convention on Cluster Munitions.\n"
        )
        if one.attribute.startswith("treaty.status")
    ]
    assert [claim.scope.definition for claim in found] == ["CCW", "CCM"]
    assert {claim.polarity for claim in found} == {"negated"}


def test_according_to_hands_over_the_word_from_but_on():
    found = claims("Varenia cleared 12 hectares in 2014, but according to officials 5 minefields remain.\n")
    told = {claim.value: claim.claimant for claim in found}
    assert told[12] == "Landmine Monitor"
    assert told[5] == "Varenia officials"


def test_a_denial_is_denied_and_an_accusation_alleged():
    found = claims("In May 2014, Ostrana accused Varenia of using antipersonnel mines. Varenia denied the allegation.\n")
    told = {claim.attribute: (claim.stance, claim.claimant, claim.subject) for claim in found}
    assert told["use.event"] == ("alleged", "Government of Ostrana", "Varenia")
    assert told["use.denial"][:2] == ("denied", "Government of Varenia")


def test_words_in_quotation_marks_do_not_hand_over_the_word():
    found = claims("In May 2014, Varenia alleged that “Ostrana's colonel said that 17 trucks of mines were laid.”\n")
    truck = next(claim for claim in found if claim.value == 17)
    assert (truck.claimant, truck.quoted, truck.stance) == ("Government of Varenia", True, "alleged")
    assert [voice.agent for voice in truck.chain] == ["Landmine Monitor", "Government of Varenia"]


def test_a_marker_closes_only_its_own_sentence():
    found = claims("In 2014, 40 mines were found. In 2013, 30 mines were found.[3]\n\n\n[3] Letter, 4 May 2015.\n")
    assert {claim.value: claim.footnote for claim in found if claim.unit == "mines"} == {40: None, 30: 3}


def test_claims_inside_a_note_say_so():
    found = claims("In 2014, 40 mines were found.[1]\n\n\n[1] Letter, 4 May 2015. Ostrana denied these claims.\n")
    denial = next(claim for claim in found if claim.attribute == "use.denial")
    assert (denial.in_footnote, denial.footnote) == (1, None)


def test_what_is_unknown_has_no_value():
    claim = one("The number and types of mines in its stockpile are not known.\n", "stockpile.quantity")
    assert (claim.value, claim.value_status) == (None, "unknown")


def test_a_recommendation_has_its_addressee_and_is_no_fact():
    claim = one(
        "Recommendations for Action\n\n  • Varenia should accede to the Mine Ban Treaty without delay.\n", "policy.recommendation"
    )
    assert (claim.modality, claim.subject) == ("recommended", "Varenia")


def test_plans_are_planned():
    claim = one("It is planned to clear 12 hectares in 2016.\n", "release.cleared")
    assert claim.modality == "planned"


def test_places_of_a_programme_become_scope():
    claim = one(
        "In 2014, 40 mines were found in Lower Brun.\n",
        "items.found",
        names=Names(places={"Lower Brun": "VA-LB"}, states=("Varenia",)),
    )
    assert claim.scope.place == ("VA-LB",)
    assert claim.scope.device is None


def test_a_state_reply_speaks_for_its_government():
    text = (
        "FSC.EMI/1/14\n3 May 2014\n\nPERMANENT MISSION OF THE REPUBLIC OF GEORGIA TO THE OSCE\n\n"
        "OSCE QUESTIONNAIRE ON ANTI-PERSONNEL MINES\n\nPart I\n\n"
        "1. Is your country a State Party to Amended Protocol II?\n\nGeorgia is not a party to Amended Protocol II.\n\n"
        "2. If yes, at what stage is the process?\n\nN/A\n"
    )
    found = extract_claims(read_document(text.encode(), "reply.txt"), "reply.txt")
    status = next(claim for claim in found if claim.attribute.startswith("treaty.status"))
    answer = next(claim for claim in found if claim.attribute == "answer.none")
    assert status.claimant == answer.claimant == "Government of Georgia"
    assert status.question is not None
    assert answer.value_status == "not_answered"


def test_cells_of_a_grid_keep_row_and_column():
    page = (
        "<html><body><h1>Georgia</h1><h2>Clearance in 2019</h2>"
        "<table><tr><th>Operator</th><th>Area cleared (m2)</th><th>AP mines destroyed</th></tr>"
        "<tr><td>Alder Trust</td><td>56,211</td><td>6</td></tr></table></body></html>"
    )
    found = extract_claims(read_document(page.encode(), "clearing.html"), "clearing.html")
    assert {(claim.attribute, claim.value, claim.unit, claim.table_cell, claim.period) for claim in found} == {
        ("release.cleared", 56211, "m2", "Alder Trust / Area cleared (m2)", "2019"),
        ("items.destroyed", 6, "mines", "Alder Trust / AP mines destroyed", "2019"),
    }


def test_a_form_dates_what_it_covers():
    text = (
        "State Party: Georgia\nReporting for time period from 01/01/2008 to 31/12/2008\n\n"
        "Form G. Mines destroyed\n\nIn the northern districts 12 minefields were cleared.\n"
    )
    found = extract_claims(read_document(text.encode(), "report.txt"), "report.txt")
    claim = next(claim for claim in found if claim.value == 12)
    assert (claim.claimant, claim.period) == ("Government of Georgia", "2008-01-01/2008-12-31")


def test_a_sentence_without_a_known_way_of_saying_gives_its_predicate():
    claim = one("Survey teams consult women and children in every village.\n", "survey.coverage")
    assert (claim.value, claim.polarity) == ("consult women and children in every village", "affirmed")
    assert not [claim for claim in claims("We thank the organisers of this meeting for it.\n") if claim.unit == "text"]


def test_a_quotation_goes_on_with_its_speaker():
    text = "“We have cleared 12 fields,” an Interior Ministry spokesman told reporters. “A dozen mines were found.”\n"
    assert {claim.claimant for claim in claims(text) if claim.value == 12} == {"Ministry of Interior of Varenia"}


def test_organisations_and_devices_of_a_programme_are_known_by_its_names():
    names = Names(organisations={"Seven Bridges": "Seven Bridges Demining"}, devices={"PX-9": "AP"}, states=("Varenia",))
    claim = one("In 2014, Seven Bridges reported that 40 PX-9 mines were found.\n", "items.found", names=names)
    assert (claim.claimant, claim.scope.device) == ("Seven Bridges Demining", "AP")


def test_notes_of_one_number_keep_their_own_bodies_where_numbering_restarts():
    text = (
        "Keb\n\nThe army cleared 12 fields in 2018.[1]\n\n[1] Email, 2 May 2019.\n\n"
        "The army cleared 15 fields in 2019.[1]\n\n[1] Interview, 4 May 2020.\n"
    )
    document = read_document(text.encode(), "a.txt")
    cited = {
        claim.value: (claim.footnote, claim.cited_source)
        for claim in extract_claims(document, "a.txt")
        if claim.unit in {"areas", "fields"}
    }
    assert cited[12] == (1, "Email, 2 May 2019.")
    assert cited[15] == (1, "Interview, 4 May 2020.")
