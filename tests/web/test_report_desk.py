"""The report desk: answer a slot, freeze, sign by a second person, publish; what is public opens for everybody, no other does."""

from django.contrib.auth import get_user_model
from django.test import Client

from tests.web.conftest import Site

FORM = "completion-declaration"


def second() -> Client:
    """Another administrator, signed in."""
    other = Client()
    other.force_login(get_user_model().objects.create_superuser(username="second", password=None))
    return other


def test_the_desk_lists_what_a_form_lacks_and_takes_an_answer(site: Site) -> None:
    page = site.client.get(f"/reports/{FORM}/?period=2024").content.decode()
    assert 'id="slot-statement"' in page
    told = {"slot": "statement", "status": "filled", "words": "All known areas were dealt with.", "period": "2024"}
    answered = site.client.post(f"/reports/{FORM}/answer", told)
    assert answered.status_code == 302
    draft = site.client.get(f"/reports/{FORM}/download?period=2024&format=md").content.decode()
    assert "All known areas were dealt with" in draft.replace("\\", "")
    assert site.client.get("/reports/nothing/").status_code == 404


def test_an_edition_goes_from_desk_to_everybody(site: Site) -> None:
    made = {"edition": "open-2024", "period": "2024", "lang": "en", "audience": "public"}
    assert site.client.post(f"/reports/{FORM}/freeze", made).headers["Location"] == "/editions/open-2024/"
    assert Client().get("/editions/open-2024/").status_code == 302
    assert site.client.post("/editions/open-2024/step", {"step": "sign"}).status_code == 403
    other = second()
    assert other.post("/editions/open-2024/step", {"step": "sign"}).status_code == 302
    assert other.post("/editions/open-2024/step", {"step": "publish"}).status_code == 302
    stranger = Client()
    page = stranger.get("/editions/open-2024/").content.decode()
    assert "SHA-256" in page
    assert stranger.get("/editions/open-2024/file/pdf").content.startswith(b"%PDF")
    assert stranger.get("/editions/open-2024/evidence.zip").content.startswith(b"PK")
    assert stranger.get("/editions/open-2024/compare/").status_code == 302
    assert "open-2024" in site.client.get("/editions/").content.decode()
    assert site.client.get("/editions/open-2024/again/").status_code == 200
    assert site.client.get("/editions/open-2024/compare/").status_code == 200
    assert site.client.get("/reports/recommendations/").status_code == 200
