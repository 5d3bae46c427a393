"""Django settings. A programme is chosen by CLEARLAND_PROGRAMME (folder) and, on a server, CLEARLAND_DATABASE_URL.

Two databases: `default` holds people, sessions and tokens (`site.sqlite3`, or the schema `site` on PostgreSQL);
`programme` holds the ledger (`programme.gpkg`, or the schema `public`). People pass programme files on; accounts stay.
"""

import os
from datetime import timedelta
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
        "CONN_MAX_AGE": None,  # one connection per thread of a server: to open one takes longer than most pages
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # a writer that waits longer is told that another write is running (E-LEDGER-BUSY)
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=0; "
            "PRAGMA cache_size=-32768;",
        },
    }


def postgres_database(url: str, schema: str) -> dict[str, Any]:
    """One PostgreSQL database seen through a schema, from postgresql://user:password@host:port/name?options.

    Without workers and compiled plans: a page's query is over before they have begun, and many people share the cores."""
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
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,  # the server may have been started anew
        "OPTIONS": {"options": f"-c search_path={path} -c max_parallel_workers_per_gather=0 -c jit=off", **query},
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
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "clearland.ledger",
    "clearland.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clearland.web.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clearland.web.middleware.DateOfKnowledge",
    "clearland.web.middleware.ReadableErrors",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clearland.web.context.page",
            ],
        },
    }
]
ROOT_URLCONF = "clearland.web.urls"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"
STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "clearland.web.vendor.WheelFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 31_536_000  # addresses carry a digest of the content (template tag `asset`)
DEMO_OPEN = os.environ.get("CLEARLAND_DEMO_OPEN", "") == "1"  # the one-click entry of a demonstration, for everybody
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, os.environ.get("CLEARLAND_HOSTS", "").split(","))]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(os.environ.get("CLEARLAND_HTTPS"))
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "clearland.web.views.errors.form_expired"
X_FRAME_OPTIONS = "DENY"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # behind a proxy all addresses are one: then it is the account alone
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "clearland/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Clearland"
SESSION_COOKIE_AGE = 12 * 3_600  # a working day
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2_000}},
}

# Whether pages show the newest finished count while another process makes a newer one (clearland.web.sums): true in a server.
SUMS_IN_BACKGROUND = False
# Whether that process also follows with the search index, so that no search has to (clearland.ledger.search_index).
SEARCH_INDEXED_APART = False
WARM_UP = "clearland.web.first_pages.made_ready"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("az", "Azərbaycanca"), ("ru", "Русский")]
SECRET_KEY = os.environ.get("CLEARLAND_SECRET_KEY", "")
