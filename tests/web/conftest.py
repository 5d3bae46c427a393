"""A small synthetic programme with a document, behind Django's test client."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from clearland.core.clock import fixed_clock
from clearland.ledger.drafts import Draft, NewRendition, NewSource
from clearland.ledger.opening import PROGRAMME_RECORD
from clearland.ledger.rows import record, rows, sources
from clearland.ledger.scope import Scope, scope, system_actor
from clearland.ledger.write import write
from clearland.work import programme as programmes
from clearland.work.demonstration.nation import synthetic_nation

DEMO = system_actor("demo")
RECORDED = datetime(2026, 1, 31, tzinfo=UTC)
CHANGED = datetime(2026, 6, 30, tzinfo=UTC)
SENTENCE = "The Office cleared 3.52 km² in 2022.[1]"
TEXT = f"Title of the paper\n\n{SENTENCE} A <b>bold</b> claim & more.\n\n[1] Letter of the Office, 3 May 2023."


@dataclass(frozen=True)
class Site:
    """A signed-in client and the names of what the programme holds."""

    client: Client
    hazard: str
    changed_hazard: str
    source: str
    claim_start: int


def reader() -> Scope:
    """The scope of the system actor that built the programme."""
    return scope(DEMO, "tests")


def _change_programme() -> None:
    """Say that the programme is a demonstration."""
    now = record(reader(), PROGRAMME_RECORD)
    assert now is not None
    draft = Draft(
        record=PROGRAMME_RECORD, kind="programme", local_id="programme", based_on=now.entry_uuid,  # type: ignore[attr-defined]
        attributes={**now.attributes, "demonstration": True},
    )
    write([draft], actor=DEMO, reason="A demonstration", clock=fixed_clock(datetime(2024, 2, 1, tzinfo=UTC)))


def _document() -> str:
    start = TEXT.index("3.52 km²")
    claim = {
        "file": "paper.txt", "start": start, "end": start + 8, "subject": "Office", "attribute": "release.cleared",
        "value": 3.52, "value_status": "known", "unit": "km2", "qualifier": None, "base": None,
        "scope": {"place": None, "device": None, "actor": ["Office"], "activity": None, "method": None,
                  "population": None, "outcome": None, "definition": None},
        "period": "2022", "as_of": None, "polarity": "affirmed", "modality": "asserted", "claimant": "The Office",
        "chain": [], "stance": "reported", "quoted": False, "evidence": [], "question": None, "table_cell": None,
        "footnote": "1", "in_footnote": None, "cited_source": None,
    }
    second, note = TEXT.index(SENTENCE), TEXT.index("[1] Letter")
    passages = [
        {"number": 1, "kind": "title", "start": 0, "end": 18},
        {"number": 2, "kind": "paragraph", "start": second, "end": note - 2},
        {"number": 3, "kind": "note", "start": note, "end": len(TEXT), "label": "1"},
    ]
    marker = TEXT.index("[1]")
    notes = [{"label": "1", "body_start": note, "body_end": len(TEXT), "markers": [[marker, marker + 3]]}]
    rendition = NewRendition(
        text=TEXT, extractor="text", extractor_version="1", passages=passages, notes=notes, claims=[claim]
    )
    source = NewSource(
        data=TEXT.encode(), filename="paper.txt", media_type="text/plain", received=date(2026, 1, 31),
        title="Title of the paper", publisher="The Office",
    )
    receipt = write([], actor=DEMO, reason="A paper", source=source, renditions=[rendition], clock=fixed_clock(RECORDED))
    assert receipt.source is not None
    return receipt.source


@pytest.fixture(scope="session")
def web_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """The programme, built once; no test writes to it but in its own copy."""
    folder = tmp_path_factory.mktemp("web") / "programme"
    shutil.copytree(sqlite_template, folder)
    with django_db_blocker.unblock():
        programmes.use(folder)
        _change_programme()
        drafts = [draft for _, draft in synthetic_nation(hazards=24).drafts]
        write(drafts, actor=DEMO, reason="Synthetic records", clock=fixed_clock(RECORDED))
        first = next(draft for draft in drafts if draft.local_id == "SYN-HAZARD-00002")
        standing = rows(reader(), "hazard").get(local_id=first.local_id)
        changed = replace(
            first, attributes={**first.attributes, "name": "Re-surveyed <area>"}, based_on=standing.entry_uuid  # type: ignore[attr-defined]
        )
        write([changed], actor=DEMO, reason="Re-survey", clock=fixed_clock(CHANGED))
        _document()
        connections.close_all()
    return folder


@pytest.fixture
def site(web_template: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A copy of the programme in use, and somebody signed in as the demonstration's administrator."""
    folder = tmp_path / "programme"
    shutil.copytree(web_template, folder)
    with django_db_blocker.unblock():
        programmes.use(folder)
        cache.clear()
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        client = Client()
        assert client.post("/login/demonstration").status_code == 302
        hazards = rows(reader(), "hazard").order_by("local_id")
        yield Site(
            client=client,
            hazard=str(hazards[0].record_uuid),  # type: ignore[attr-defined]
            changed_hazard=str(hazards.get(local_id="SYN-HAZARD-00002").record_uuid),  # type: ignore[attr-defined]
            source=sources(reader())[0].sha256,
            claim_start=TEXT.index("3.52 km²"),
        )
        translation.deactivate()  # the client's requests run in this thread
        connections.close_all()
