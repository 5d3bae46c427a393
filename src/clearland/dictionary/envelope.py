"""The columns that every exported row carries beside the fields of its kind, so that it can come back as what it was.

Their names begin with `clearland_`, which no field of a dictionary does. The audience stands in each row, because a row
that was cut out of its file must still say for whom it was made.
"""

from collections.abc import Mapping, Sequence

from clearland.dictionary.model import SENSITIVITIES, Field, Kind

OWN_PREFIX = "clearland_"
RECORD = "clearland_record"
STATE = "clearland_state"
CLASS = "clearland_class"
AUDIENCE = "clearland_audience"
AS_KNOWN = "clearland_as_known"
WKT = "clearland_wkt"
LOCAL_ID = "local_id"
# KML has a name, a description and a begin of its own for every placemark; our fields stand under names beside those.
KML_FIELD = "field_"

# A form asks for the parts of a record (its legs, its victims) in repeat groups, each under the name of its kind.
PART_GROUP = "part_"
PART = "clearland_part"
PART_OF = "clearland_part_of"
_PART_QUESTION = "__"

# Sealed is nobody's: no file is ever cut for it.
AUDIENCES: tuple[str, ...] = tuple(name for name in SENSITIVITIES if name != "sealed")

ABOUT_LABELS: Mapping[str, str] = {
    RECORD: "Record", STATE: "State", CLASS: "Class", AUDIENCE: "Made for", AS_KNOWN: "As known on", WKT: "Geometry",
    LOCAL_ID: "Local id",
}  # fmt: skip


def part_question(kind: str, name: str) -> str:
    """The question that asks for a field of a part: no two questions of a form share a name."""
    return f"{kind}{_PART_QUESTION}{name}"


def part_field(question: str) -> str:
    """The field that a question in the repeat group of a part asks for."""
    return question.partition(_PART_QUESTION)[2] or question


def classes_for(audience: str) -> frozenset[str]:
    """The sensitivity classes that an audience may hold: its own and every wider one. Raises KeyError for no audience."""
    if audience not in AUDIENCES:
        raise KeyError(audience)
    return frozenset(AUDIENCES[: AUDIENCES.index(audience) + 1])


def fields_for(kind: Kind, audience: str) -> tuple[Field, ...]:
    """The fields of a kind that an audience may hold, in the dictionary's order."""
    allowed = classes_for(audience)
    return tuple(each for each in kind.fields if each.sensitivity in allowed)


def widest_audience(classes: Sequence[str]) -> str:
    """The strictest class among these: the narrowest audience that may hold all of it; `public` for none."""
    return max(classes, key=SENSITIVITIES.index, default="public")
