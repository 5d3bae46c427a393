"""People of a site: accounts, roles, second step, sessions. They lie beside the ledger, never in it, and never travel with it.

An account is never deleted: entries name it as their author. It is closed instead, and opened again.
"""

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from axes.models import AccessLog
from axes.utils import reset
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_otp import devices_for_user, match_token
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from clearland.core.errors import NotPermitted, RefusedInput

CODES = 8
_CODE_BYTES = 5
_PASSWORD_BYTES = 12


@dataclass(frozen=True)
class Person:
    """One account as the page of people shows it."""

    id: int
    username: str
    name: str
    administrator: bool
    active: bool
    last_sign_in: datetime | None
    second_step: bool
    sessions: int


def people() -> list[Person]:
    """Every account, open ones first, by name."""
    with_step = set(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))
    at = _sessions_by_user()
    return [_person(user, with_step, at) for user in get_user_model().objects.order_by("-is_active", "username")]


def _person(user: Any, with_step: set[int], sessions: dict[int, list[str]]) -> Person:
    return Person(
        id=user.pk, username=user.get_username(), name=user.get_full_name(), administrator=user.is_superuser,
        active=user.is_active, last_sign_in=user.last_login, second_step=user.pk in with_step,
        sessions=len(sessions.get(user.pk, ())),
    )  # fmt: skip


def account(identity: int) -> AbstractUser:
    """The account. Raises RefusedInput E-PEOPLE-NONE."""
    found = get_user_model().objects.filter(pk=identity).first()
    if found is None:
        raise RefusedInput("E-PEOPLE-NONE", "There is no such account.", remedy="Go back to the page of people.")
    return found


def add(by: AbstractUser, username: str, *, name: str = "", administrator: bool = False) -> str:
    """A new account; returns its first password, which is kept nowhere. Raises NotPermitted E-PEOPLE-ADMIN, RefusedInput
    E-PEOPLE-NAME (nothing, or taken)."""
    _allowed(by)
    model = get_user_model()
    username = username.strip()
    if not username or model.objects.filter(username__iexact=username).exists():
        raise RefusedInput("E-PEOPLE-NAME", "This name is taken, or nothing.", remedy="Choose another name to sign in with.")
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    first, _space, last = name.strip().partition(" ")
    user = model(username=username, first_name=first[:150], last_name=last[:150], is_superuser=administrator, is_staff=False)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise RefusedInput("E-PEOPLE-NAME", " ".join(error.messages), remedy="Choose another name to sign in with.") from error
    user.set_password(password)
    user.save()
    return password


def new_password(by: AbstractUser, user: AbstractUser) -> str:
    """A password for somebody who lost theirs; ends their sessions and lifts a lock. Raises NotPermitted E-PEOPLE-ADMIN."""
    _allowed(by)
    return _given_a_password(user)


def _given_a_password(user: AbstractUser) -> str:
    """The new password of an account, whose sessions end and whose lock is lifted."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    user.set_password(password)
    user.save()
    end_sessions(user)
    reset(username=user.get_username())
    return password


def recover(username: str) -> str:
    """A new password for somebody with access to the machine itself: second step off, account open, sessions ended, lock lifted.
    Raises RefusedInput E-PEOPLE-NONE."""
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise RefusedInput(
            "E-PEOPLE-NONE", f"There is no account {username}.",
            remedy="The first one is called admin, unless `init` was told otherwise.",
        )  # fmt: skip
    remove_second_step(user)
    user.is_active = True
    return _given_a_password(user)


def set_active(by: AbstractUser, user: AbstractUser, active: bool) -> None:
    """Close an account and end its sessions, or open it again. Raises NotPermitted E-PEOPLE-ADMIN, RefusedInput E-PEOPLE-LAST."""
    _allowed(by)
    with transaction.atomic(using="default"):
        if not active:
            _not_the_last(user)
        user.is_active = active
        user.save(update_fields=["is_active"])
    if not active:
        end_sessions(user)


def set_administrator(by: AbstractUser, user: AbstractUser, administrator: bool) -> None:
    """Make somebody an administrator, or no longer. Raises NotPermitted E-PEOPLE-ADMIN, RefusedInput E-PEOPLE-LAST."""
    _allowed(by)
    with transaction.atomic(using="default"):
        if not administrator:
            _not_the_last(user)
        user.is_superuser = administrator
        user.save(update_fields=["is_superuser"])


def _allowed(by: AbstractUser) -> None:
    if not (by.is_active and by.is_superuser):
        raise NotPermitted("E-PEOPLE-ADMIN", "Accounts are managed by administrators.", remedy="Ask one of them.")


def _not_the_last(user: AbstractUser) -> None:
    others = get_user_model().objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise RefusedInput(
            "E-PEOPLE-LAST", "This is the last administrator: nobody could open an account again.",
            remedy="Make somebody else an administrator first.",
        )  # fmt: skip


def _live_sessions() -> Iterator[tuple[str, int]]:
    """Key and account of every session that has not run out."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        held = session.get_decoded().get(SESSION_KEY)
        if held is not None and str(held).isdecimal():
            yield session.session_key, int(held)


def _sessions_by_user() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, user in _live_sessions():
        found.setdefault(user, []).append(key)
    return found


def end_sessions(user: AbstractBaseUser, but: str = "") -> int:
    """Sign somebody out everywhere, `but` for one session; returns how many ended."""
    keys = [key for key, owner in _live_sessions() if owner == user.pk and key != but]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


@dataclass(frozen=True)
class SignIn:
    """One sign-in of a person: when, from where, with what."""

    moment: datetime
    address: str
    browser: str


def recent_sign_ins(user: AbstractUser, most: int = 10) -> list[SignIn]:
    """The newest sign-ins, so that a person sees one that was not theirs."""
    found = AccessLog.objects.filter(username=user.get_username()).order_by("-attempt_time")[:most]
    return [SignIn(each.attempt_time.astimezone(UTC), each.ip_address or "", each.user_agent) for each in found]


def needs_second_step(user: AbstractBaseUser) -> bool:
    """Whether a password alone does not open this account."""
    return bool(TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists())


def passes(user: AbstractBaseUser, code: str) -> bool:
    """Whether a code is the app's of this half minute, or one of those for emergencies, which it uses up. Wrong codes make the
    next try wait longer each time."""
    return bool(match_token(user, "".join(code.split())))


def new_device(user: AbstractUser) -> TOTPDevice:
    """The secret that is being set up, the same until a code has confirmed it."""
    found = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return found or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def confirm(user: AbstractUser, code: str) -> tuple[str, ...]:
    """Switch the second step on, when the code is right; returns the codes for emergencies, shown once. Raises RefusedInput
    E-PEOPLE-CODE."""
    device = new_device(user)
    if not device.verify_token("".join(code.split())):
        raise RefusedInput(
            "E-PEOPLE-CODE", "This code is not the app's of this moment.",
            remedy="Wait for the next one; check the telephone's clock.",
        )  # fmt: skip
    with transaction.atomic(using="default"):
        TOTPDevice.objects.filter(user=user, confirmed=True).delete()
        device.confirmed = True
        device.save()
        return new_codes(user)


def new_codes(user: AbstractUser) -> tuple[str, ...]:
    """Codes for emergencies, each good once; earlier ones are void."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="emergency")
    codes = tuple(secrets.token_hex(_CODE_BYTES) for _ in range(CODES))
    for code in codes:
        device.token_set.create(token=code)
    return codes


def reset_second_step(by: AbstractUser, user: AbstractUser) -> None:
    """The second step off for somebody who lost telephone and codes; their sessions end. Raises NotPermitted E-PEOPLE-ADMIN."""
    _allowed(by)
    remove_second_step(user)
    end_sessions(user)


def typed(key: str) -> str:
    """The secret of a device, from hexadecimal to what a person types into an authenticator (base32)."""
    return base64.b32encode(bytes.fromhex(key)).decode().rstrip("=")


def codes_left(user: AbstractUser) -> int:
    """How many codes for emergencies are not used yet."""
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def remove_second_step(user: AbstractUser) -> None:
    """Switch the second step off, for the person who lost the telephone; the codes go with it."""
    for device in list(devices_for_user(user, confirmed=None)):
        device.delete()
