"""Two claims of one subject and attribute: numbers by their bounds, dates by their distance, statements by their words."""

import re

from clearland.claims.bounds import agree, told
from clearland.claims.comparison import Comparison, bare, is_day, is_number, key, one_voice, words
from clearland.claims.cues import cue
from clearland.claims.model import Claim
from clearland.claims.periods import interval, lie
from clearland.claims.reasons import Coded, Reason
from clearland.claims.records_handed import degree
from clearland.claims.scopes import apart, because, differences, likeness, said_as
from clearland.claims.witnesses import quotation
from clearland.core.units import unit_family
from clearland.core.words import stem

_NEAR_DAYS = 7
_ACCOUNTABLE = re.compile(r"(?:conflict|treaty|territory|org|programme|plan)\.")
_MEETING = "treaty.attendance"
# Matters of which two opposed statements differ whatever their words: handed over or not.
_YES_OR_NO = ("record.handover", "record.custody")
# Matters that sources rate in words: heavily mined, of low use.
_RATED = ("contamination.area", "contamination.impact", "record.accuracy", "record.coverage")
_MEETING_DAYS = 2  # what one meeting may last: two statements at it are of one event


def compare(left: Claim, right: Claim) -> Comparison | None:
    """How two claims of one subject and attribute lie to one another; None where they cannot be compared."""
    if key(left) > key(right):
        left, right = right, left
    if (shared := quotation(left)) is not None and shared == quotation(right) and left.file != right.file:
        return Comparison("same_source", left, right, Reason("same_words"))
    if is_number(left) and is_number(right):
        return _numbers(left, right)
    if is_day(left) and is_day(right):
        return _dates(left, right)
    if is_number(left) or is_number(right):
        return _figure_and_words(left, right)
    return _dated_words(left, right) or _statements(left, right)


def _figure_and_words(left: Claim, right: Claim) -> Comparison | None:
    """An amount of money beside words that tell of the same giving."""
    said = right if is_number(left) else left
    affirmed = left.polarity == right.polarity == "affirmed" and left.modality == right.modality == "asserted"
    if not left.attribute.startswith("funds.") or not affirmed or is_day(said) or not isinstance(said.value, str):
        return None
    if not cue("means").search(said.value):
        return None
    figure = left if said is right else right
    return Comparison("confirms", left, right, Reason("figure_to_words", {"figure": told(figure), "words": str(said.value)}))


def _dated_words(left: Claim, right: Claim) -> Comparison | None:
    """One source dates what the other tells in words of that time."""
    dated, said = (left, right) if is_day(left) else (right, left)
    if not is_day(dated) or is_day(said) or not isinstance(said.value, str) or one_voice(left, right):
        return None
    a, b = interval(str(dated.value)), interval(said.period)
    timed = bool(_ACCOUNTABLE.match(left.attribute) and a and b and not (said.period or "").startswith("as-of"))
    if not timed or left.polarity != right.polarity or a is None or b is None or b[0] > a[1] or a[0] > b[1]:
        return None
    return Comparison("confirms", left, right, Reason("same_date", {"day": str(dated.value)}))


def _numbers(left: Claim, right: Claim) -> Comparison | None:
    if unit_family(left.unit) != unit_family(right.unit) or one_voice(left, right):
        return None
    if unit_family(left.unit) in {"count", "money"} and left.unit != right.unit:
        return None
    other, unsaid = differences(left.scope, right.scope)
    time = lie(left.period, right.period)
    if apart(left.scope, right.scope, other):
        return None
    same, alike = not other and not unsaid, likeness(left.scope, right.scope)
    sides = {"left": told(left), "right": told(right)}
    if agree(left, right):
        return Comparison("confirms", left, right, Reason("within_bounds", sides)) if time != "apart" and same else None
    if time == "apart":
        return Comparison("series", left, right, Reason("other_times", sides), alike) if not other else None
    if same and time == "same" and left.base == right.base:
        if later := _later_edition(left, right):
            return Comparison("supersedes", left, right, Reason("replaced", {**sides, "edition": later}))
        return Comparison("contradicts", left, right, Reason("same_scope", sides))
    if other and time == "unknown":
        return None  # another scope at a time not told: nothing shows that one matter is meant
    timed = {"overlap": "periods_differ", "unknown": "period_unsaid"}.get(time, "bases_differ")
    why = because(left.scope, right.scope) or (Reason(timed),)
    found = Reason("scope_differs", {**sides, "why": why})
    return Comparison("tension", left, right, found, alike if time == "same" else round(alike * 0.8, 2))


def _later_edition(left: Claim, right: Claim) -> str | None:
    """The date of the later of two documents in which one and the same narrator speaks for itself, else None."""
    own = not left.chain and not right.chain and left.file != right.file
    if not own or not left.claimant or bare(left.claimant) != bare(right.claimant):
        return None
    a, b = interval(left.as_of), interval(right.as_of)
    if a is None or b is None or a == b or (a[0] <= b[1] and b[0] <= a[1]):
        return None
    return str(left.as_of if a > b else right.as_of)


def _dates(left: Claim, right: Claim) -> Comparison | None:
    if not _ACCOUNTABLE.match(left.attribute):
        return None
    own = one_voice(left, right)
    if own and left.attribute != _MEETING:
        return None
    a, b = interval(str(left.value)), interval(str(right.value))
    if a is None or b is None:
        return None
    if a[0] <= b[1] and b[0] <= a[1]:
        day = min(str(left.value), str(right.value), key=len)
        return None if own else Comparison("confirms", left, right, Reason("same_date", {"day": day}))
    days = (max(a[0], b[0]) - min(a[1], b[1])).days
    if days <= (_MEETING_DAYS if own else _NEAR_DAYS):
        sides = {"days": days, "left": str(left.value), "right": str(right.value)}
        return Comparison("tension", left, right, Reason("near_dates", sides))
    return None


def _statements(left: Claim, right: Claim) -> Comparison | None:
    if left.attribute.startswith(("source.", "answer.", "policy.recommendation")):
        return None
    if one_voice(left, right):
        return _said_twice(left, right)
    if (left.value is None) != (right.value is None):
        return None
    opposed = left.polarity != right.polarity or (
        isinstance(left.value, bool) and isinstance(right.value, bool) and left.value is not right.value
    )
    shared = words(left.value) & words(right.value)
    alike = left.value == right.value or len(shared) * 3 >= max(1, min(len(words(left.value)), len(words(right.value))))
    scope, where = said_as(left.scope, right.scope)
    if scope == "definition" and left.attribute.startswith("treaty."):
        return None  # two treaties, not two definitions of one thing
    rated = (degree(left), degree(right)) if left.attribute.startswith(_RATED) else (None, None)
    if not opposed and not alike and scope != "other" and None not in rated:
        return _rated_alike(left, right, agreed=rated[0] == rated[1])
    comparable = alike or left.attribute.startswith("treaty.status") or (opposed and left.attribute in _YES_OR_NO)
    if scope == "other" or not comparable:
        return None
    time = lie(left.period, right.period)
    if not opposed:
        said = Reason("both_say" if time == "same" else "both_say_apart")
        return Comparison("confirms", left, right, said) if alike else None
    if time == "apart":
        return Comparison("series", left, right, Reason("one_before_other"))
    if time == "same" and scope == "same":
        return Comparison("contradicts", left, right, Reason("affirmed_denied"))
    why = Reason("fields_unsaid", {"fields": Reason(f"field_{where}")}) if scope != "same" else Reason("times_differ")
    return Comparison("tension", left, right, Reason("affirmed_denied_but", {"why": why}))


def _said_twice(left: Claim, right: Claim) -> Comparison | None:
    """What one voice answers to two questions of one form: the same again, or the opposite."""
    if left.question is None or right.question is None or left.question == right.question:
        return None
    said = [frozenset(stem(word) for word in words(claim.value)) for claim in (left, right)]
    if len(said[0] & said[1]) * 3 < max(1, min(map(len, said))):
        return None
    if left.polarity != right.polarity:
        return Comparison("tension", left, right, Reason("answers_opposed"))
    return Comparison("confirms", left, right, Reason("answers_alike"))


def _rated_alike(left: Claim, right: Claim, *, agreed: bool) -> Comparison | None:
    """Two ratings of one matter in words: much and much, or much and little at one time."""
    if agreed:
        return Comparison("confirms", left, right, Reason("rated_alike"))
    if lie(left.period, right.period) == "apart":
        return None
    return Comparison("tension", left, right, Reason("rated_otherwise", {"left": str(left.value), "right": str(right.value)}))


def shares(left: Claim, right: Claim) -> Comparison | None:
    """Percentages of one matter by different measures: never a contradiction, and worth a reader's eye."""
    if left.attribute == right.attribute or left.value == right.value:
        return None
    if left.file == right.file and lie(left.period, right.period) == "same":
        return None  # one statement that gives both
    if key(left) > key(right):
        left, right = right, left
    return Comparison("tension", left, right, Reason("other_measures", {
        "left": told(left), "attribute": Coded(left.attribute),
        "right": told(right), "other_attribute": Coded(right.attribute),
    }))  # fmt: skip
