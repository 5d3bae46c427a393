"""Django's handle on the ledger; everything that must follow a migration is connected here."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The app `ledger`, whose tables live in the programme's database (alias `programme`)."""

    name = "clearland.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
