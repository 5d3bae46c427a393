"""Ledger tables live in `programme`, everything else in `default`; nothing is migrated into the wrong file."""

from typing import Any


class ProgrammeRouter:
    """Django database router (see `work.settings`)."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """`programme` for ledger models."""
        return "programme" if model._meta.app_label == "ledger" else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """As for reading."""
        return self.db_for_read(model)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Each app migrates in its own database only."""
        return (db == "programme") == (app_label == "ledger")
