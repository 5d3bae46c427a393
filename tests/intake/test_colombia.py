"""The two editions of Colombia's land-release ledger: one ledger at two dates of knowledge."""

from datetime import date
from pathlib import Path

import pytest

from clearland.dictionary.model import Dictionary
from clearland.intake.existing import Content, ExistingState
from clearland.intake.ledger_state import existing_in_ledger, records_in_series
from clearland.intake.mapping import Mapping, load_mappings
from clearland.intake.plan import Circumstances, Plan, plan
from clearland.intake.readers.dispatch import read_tables
from clearland.ledger.drafts import NewSource, Receipt
from clearland.ledger.rows import rows
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.write import write
from tests.intake.conftest import EXAMPLES, TODAY

SERIES = "colombia-land-release"
FIRST = EXAMPLES / "data/colombia-land-release-2015-edition.csv"
FIRST_XLSX = EXAMPLES / "data/colombia-land-release-2015-edition.xlsx"
SECOND = EXAMPLES / "data/colombia-land-release-2019-edition.csv"


def mapping_of(year: int) -> tuple[Mapping, ...]:
    return load_mappings(EXAMPLES / f"mappings/colombia-land-release-{year}.yaml")


def planned(path: Path, year: int, dictionary: Dictionary, before: Plan | None = None) -> Plan:
    known = {}
    for draft in before.drafts if before else ():
        content = Content(kind=draft.kind, local_id=draft.local_id, attributes=draft.attributes)
        known[draft.record] = ExistingState(content=content, head=draft.record, state="approved")
    return plan(read_tables(path), mapping_of(year), dictionary, known, Circumstances(today=TODAY, in_series=frozenset(known)))


def destroyed(found: Plan, field: str) -> int:
    early = [draft.attributes for draft in found.drafts if draft.attributes["period_to"] <= "2014-12-31"]
    return sum(attributes.get(field, 0) for attributes in early)


def test_first_edition_has_its_rows_and_sums(dictionary: Dictionary):
    found = planned(FIRST, 2015, dictionary)
    assert (len(found.rows), found.new, found.refused) == (333, 333, 0)
    assert destroyed(found, "ap_destroyed") == 3_871
    assert destroyed(found, "ap_impro_destroyed") == 641
    assert destroyed(found, "items_destroyed") == 5_006


def test_second_edition_shows_the_reclassification(dictionary: Dictionary):
    found = planned(SECOND, 2019, dictionary)
    assert (len(found.rows), found.new, found.refused) == (3_129, 3_129, 0)
    assert found.duplicate_rows == 3
    assert destroyed(found, "ap_destroyed") == 4_519
    assert destroyed(found, "ap_impro_destroyed") == 3
    assert destroyed(found, "items_destroyed") == 5_005
    area = sum(int(draft.attributes["cleared_m2"]) for draft in found.drafts)
    assert area == 6_008_612


def test_workbook_and_csv_make_the_same_records(dictionary: Dictionary):
    found = planned(FIRST_XLSX, 2015, dictionary, before=planned(FIRST, 2015, dictionary))
    assert (found.same, found.new, found.changed) == (333, 0, 0)


def test_keys_survive_accents_and_order(dictionary: Dictionary):
    before = planned(FIRST, 2015, dictionary)
    after = planned(SECOND, 2019, dictionary, before)
    assert (after.changed, after.new, after.conflicting) == (323, 2_806, 0)
    assert len(after.missing) == 10
    gone = {draft.local_id for draft in before.drafts if draft.record in after.missing}
    assert "valle del cauca/el cerrito/2010/4/bases militares" in gone
    moved = [finding for finding in after.findings if finding.code == "W-EDITION-MOVED"]
    places = [(finding.values["before"], finding.values["now"]) for finding in moved]
    assert places == [tuple(f"valle del cauca/el cerrito/2010/{month}/bases militares" for month in (4, 6))]
    withdrawn = [finding for finding in after.findings if finding.code == "W-EDITION-WITHDRAWN"]
    assert len(moved) + len(withdrawn) == 10


def test_no_field_but_what_changed_is_reported(dictionary: Dictionary):
    after = planned(SECOND, 2019, dictionary, planned(FIRST, 2015, dictionary))
    differs = {name for row in after.rows if row.status == "changed" for name in row.differs}
    assert not differs & {"local_id", "district", "period_from", "period_to", "setting", "programme_area", "kind"}


def add(path: Path, year: int, received: date, dictionary: Dictionary) -> tuple[Plan, Receipt]:
    access = scope(system_actor("intake"), "adding a file")
    found = plan(
        read_tables(path),
        mapping_of(year),
        dictionary,
        existing_in_ledger(access, SERIES, received),
        Circumstances(today=TODAY, in_series=records_in_series(access, SERIES, received)),
    )
    found.refuse_if_wrong()
    source = NewSource(
        data=path,
        filename=path.name,
        media_type="text/csv",
        received=received,
        series=SERIES,
        full_edition=True,
    )
    receipt = write(
        found.drafts,
        actor=access.actor,
        reason="an edition",
        source=source,
        supersede_missing_of=SERIES,
    )
    return found, receipt


def sums(as_known: date | None) -> tuple[int, int]:
    versions = rows(scope(system_actor("intake"), "a test"), "activity_report", as_known=as_known)
    early = [v.attributes for v in versions if v.attributes["period_to"] <= "2014-12-31"]
    return sum(a["ap_destroyed"] for a in early), sum(a["ap_impro_destroyed"] for a in early)


@pytest.mark.usefixtures("sqlite_programme")
def test_both_editions_stay_readable_as_known_then_and_now(dictionary: Dictionary):
    add(FIRST, 2015, date(2015, 4, 30), dictionary)
    _, receipt = add(SECOND, 2019, date(2019, 12, 31), dictionary)
    assert (receipt.new, receipt.changed, receipt.superseded) == (2_806, 323, 10)
    assert sums(date(2016, 1, 1)) == (3_871, 641)
    assert sums(None) == (4_519, 3)
    again, receipt = add(SECOND, 2019, date(2019, 12, 31), dictionary)
    assert (again.same, again.new, again.changed) == (3_129, 0, 0)
    assert (receipt.new, receipt.changed, receipt.superseded) == (0, 0, 0)
