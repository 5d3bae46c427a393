"""The kinds of contradiction that the notes on published reports name, each read from sentences of our own and compared."""

import pytest

from clearland.claims.compare import disagreements
from clearland.claims.corrections import AROUND, Around
from clearland.evidence.extraction.extract import extract_claims
from clearland.evidence.extraction.names import Names
from clearland.evidence.reading.read import read_document

NAMES = Names(states=("Varenia", "Ostrana"))

REVIEW_2023 = """Clearing the Mines 2023

Varenia

Land Release

The Varenian Mine Action Centre (VMAC) cleared 3.52 square kilometres of anti-personnel mined area in 2022.
"""
WEEK_2022 = """Ministry of Defence of Varenia

Weekly figures, 19 September 2022

From 12 to 17 September 2022, 563 hectares were cleared of mines and unexploded ordnance in Varenia.
"""


def edition(year, casualties, of):
    return f"""Landmine Monitor {year}

Varenia

Last updated: 20 November {year}

Casualties

In {of}, the Monitor recorded {casualties} casualties in Varenia.
"""


def told(**texts):
    """The comparisons of texts as read, by kind, with the reason of each."""
    documents = {name: read_document(text.encode(), f"{name}.txt") for name, text in texts.items()}
    claims = [claim for name, document in documents.items() for claim in extract_claims(document, f"{name}.txt", NAMES)]

    def around(claim):
        text = documents[claim.file.removesuffix(".txt")].text
        before, after = text[max(0, claim.start - AROUND) : claim.start], text[claim.end : claim.end + AROUND]
        return Around(before, text[claim.start : claim.end], after)

    return [(one.kind, one.reason) for one in disagreements(claims, around)]


def kinds(**texts):
    return {kind for kind, _reason in told(**texts)}


def test_all_land_of_a_week_beside_mined_area_of_a_year_is_no_contradiction():
    found = told(review=REVIEW_2023, week=WEEK_2022)
    assert any(kind == "tension" and "3.52 km²" in reason and "563 ha" in reason for kind, reason in found)
    assert "contradicts" not in {kind for kind, _reason in found}


@pytest.mark.parametrize(("year", "campaign", "agency"), [(2014, 25, 22), (2009, 34, 22), (2013, 13, 8)])
def test_a_campaign_and_an_agency_that_count_differently(year, campaign, agency):
    text = f"""Landmine Monitor {year + 1}

Varenia

Casualties

In {year}, the Varenian Campaign to Ban Landmines recorded {campaign} casualties in Varenia.

In {year}, the Varenian Mine Action Centre recorded {agency} casualties in Varenia.
"""
    assert "contradicts" in kinds(monitor=text)
    reason = f"{text.rstrip()} The two totals differ because of other methods of collection.\n"
    assert any(kind == "explains" and "methods of collection" in why for kind, why in told(monitor=reason))


REVISED = [(2016, "8,605", "9,437"), (2007, "5,426", "5,473"), (2005, "at least 31", "16")]


@pytest.mark.parametrize(("of", "first", "then"), REVISED)
def test_a_later_edition_replaces_its_own_figure(of, first, then):
    found = kinds(first=edition(of + 1, first, of), then=edition(of + 2, then, of))
    assert "supersedes" in found
    assert "contradicts" not in found


def test_rising_totals_are_a_series_and_their_sums_close():
    def on(day, total, killed, injured):
        return f"""Varenian Mine Action Centre

{day}

From 10 November 2020 to {day}, {total} people became mine victims in Varenia: {killed} were killed and {injured} injured.
"""

    found = told(first=on("4 November 2023", 336, 65, 271), then=on("2 December 2024", 382, 70, 312))
    assert "contradicts" not in {kind for kind, _reason in found}
    assert [reason for kind, reason in found if kind == "part_of" and "gap" not in reason]


def test_use_told_by_a_monitor_and_denied_by_the_accused():
    text = """Cluster Munition Monitor 2021

Varenia

Use

In October 2020, Human Rights Watch alleged that Varenia used cluster munitions. In November 2020, Varenia denied that it had
used cluster munitions.
"""
    assert "denies" in kinds(monitor=text)


def page(title, *lines):
    """A short page of Varenia: its title, then each line as a paragraph."""
    return "\n\n".join((title, "Varenia", *lines)) + "\n"


@pytest.mark.parametrize(("area", "rated", "then", "now_rated"), [("72km2", "medium", "71.62km2", "heavy")])
def test_sizes_by_other_schemes_do_not_contradict(area, rated, then, now_rated):
    told_of = "Contamination from cluster munition remnants covered {} of Varenia at the end of {} and is rated {}."
    earlier = page("Clearing Cluster Munition Remnants 2017", told_of.format(area, 2016, rated))
    later = page("Clearing Cluster Munition Remnants 2018", told_of.format(then, 2017, now_rated))
    assert "contradicts" not in kinds(earlier=earlier, later=later)


def test_records_given_and_kept_back():
    shown = "In June 2021, the Ministry of Foreign Affairs of Varenia said that maps provided by Ostrana show 12,000 landmines."
    handed = page("Landmine Monitor 2022", "Use", shown)
    refused = page("Statement, 5 May 2025", "Ostrana refused to disclose information on the location of minefields.")
    assert any(kind == "tension" and "refused" in reason for kind, reason in told(monitor=handed, statement=refused))


def test_advice_to_join_presupposes_that_a_state_is_outside():
    status = page("Landmine Monitor 2022", "Varenia has not acceded to the Mine Ban Treaty.")
    should = "- Varenia should accede to the Anti-Personnel Mine Ban Convention."
    advice = page("Clearing the Mines 2023", "Recommendations for Action", should)
    assert "confirms" in kinds(monitor=status, review=advice)
    joined = status.replace("has not acceded to", "acceded in 2021 to")
    assert "tension" in kinds(monitor=joined, review=advice)


def test_outside_a_convention_and_inside_its_protocol_is_tension():
    outside = page("Landmine Monitor 2022", "Varenia is not party to the Convention on Conventional Weapons.")
    inside = page("Landmine Monitor 2023", "Varenia is party to CCW Amended Protocol II.")
    assert "tension" in kinds(one=outside, other=inside)
