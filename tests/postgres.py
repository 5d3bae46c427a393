"""A PostgreSQL server with PostGIS for the tests: the one named by CLEARLAND_TEST_POSTGRES, or a private one of our
own.

The private server lives in a temporary folder, listens on a socket in it and dies with the test session.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

_OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def _binaries() -> Path | None:
    """The folder of the newest installed PostgreSQL server."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


@contextmanager
def server() -> Iterator[str | None]:
    """The URL of a superuser on a server, or None where there is neither an address nor a PostgreSQL to start."""
    if address := os.environ.get("CLEARLAND_TEST_POSTGRES"):
        yield address
        return
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="clearland-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-w"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "cwd": "/"}
    initdb = [
        str(binaries / "initdb"),
        "-D",
        str(folder / "data"),
        "-U",
        "postgres",
        "-A",
        "trust",
        "--no-sync",
        "-E",
        "UTF8",
    ]
    subprocess.run([*as_user, *initdb, "--locale=C.UTF-8"], **quiet, check=True)
    try:
        subprocess.run([*control, "-o", f"-k {folder} {_OPTIONS}", "-l", str(folder / "log"), "start"], **quiet, check=True)
        yield f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def database_url(server_url: str, name: str) -> str:
    """The URL of one database on the server."""
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


def execute(url: str, *statements: str) -> None:
    """Run statements outside a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def has_postgis(server_url: str) -> bool:
    """Whether the extension can be created there."""
    with psycopg.connect(server_url) as connection:
        return connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'").fetchone() is not None
