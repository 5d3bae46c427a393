"""The marked workbook in LibreOffice, where it is installed."""

import shutil
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.proof.marked import libreoffice_shows_every_mark_and_note_of_a_returned_workbook


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_shows_every_mark_and_note(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        assert libreoffice_shows_every_mark_and_note_of_a_returned_workbook(tmp_path, 1).startswith("8 findings")
