"""The page of names: a person accepts, rejects, states and takes back, and sees who decided."""

from tests.figures.told import paper
from tests.web.conftest import Site

FORM = {"sort": "organisation", "written": "UN Mine Action Services", "bearer": "UNMAS"}


def test_a_match_is_accepted_and_taken_back(site: Site) -> None:
    claim = {"at": "9 people", "value": 9, "claimant": FORM["written"], "attribute": "casualty.total", "period": "2024"}
    paper("UN Mine Action Services: 9 people.", claim, filename="a.txt")
    page = site.client.get("/names/").content.decode()
    assert "UN Mine Action Services" in page
    assert "United Nations Mine Action Service" in page
    answer = site.client.post("/names/decide", {**FORM, "verdict": "accepted"})
    assert answer.headers["Location"] == "/names/?sort=organisation"
    page = site.client.get("/names/").content.decode()
    assert "is a name of" in page
    record = page.partition('name="record" value="')[2].partition('"')[0]
    site.client.post("/names/decide", {"sort": "organisation", "action": "undo", "record": record})
    assert "Nobody has decided about a name yet." in site.client.get("/names/").content.decode()


def test_two_models_cannot_be_made_one(site: Site) -> None:
    answer = site.client.post("/names/decide", {"sort": "ordnance", "written": "PMN-E", "bearer": "PMN", "verdict": "accepted"})
    assert answer.status_code == 400
    assert "E-NAME-MODEL" in answer.content.decode()


def test_other_sorts_and_languages(site: Site) -> None:
    assert "Models of ordnance" in site.client.get("/names/?sort=ordnance").content.decode()
    site.client.post("/language/", {"language": "ru", "next": "/names/"})
    assert "Модели боеприпасов" in site.client.get("/names/?sort=ordnance").content.decode()
