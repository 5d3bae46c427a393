"""Pages of minefield records: a plan under each reading, for those who may see where mines lie, in three languages."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client

from clearland.core.clock import fixed_clock
from clearland.ledger.scope import system_actor
from clearland.ledger.write import write
from clearland.web.minefield_plan import HEIGHT, WIDTH
from clearland.work.demonstration.minefields import add_minefields
from clearland.work.demonstration.nation import synthetic_nation


@pytest.fixture
def papers(site):
    """The demonstration's papers in the small programme; local id → record."""
    nation = synthetic_nation(hazards=24)  # as the programme has it, so that local ids go on
    held = len(nation.drafts)
    add_minefields(nation)
    drafts = [draft for _, draft in nation.drafts[held:]]
    write(drafts, actor=system_actor("demo"), reason="Papers", clock=fixed_clock(datetime(2026, 8, 1, tzinfo=UTC)))
    return {draft.local_id: str(draft.record) for _, draft in nation.drafts if draft.kind == "minefield_record"}


def plan_of(html):
    return ElementTree.fromstring(html[html.index("<svg viewBox"):html.index("</svg>") + 6])


def test_the_list_shows_each_record_with_scores_and_their_samples(site, papers):
    html = site.client.get("/minefields/").content.decode()
    for local_id, record in papers.items():
        assert f'href="/minefields/{record}/"' in html
        assert f"{local_id} (SYNTHETIC)" in html
    assert "n 87" in html
    assert "no outline: nothing to compare" in html
    assert "Mines claimed" in html


def test_the_plan_draws_every_reading_the_finds_and_the_reference_points(site, papers):
    html = site.client.get(f"/minefields/{papers['SYN-F-17']}/").content.decode()
    plan = plan_of(html)
    outlines = [path for path in plan.iter("path") if path.find("title") is not None]
    assert [path.find("title").text.split(" · ")[0] for path in outlines] == ["A", "B", "C", "D"]
    assert len({path.get("stroke-dasharray") for path in outlines}) == 4
    finds = list(plan.iter("circle"))
    assert len(finds) == 74
    assert all(0 <= float(dot.get("cx")) <= WIDTH and 0 <= float(dot.get("cy")) <= HEIGHT for dot in finds)
    assert any(text.text == "RP1" for text in plan.iter("text"))
    assert "Stated accuracy 25 %" in html
    assert "no method given" in html


def test_finds_outside_the_record_as_drawn_are_hollow(site, papers):
    plan = plan_of(site.client.get(f"/minefields/{papers['SYN-F-21']}/").content.decode())
    fills = [dot.get("fill") for dot in plan.iter("circle")]
    assert len(set(fills)) == 2


def test_a_record_that_is_only_promised_has_no_plan(site, papers):
    html = site.client.get(f"/minefields/{papers['SYN-F-30']}/").content.decode()
    assert "<svg viewBox" not in html
    assert "No outline can be laid out" in html


@pytest.mark.parametrize(("language", "word"), [("az", "Sıraların düzülüşü"), ("ru", "Расположение рядов")])
def test_the_pages_speak_the_readers_language(site, papers, language, word):
    for address in ("/minefields/", f"/minefields/{papers['SYN-F-17']}/"):
        html = site.client.get(address, headers={"accept-language": language}).content.decode()
        assert word in html


def test_a_record_of_another_kind_is_not_found(site, papers):
    assert site.client.get(f"/minefields/{site.hazard}/").status_code == 404


def test_nobody_sees_them_unsigned(site, papers):
    assert Client().get("/minefields/").status_code in {302, 403}


def test_the_record_leads_to_its_readings(site, papers):
    html = site.client.get(f"/record/{papers['SYN-F-17']}/").content.decode()
    assert f'href="/minefields/{papers["SYN-F-17"]}/"' in html
