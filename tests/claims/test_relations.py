"""Figures tied by arithmetic, editions that replace one another, and tensions ranked by how alike their scopes are."""

from clearland.claims.compare import disagreements
from clearland.claims.model import Claim, Scope, Voice
from clearland.claims.pairs import compare


def a_claim(start, value, attribute, unit="people", file="a.txt", **rest):
    given = {"subject": "Varenia", "qualifier": "exact", "period": "2014", "claimant": "Agency"}
    return Claim(file=file, start=start, end=start + 5, value=value, attribute=attribute, unit=unit, **(given | rest))


def told(claims, kind):
    return [one.reason for one in disagreements(claims) if one.kind == kind]


def test_parts_that_make_up_their_whole():
    claims = [a_claim(0, 27, "casualty.total"), a_claim(20, 9, "casualty.killed"), a_claim(40, 18, "casualty.injured")]
    assert told(claims, "part_of") == ["9 people + 18 people beside 27 people in all: as told."] * 2


def test_the_gap_of_a_sum_is_said():
    claims = [
        a_claim(0, 2.1, "release.method_not_said", "km2"),
        a_claim(20, 1.3, "release.cleared", "km2"),
        a_claim(40, 50, "release.reduced", "ha"),
    ]
    (first, _) = told(claims, "part_of")
    assert first == "50 ha + 1.3 km² beside 2.1 km² in all: a gap of 0.3 km²."


def test_parts_of_another_year_or_voice_are_no_parts():
    whole, killed = a_claim(0, 27, "casualty.total"), a_claim(20, 9, "casualty.killed")
    assert not told([whole, killed, a_claim(40, 18, "casualty.injured", period="2013")], "part_of")
    assert not told([whole, killed, a_claim(40, 18, "casualty.injured", claimant="Hospital")], "part_of")
    assert not told([whole, killed, a_claim(2_000, 18, "casualty.injured")], "part_of")


def test_a_part_of_a_counted_whole():
    part = a_claim(0, 24, "contamination.units_affected", "districts", base="sixty-five districts")
    whole = a_claim(10, 65, "contamination.units_affected", "districts")
    assert told([part, whole], "share_of") == ["24 of 65 districts is 36.9 % (our arithmetic)."]


def test_what_a_share_implies_is_marked_as_ours():
    amount = a_claim(0, 746, "release.method_not_said", "km2")
    share = a_claim(20, 9, "release.share", "percent", base="total contamination")
    (reason,) = told([amount, share], "implies")
    assert "about 8,289 km²" in reason
    assert "our arithmetic" in reason
    far = a_claim(400, 9, "release.share", "percent", base="total contamination")
    assert not told([amount, far], "implies")
    of_itself = a_claim(20, 70, "release.share", "percent", base="them")
    assert not told([amount, of_itself], "implies")


def test_a_later_edition_of_one_voice_replaces_its_figure():
    first = a_claim(0, 3308, "casualty.total", file="a.txt", as_of="2015-11-01")
    later = a_claim(0, 3457, "casualty.total", file="b.txt", as_of="2019-11-01")
    found = compare(first, later)
    assert found is not None
    assert found.kind == "supersedes"
    assert "2019-11-01" in found.reason
    quoted = (Voice(agent="Agency", role="asserts", mode="paraphrased"),)
    other = a_claim(0, 3457, "casualty.total", file="b.txt", as_of="2019-11-01", chain=quoted)
    repeated = compare(first, other)
    assert repeated is not None
    assert repeated.kind == "contradicts"


AGENCY = Scope(device="AP", actor=("Agency",))
ALL = Scope(actor=("all operators",))


def test_scopes_that_differ_in_several_fields_are_tension_not_silence():
    left = a_claim(0, 3.52, "release.cleared", "km2", scope=AGENCY)
    right = a_claim(50, 41_915, "release.cleared", "ha", scope=ALL, claimant="News")
    (found,) = disagreements([left, right])
    assert found.kind == "tension"
    assert "the actor is Agency here and all operators there and only one says which device" in found.reason
    assert 0 < found.alike < 1


def test_other_places_and_devices_are_other_matters():
    left = a_claim(0, 3.52, "release.cleared", "km2", scope=Scope(place=("Keb",)))
    right = a_claim(50, 41, "release.cleared", "km2", scope=Scope(place=("Lund",)), claimant="News")
    assert disagreements([left, right]) == []


def test_the_most_alike_scopes_come_first_and_a_claim_keeps_few():
    one = a_claim(0, 5, "release.cleared", "km2", scope=AGENCY)
    near = a_claim(10, 9, "release.cleared", "km2", scope=Scope(actor=("Agency",)), claimant="News")
    others = [
        a_claim(100 + n, 20 + n, "release.cleared", "km2", scope=Scope(actor=(f"Operator {n}",)), claimant=f"Paper {n}")
        for n in range(30)
    ]
    found = [pair for pair in disagreements([one, near, *others]) if one in (pair.left, pair.right)]
    assert near in (found[0].left, found[0].right)
    assert len(found) <= 8
    likeness = [pair.alike for pair in found]
    assert likeness == sorted(likeness, reverse=True)
