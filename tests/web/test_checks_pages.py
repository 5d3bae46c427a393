"""Checks, findings with their answers, and the quality of the data, behind the site."""

import re

from clearland.ledger.scope import scope, system_actor
from clearland.work.answering import answers
from tests.web.conftest import Site


def marks(page: str) -> list[str]:
    return re.findall(r'name="mark" value="([0-9a-f]{64})"', page)


def test_the_page_of_rules_lists_ninety_with_their_open_findings(site: Site) -> None:
    page = site.client.get("/data/checks/").content.decode()
    assert page.count('<td class="n"') >= 180
    assert "Two open hazards of one type do not overlap." in page
    assert "/findings/?rule=28" in page
    assert "buffer_m" in page


def test_the_page_of_rules_speaks_azerbaijani(site: Site) -> None:
    site.client.post("/language/", {"language": "az", "next": "/"})
    assert "Yoxlamalar" in site.client.get("/data/checks/").content.decode()
    assert "Məlumatların keyfiyyəti" in site.client.get("/data/quality/").content.decode()


def test_an_answer_takes_a_finding_off_the_open_list_and_undo_brings_it_back(site: Site) -> None:
    page = site.client.get("/findings/?rule=28").content.decode()
    mark = marks(page)[0]
    told = {"mark": mark, "verdict": "as_is", "reason": "Two owners agreed", "back": "/findings/?rule=28"}
    done = site.client.post("/findings/answer", told)
    assert (done.status_code, done["Location"]) == (302, "/findings/?rule=28")
    assert mark not in marks(site.client.get("/findings/?rule=28").content.decode())
    answered = site.client.get("/findings/?answered=1").content.decode()
    assert mark in marks(answered)
    assert "Two owners agreed" in answered
    assert answers(scope(system_actor("demo"), "look"))[mark].verdict == "as_is"
    site.client.post("/findings/answer", {"mark": mark, "action": "undo"})
    assert mark in marks(site.client.get("/findings/?rule=28").content.decode())


def test_an_answer_without_its_reason_or_to_nothing_is_refused(site: Site) -> None:
    mark = marks(site.client.get("/findings/?rule=28").content.decode())[0]
    wrong = ({"mark": mark, "verdict": "as_is"}, {"mark": mark, "verdict": "maybe"}, {"mark": "0" * 64, "verdict": "corrected"})
    for told in wrong:
        refused = site.client.post("/findings/answer", told)
        assert refused.status_code == 400, told
        assert "E-CHECK-ANSWER" in refused.content.decode()


def test_an_address_elsewhere_is_not_followed(site: Site) -> None:
    mark = marks(site.client.get("/findings/?rule=28").content.decode())[0]
    done = site.client.post("/findings/answer", {"mark": mark, "verdict": "corrected", "back": "//elsewhere.example/"})
    assert done["Location"] == "/findings/"


def test_the_page_of_quality_counts_by_kind(site: Site) -> None:
    page = site.client.get("/data/quality/").content.decode()
    assert "Open findings by kind of record" in page
    assert "Gaps of legacy sources" in page


def test_the_page_of_a_record_shows_what_rules_found_there(site: Site) -> None:
    listed = site.client.get("/findings/?rule=28").content.decode()
    found = re.search(r'/record/([0-9a-f-]{36})/', listed)
    assert found is not None
    assert f"/record/{found[1]}/findings/" in site.client.get(f"/record/{found[1]}/").content.decode()
    part = site.client.get(f"/record/{found[1]}/findings/").content.decode()
    assert "L-HAZARDS-OVERLAP" not in part
    assert marks(part)
