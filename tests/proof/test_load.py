"""The load check at a small size: people read and write at once, and nothing fails."""

from tests.proof.load import clicked


def test_a_few_people_read_and_write_without_an_error(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        clicks = clicked(tmp_path, 300, people=6, seconds=6)
    assert clicks.errors == []
    assert len(clicks.pages) > len(clicks.writes)
    assert "errors 0" in clicks.line()
