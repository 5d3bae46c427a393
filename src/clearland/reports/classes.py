"""The class of a report: what one must be allowed to read to make it, open it or keep it."""

from clearland.dictionary.forms import Audience, ReportForm
from clearland.dictionary.model import SENSITIVITIES, Dictionary, Sensitivity


def class_of(dictionary: Dictionary, form: ReportForm, audience: Audience) -> Sensitivity:
    """The audience's own class; for the programme that of the highest record or field which the form lists, up to restricted."""
    if audience != "programme":
        return audience
    found: list[Sensitivity] = ["programme"]
    for slot in form.slots():
        kind = dictionary.kinds.get(slot.records.kind) if slot.records else None
        if slot.records is not None and kind is not None:
            found += [kind.sensitivity, *(kind.field(name).sensitivity for name in slot.records.fields)]
    return min(max(found, key=SENSITIVITIES.index), "restricted", key=SENSITIVITIES.index)
