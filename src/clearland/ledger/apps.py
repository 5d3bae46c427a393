"""Django's handle on the ledger; everything that must follow a migration is connected here."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class LedgerConfig(AppConfig):
    """The app `ledger`, whose tables live in the programme's database (alias `programme`)."""

    name = "clearland.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Views go before a migration and come back after it, with triggers and indexes."""
        pre_migrate.connect(before_migration, sender=self)
        post_migrate.connect(after_migration, sender=self)


def before_migration(sender: AppConfig, using: str, **rest: Any) -> None:
    """Drop the views: altering a table under a view fails."""
    from clearland.ledger import layers
    from clearland.ledger.store import ALIAS

    if using == ALIAS:
        layers.uninstall(connections[using])


def after_migration(sender: AppConfig, using: str, **rest: Any) -> None:
    """Make triggers, then layers, then the planner's statistics, once the tables are there."""
    from clearland.ledger import guards, layers, plans
    from clearland.ledger.store import ALIAS
    from clearland.ledger.vocabulary import dictionary_of

    connection = connections[using]
    if using == ALIAS and "entry" in connection.introspection.table_names():
        guards.install(connection)
        with connection.cursor() as cursor:
            dictionary = dictionary_of(cursor)
        layers.install(connection, dictionary)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                plans.install(cursor)
