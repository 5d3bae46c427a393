"""Django settings. A programme is chosen by CLEARLAND_PROGRAMME (folder) and, on a server, CLEARLAND_DATABASE_URL.

Two databases: `default` holds people, sessions and tokens (`site.sqlite3`, or the schema `site` on PostgreSQL);
`programme` holds the ledger (`programme.gpkg`, or the schema `public`). People pass programme files on; accounts stay.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PROGRAMME_DIR = Path(os.environ.get("CLEARLAND_PROGRAMME", "programme")).resolve()
DATABASE_URL = os.environ.get("CLEARLAND_DATABASE_URL", "")


def sqlite_database(path: Path) -> dict[str, Any]:
    """One SQLite file as the ledger needs it: WAL, full synchronisation, write transactions taken at once."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 60,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=0;",
        },
    }


def postgres_database(url: str, schema: str) -> dict[str, Any]:
    """One PostgreSQL database seen through a schema, from postgresql://user:password@host:port/name?options."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", parts.hostname or "")
    path = schema if schema == "public" else f"{schema},public"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": f"-c search_path={path}", **query},
    }


def databases(programme_dir: Path, url: str) -> dict[str, dict[str, Any]]:
    """The two databases of one programme."""
    if url:
        return {"default": postgres_database(url, "site"), "programme": postgres_database(url, "public")}
    return {
        "default": sqlite_database(programme_dir / "site.sqlite3"),
        "programme": sqlite_database(programme_dir / "programme.gpkg"),
    }


DATABASES = databases(PROGRAMME_DIR, DATABASE_URL)
DATABASE_ROUTERS = ["clearland.ledger.router.ProgrammeRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "clearland.ledger",
]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("az", "Azərbaycanca"), ("ru", "Русский")]
SECRET_KEY = os.environ.get("CLEARLAND_SECRET_KEY", "")
