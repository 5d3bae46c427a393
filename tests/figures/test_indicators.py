"""Indicators: what is not recorded is not known, scopes are kept, lineage follows the records."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.core.errors import ClearlandError
from clearland.dictionary.loader import builtin
from clearland.figures.indicators import contributions, figures
from clearland.figures.model import Scope
from clearland.figures.trace import trace
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.verify import verify
from clearland.work.add import AddOptions, add_file

EXAMPLES = Path(__file__).parents[2] / "examples"
EDITIONS = (("2015", date(2015, 4, 30)), ("2019", date(2019, 12, 31)))
UNTIL_2014 = Scope(period_to=date(2014, 12, 31))

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=12)
dates = st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1))
scopes = st.builds(
    Scope, period_from=dates, period_to=dates, place=st.none() | words, as_known=dates,
    where=st.dictionaries(st.sampled_from(["device", "outcome", "operator"]), words),
)  # fmt: skip


@given(scopes)
def test_a_scope_reads_back_what_it_wrote(scope):
    assert Scope.parse(scope.query()) == scope


def test_a_date_that_is_none_is_refused_with_its_form():
    with pytest.raises(ClearlandError, match="YYYY-MM-DD"):
        Scope.parse("from=yesterday")


def test_nothing_recorded_is_not_known_never_zero(programme):
    made = figures(snapshot())
    assert {figure.code for figure in made} == set(builtin().indicators)
    assert {(figure.value, figure.status) for figure in made} == {(None, "not known")}


def test_unknown_codes_and_dimensions_are_refused_with_what_there_is(sqlite_programme):
    shot = snapshot()
    with pytest.raises(ClearlandError, match="LR-5R"):
        figures(shot, ["LR-99"])
    with pytest.raises(ClearlandError, match="device"):
        figures(shot, ["CAS-1"], by=["colour"])


def add_editions():
    for year, received in EDITIONS:
        options = AddOptions(
            mapping=EXAMPLES / "mappings" / f"colombia-land-release-{year}.yaml", received=received, full=True
        )
        add_file(
            EXAMPLES / "data" / f"colombia-land-release-{year}-edition.csv", options, actor=system_actor("import")
        )


def by_device(as_known: date | None) -> dict[str, float | None]:
    made = figures(snapshot(as_known=as_known), ["LR-5R"], scope=UNTIL_2014, by=["device"])
    return {figure.scope.where["device"]: figure.value for figure in made}


def test_one_ledger_at_two_dates_of_knowledge(programme):
    """The later edition classes improvised mines as anti-personnel mines; the earlier figures stay as they were known."""
    add_editions()
    then, now = by_device(date(2016, 1, 1)), by_device(None)
    assert then == {"AP": 3871, "AP_IMPRO": 641, "UXO": 494}
    assert now == {"AP": 4519, "AP_IMPRO": 3, "UXO": 483}
    assert verify().ok


def test_a_figure_leads_to_its_rows_and_its_lineage_follows_them(sqlite_programme):
    add_editions()
    shot = snapshot()
    scope = Scope(period_from=date(2014, 1, 1), period_to=date(2014, 12, 31), where={"device": "AP"})
    figure = figures(shot, ["LR-5R"], scope=scope)[0]
    rows = contributions(shot, "LR-5R", scope).to_pylist()
    assert figure.value == sum(row["amount"] for row in rows)
    assert figure.lineage.entries == len({row["digest"] for row in rows})
    steps = list(trace(figure.lineage.ref))
    assert [step["amount"] for step in steps] == [row["amount"] for row in rows]
    entry = next(iter(trace(steps[0]["ref"])))
    assert entry["kind"] == "activity_report"
    source = next(iter(trace(entry["source"])))
    assert source["file"] == "colombia-land-release-2019-edition.csv"
    assert source["row"] > 1
    other = figures(shot, ["LR-5R"], scope=Scope(period_to=date(2013, 12, 31)))[0]
    assert other.lineage.digest != figure.lineage.digest


def test_adding_an_edition_again_changes_nothing(sqlite_programme):
    add_editions()
    before = snapshot().head
    again = add_file(
        EXAMPLES / "data" / "colombia-land-release-2019-edition.csv",
        AddOptions(mapping=EXAMPLES / "mappings" / "colombia-land-release-2019.yaml", received=date(2019, 12, 31), full=True),
        actor=system_actor("import"),
    )
    assert (again.receipt.new, again.receipt.changed, again.receipt.superseded) == (0, 0, 0)
    assert snapshot().head == before


@pytest.mark.parametrize("ref", ["nonsense", "record:not-a-uuid", "claim:ffff", "source:" + "0" * 64 + "#1-2"])
def test_references_that_lead_nowhere_say_so(sqlite_programme, ref):
    with pytest.raises(ClearlandError, match=r"reference|named"):
        list(trace(ref))
