"""The shipped districts and places of Azerbaijan."""

import shapely

from clearland.dictionary.model import Dictionary
from clearland.intake.mapping import load_mappings
from clearland.intake.plan import Circumstances, Plan, plan
from clearland.intake.readers.dispatch import read_tables
from tests.intake.conftest import EXAMPLES


def planned(data: str, mapping: str, dictionary: Dictionary, circumstances: Circumstances) -> Plan:
    found = plan(
        read_tables(EXAMPLES / "data" / data),
        load_mappings(EXAMPLES / "mappings" / mapping),
        dictionary,
        {},
        circumstances,
    )
    found.refuse_if_wrong()
    return found


def test_districts_are_polygons_with_their_own_codes(dictionary: Dictionary, circumstances: Circumstances):
    found = planned("azerbaijan-districts.geojson", "azerbaijan-districts.yaml", dictionary, circumstances)
    assert (found.new, len({draft.attributes["code"] for draft in found.drafts})) == (78, 78)
    assert all(shapely.is_valid(draft.geometry) for draft in found.drafts)
    assert {draft.attributes["place_type"] for draft in found.drafts} == {"admin1"}


def test_places_keep_their_names_in_every_script(dictionary: Dictionary, circumstances: Circumstances):
    found = planned("azerbaijan-places-geonames.json", "azerbaijan-places-geonames.yaml", dictionary, circumstances)
    assert found.new == 245
    sharur = next(draft for draft in found.drafts if draft.local_id == "GN-146858")
    assert {"Şərur", "Шарур", "Շարուր"} <= set(sharur.attributes["names"])
    assert "GeoNames" in sharur.attributes["credit"]
