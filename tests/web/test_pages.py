"""Every page opens, says what it must, and shows nothing to somebody who has not signed in."""

import re

import pytest
from django.test import Client

from tests.web.conftest import Site

PAGES = (
    "/", "/map/", "/map/table/", "/map/table/?layer=land_release", "/records/hazard/", "/records/land_release/",
    "/records/place/", "/land/",
    "/land/?year=2024&type=AP&class=CHA", "/figures/", "/figure/CONT-1/", "/figure/LR-3/?from=2024-01-01&to=2024-12-31",
    "/figure/LR-5R/", "/sources/", "/disagreements/", "/findings/", "/findings/?rule=34&severity=warning", "/land/efficiency/",
    "/land/efficiency/?year=2024", "/reports/", "/search/?q=Fallow", "/password/",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_its_headers_and_no_inline_script(site: Site, page: str) -> None:
    answer = site.client.get(page)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "SYNTHETIC" in text
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script
    assert not re.search(r"\son\w+=|\sstyle=|<style", text)
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", text)


@pytest.mark.parametrize("page", [*PAGES, "/tiles/hazard/0/0/0.mvt"])
def test_nothing_opens_without_signing_in(site: Site, page: str) -> None:
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")


def test_one_click_opens_the_demonstration_and_no_other_programme(site: Site) -> None:
    stranger = Client()
    page = stranger.get("/login/").content.decode()
    assert "/login/demonstration" in page
    assert stranger.get("/login/demonstration").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/login/demonstration").status_code == 403


@pytest.mark.parametrize(
    "from_elsewhere", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, {"REMOTE_ADDR": ""}]
)
def test_the_open_door_is_for_this_computer_only(
    site: Site, from_elsewhere: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = Client(**from_elsewhere)  # type: ignore[arg-type]
    assert "/login/demonstration" not in stranger.get("/login/").content.decode()
    assert stranger.post("/login/demonstration").status_code == 403
    monkeypatch.setattr("django.conf.settings.DEMO_OPEN", True)
    assert "/login/demonstration" in stranger.get("/login/").content.decode()
    assert stranger.post("/login/demonstration").status_code == 302


def test_a_programme_for_real_use_has_no_open_door(sqlite_programme: object) -> None:
    from django.conf import settings  # noqa: PLC0415

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    stranger = Client()
    assert "/login/demonstration" not in stranger.get("/login/").content.decode()
    assert stranger.post("/login/demonstration").status_code == 403
    assert stranger.get("/").status_code == 302


def test_every_number_of_the_overview_and_the_balance_is_a_link(site: Site) -> None:
    overview = site.client.get("/").content.decode()
    assert overview.count('class="figure"') >= 7
    assert 'href="/figure/CONT-1/?area_type=CHA"' in overview
    balance = site.client.get("/land/?year=2022").content.decode()
    cells = re.findall(r'<td class="n">(.*?)</td>', balance, re.DOTALL)
    assert len(cells) > 10
    assert all('<a class="figure"' in cell for cell in cells)
    assert re.search(r"gap</span>\s+0\.0", balance)


def test_parts_of_a_figure_lead_to_records(site: Site) -> None:
    page = site.client.get("/figure/CONT-1/").content.decode()
    assert "figure:CONT-1@" in page
    links = re.findall(r'href="(/record/[0-9a-f-]{36}/)#history"', page)
    assert links
    assert site.client.get(links[0]).status_code == 200


def test_filters_stand_in_the_address_and_narrow_the_list(site: Site) -> None:
    every = site.client.get("/records/hazard/").content.decode()
    some = site.client.get("/records/hazard/?area_type=CHA&contamination=AP").content.decode()
    count = [int(re.search(r'id="list-count">(\d+) ', text)[1]) for text in (every, some)]  # type: ignore[index]
    assert 0 < count[1] < count[0]
    assert '<option value="CHA" selected>' in some
    named = site.client.get("/records/hazard/?q=re-surveyed").content.decode()
    assert "Re-surveyed &lt;area&gt;" in named
    assert named.count("<tr class=\"row\"") == 1
    alone = site.client.get("/records/hazard/?area_type=CHA", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in alone
    assert 'hx-swap-oob="true"' in alone


@pytest.mark.parametrize(
    "query", ["?page=9999999", "?page=x", "?sort=;drop", "?from=2026-13-45", "?place=' OR 1=1 --", "?known=not-a-date"]
)
def test_hostile_addresses_give_a_page_not_a_traceback(site: Site, query: str) -> None:
    assert site.client.get(f"/records/hazard/{query}").status_code == 200


@pytest.mark.parametrize(
    "page", ["/records/nothing/", "/records/programme/", "/record/00000000-0000-0000-0000-000000000000/", "/source/abc/",
             "/figure/NOPE/", "/tiles/hazard/3/9/0.mvt", "/tiles/programme/0/0/0.mvt", "/claim/none/", "/nowhere"],
)  # fmt: skip
def test_what_is_not_there_says_so_readably(site: Site, page: str) -> None:
    answer = site.client.get(page)
    assert answer.status_code == 404
    assert "<h1>Nothing is here</h1>" in answer.content.decode()


def test_errors_of_the_system_name_code_and_remedy(site: Site) -> None:
    answer = site.client.get("/figure/CONT-1/?from=yesterday")
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "E-FIG-SCOPE" in text
    assert "YYYY-MM-DD" in text


def test_a_fault_of_ours_gives_a_page_without_a_traceback(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("clearland.ledger.search.search", fail)
    site.client.raise_request_exception = False
    answer = site.client.get("/search/?q=x")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_a_form_from_elsewhere_is_refused_readably(site: Site) -> None:
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_history_shows_what_changed_by_whom_and_why(site: Site) -> None:
    page = site.client.get(f"/record/{site.changed_hazard}/").content.decode()
    assert "Re-survey" in page
    assert "<ins>Re-surveyed &lt;area&gt;</ins>" in page
    assert "<del>" in page
    assert page.count('<li id="e-') == 2


def test_the_date_of_knowledge_redraws_lists_records_and_map(site: Site) -> None:
    page = site.client.get(f"/record/{site.changed_hazard}/?known=2026-03-01").content.decode()
    assert "As known on 1 Mar 2026" in page
    assert "Re-surveyed" not in page
    assert page.count('<li id="e-') == 1
    # The visit keeps it until it is set back.
    assert "As known on 1 Mar 2026" in site.client.get("/land/").content.decode()
    early = site.client.get("/records/hazard/?known=2025-01-01").content.decode()
    assert ">0 records<" in early
    assert "as known on this date" in early
    assert "at=2025-01-01" in site.client.get("/map/").content.decode()
    assert "As known on" not in site.client.get("/records/hazard/?known=").content.decode()


def test_reports_compile_in_the_browser(site: Site) -> None:
    answer = site.client.get("/reports/annual-statement/download?year=2022&format=html&lang=en")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert b"footnote" in answer.content
    word = site.client.get("/reports/annual-statement/download?year=2022&format=docx&lang=en")
    assert word.content[:2] == b"PK"
    assert site.client.get("/reports/annual-statement/download?year=&format=html").status_code == 400


def test_static_files_come_from_the_wheels(site: Site) -> None:
    page = site.client.get("/map/").content.decode()
    for name in ("maplibre/maplibre-gl.js", "django_htmx/htmx-2.min.js", "clearland/map.js"):
        address = re.search(rf'"(/static/{re.escape(name)}\?v=[0-9a-f]{{12}})"', page)
        assert address, name
        answer = site.client.get(address[1])
        answer.close()
        assert answer.status_code == 200
