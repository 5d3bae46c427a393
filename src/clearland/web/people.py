"""Names for the actors that commits record: `user:7` is an account of this site, `system:demo` a piece of the system."""

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.utils.translation import gettext as _

_KEEP_SECONDS = 300


def actor_name(actor: str) -> str:
    """How an actor is called here. An account that no longer exists, or lives on another machine, stays its id."""
    family, _colon, key = actor.partition(":")
    if family == "system":
        return _("the system (%s)") % key
    if family != "user" or not key.isdecimal():
        return actor
    cached = cache.get(f"actor:{actor}")
    if cached is None:
        user = get_user_model().objects.filter(pk=int(key)).first()
        cached = (user.get_full_name() or user.get_username()) if user else actor
        cache.set(f"actor:{actor}", cached, _KEEP_SECONDS)
    return str(cached)
