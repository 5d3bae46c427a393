"""The load check at a small size: people read and write at once, on each database; nothing fails, nothing is lost."""

import pytest
from django.db import connections

from clearland.work.bench import postgres
from tests.proof.load import clicked


def held(clicks):
    assert clicks.errors == []
    assert len(clicks.pages) > len(clicks.writes) > 0
    assert clicks.written == len(clicks.writes) + 1
    assert clicks.lines()[-1] == "errors 0"


def test_a_few_people_read_and_write_on_sqlite(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        held(clicked(tmp_path / "programme", 300, people=6, seconds=8))


@pytest.mark.postgis
def test_a_few_people_read_and_write_on_postgis(tmp_path, django_db_blocker, postgres_server):
    with django_db_blocker.unblock():
        url = postgres.new_database(postgres_server, "small_load")
        held(clicked(tmp_path / "programme", 300, people=6, seconds=8, database_url=url))
        connections.close_all()
