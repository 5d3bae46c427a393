"""The page of reports: a country is chosen for forms about one."""

import json
import re

from tests.figures.told import paper
from tests.web.conftest import Site


def test_a_country_is_chosen_for_the_profile(site: Site) -> None:
    said = {"at": "9 people", "value": 9, "attribute": "casualty.total", "period": "2024"}
    paper("Georgia: 9 people.", {**said, "subject": "Georgia"}, filename="a.txt")
    page = site.client.get("/reports/country-profile/").content.decode()
    assert page.index('<option value="GE">Georgia') < page.index('<option value="AZ">')
    assert page.count('name="country"') == 1
    answer = site.client.get("/reports/country-profile/download?year=2024&format=json&lang=en&country=GE")
    assert answer.status_code == 200
    assert 'filename="country-profile-ge-2024-en.json"' in answer.headers["Content-Disposition"]
    assert json.loads(answer.content)["country"] == "GE"


def test_no_such_country_is_a_sentence(site: Site) -> None:
    answer = site.client.get("/reports/country-profile/download?year=2024&format=json&lang=en&country=XX")
    assert answer.status_code == 400
    assert "E-REPORT-COUNTRY" in answer.content.decode()


def test_the_checklist_says_whether_the_sums_of_a_form_agree(site: Site) -> None:
    page = site.client.get("/reports/article-5-extension/?period=2024").content.decode()
    [told] = re.findall(r'<p id="sum-balance">(.*?)</p>', page)
    assert told.startswith("T1 and T9 less T2 give T3: ")
    assert told.count("m²") == 5
    assert "<b>" not in told
