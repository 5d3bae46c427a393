"""Sums of blocks, each cut by itself, are the sums of the whole."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.land.balance import balance_of, question_of
from clearland.land.blocks import cut_block, members_of
from clearland.land.given import Hazards, Products
from clearland.land.partition import partition
from clearland.land.reported import reported_flows
from clearland.land.summary import added, summarise
from tests.land.nation import nation
from tests.land.test_laws import SETTINGS, stories

PERIOD = (date(2019, 1, 1), date(2022, 6, 30))


def in_blocks(hazards, products, most):
    """The blocks of two sets of records, cut one by one."""
    hazards, products = Hazards.of(hazards), Products.of(products)
    found = members_of(hazards, products, most)
    assert sorted(row for one in found for row in one.own_hazards.tolist()) == list(range(len(hazards)))
    assert sorted(row for one in found for row in one.own_products.tolist()) == list(range(len(products)))
    return [
        cut_block(hazards.take(one.hazards), products.take(one.products), hazards.id[one.own_hazards],
                  products.id[one.own_products], SETTINGS)
        for one in found
    ]


def same(hazards, products, most, by):
    question = question_of(*PERIOD, by, date(2018, 12, 31))
    whole = partition(hazards, products, SETTINGS)
    summaries = [summarise(cut, question) for cut in in_blocks(hazards, products, most)]
    reported = reported_flows(whole, [])
    one = balance_of(question, summarise(whole, question), reported, then=summarise(whole, question))
    other = balance_of(question, added(summaries), reported, then=added(summaries))
    numbers = [[value for row in result.as_json() for value in flat(row)] for result in (one, other)]
    assert numbers[0] == pytest.approx(numbers[1], abs=2e-3)
    assert [row.key for row in one.rows] == [row.key for row in other.rows]
    assert sorted(finding.code for finding in one.findings) == sorted(finding.code for finding in other.findings)
    return len(summaries)


def flat(row):
    for value in row.values():
        if isinstance(value, dict):
            yield from flat(value)
        elif isinstance(value, float):
            yield value


@settings(max_examples=40, deadline=None)
@given(stories(), st.integers(1, 6), st.sampled_from([(), ("type", "class", "place"), ("operator",)]))
def test_any_story_in_blocks_is_the_story_in_one(story, most, by):
    same(story.hazards, story.products, most, by)


def test_a_nation_in_blocks_is_the_nation_in_one():
    country = nation(900, 11)
    assert same(country.hazards, country.products, 200, ("place", "type", "class")) > 4
