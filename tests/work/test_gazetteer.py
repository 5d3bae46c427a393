"""Places are found in documents in every spelling, and claims carry their codes."""

from datetime import date
from pathlib import Path

from clearland.figures.published import published_by_place
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.work.add import AddOptions, add_file
from clearland.work.gazetteer import names_of_programme, printed_forms

EXAMPLES = Path(__file__).parents[2] / "examples"
ACTOR = system_actor("import")


def test_the_forms_that_english_prints():
    assert {"Ağdam", "Aghdam", "Agdam"} <= printed_forms("Ağdam")
    assert {"Kəlbəcər", "Kalbajar", "Kelbejer"} <= printed_forms("Kəlbəcər")
    assert {"Xocavənd", "Khojavand"} <= printed_forms("Xocavənd")
    assert printed_forms("Барда") == {"Барда"}


def test_claims_carry_the_district_whatever_the_spelling(sqlite_programme, tmp_path):
    for name in ("azerbaijan-districts.geojson", "azerbaijan-places-geonames.json"):
        mapping = EXAMPLES / "mappings" / f"{name.rsplit('.', 1)[0]}.yaml"
        add_file(EXAMPLES / "data" / name, AddOptions(kind="place", mapping=mapping), actor=ACTOR)
    places = names_of_programme(scope(ACTOR, "test")).places
    assert places["Fuzuli"] == places["Fizuli"] == places["Füzuli"]
    assert places["Lachin"] == places["Laçın"]
    document = tmp_path / "note.txt"
    document.write_text(
        "Note on finds\n\nIn August 2022, the Ministry of Defense reported 1,318 antipersonnel mines found in the Lachin "
        "district. In May 2021, it reported 210 antipersonnel mines found in the Fizuli and Zangilan districts.\n",
        encoding="utf-8",
    )
    add_file(document, AddOptions(received=date(2024, 2, 1)), actor=ACTOR)
    found = published_by_place(snapshot())
    assert [each.claim["value_number"] for each in found[places["Lachin"]]] == [1318]
    (joint,) = found[places["Fuzuli"]]
    assert joint.claim["value_number"] == 210
    assert joint.joint == (places["Zangilan"],)
