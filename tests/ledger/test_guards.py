"""The book refuses to be changed, and says when its guards are gone."""

from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from clearland.core.errors import BrokenLedger
from clearland.ledger import guards
from clearland.ledger.drafts import NewRendition
from clearland.work import programme as programmes
from tests import postgres
from tests.conftest import TestProgramme
from tests.ledger.book import day, execute, hazard, put, source

TABLES = ("source", "rendition", "commit", "entry")
CHANGES = {
    "source": """UPDATE "source" SET title = 'x'""",
    "rendition": """UPDATE "rendition" SET text = 'x'""",
    "commit": """UPDATE "commit" SET reason = 'x'""",
    "entry": "UPDATE entry SET state = 'draft'",
}


def fill() -> None:
    reading = NewRendition(text="One area.", extractor="test", extractor_version="1")
    put(hazard("1"), source=source("a", date(2024, 3, 1)), renditions=[reading])


def refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(using="programme"):
        execute(sql)


@pytest.mark.parametrize("table", TABLES)
def test_truth_cannot_be_updated_or_deleted(programme, table):
    fill()
    refused(CHANGES[table])
    refused(f'DELETE FROM "{table}"')
    if programme.vendor == "postgresql":
        refused(f'TRUNCATE "{table}" CASCADE')


@pytest.mark.parametrize("table", TABLES)
def test_a_key_cannot_be_written_twice(sqlite_programme, table):
    fill()
    refused(f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"')


def test_another_row_cannot_take_the_identity_of_an_entry(sqlite_programme):
    fill()
    refused(
        """INSERT OR REPLACE INTO entry (sequence, id, record_id, revision, body, state, known_at, commit_id, digest)
           SELECT 1000 + sequence, id, record_id, revision, body, state, known_at, commit_id, digest FROM entry"""
    )


@pytest.mark.postgis
def test_an_upsert_is_an_update(postgres_programme):
    fill()
    refused("""INSERT INTO entry SELECT * FROM entry ON CONFLICT (sequence) DO UPDATE SET state = 'draft'""")


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_guard_is_named_and_the_programme_is_not_opened(programme: TestProgramme, table):
    on = f' ON "{table}"' if programme.vendor == "postgresql" else ""
    execute(f'DROP TRIGGER "{table}_no_update"{on}')
    assert guards.missing(connections["programme"]) == [f"{table}_no_update"]
    with pytest.raises(BrokenLedger, match=f"{table}_no_update"):
        programmes.use(programme.folder, programme.database_url)
    guards.install(connections["programme"])
    assert programmes.use(programme.folder, programme.database_url) == programme.folder


def test_a_guard_that_does_nothing_is_missing(sqlite_programme):
    execute("DROP TRIGGER entry_no_update")
    execute("CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT 1; END")
    assert guards.missing(connections["programme"]) == ["entry_no_update"]


@pytest.mark.postgis
def test_a_disabled_guard_is_missing(postgres_programme):
    execute("ALTER TABLE entry DISABLE TRIGGER entry_no_delete")
    assert guards.missing(connections["programme"]) == ["entry_no_delete"]


def test_installing_again_changes_nothing(programme):
    fill()
    for _ in range(2):
        guards.install(connections["programme"])
    assert guards.missing(connections["programme"]) == []
    put(hazard("2"), clock=day(1))


@pytest.mark.postgis
def test_the_serving_role_writes_through_the_front_door_only(postgres_programme, postgres_server):
    fill()
    postgres.execute(postgres_server, "DROP ROLE IF EXISTS clearland_serving", "CREATE ROLE clearland_serving LOGIN")
    guards.restrict_role(connections["programme"], "clearland_serving")
    url = postgres_programme.database_url.replace("postgres@", "clearland_serving@")
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("SELECT COUNT(*) FROM entry").fetchone() == (2,)
        for statement in (b"DELETE FROM entry", b"UPDATE source SET title = ''", b'TRUNCATE "commit" CASCADE'):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
    programmes.use(postgres_programme.folder, url)
    assert put(hazard("2"), clock=day(1)).new == 1
    programmes.use(postgres_programme.folder, postgres_programme.database_url)
    with psycopg.connect(postgres_programme.database_url, autocommit=True) as connection:
        connection.execute("DROP OWNED BY clearland_serving")
    postgres.execute(postgres_server, "DROP ROLE clearland_serving")
