"""Canonical attributes: typed, of the list, complete; what is wrong is named with its column and never dropped."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.core.canonical import canonical_bytes
from clearland.core.errors import ClearlandError
from clearland.core.partial_dates import PartialDate
from clearland.core.sealing import commitment
from clearland.dictionary.loader import builtin, with_overlays
from clearland.dictionary.values import MAX_TEXT, clean

KIND = {
    "labels": {"en": "Sample"}, "plural_labels": {"en": "Samples"}, "definition": "For tests.", "geometry": "none",
    "layer": True, "sensitivity": "public",
}
OVERLAY = {
    "name": "types",
    "kinds": [{
        **KIND, "name": "sample",
        "fields": [
            {"name": f"a_{kind}", "type": kind, "labels": {"en": kind}, "definition": f"A {kind}.", "source": "[ADD]"}
            for kind in ("text", "codes", "integer", "decimal", "boolean", "date", "partial_date", "datetime")
        ] + [
            {"name": "listed", "type": "code", "code_list": "product_type", "labels": {"en": "listed"},
             "definition": "Of a list.", "source": "[ADD]"},
            {"name": "bounded", "type": "decimal", "minimum": 0, "maximum": 10, "labels": {"en": "bounded"},
             "definition": "Between bounds.", "source": "[ADD]"},
        ],
    }],
}


DICTIONARY = with_overlays([OVERLAY])


def sample(**attributes):
    return clean(DICTIONARY, "sample", attributes)


def one(name, value):
    """The clean value, or the code of the finding."""
    cleaned, findings = sample(**{name: value})
    if findings:
        assert [finding.place.column for finding in findings] == [name]
        assert all(finding.remedy for finding in findings)
        assert cleaned == {}
        return findings[0].code
    return cleaned.get(name)


@pytest.mark.parametrize(("name", "given_value", "expected"), [
    ("a_text", "  Şuşa\r\nŞ  ", "Şuşa\nŞ"),
    ("a_text", "S\u0327us\u0327a", "Şuşa"),
    ("a_text", 12.50, "12.5"),
    ("a_text", b"raw", "E-VALUE-TYPE"),
    ("a_text", "bad\x00", "E-VALUE-TYPE"),
    ("a_text", "lone \ud800", "E-VALUE-TYPE"),
    ("a_text", "x" * (MAX_TEXT + 1), "E-VALUE-RANGE"),
    ("a_codes", "b; a;;b ", ["a", "b"]),
    ("a_codes", '["b", "a"]', ["a", "b"]),
    ("a_codes", ("z", None, "y"), ["y", "z"]),
    ("a_codes", "[broken", "E-VALUE-TYPE"),
    ("a_codes", [], None),
    ("a_codes", 5, "E-VALUE-TYPE"),
    ("a_integer", "12.0", 12),
    ("a_integer", numpy.int64(7), 7),
    ("a_integer", 1.5, "E-VALUE-TYPE"),
    ("a_integer", True, "E-VALUE-TYPE"),
    ("a_integer", 2**53, "E-VALUE-TYPE"),
    ("a_decimal", "1e3", "1000"),
    ("a_decimal", "-0.00", "0"),
    ("a_decimal", 1521.82, "1521.82"),
    ("a_decimal", Decimal("1.500"), "1.5"),
    ("a_decimal", numpy.float64(0.1), "0.1"),
    ("a_decimal", "1,234", "E-VALUE-TYPE"),
    ("a_decimal", "1_000", "E-VALUE-TYPE"),
    ("a_decimal", "Infinity", "E-VALUE-TYPE"),
    ("a_decimal", "1e999999", "E-VALUE-TYPE"),
    ("a_decimal", float("nan"), None),
    ("a_boolean", "Yes", True),
    ("a_boolean", 0, False),
    ("a_boolean", numpy.bool_(True), True),
    ("a_boolean", 2, "E-VALUE-TYPE"),
    ("a_date", date(2021, 2, 16), "2021-02-16"),
    ("a_date", datetime(2021, 2, 16), "2021-02-16"),  # noqa: DTZ001 (what a sheet gives)
    ("a_date", datetime(2021, 2, 16, 8), "E-VALUE-TYPE"),  # noqa: DTZ001
    ("a_date", "2021-02", "E-VALUE-TYPE"),
    ("a_date", "2021-02-30", "E-VALUE-TYPE"),
    ("a_date", "16.02.2021", "E-VALUE-TYPE"),
    ("a_partial_date", 2021, "2021"),
    ("a_partial_date", "2021-02", "2021-02"),
    ("a_partial_date", date(2021, 2, 16), "2021-02-16"),
    ("a_partial_date", PartialDate(2020, 5), "2020-05"),
    ("a_partial_date", "spring 2021", "E-VALUE-TYPE"),
    ("a_partial_date", True, "E-VALUE-TYPE"),
    ("a_datetime", "2026-11-21T09:00:00+04:00", "2026-11-21T05:00:00Z"),
    ("a_datetime", datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00Z"),
    ("a_datetime", "2026-11-21T09:00:00", "E-VALUE-TYPE"),
    ("a_datetime", "0001-01-01T00:00:00+04:00", "E-VALUE-TYPE"),
    ("a_datetime", "now", "E-VALUE-TYPE"),
    ("listed", "cleared", "cleared"),
    ("listed", "Cleared", "E-VALUE-CODE"),
    ("bounded", "10", "10"),
    ("bounded", "-0.01", "E-VALUE-RANGE"),
    ("bounded", 10.5, "E-VALUE-RANGE"),
    ("a_text", "   ", None),
    ("a_integer", None, None),
])
def test_values_become_canonical_or_a_finding(name, given_value, expected):
    got = one(name, given_value)
    assert got == expected
    assert type(got) is type(expected)


def test_a_code_written_as_its_label_is_refused_with_the_code():
    for written in ("Cleared", "Təmizlənmiş", "Очищенная"):
        _, findings = sample(listed=written)
        assert findings[0].remedy == "Did you mean cleared?"


def test_a_column_that_is_no_field_is_refused_with_the_nearest():
    right = {"date": "2021", "device_category": "AP", "demining": False}
    cleaned, findings = clean(builtin(), "accident", {**right, "kiled": 1})
    assert cleaned == right
    assert [(each.code, each.place.column, each.remedy) for each in findings] == [
        ("E-VALUE-COLUMN", "kiled", "Did you mean killed?"),
    ]


def test_a_link_among_attributes_is_refused():
    _, findings = clean(builtin(), "survey", {"activity_type": "nts", "hazards": ["x"]})
    assert [each.code for each in findings] == ["E-VALUE-LINK"]


def test_an_unknown_kind_is_an_error():
    with pytest.raises(ClearlandError) as caught:
        clean(builtin(), "ghost", {})
    assert caught.value.code == "E-DICT-KIND"


SAMPLES = {
    "text": "x", "codes": ["x"], "integer": 1, "decimal": "1", "boolean": True, "date": "2020-01-01",
    "partial_date": "2020", "datetime": "2020-01-01T00:00:00Z",
}


def value_for(field):
    if field.code_list:
        code = builtin().lists[field.code_list].codes[0].code
        return [code] if field.type == "codes" else code
    return "2000" if field.minimum and Decimal(field.minimum) > 1 else SAMPLES[field.type]


@pytest.mark.parametrize("kind", sorted(builtin().kinds))
def test_every_obligation_of_every_kind_is_asked_for(kind):
    fields = [field for field in builtin().kind(kind).attribute_fields if field.sensitivity != "sealed"]
    full = {field.name: value_for(field) for field in fields}
    assert clean(builtin(), kind, full)[1] == []
    for field in fields:
        without = {name: value for name, value in full.items() if name != field.name}
        if field.obligation == "C":
            asked, _, wanted = field.condition.replace(" in ", " = ").partition(" = ")
            if wanted:
                first = wanted.split("|")[0]
                without[asked] = True if first == "true" else first
        missing = {(each.code, each.place.column) for each in clean(builtin(), kind, without)[1]}
        own = {"M": ("E-VALUE-MISSING", field.name), "C": ("E-VALUE-CONDITION", field.name)}.get(field.obligation)
        assert (own in missing) if own else not {column for _, column in missing} & {field.name}


def test_a_condition_that_does_not_hold_asks_for_nothing():
    product = {"product_type": "cancelled", "release_date": "2022"}
    assert clean(builtin(), "land_release", product) == (product, [])
    _, findings = clean(builtin(), "land_release", {**product, "product_type": "cleared"})
    assert [(each.code, each.place.column) for each in findings] == [("E-VALUE-CONDITION", "depth_cm")]


def test_a_refused_obligatory_value_is_not_called_missing_too():
    _, findings = clean(builtin(), "land_release", {"product_type": "razed", "release_date": "2022"})
    assert [each.code for each in findings] == ["E-VALUE-CODE"]


def test_obligatory_links_are_asked_for_only_where_links_are_known():
    overlay = {"kinds": [{**KIND, "name": "tied", "fields": [
        {"name": "to", "type": "link", "target_kind": "hazard", "obligation": "M", "labels": {"en": "To"},
         "definition": "Where it leads.", "source": "[ADD]"}]}]}
    dictionary = with_overlays([overlay])
    assert clean(dictionary, "tied", {})[1] == []
    assert clean(dictionary, "tied", {}, links=["to"])[1] == []
    assert [each.code for each in clean(dictionary, "tied", {}, links=[])[1]] == ["E-VALUE-MISSING"]


def test_what_tells_who_a_person_is_is_refused_and_not_repeated():
    right = {"outcome": "unknown", "consent_store": "given"}
    cleaned, findings = clean(builtin(), "victim", {**right, "full_name": "Invented Name", "birth_date": "1999-01-01"})
    assert cleaned == right
    assert [(each.code, each.place.column) for each in findings] == [
        ("E-VALUE-SEALED", "full_name"), ("E-VALUE-SEALED", "birth_date"),
    ]
    assert "Invented" not in repr(findings)
    assert clean(builtin(), "victim", {**right, "full_name": " ", "address": None}) == (right, [])


def test_a_way_in_that_seals_gets_who_a_person_is_typed_and_nothing_unfit_is_repeated():
    right = {"outcome": "unknown", "consent_store": "given"}
    cleaned, findings = clean(builtin(), "victim", {**right, "full_name": " Invented ", "birth_date": "1999"}, sealing=True)
    assert (cleaned, findings) == ({**right, "full_name": "Invented", "birth_date": "1999"}, [])
    cleaned, findings = clean(builtin(), "victim", {**right, "birth_date": "Invented"}, sealing=True)
    assert [(each.code, each.place.column) for each in findings] == [("E-VALUE-SEALED", "birth_date")]
    assert cleaned == right
    assert "Invented" not in repr(findings)
    committed = {"full_name": commitment(b"0" * 16, b"Invented")}
    assert clean(builtin(), "victim", {**right, **committed}) == ({**right, **committed}, [])


anything = st.one_of(
    st.none(), st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.dates(), st.decimals(),
    st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=4))])),
    st.lists(st.text(max_size=5), max_size=4),
    st.sampled_from(["cleared", "AP;AV", "2021-02", "1e3", "007", " 12.50 ", "yes"]),
)
names = st.sampled_from([
    "a_text", "a_codes", "a_integer", "a_decimal", "a_boolean", "a_date", "a_partial_date", "a_datetime", "listed",
    "bounded", "unknown",
])


@given(st.dictionaries(names, anything))
def test_cleaning_twice_changes_nothing(attributes):
    once, findings = sample(**attributes)
    assert sample(**once) == (once, [])
    assert json.loads(canonical_bytes(once)) == once
    for name in attributes:
        blank = attributes[name] in (None, "", []) or name in once
        assert blank or name in {each.place.column for each in findings} or one(name, attributes[name]) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_decimals_keep_their_value_and_have_one_spelling(number):
    text = one("a_decimal", number)
    assert Decimal(text) == number
    assert "e" not in text.lower()
    assert one("a_decimal", f"{number}000" if "." in str(number) else str(number)) == text
