"""Programmes to test on. No test flushes a ledger: each works on a copy of a template built once per session.

`programme` runs the test on SQLite and on PostgreSQL with PostGIS, `sqlite_programme` on SQLite only; both are in use
(`work.programme.use`) when the test begins, opened on 2024-01-01 in Asia/Baku, with the programme entry as only commit.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connections
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from clearland.core.clock import fixed_clock
from clearland.work import programme as programmes
from tests import postgres

# Playwright keeps an event loop in the thread that drives the browser; Django would take it for an asynchronous server.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Sealing keys of programmes made by tests stay out of the home of whoever runs them.
_settings = tempfile.TemporaryDirectory(prefix="clearland-tests-")
os.environ["CLEARLAND_CONFIG"] = _settings.name
os.environ.pop("CLEARLAND_SEALED_KEY", None)

# The same examples on every machine and every run; how long one takes says nothing on a machine that two processes share.
settings.register_profile("clearland", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("clearland")

OPENED = datetime(2024, 1, 1, 6, 0, tzinfo=UTC)
ADMIN, PASSWORD = "admin", "a long password for tests"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class TestProgramme:
    """A programme in use: its folder and, on PostgreSQL, the URL of its database."""

    __test__ = False

    folder: Path
    database_url: str = ""

    @property
    def vendor(self) -> str:
        """`postgresql` or `sqlite`."""
        return "postgresql" if self.database_url else "sqlite"


def _init(folder: Path, database_url: str = "") -> None:
    programmes.init(
        folder,
        name="Programme for tests",
        opened_on=date(2024, 1, 1),
        time_zone="Asia/Baku",
        clock=fixed_clock(OPENED),
        admin_username=ADMIN,
        admin_password=PASSWORD,
        database_url=database_url,
    )
    connections.close_all()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A programme folder that no test writes to."""
    folder = tmp_path_factory.mktemp("template") / "programme"
    with django_db_blocker.unblock():
        _init(folder)
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a superuser; skips without a server, fails when CLEARLAND_REQUIRE names postgis."""
    with postgres.server() as url:
        if url is None or not postgres.has_postgis(url):
            if "postgis" in os.environ.get("CLEARLAND_REQUIRE", ""):
                pytest.fail("PostgreSQL with PostGIS is required here and absent")
            pytest.skip("no PostgreSQL with PostGIS here")
        yield url


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Path, str]]:
    """A programme folder and the name of its database, for CREATE DATABASE … TEMPLATE."""
    name = f"clearland_template_{os.getpid()}"
    url = postgres.database_url(postgres_server, name)
    postgres.execute(postgres_server, f"CREATE DATABASE {name}")
    postgres.execute(url, "CREATE EXTENSION IF NOT EXISTS postgis")
    folder = tmp_path_factory.mktemp("template") / "programme"
    with django_db_blocker.unblock():
        _init(folder, url)
    yield folder, name
    postgres.execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_programme(sqlite_template: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[TestProgramme]:
    """A fresh programme on SQLite, in use."""
    folder = tmp_path / "programme"
    shutil.copytree(sqlite_template, folder)
    with django_db_blocker.unblock():
        programmes.use(folder)
        yield TestProgramme(folder)
        connections.close_all()


@pytest.fixture
def postgres_programme(
    postgres_server: str, postgres_template: tuple[Path, str], tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[TestProgramme]:
    """A fresh programme on PostgreSQL, in use."""
    template_folder, template = postgres_template
    name = f"clearland_test_{os.getpid()}_{next(_numbers)}"
    url = postgres.database_url(postgres_server, name)
    postgres.execute(postgres_server, f"CREATE DATABASE {name} TEMPLATE {template}")
    folder = tmp_path / "programme"
    shutil.copytree(template_folder, folder)
    with django_db_blocker.unblock():
        programmes.use(folder, url)
        yield TestProgramme(folder, url)
        connections.close_all()
    postgres.execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgis)])
def programme(request: pytest.FixtureRequest) -> TestProgramme:
    """A fresh programme on each database in turn, in use."""
    found = request.getfixturevalue(f"{request.param}_programme")
    assert isinstance(found, TestProgramme)
    return found
