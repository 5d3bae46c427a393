"""A victim's page: the identity is sealed, entered, opened with a reason, and everybody who opened it is named."""

import pytest
from django.test import Client

from clearland.core.ids import record_id
from clearland.core.sealing import SealingKey, new_secret, printed
from clearland.ledger import sealing_keys
from clearland.ledger.drafts import Draft
from clearland.ledger.write import write
from clearland.work import programme as programmes
from tests.web.conftest import DEMO, Site

MARKER = "Ünikal-Marker <7351>"
SHOWN = "Ünikal-Marker &lt;7351&gt;"
VICTIM = record_id("tests", "victim")


@pytest.fixture
def page(site: Site) -> str:
    """The address of a victim known by a pseudonym; made up."""
    values = {"accident_date": "2023", "outcome": "injured", "consent_store": "given"}
    draft = Draft(record=VICTIM, kind="victim", local_id="SYNTHETIC-V1", attributes=values)
    write([draft], actor=DEMO, reason="Synthetic")
    return f"/record/{VICTIM}/"


@pytest.fixture
def keyed(page: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same, where the sealing key is at hand."""
    secret = new_secret()
    programmes.state_sealing_key(SealingKey.from_secret(secret).fingerprint)
    monkeypatch.setenv(sealing_keys.VARIABLE, printed(secret))
    return page


def test_without_a_key_the_page_says_so(site: Site, page: str) -> None:
    shown = site.client.get(page).content.decode()
    assert "Identities can be neither opened nor entered" in shown
    assert "identity/enter" not in shown


def test_an_identity_is_entered_opened_and_the_opening_is_listed(site: Site, keyed: str) -> None:
    entered = site.client.post(f"{keyed}identity/enter", {"sealed-full_name": MARKER, "reason": "Told by the family"})
    assert entered.status_code == 302
    shown = site.client.get(keyed).content.decode()
    assert "Sealed here: Name." in shown
    assert "→ <ins>sealed</ins>" in shown
    opened = site.client.post(f"{keyed}identity/open", {"reason": "Prosthesis to be fitted"})
    assert SHOWN in opened.content.decode()
    assert "no-store" in opened.headers["Cache-Control"]
    after = site.client.get(keyed).content.decode()
    assert "Prosthesis to be fitted" in after
    for address in (keyed, "/records/victim/", "/search/?q=Marker", "/findings/"):
        answer = site.client.get(address)
        assert answer.status_code == 200
        assert "Ünikal" not in answer.content.decode()


def test_opening_asks_for_a_reason_and_for_post(site: Site, keyed: str) -> None:
    assert site.client.get(f"{keyed}identity/open").status_code == 405
    assert site.client.post(f"{keyed}identity/open", {"reason": " "}).status_code == 400
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/login/demonstration").status_code == 403
    strict.cookies = site.client.cookies
    assert strict.post(f"{keyed}identity/open", {"reason": "Look"}).status_code == 403


def test_what_does_not_fit_is_not_repeated(site: Site, keyed: str) -> None:
    answer = site.client.post(f"{keyed}identity/enter", {"sealed-birth_date": MARKER, "reason": "Typed wrong"})
    assert answer.status_code == 400
    assert "E-VALUE-SEALED" in answer.content.decode()
    assert "Marker" not in answer.content.decode()


def test_every_access_is_on_one_page_and_values_can_be_deleted_for_ever(site: Site, keyed: str) -> None:
    assert "Nobody has opened an identity here" in site.client.get("/identities/").content.decode()
    site.client.post(f"{keyed}identity/enter", {"sealed-full_name": MARKER, "reason": "Told by the family"})
    site.client.post(f"{keyed}identity/open", {"reason": "Prosthesis to be fitted"})
    assert site.client.post(f"{keyed}identity/redact", {"field": "full_name", "reason": " "}).status_code == 400
    gone = site.client.post(f"{keyed}identity/redact", {"field": "full_name", "reason": "Consent withdrawn"})
    assert gone.status_code == 302
    shown = site.client.get(keyed).content.decode()
    assert "No longer or not kept here: Name." in shown
    listed = site.client.get("/identities/").content.decode()
    assert f'<a href="{keyed}">SYNTHETIC-V1</a>' in listed
    assert "Prosthesis to be fitted" in listed
    assert "Consent withdrawn" in listed
    assert "Ünikal" not in listed
    assert Client().get("/identities/").status_code in (302, 403)
