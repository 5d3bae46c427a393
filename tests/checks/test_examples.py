"""Each of the ninety rules has an example that breaks it and one that keeps it; a rule that lacks either fails here."""

import pytest

from clearland.checks.catalogue import rules
from tests.checks.conftest import Nation
from tests.checks.examples import EXAMPLES
from tests.checks.ground import ground
from tests.checks.seeded import IN_FILE, KNOWN
from tests.checks.test_land_rules import ALL_RULES, SILENT, SPEAKS

SEEDED = {defect.code for defect in (*IN_FILE, *KNOWN)}


def said_on_ground(case):
    rule, things = case[0], case[1]
    return {one.finding.code for one in ALL_RULES[rule](ground(*things))}


def of_rule(cases, number):
    return [case for name, case in cases.items() if name.split()[0] == str(number)]


@pytest.mark.parametrize("number", list(rules()))
def test_a_rule_has_an_example_that_breaks_it_and_one_that_keeps_it(number, broken_nation: Nation, sqlite_programme, tmp_path):
    rule = rules()[number]
    # The account and the book are held by more than the codes they bear: there any word of a breach will do.
    own = set(rule.codes) if rule.where not in ("balance", "write") else set()
    broken, kept = [], []
    if own & SEEDED:
        broken += [broken_nation.codes_of(unit) for unit, defect in broken_nation.seeded.items() if defect.code in own]
        kept.append(set().union(*map(broken_nation.codes_of, broken_nation.in_order)))
    broken += map(said_on_ground, of_rule(SPEAKS, number))
    kept += map(said_on_ground, of_rule(SILENT, number))
    if number in EXAMPLES:
        broken.append(EXAMPLES[number].fails(tmp_path))
        kept.append(EXAMPLES[number].passes(tmp_path))
    assert broken, f"rule {number} has no example that breaks it"
    assert kept, f"rule {number} has no example that keeps it"
    assert all(codes & own if own else codes for codes in broken), (number, broken)
    assert not any(codes & own if own else codes for codes in kept), (number, kept)


def test_every_code_of_a_rule_over_records_has_an_example() -> None:
    made = {code for rule in rules().values() for code in rule.codes if code.startswith("R-")}
    direct = {"R-CROWDED-POINT", "R-BORN-AFTER", "R-NOT-SIGNED"}
    assert made - SEEDED == direct
    assert {rule.number for rule in rules().values() if direct & set(rule.codes)} <= set(EXAMPLES)
