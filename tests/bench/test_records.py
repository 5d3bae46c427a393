"""The bench's records are the same on every machine, and are what the dictionary would accept."""

import shapely

from clearland.dictionary import loader
from clearland.dictionary.values import clean
from clearland.work.bench.nation import nation
from clearland.work.bench.records import finds, hazards


def test_the_same_size_gives_the_same_records():
    assert finds(50) == finds(50)
    assert hazards(50) == hazards(50)
    assert nation(100, 3) == nation(100, 3)
    assert nation(100, 3) != nation(100, 4)


def test_they_are_clean_synthetic_and_lie_in_the_ocean():
    for draft in (*finds(40), *hazards(40)):
        attributes, findings = clean(loader.builtin(), draft.kind, draft.attributes)
        assert (attributes, findings) == (dict(draft.attributes), []), draft.local_id
        assert draft.local_id.startswith("SYNTHETIC-")
        assert shapely.box(-31, 38, -25, 44).contains(draft.geometry)
        assert shapely.is_valid(draft.geometry)
