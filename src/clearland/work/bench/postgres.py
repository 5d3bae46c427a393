"""A private PostgreSQL server with PostGIS for the bench: in a temporary folder, on a socket, gone when the run ends."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

# Sized as a small server would be; what is committed is on disk (fsync), as it is with SQLite's synchronous=FULL.
_OPTIONS = (
    "-c listen_addresses='' -c shared_buffers=512MB -c work_mem=64MB -c maintenance_work_mem=256MB -c max_wal_size=4GB"
)


@contextmanager
def server() -> Iterator[tuple[str, str]]:
    """The URL of a superuser and an empty text, or an empty text and the reason why there is no server."""
    binaries = _binaries()
    if binaries is None:
        yield "", "no PostgreSQL server is installed"
        return
    with tempfile.TemporaryDirectory(prefix="clearland-bench-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        as_user: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            as_user = ["runuser", "-u", "postgres", "--"]
        data = str(folder / "data")
        make = [str(binaries / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        control = [*as_user, str(binaries / "pg_ctl"), "-D", data, "-w"]
        _run([*as_user, *make])
        try:
            _run([*control, "-o", f"-k {folder} {_OPTIONS}", "-l", str(folder / "log"), "start"])
            url = f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
            if _has_postgis(url):
                yield url, ""
            else:
                yield "", "the PostgreSQL server has no PostGIS"
        finally:
            _run([*control, "-m", "immediate", "stop"], check=False)


def new_database(server_url: str, name: str) -> str:
    """Make a database with PostGIS; returns its URL."""
    url = urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")
    return url


def _run(command: list[str], *, check: bool = True) -> None:
    subprocess.run(command, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")  # noqa: S603


def _binaries() -> Path | None:
    """The folder of the newest installed PostgreSQL server."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


def _has_postgis(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'").fetchone() is not None
