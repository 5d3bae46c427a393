"""What was done with one contribution: its stages, its money, its tasks, the ground and ordnance that lead to it, five
polygons to audit; and the sums of the extension tables. From the demonstration, the small proof of all forms with it."""

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import connections

from clearland.figures.indicators import contributions, figures
from clearland.figures.model import Scope
from clearland.figures.report_editions import SEALED
from clearland.figures.trace import trace
from clearland.ledger.scope import Actor
from clearland.ledger.snapshot import snapshot
from clearland.reports.compile import compile_report
from clearland.reports.sums import agreements
from clearland.work import programme
from clearland.work.demonstration.build import build
from clearland.work.report_editions import Asked, freeze_report
from tests.proof.reports import walked

RECEIVED = "SYN-CONTRIBUTION-00003"
IN_2025 = Scope(period_from=date(2025, 1, 1), period_to=date(2025, 12, 31))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, django_db_blocker):
    """The demonstration, built once; each test takes what it needs of it."""
    made = tmp_path_factory.mktemp("contributions") / "demonstration"
    with django_db_blocker.unblock():
        build(made)
        connections.close_all()
    return made


@pytest.fixture
def shot(folder: Path, django_db_blocker):
    with django_db_blocker.unblock():
        programme.use(folder)
        yield snapshot()
        connections.close_all()


def test_what_a_contribution_paid_for_is_what_leads_to_it(shot):
    """Against rows joined by hand: products under orders that name the contribution."""
    split = figures(shot, ["LR-REL"], scope=IN_2025, by=["contribution"])
    whole = figures(shot, ["LR-REL"], scope=IN_2025)[0]
    assert sum(each.value or 0 for each in split) == pytest.approx(whole.value)
    by_sum = {each.scope.where["contribution"]: each for each in split}
    paid = shot.sql(
        "SELECT r.entry FROM land_release r JOIN task_order t ON t.number = r.task "
        "JOIN contribution c ON c.record = t.contribution "
        "WHERE c.local_id = ?", [RECEIVED],
    )["entry"].to_pylist()  # fmt: skip
    behind = contributions(shot, "LR-REL", by_sum[RECEIVED].scope)
    assert behind.num_rows
    assert set(behind["entry"].to_pylist()) <= set(paid)
    assert sum(behind["amount"].to_pylist()) == pytest.approx(by_sum[RECEIVED].value)
    items = {each.scope.where["contribution"]: each.value for each in figures(shot, ["LR-5"], scope=IN_2025, by=["contribution"])}
    assert items[RECEIVED] == shot.sql(
        "SELECT sum(o.quantity) AS n FROM ordnance o JOIN clearance w ON w.record = o.activity "
        "JOIN task_order t ON t.number = w.task "
        "JOIN contribution c ON c.record = t.contribution WHERE c.local_id = ? AND year(o.destroyed_on_last) = 2025", [RECEIVED],
    )["n"][0].as_py()  # fmt: skip


def test_money_of_a_contribution_is_not_national_money(shot):
    used = figures(shot, ["FIN-4"], scope=IN_2025, by=["stage", "currency", "contribution"])
    assert {each.scope.where["stage"] for each in used} == {"spent"}
    assert {each.scope.where["contribution"] for each in used} >= {RECEIVED}
    assert not [each for each in figures(shot, ["FIN-1"], scope=IN_2025, by=["stage", "currency"]) if each.value]
    cost = figures(shot, ["FIN-3"], scope=IN_2025, by=["currency", "contribution"])
    assert {each.value for each in cost if each.scope.where["contribution"] == RECEIVED} == {2.0}


def test_the_report_tells_stages_tasks_ground_and_five_polygons(shot):
    made = compile_report(shot, "donor-report", covers="2025", about=RECEIVED, audience="programme")
    status = {row["slot"]: row["status"] for row in made.data["slots"]}
    wanted = ("grant", "parties", "used", "budget", "tasks", "orders", "released-with-it", "destroyed-with-it", "cost", "audit")
    assert {status[slot] for slot in wanted} == {"filled"}
    plain = made.markdown.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")
    stages = plain.partition("# The contribution")[2].partition("# What was done")[0]
    for words in ("Estimated need", "Pledged", "Received", "1,400,000", "1,150,000", "EUR", "1,242,000", "USD", "1.08"):
        assert words in stages, words
    drawn = plain.partition("Drawn by lot")[2].partition("Five released polygons")[0]
    assert len(re.findall(r"^\| \w.*\[\^\d+\]", drawn, re.MULTILINE)) == 5
    earlier = compile_report(shot, "donor-report", covers="2025", about="SYN-CONTRIBUTION-00001", audience="programme")
    assert "1,150,000" in earlier.markdown.replace("\\", "")  # every stage of the sum, whichever is asked about


def test_a_cost_is_no_count_of_people(shot):
    """A partner reads two euros a square metre: what is measured is not withheld as a small count."""
    made = compile_report(shot, "donor-report", covers="2025", about=RECEIVED)
    [cost] = [each for each in made.told if each["code"] == "FIN-3"]
    assert cost["value"] == 2.0
    assert "per m²" in made.markdown.replace("\\", "")


def test_a_partner_gets_sealed_references_that_the_programme_opens(folder, tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        programme.use(shutil.copytree(folder, tmp_path / "own"))
        edition = freeze_report("donor-2025", Asked("donor-report", "2025", about=RECEIVED), actor=Actor("user:1", "First"))
        assert edition.audience == "partner"
        plain = edition.data("md").decode().replace("\\", "")
        drawn = re.findall(r"sealed:[0-9a-f]{24}", plain.partition("drawn by lot, to be opened")[2].partition("\n")[0])
        assert 1 <= len(drawn) <= 5
        held = edition.kept(SEALED)
        for sealed in drawn:
            steps = list(trace(sealed))
            assert steps[0] == {"sealed": sealed, "edition": "edition:donor-2025", "ref": held[sealed]}
            assert steps[1]["kind"] == "land_release"
        connections.close_all()


def test_the_extension_tables_agree_or_say_by_how_much(shot):
    form = shot.dictionary.reports["article-5-extension"]
    for year in ("2024", "2025"):
        [told] = agreements(shot, form, covers=year)
        assert told.status == "agrees", told
        assert told.off == pytest.approx(0, abs=1e-3)
        assert told.words.count("m²") == 5
    made = compile_report(shot, "article-5-extension", covers="2025")
    assert {row["slot"]: row["status"] for row in made.data["slots"]}["recorded"] == "filled"


def test_a_sum_that_does_not_close_says_by_how_much_and_where(shot):
    form = shot.dictionary.reports["article-5-extension"]
    [rule] = form.sums
    [told] = agreements(shot, replace(form, sums=(replace(rule, minus=()),)), covers="2025")
    released = figures(shot, ["LR-REL"], scope=IN_2025)[0].value
    assert told.status == "differs"
    assert told.off == pytest.approx(released)
    assert "(SYNTHETIC)" in told.words
    assert "off by" in told.words


def test_forms_from_the_demonstration_are_made_followed_and_attacked(folder, tmp_path, django_db_blocker):
    """The proof's walk over two forms; `python -m tests.proof reports` takes all, in three languages."""
    with django_db_blocker.unblock():
        programme.use(shutil.copytree(folder, tmp_path / "own"))
        forms = snapshot().dictionary.reports
        counts = walked([forms["article-5-extension"], forms["donor-report"]], languages=("en",))
        assert (counts.forms, counts.editions, counts.closed) == (2, 1, 1)
        assert counts.amounts > 20
        assert counts.sealed > 10
        connections.close_all()
