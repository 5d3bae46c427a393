"""Precision and recall against an answer key; rows that look alike and are two people; work that stays bounded."""

from collections import Counter, defaultdict
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.checks.catalogue import reason_said
from clearland.checks.matching import blocking
from clearland.checks.matching.incidents import accidents, victims
from clearland.checks.matching.registers import hazards, organisations
from clearland.checks.matching.scoring import clusters, one_to_one
from clearland.core.formats import LANGUAGES
from tests.checks.ground import square
from tests.checks.matching.told_twice import told_twice

TOLD = told_twice(700)
FOUND = {"accident": accidents(TOLD.accidents)}
FOUND["victim"] = victims(TOLD.victims, TOLD.accidents, FOUND["accident"].pairs, {})
ROWS = {"accident": TOLD.accidents, "victim": TOLD.victims}


def open_pairs(kind):
    return one_to_one(FOUND[kind].pairs, {row["record"]: row["source"] for row in ROWS[kind]}, (), ())


def true_pairs(kind):
    """How many pairs of sources tell of one thing: of two who look alike in both, two."""
    told = Counter((TOLD.thing[row["record"]], row["source"]) for row in ROWS[kind])
    by_thing = defaultdict(list)
    for (thing, _source), number in told.items():
        by_thing[thing].append(number)
    return sum(min(pair) for numbers in by_thing.values() for pair in combinations(numbers, 2))


@pytest.mark.parametrize(("kind", "precision", "recall"), [("accident", 0.97, 0.88), ("victim", 0.97, 0.93)])
def test_what_several_sources_tell_is_found(kind, precision, recall):
    pairs = open_pairs(kind)
    right = sum(TOLD.thing[pair.first] == TOLD.thing[pair.second] for pair in pairs)
    assert right / len(pairs) >= precision
    assert right / true_pairs(kind) >= recall


def test_each_thing_of_a_source_has_one_partner_in_another():
    partners: Counter[tuple[str, str]] = Counter()
    source = {row["record"]: row["source"] for row in TOLD.victims}
    for pair in open_pairs("victim"):
        assert source[pair.first] != source[pair.second]
        partners[pair.first, source[pair.second]] += 1
        partners[pair.second, source[pair.first]] += 1
    assert set(partners.values()) == {1}


def person(record, source, **values):
    return {"record": record, "local_id": record, "source": source, "accident_date": "2024-05-01", "district": "D1",
            "age_years": 12, "gender": "male", "outcome": "injured", "activity": "herding", **values}  # fmt: skip


def test_identical_rows_of_one_source_are_people_of_their_own():
    assert victims([person("a", "police"), person("b", "police")], [], [], {}).pairs == ()
    rows = [person(name, source) for source in ("police", "hospital") for name in (f"{source}1", f"{source}2")]
    found = victims(rows, [], [], {})
    assert len(found.pairs) == 4
    source = {row["record"]: row["source"] for row in rows}
    asked = one_to_one(found.pairs, source, (), ())
    assert len(asked) == 2
    first = (asked[0].first, asked[0].second)
    left = one_to_one(found.pairs, source, [first], {frozenset(first)})
    assert len(left) == 1
    assert not {left[0].first, left[0].second} & set(first)


def test_sealed_names_that_agree_find_what_nothing_else_does():
    rows = [person("a", "police"), person("b", "hospital", accident_date="2024-05", district=None, age_years=None, gender=None)]
    assert victims(rows, [], [], {}).pairs == ()
    sealed = {"full_name": {"a": "x", "b": "x"}}
    [pair] = victims(rows, [], [], sealed).pairs
    assert pair.reasons[0].code == "sealed_same"
    other = {"full_name": {"a": "x", "b": "x"}, "identification_number": {"a": "1", "b": "2"}, "birth_date": {"a": "1", "b": "2"}}
    assert victims(rows, [], [], other).pairs == ()


def body(record, name, **values):
    return {"record": record, "local_id": record, "source": None, "name": name, **values}


@pytest.mark.parametrize(("one", "other"), [
    ({"name": "Ağdam Minatəmizləmə Qrupu"}, {"name": "Агдам Минатемизлеме Групу"}),
    ({"name": "Demining Brigade of the North"}, {"name": "Demining Brigades of the North", "country": "XX"}),
    ({"name": "International Mine Field Survey"}, {"name": "Other words", "short_name": "IMFS"}),
    ({"name": "Clear Fields", "website": "https://www.fields.example"}, {"name": "Clear Field", "website": "fields.example/en"}),
])  # fmt: skip
def test_organisations_under_two_names(one, other):
    [pair] = organisations([{**body("a", ""), **one}, {**body("b", ""), **other}]).pairs
    assert (pair.first, pair.second) == ("a", "b")


def test_organisations_of_two_countries_are_two():
    rows = [body("a", "National Mine Action Centre", country="AA"), body("b", "National Mine Action Centre", country="BB")]
    [pair] = organisations(rows).pairs
    assert pair.score < 0.6
    assert organisations([body("a", "Halo of the South"), body("b", "Bureau of Statistics")]).pairs == ()


def area(record, source, shape, **values):
    return {"record": record, "local_id": record, "source": source, "geometry": shape, "contamination": ["AP"], **values}


def test_hazards_that_cover_each_other():
    one = area("a", "s", square(0, 0, 4, 4), district="D1")
    [pair] = hazards([one, area("b", "t", square(0.1, 0, 4, 4), district="D1")]).pairs
    assert pair.reasons[0].code == "outline_share"
    assert pair.score > 0.9
    assert hazards([one, area("b", "t", square(9, 9, 4, 4), district="D1")]).pairs == ()
    assert hazards([one, area("b", "t", square(0, 0, 4, 4), parent_hazard="a")]).pairs == ()
    [pair] = hazards([one, area("b", "t", square(1, 1, 1, 1))]).pairs
    assert pair.reasons[0].code == "outline_within"


def test_hazards_without_outline_by_number_and_name():
    rows = [area("a", "s", None, district="D1", name="Şimal təpə"), area("b", "t", None, district="D1", name="Шимал тепе")]
    [pair] = hazards(rows).pairs
    assert {reason.code for reason in pair.reasons} == {"name_same", "field_same"}
    assert hazards([rows[0], {**rows[1], "name": None}]).pairs == ()
    numbered = [{**rows[0], "local_id": "SHA/0042"}, {**rows[1], "local_id": "SHA-0042", "name": None}]
    assert [pair.reasons[0].code for pair in hazards(numbered).pairs] == ["number_same"]


def test_every_ground_is_said_in_three_languages():
    values = {"date": "2024-01-01", "days": 2, "distance_m": 1234.0, "field": "f", "value": "v", "one": "a", "other": "b",
              "number": "n", "name": "n", "percent": 40}  # fmt: skip
    codes = {reason.code for found in FOUND.values() for pair in found.pairs for reason in pair.reasons}
    assert {"date_same", "place_near", "field_same", "accident_likely"} <= codes
    for code in codes:
        assert len({reason_said(code, values, language) for language in LANGUAGES}) == 3


def test_work_stays_bounded_in_a_crowd(monkeypatch):
    monkeypatch.setattr(blocking, "MOST_IN_A_BLOCK", 20)
    crowd = [{**row, "record": f"{n}", "source": f"s{n % 2}"} for n, row in enumerate([TOLD.accidents[0]] * 300)]
    found = accidents(crowd)
    assert found.comparisons == 0
    assert found.left_out >= 300 * 299 / 2


def test_comparisons_grow_with_the_records_and_not_with_their_square():
    few, many = (accidents(told_twice(number).accidents) for number in (200, 800))
    assert many.comparisons / few.comparisons < 2 * (many.records / few.records) ** 1.5


def test_records_told_again_count_once_whatever_the_order():
    assert clusters([("b", "a"), ("c", "b")]) == {"b": "a", "c": "a"}
    assert clusters([("a", "b"), ("b", "a")]) == {"b": "a"}
    assert clusters([("b", "a"), ("c", "d")]) == {"b": "a", "c": "d"}
    assert clusters([]) == {}


two_of_six = st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda pair: pair[0] != pair[1])


@given(st.lists(two_of_six), st.randoms(use_true_random=False))
def test_the_order_of_decisions_changes_nothing(pairs, random):
    kept = clusters(pairs)
    assert kept == clusters(random.sample(pairs, len(pairs)))
    assert not set(kept) & set(kept.values())  # what is left out counts for nobody
    assert set(kept) <= {each for pair in pairs for each in pair}
