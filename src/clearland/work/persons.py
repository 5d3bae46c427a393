"""Who acts when a command is given for a person: an account of the programme, by its user name."""

from django.contrib.auth import get_user_model

from clearland.core.errors import ClearlandError
from clearland.ledger.scope import Actor, system_actor


def person(username: str, system: str = "cli") -> Actor:
    """The actor of an active account, the named system actor where no name is given. Raises ClearlandError E-PERSON-NONE."""
    if not username:
        return system_actor(system)
    user = get_user_model().objects.filter(username=username, is_active=True).first()
    if user is None:
        raise ClearlandError(
            "E-PERSON-NONE", f"There is no account “{username}” in this programme.",
            remedy="Give the user name of one with --by.",
        )
    return Actor(id=f"user:{user.pk}", name=user.get_full_name() or user.get_username(), is_admin=user.is_superuser)
