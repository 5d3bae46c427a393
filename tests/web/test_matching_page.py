"""The page of possible duplicates: side by side with grounds, decided with a reason, taken back; names stay sealed."""

from datetime import date

import pytest

from clearland.core.ids import record_id
from clearland.core.sealing import SealingKey, new_secret, printed
from clearland.ledger import sealing_keys
from clearland.ledger.drafts import Draft, NewSource
from clearland.ledger.write import write
from clearland.work import programme as programmes
from tests.checks.matching.told_twice import SOURCES, told_twice
from tests.figures.told import ACTOR, CLOCK
from tests.web.conftest import Site

TOLD = told_twice(12)
_OWN = ("record", "local_id", "source", "geometry", "accident")


def fill() -> None:
    """Each source with its accidents and victims, as the sources tell them; one name is sealed."""
    for source in SOURCES:
        drafts = [
            Draft(
                record=record_id("told", row["record"]), kind=kind, local_id=f"SYNTHETIC-{row['record']}",
                geometry=row.get("geometry"), attributes={
                    **{name: value for name, value in row.items() if name not in _OWN and value is not None},
                    **({"consent_store": "given", "full_name": "SYNTHETIC Secret Name"} if kind == "victim" else {}),
                },
                links={"accident": [record_id("told", row["accident"])]} if "accident" in row else {},
            )
            for kind, rows in (("accident", TOLD.accidents), ("victim", TOLD.victims)) for row in rows if row["source"] == source
        ]  # fmt: skip
        given = NewSource(data=source.encode(), filename=f"{source}.csv", media_type="text/csv", received=date(2026, 3, 1),
                          title=f"Register of the {source}")  # fmt: skip
        write(drafts, actor=ACTOR, reason="SYNTHETIC", source=given, clock=CLOCK)


def pair_of(page: str) -> str:
    return page.partition('data-href="')[2].partition('"')[0]


@pytest.fixture
def filled(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    secret = new_secret()
    programmes.state_sealing_key(SealingKey.from_secret(secret).fingerprint)
    monkeypatch.setenv(sealing_keys.VARIABLE, printed(secret))
    fill()
    return site


def test_a_pair_is_decided_and_taken_back(filled: Site) -> None:
    page = filled.client.get("/matching/?kind=accident").content.decode()
    address = pair_of(page)
    first, second = address.strip("/").split("/")[1:]
    shown = filled.client.get(address).content.decode()
    assert "Register of the police" in shown
    assert "from each other" in shown
    form = {"kind": "accident", "first": first, "second": second, "counted": second}
    refused = filled.client.post("/matching/decide", {**form, "action": "same"})
    assert (refused.status_code, "E-MATCH-REASON" in refused.content.decode()) == (400, True)
    answer = filled.client.post("/matching/decide", {**form, "action": "same", "reason": "One case file"})
    assert answer.headers["Location"].startswith("/matching/")
    decided = filled.client.get(address).content.decode()
    assert "One case file" in decided
    assert pair_of(filled.client.get("/matching/?kind=accident").content.decode()) != address
    figure = filled.client.get("/figure/CAS-2/").content.decode()
    assert "another one tells of the same thing" in figure
    match = decided.partition('name="match" value="')[2].partition('"')[0]
    filled.client.post("/matching/decide", {**form, "action": "undo", "match": match})
    assert "One case file" not in filled.client.get(address).content.decode()
    assert pair_of(filled.client.get("/matching/?kind=accident").content.decode()) == address


def test_names_of_victims_are_never_shown(filled: Site) -> None:
    page = filled.client.get("/matching/?kind=victim").content.decode()
    shown = filled.client.get(pair_of(page)).content.decode()
    assert "SYNTHETIC-" in shown
    assert "Secret Name" not in page + shown
    assert "it stays sealed" in shown


def test_what_was_known_on_a_past_day_is_not_decided(filled: Site) -> None:
    address = pair_of(filled.client.get("/matching/?kind=accident").content.decode())
    past = filled.client.get(f"{address}?known=2026-03-02").content.decode()
    assert 'name="action"' not in past
    first, second = address.strip("/").split("/")[1:]
    assert filled.client.get(f"/matching/{first}/{first[:-1]}0/").status_code == 404
    assert filled.client.get("/matching/?kind=survey").status_code == 404
    form = {"kind": "accident", "first": first, "second": second, "action": "different"}
    assert filled.client.post("/matching/decide?known=2026-03-02", form).status_code == 400


@pytest.mark.parametrize(("language", "words"), [("az", "Eyni gün"), ("ru", "Один день")])
def test_grounds_are_said_in_the_readers_language(filled: Site, language: str, words: str) -> None:
    filled.client.post("/language/", {"language": language, "next": "/"})
    assert words in filled.client.get("/matching/?kind=accident").content.decode()
