"""The proof's tiles at a small size: each zoom is measured, whether its tiles hold shapes or cells."""

import pytest

from clearland.web.tiles import layers
from tests.proof import tiles


@pytest.mark.parametrize("whole_layer", [0, 5_000])
def test_tiles_of_every_zoom_are_measured(monkeypatch, django_db_blocker, whole_layer: int) -> None:
    monkeypatch.setattr(layers, "WHOLE_LAYER", whole_layer)
    with django_db_blocker.unblock():
        found = tiles.measures(400)
    assert [measure.work.split(",")[0] for measure in found] == [f"map tile z{zoom}" for zoom in tiles.ZOOMS]
    assert all(measure.value is not None and measure.value > 0 for measure in found)
