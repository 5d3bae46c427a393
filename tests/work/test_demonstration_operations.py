"""The daily work behind the synthetic nation agrees with its land and its accidents, and nobody in it has a name."""

from collections import Counter

import pytest

from clearland.dictionary.loader import builtin
from clearland.work.demonstration.nation import LAST_WORK, Nation, synthetic_nation
from clearland.work.demonstration.operations import add_operations


@pytest.fixture(scope="module")
def nation() -> Nation:
    made = synthetic_nation(hazards=80)
    add_operations(made)
    return made


def of_kind(nation: Nation, kind: str):
    return [draft for _day, draft in nation.drafts if draft.kind == kind]


def test_it_is_the_same_each_time_and_leaves_the_land_as_it_was(nation: Nation) -> None:
    again = synthetic_nation(hazards=80)
    land = list(again.drafts)
    add_operations(again)
    assert again.drafts == nation.drafts
    assert again.drafts[: len(land)] == land


def test_there_is_a_victim_for_each_casualty_of_each_accident(nation: Nation) -> None:
    counted: Counter[tuple[object, str]] = Counter()
    for victim in of_kind(nation, "victim"):
        counted[victim.links["accident"][0], victim.attributes["outcome"]] += 1
    assert sum(counted.values()) > 10
    for accident in of_kind(nation, "accident"):
        for outcome in ("killed", "injured"):
            assert counted[accident.record, outcome] == accident.attributes[outcome]


def test_nobody_has_a_name_and_everything_is_marked(nation: Nation) -> None:
    for _day, draft in nation.drafts:
        sealed = {field.name for field in builtin().kind(draft.kind).fields if field.sensitivity == "sealed"}
        assert not sealed & set(draft.attributes)
        assert draft.local_id.startswith("SYN")


def test_sums_agree_and_obligatory_links_are_there(nation: Nation) -> None:
    for heads in of_kind(nation, "eore_beneficiaries"):
        values = heads.attributes
        parts = sum(values.get(name, 0) for name in ("women", "men", "girls", "boys", "not_disaggregated"))
        assert values["total"] == parts
    for stock in of_kind(nation, "stockpile"):
        values = stock.attributes
        assert values["closing"] == values["opening"] + values["acquired"] - values["destroyed"] - values["transferred"]
    for _day, draft in nation.drafts:
        kind = builtin().kind(draft.kind)
        assert {field.name for field in kind.link_fields if field.obligation == "M"} <= set(draft.links), draft.local_id


def test_nothing_is_known_before_it_happened(nation: Nation) -> None:
    for day, draft in nation.drafts:
        field = builtin().kind(draft.kind).valid_from_field
        if field and field in draft.attributes and draft.kind != "accreditation":
            assert draft.attributes[field][:10] <= str(day), draft.local_id
    assert max(day for day, _ in nation.drafts) > LAST_WORK


def test_what_failed_at_inspection_has_its_whole_consequence(nation: Nation) -> None:
    failed = {draft.record for draft in of_kind(nation, "land_release") if draft.attributes["qc_state"] == "failed"}
    assert failed
    assert {draft.links["products"][0] for draft in of_kind(nation, "qc_sampling")} == failed
    assert len(of_kind(nation, "non_conformity")) == len(of_kind(nation, "corrective_action")) == len(failed)
