"""Accounts: who manages them, the second step, the lock after wrong passwords, sessions that end."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.errors import RefusedInput
from clearland.work import accounts, programme
from tests.conftest import ADMIN, PASSWORD

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def quick_passwords(sqlite_programme, settings):
    """Passwords hashed in no time: the work of a real hash is not what these tests are about."""
    names = ("MD5PasswordHasher", "PBKDF2PasswordHasher")
    settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}" for name in names]


def shown(page, pattern):
    """What stands on a page once."""
    found = re.search(pattern, page)
    assert found is not None
    return found[1]

PASSWORD_ON_PAGE = r'<span class="mono">([^<]+)</span>'


def signed_in(username=ADMIN, password=PASSWORD):
    client = Client()
    answer = client.post("/login/", {"username": username, "password": password})
    assert answer.status_code == 302, answer.content
    return client


def get(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def admin():
    return get_user_model().objects.get(username=ADMIN)


def code_of(user):
    device = TOTPDevice.objects.get(user=user)
    device.throttle_reset()
    device.last_t = -1
    device.save()
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    return f"{totp.token():06d}"


def test_an_administrator_adds_somebody_who_signs_in_and_manages_nobody():
    client = signed_in()
    page = client.post("/people/add", {"username": "officer", "name": "SYNTHETIC Person", "role": "member"}).content.decode()
    password = shown(page, PASSWORD_ON_PAGE)
    other = signed_in("officer", password)
    get(other, "/people/", 403)
    for path in ("/people/add", f"/people/{admin().pk}/change"):
        assert other.post(path, {"username": "x", "deed": "close"}).status_code == 403
    assert admin().is_active
    assert get_user_model().objects.count() == 2
    assert "officer" in get(client, "/people/")
    assert password not in get(client, "/people/")


@pytest.mark.parametrize("name", ["", ADMIN, ADMIN.upper(), "two words"])
def test_a_name_that_is_taken_or_none_is_refused(name):
    answer = signed_in().post("/people/add", {"username": name})
    assert answer.status_code == 400
    assert "E-PEOPLE-NAME" in answer.content.decode()


def test_the_last_administrator_stays():
    client, me = signed_in(), admin()
    for deed in ("close", "member"):
        answer = client.post(f"/people/{me.pk}/change", {"deed": deed})
        assert (answer.status_code, "E-PEOPLE-LAST" in answer.content.decode()) == (400, True)
    accounts.add(me, "second", administrator=True)
    assert client.post(f"/people/{me.pk}/change", {"deed": "member"}).status_code == 302
    assert not admin().is_superuser


def test_closing_an_account_ends_its_sessions_and_opening_brings_it_back():
    password = accounts.add(admin(), "officer")
    officer, other = get_user_model().objects.get(username="officer"), signed_in("officer", password)
    client = signed_in()
    client.post(f"/people/{officer.pk}/change", {"deed": "close"})
    assert other.get("/").status_code == 302
    assert Client().post("/login/", {"username": "officer", "password": password}).status_code == 200
    client.post(f"/people/{officer.pk}/change", {"deed": "open"})
    signed_in("officer", password)


def test_a_new_password_ends_the_sessions_of_the_old_one():
    password = accounts.add(admin(), "officer")
    other = signed_in("officer", password)
    officer = get_user_model().objects.get(username="officer")
    page = signed_in().post(f"/people/{officer.pk}/change", {"deed": "password"}).content.decode()
    assert other.get("/").status_code == 302
    signed_in("officer", shown(page, PASSWORD_ON_PAGE))


def test_with_the_second_step_a_password_alone_does_not_open_the_account():
    client = signed_in()
    assert "data:image/svg+xml" in get(client, "/account/second-step/")
    assert client.post("/account/second-step/", {"code": "000000"}).status_code == 400
    assert not accounts.needs_second_step(admin())
    page = client.post("/account/second-step/", {"code": code_of(admin())}).content.decode()
    codes = shown(page, r'<p class="mono">([^<]+)</p>').split(" · ")
    assert len(codes) == accounts.CODES

    fresh = Client()
    answer = fresh.post("/login/?next=/records/", {"username": ADMIN, "password": PASSWORD, "next": "/records/"})
    assert answer.headers["Location"] == "/login/second-step"
    assert fresh.get("/").status_code == 302
    assert fresh.post("/login/second-step", {"code": "000000"}).status_code == 403
    assert fresh.get("/").status_code == 302
    assert fresh.post("/login/second-step", {"code": code_of(admin())}).headers["Location"] == "/records/"
    assert fresh.get("/").status_code == 200

    StaticToken.objects.get(token=codes[0]).device.throttle_reset()  # the wrong code made every device wait
    third = Client()
    third.post("/login/", {"username": ADMIN, "password": PASSWORD})
    assert third.post("/login/second-step", {"code": codes[0]}).status_code == 302
    assert accounts.codes_left(admin()) == accounts.CODES - 1
    fourth = Client()
    fourth.post("/login/", {"username": ADMIN, "password": PASSWORD})
    assert fourth.post("/login/second-step", {"code": codes[0]}).status_code == 403


def test_the_second_step_is_switched_off_with_the_password_only():
    client = signed_in()
    get(client, "/account/second-step/")
    client.post("/account/second-step/", {"code": code_of(admin())})
    client.post("/account/change", {"deed": "off", "password": "wrong"})
    assert accounts.needs_second_step(admin())
    client.post("/account/change", {"deed": "off", "password": PASSWORD})
    assert not accounts.needs_second_step(admin())


def test_the_second_step_cannot_be_asked_without_a_password():
    answer = Client().get("/login/second-step")
    assert answer.headers["Location"] == "/login/"


def test_after_five_wrong_passwords_the_right_one_waits_and_a_new_one_lifts_the_lock():
    password = accounts.add(admin(), "officer")
    client = Client()
    answers = [client.post("/login/", {"username": "officer", "password": f"wrong {number}"}).status_code for number in range(5)]
    assert answers[-1] == 429
    assert Client().post("/login/", {"username": "officer", "password": password}).status_code == 429
    signed_in()
    fresh = accounts.new_password(admin(), get_user_model().objects.get(username="officer"))
    signed_in("officer", fresh)


def test_whoever_has_the_machine_opens_an_account_again(sqlite_programme, monkeypatch):
    monkeypatch.setenv("CLEARLAND_PROGRAMME", str(sqlite_programme.folder))
    client = signed_in()
    get(client, "/account/second-step/")
    client.post("/account/second-step/", {"code": code_of(admin())})
    done = CliRunner().invoke(app, ["password", ADMIN])
    signed_in(ADMIN, shown(done.output, r"password: (\S+)"))
    with pytest.raises(RefusedInput) as refused:
        accounts.recover("nobody")
    assert refused.value.code == "E-PEOPLE-NONE"


def test_an_older_site_is_brought_up_to_date_before_it_serves(sqlite_programme):
    call_command("migrate", "otp_totp", "zero", database="default", verbosity=0)
    assert programme.outdated() == ("site",)
    assert programme.upgrade() == ("site",)
    assert programme.outdated() == programme.upgrade() == ()
    assert not accounts.needs_second_step(admin())


def test_signing_out_elsewhere_leaves_this_one():
    here, there = signed_in(), signed_in()
    here.post("/account/change", {"deed": "elsewhere"})
    assert (here.get("/account/").status_code, there.get("/account/").status_code) == (200, 302)
    assert "127.0.0.1" in get(here, "/account/")
