"""People of the site, for administrators; and everybody's own account: second step, sign-ins, sessions."""

from collections.abc import Callable
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clearland.core.errors import NotPermitted, RefusedInput
from clearland.work import accounts


def _me(request: HttpRequest) -> AbstractUser:
    return request.user  # type: ignore[return-value]  # the site's middleware lets nobody else in


@require_safe
@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """Every account, with what an administrator can do. Raises NotPermitted E-PEOPLE-ADMIN."""
    return _listing(request)


def _listing(request: HttpRequest, shown: dict[str, Any] | None = None) -> HttpResponse:
    if not request.user.is_superuser:
        raise NotPermitted("E-PEOPLE-ADMIN", _("Accounts are managed by administrators."), remedy=_("Ask one of them."))
    context = {"title": _("People"), "people": accounts.people(), **(shown or {})}
    return render(request, "clearland/people.html", context)


@require_POST
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """A new account; its password is on the page once."""
    username = request.POST.get("username", "").strip()
    password = accounts.add(
        _me(request), username, name=request.POST.get("name", ""), administrator=request.POST.get("role") == "administrator"
    )
    return _listing(request, {"fresh": username, "password": password})


@require_POST
@never_cache
def change(request: HttpRequest, identity: int) -> HttpResponse:
    """What the pressed button says: close, open, administrator, member, password, step."""
    me, user = _me(request), accounts.account(identity)
    deed = request.POST.get("deed", "")
    if deed == "password":
        password = accounts.new_password(me, user)
        return _listing(request, {"fresh": user.get_username(), "password": password})
    deeds: dict[str, Callable[[], object]] = {
        "close": lambda: accounts.set_active(me, user, False),
        "open": lambda: accounts.set_active(me, user, True),
        "administrator": lambda: accounts.set_administrator(me, user, True),
        "member": lambda: accounts.set_administrator(me, user, False),
        "step": lambda: accounts.reset_second_step(me, user),
    }
    if deed not in deeds:
        raise RefusedInput("E-PEOPLE-DEED", _("This cannot be done with an account."), remedy=_("Use a button of the page."))
    deeds[deed]()
    messages.success(request, _("Done: %s.") % user.get_username())
    return redirect("people")


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """My account: name, second step, codes left, recent sign-ins."""
    return _mine(request)


def _mine(request: HttpRequest, shown: dict[str, Any] | None = None) -> HttpResponse:
    me = _me(request)
    context = {
        "title": _("My account"), "step": accounts.needs_second_step(me), "codes_left": accounts.codes_left(me),
        "sign_ins": accounts.recent_sign_ins(me), **(shown or {}),
    }  # fmt: skip
    return render(request, "clearland/account.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """Set up the second step: a picture for the telephone, then a code that shows it works."""
    me = _me(request)
    error = None
    if request.method == "POST":
        try:
            return _mine(request, {"codes": accounts.confirm(me, request.POST.get("code", ""))})
        except RefusedInput as refused:
            error = refused
    device = accounts.new_device(me)
    picture = segno.make(device.config_url, error="m").svg_data_uri(scale=4, border=2)
    context = {"title": _("Second step"), "picture": picture, "secret": _spaced(device.key), "error": error}
    return render(request, "clearland/second_step.html", context, status=400 if error else 200)


def _spaced(key: str) -> str:
    """The secret as authenticators take it by hand: base32 in groups of four."""
    text = accounts.typed(key)
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@require_POST
@never_cache
@sensitive_post_parameters("password")
def change_mine(request: HttpRequest) -> HttpResponse:
    """What the pressed button says: new codes, second step off (both with the password), or sign out elsewhere."""
    me, deed = _me(request), request.POST.get("deed", "")
    if deed == "elsewhere":
        ended = accounts.end_sessions(me, but=request.session.session_key or "")
        messages.success(request, _("Signed out elsewhere: %s.") % ended)
        return redirect("account")
    if deed == "everywhere":
        accounts.end_sessions(me)
        logout(request)
        return redirect("login")
    if not me.check_password(request.POST.get("password", "")):
        messages.error(request, _("The password is not yours; nothing was changed."))
        return redirect("account")
    if deed == "codes":
        return _mine(request, {"codes": accounts.new_codes(me)})
    accounts.remove_second_step(me)
    messages.success(request, _("The second step is off."))
    return redirect("account")
