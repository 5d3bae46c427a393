"""Questions that are asked only after a certain answer: *if yes*, *if no*.

The answer is read off the claims of the slot asked first: whether a treaty is said to bind. What was answered all the same is
printed, whatever the condition says; where nobody answered the first question, the second is open.
"""

from clearland.dictionary.forms import Slot
from clearland.reports.draft import Draft

_STATUS = "treaty.status"


def applies(draft: Draft, slot: Slot) -> bool:
    """Whether a slot with a condition is asked, or answered without being asked."""
    assert slot.asked_if is not None  # its caller has looked
    if draft.book.choose(slot.claims, draft.year) or slot.code in draft.answers:
        return True
    first, wanted = slot.asked_if
    said = _said(draft, first)
    return said in ("", wanted)


def _said(draft: Draft, code: str) -> str:
    """`yes`, `no`, or nothing where the slot says neither."""
    slots = {slot.code: slot for slot in draft.form.slots()}
    told = [each.claim for each in draft.book.choose(slots[code].claims, draft.year) if each.claim.attribute == _STATUS]
    if not told:
        return ""
    return "no" if told[0].polarity == "negated" or told[0].value is False else "yes"
