"""Which claims disagree, confirm or deny, and that neither order nor number changes it."""

import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.claims.compare import disagreements
from clearland.claims.model import Claim, Scope
from clearland.claims.pairs import compare
from clearland.claims.witnesses import witnesses


def a_claim(file="a.txt", start=0, **rest):
    given_: dict[str, Any] = {
        "subject": "Varenia",
        "attribute": "contamination.area",
        "value": 12,
        "unit": "km2",
        "qualifier": "exact",
        "period": "2014",
        "claimant": file,
    }
    return Claim(file=file, start=start, end=start + 5, **(given_ | rest))


def kind(left, right):
    found = compare(left, right)
    return found.kind if found else None


def reason(left, right):
    found = compare(left, right)
    assert found is not None
    return found.reason


def test_same_scope_and_period_and_other_value_contradict():
    assert kind(a_claim(value=12.4), a_claim("b.txt", value=33.7)) == "contradicts"
    assert "12.4 km²" in reason(a_claim(value=12.4), a_claim("b.txt", value=33.7))


def test_bounds_and_rounding_are_no_contradiction():
    assert kind(a_claim(value=12.4), a_claim("b.txt", value=12)) == "confirms"
    assert kind(a_claim(value=12.4), a_claim("b.txt", value=12_400_000, unit="m2")) == "confirms"
    assert kind(a_claim(value=10, qualifier="more_than"), a_claim("b.txt", value=15)) == "confirms"
    assert kind(a_claim(value=10, qualifier="less_than"), a_claim("b.txt", value=15)) == "contradicts"
    assert kind(a_claim(value=100, qualifier="approximately"), a_claim("b.txt", value=95)) == "confirms"
    assert kind(a_claim(value=100, qualifier="approximately"), a_claim("b.txt", value=80)) == "contradicts"


def test_a_scope_not_said_never_equals_a_code():
    left, right = a_claim(value=12, scope=Scope(device="AP")), a_claim("b.txt", value=40)
    assert kind(left, right) == "tension"
    assert "device" in reason(left, right)
    assert kind(a_claim(value=12, scope=Scope(device="AP")), a_claim("b.txt", value=40, scope=Scope(device="CMR"))) is None


def test_other_definitions_and_periods_are_tension_or_series():
    assert (
        kind(a_claim(scope=Scope(definition="CHA")), a_claim("b.txt", value=40, scope=Scope(definition="SHA and CHA")))
        == "tension"
    )
    assert kind(a_claim(period="2014"), a_claim("b.txt", value=40, period="2013/2015")) == "tension"
    assert kind(a_claim(period="2014"), a_claim("b.txt", value=40, period=None)) == "tension"
    assert kind(a_claim(period="2014"), a_claim("b.txt", value=40, period="2015")) == "series"


def test_units_that_measure_other_things_are_not_compared():
    assert kind(a_claim(value=12), a_claim("b.txt", value=12, unit="percent")) is None
    assert kind(a_claim(value=5, unit="USD"), a_claim("b.txt", value=9, unit="AZN")) is None


def test_shares_of_one_matter_by_other_measures_are_tension():
    left = a_claim(subject="maps", attribute="record.accuracy", value=40, unit="percent")
    right = a_claim("b.txt", subject="records", attribute="record.coverage", value=3, unit="percent")
    (found,) = disagreements([left, right])
    assert found.kind == "tension"
    assert "different measures" in found.reason


def status(file, value, polarity, period):
    return a_claim(file, attribute="treaty.status", value=value, unit="text", polarity=polarity, period=period)


def test_statuses():
    no, yes = status("a.txt", "not acceded", "negated", "as-of 2011"), status("b.txt", "acceded", "affirmed", "as-of 2015")
    assert kind(no, yes) == "series"
    assert kind(no, status("b.txt", "acceded", "affirmed", "as-of 2011")) == "contradicts"
    assert kind(no, status("c.txt", "not acceded", "negated", "as-of 2022")) == "confirms"


def test_two_prints_of_one_quotation_are_one_witness():
    words = "unilaterally committed to producing no mines"
    left = a_claim(attribute="treaty.position", value=words, unit="text", quoted=True)
    right = a_claim("b.txt", attribute="treaty.position", value=words, unit="text", quoted=True)
    assert kind(left, right) == "same_source"
    assert witnesses([left, right]) == 1
    assert witnesses([left, a_claim("c.txt", value=4)]) == 2


def test_a_denial_meets_the_accusation_it_answers():
    accusation = a_claim(
        start=10, attribute="use.event", subject="Ostrana", value=True, unit=None, stance="alleged", claimant="Varenia"
    )
    denial = a_claim(
        start=90,
        attribute="use.denial",
        subject="Ostrana",
        value=False,
        unit=None,
        stance="denied",
        polarity="negated",
        claimant="Government of Ostrana",
    )
    other = a_claim(
        start=40, attribute="use.event", subject="Tessaly", value=True, unit=None, stance="alleged", claimant="Varenia"
    )
    found = disagreements([denial, other, accusation])
    assert [(one.kind, one.left.start, one.right.start) for one in found] == [("denies", 10, 90)]


def test_a_denial_inside_a_note_meets_the_sentence_of_its_marker():
    accusation = a_claim(start=10, attribute="use.event", subject="Ostrana", value=True, unit=None, stance="alleged", footnote=7)
    denial = a_claim(
        start=900,
        attribute="use.denial",
        subject="Ostrana",
        value=False,
        unit=None,
        stance="denied",
        polarity="negated",
        claimant="Government of Ostrana",
        in_footnote=7,
    )
    assert [one.kind for one in disagreements([accusation, denial])] == ["denies"]


CLAIMS = st.builds(
    a_claim,
    file=st.sampled_from(["a.txt", "b.txt", "c.txt"]),
    start=st.integers(0, 30),
    value=st.one_of(st.integers(0, 20), st.sampled_from(["not acceded", "acceded", "2021-03"]), st.booleans()),
    attribute=st.sampled_from(["contamination.area", "treaty.status", "use.event", "record.accuracy", "conflict.event"]),
    subject=st.sampled_from(["Varenia", "Ostrana"]),
    claimant=st.sampled_from([None, "Varenia", "Ostrana"]),
    period=st.sampled_from([None, "2014", "as-of 2014", "2013/2015", "2020"]),
    stance=st.sampled_from(["reported", "alleged", "denied"]),
    polarity=st.sampled_from(["affirmed", "negated"]),
    quoted=st.booleans(),
    unit=st.sampled_from([None, "km2", "percent"]),
)


@given(st.lists(CLAIMS, max_size=12), st.randoms())
@settings(max_examples=150, deadline=None)
def test_order_of_arrival_changes_nothing(claims, random):
    unique = list({(one.file, one.start, one.end, one.ref): one for one in claims}.values())
    shuffled = list(unique)
    random.shuffle(shuffled)
    assert disagreements(unique) == disagreements(shuffled)


@given(CLAIMS, CLAIMS)
def test_compare_is_symmetric(left, right):
    one, other = compare(left, right), compare(right, left)
    assert (one is None) == (other is None)
    if one is not None and other is not None and left.start != right.start:
        assert one == other


def test_work_grows_with_the_number_of_claims():
    claims = [a_claim(f"{n % 50}.txt", start=n, value=n % 7, period=str(2000 + n % 20)) for n in range(4_000)]
    began = time.perf_counter()
    found = disagreements(claims)
    assert len(found) <= 40 * len(claims)
    assert time.perf_counter() - began < 30


def test_two_days_of_one_meeting_told_by_one_voice_are_tension_not_contradiction():
    first = a_claim(attribute="treaty.attendance", value="2021-06-21", unit="date")
    second = a_claim(start=90, attribute="treaty.attendance", value="2021-06-22", unit="date", claimant="a.txt")
    later = a_claim(start=180, attribute="treaty.attendance", value="2021-07-22", unit="date", claimant="a.txt")
    found = disagreements([first, second, later])
    assert [(one.kind, one.left.start, one.right.start) for one in found] == [("tension", 0, 90)]


def test_records_handed_over_and_refused_differ_whatever_the_words():
    given_over = a_claim(attribute="record.handover", value="gave maps of one district", unit="text")
    refused = a_claim("b.txt", attribute="record.handover", value="has not answered", unit="text", polarity="negated")
    assert kind(given_over, refused) == "contradicts"
    assert kind(given_over, a_claim("b.txt", attribute="record.handover", value="has not answered", unit="text")) is None


def test_what_an_observer_leaves_open_stands_beside_what_is_alleged():
    alleged = a_claim(
        attribute="production.status", subject="Ostrana", value=True, unit=None, stance="alleged", claimant="Varenia"
    )
    doubt = a_claim(
        "b.txt", attribute="use.provenance", subject="Varenia", value="further investigation is needed", unit="text",
        claimant="Observer",
    )  # fmt: skip
    (found,) = disagreements([alleged, doubt])
    assert found.kind == "tension"
    assert found.reason == "Observer leaves open what Varenia alleges."
