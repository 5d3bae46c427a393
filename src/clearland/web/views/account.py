"""Signing in. A demonstration programme opens with one click, and says why it may."""

import time
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from clearland.core.errors import ClearlandError
from clearland.web.programme import About, public_about
from clearland.work import accounts

_WAITING = "second step"
_PATIENCE_S = 300


def _programme() -> About | None:
    """None where there is no programme yet: the login page must still open and say so by its absence."""
    try:
        return public_about()
    except ClearlandError:
        return None


def door_is_open(request: HttpRequest) -> bool:
    """Whether the one-click entry may be used: by somebody at this computer, or by anybody where CLEARLAND_DEMO_OPEN says so.

    What a proxy hands on comes from this computer too, so a request that names a client before it is not local."""
    if settings.DEMO_OPEN:
        return True
    if any(header in request.headers for header in ("X-Forwarded-For", "Forwarded", "X-Real-Ip")):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    """The only page that opens without an account."""

    template_name = "clearland/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Programme name, and whether it is a demonstration."""
        programme = _programme()
        return super().get_context_data(**kwargs) | {
            "title": _("Sign in"),
            "site_name": programme.name if programme else "",
            "demonstration": bool(programme and programme.demonstration and door_is_open(self.request)),
        }


    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right: in, or on to the second step where the account has one."""
        user = form.get_user()
        if not accounts.needs_second_step(user):
            return super().form_valid(form)
        self.request.session.cycle_key()
        self.request.session[_WAITING] = {"user": user.pk, "next": self.get_success_url(), "until": time.time() + _PATIENCE_S}
        return redirect("second_step_ask")


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def ask_second_step(request: HttpRequest) -> HttpResponse:
    """The code of the app, or one for emergencies, of somebody whose password was right a moment ago."""
    waiting = request.session.get(_WAITING) or {"user": 0, "until": 0.0}
    user = get_user_model().objects.filter(pk=waiting["user"], is_active=True).first()
    if user is None or waiting["until"] < time.time():
        request.session.pop(_WAITING, None)
        return redirect("login")
    if request.method == "POST" and accounts.passes(user, request.POST.get("code", "")):
        del request.session[_WAITING]
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect(waiting["next"])
    context = {"title": _("Second step"), "wrong": request.method == "POST"}
    return render(request, "clearland/second_step_ask.html", context, status=403 if context["wrong"] else 200)


@login_not_required
@require_POST
def open_demonstration(request: HttpRequest) -> HttpResponse:
    """Sign in as the demonstration's administrator; refused in any other programme, and from elsewhere."""
    programme = _programme()
    user = get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if programme is None or not programme.demonstration or user is None or not door_is_open(request):
        raise PermissionDenied
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = resolve_url("overview")
    return redirect(target)


choose_language = login_not_required(set_language)
