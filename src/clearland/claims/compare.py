"""Claims side by side: which contradict, confirm or deny one another, and why (design section 7).

`contradicts` needs one subject, attribute, scope and definition, one period, and values beyond what their bounds allow.
Where only scope (device, actor), definition or period differs it is `tension`; where the same thing is told of other
times, `series`; two prints of one quotation or note are `same_source`, one witness; a later edition of one voice
`supersedes` its earlier figure. `part_of`, `share_of` and `implies` tie figures of one passage by arithmetic
(`relations`). A scope not said never equals a code.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from clearland.claims.model import Claim
from clearland.claims.periods import interval, lie
from clearland.claims.relations import relations
from clearland.claims.scopes import apart, because, differences, likeness, said_as
from clearland.core.units import AREA_M2, LENGTH_M, unit_family

Kind = Literal[
    "contradicts",
    "denies",
    "tension",
    "supersedes",
    "part_of",
    "share_of",
    "implies",
    "series",
    "same_source",
    "confirms",
]
_ORDER: tuple[Kind, ...] = get_args(Kind)
_TENSIONS = 8  # the most tensions one claim keeps: those whose scopes are most alike
_WINDOW = 40
_NEAR_DAYS = 7
_REACH = 250  # characters between an accusation and its denial, where a nearer accusation lies between
_ACCUSATIONS = ("use.", "conduct", "production.", "transfer.")
_LITTLE = frozenset("the of a an to in and or for by on its is are was were has have had that government republic".split())


@dataclass(frozen=True)
class Comparison:
    """Two claims and how they lie to one another. `left` and `right` are ordered by file, place and reference.

    `alike` is 1 where the scopes agree and falls with every field in which they differ or only one of them says.
    """

    kind: Kind
    left: Claim
    right: Claim
    reason: str
    alike: float = 1.0


def disagreements(claims: Iterable[Claim]) -> list[Comparison]:
    """Every comparison worth showing, the gravest kind and the most alike scopes first, whatever the order of `claims`.

    Claims meet only within a bucket (subject and attribute; quotation; accusation and reply), and within a bucket with
    their next forty in order of period, so that the work grows with the number of claims and not with its square.
    """
    ordered = sorted({_key(claim): claim for claim in claims}.values(), key=_key)
    found: dict[tuple[tuple[str, int, int, str], tuple[str, int, int, str]], Comparison] = {}
    for comparison in _all(ordered):
        pair = (_key(comparison.left), _key(comparison.right))
        held = found.get(pair)
        if held is None or _ORDER.index(comparison.kind) < _ORDER.index(held.kind):
            found[pair] = comparison
    ranked = sorted(found, key=lambda pair: (_ORDER.index(found[pair].kind), -found[pair].alike, pair))
    return _bounded([found[pair] for pair in ranked])


def _bounded(ranked: Sequence[Comparison]) -> list[Comparison]:
    """Ranked comparisons without those tensions of a claim that come after its most alike ones."""
    held: dict[tuple[str, int, int, str], int] = defaultdict(int)
    kept = []
    for comparison in ranked:
        if comparison.kind == "tension" and comparison.alike < 1:
            sides = (_key(comparison.left), _key(comparison.right))
            if any(held[side] >= _TENSIONS for side in sides):
                continue
            for side in sides:
                held[side] += 1
        kept.append(comparison)
    return kept


def witnesses(claims: Iterable[Claim]) -> int:
    """How many independent voices say it: prints of one quotation or of one cited note count once."""
    return len({_quotation(claim) or (str(claim.claimant or claim.file),) for claim in claims})


def compare(left: Claim, right: Claim) -> Comparison | None:
    """How two claims of one subject and attribute lie to one another; None where they cannot be compared."""
    if _key(left) > _key(right):
        left, right = right, left
    if (shared := _quotation(left)) is not None and shared == _quotation(right) and left.file != right.file:
        return Comparison("same_source", left, right, "Both print the same words: one witness.")
    if _is_number(left) and _is_number(right):
        return _numbers(left, right)
    if _day(left) and _day(right):
        return _dates(left, right)
    if not _is_number(left) and not _is_number(right):
        return _statements(left, right)
    return None


def _all(ordered: Sequence[Claim]) -> Iterator[Comparison]:
    topics: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in ordered:
        topics["same", _bare(claim.subject), claim.attribute].append(claim)
        quotation = _quotation(claim)
        if quotation is not None:
            topics["quoted", *quotation].append(claim)
        if _is_number(claim) and claim.unit == "percent" and "." in claim.attribute:
            topics["share", claim.attribute.split(".")[0]].append(claim)
    for name, bucket in topics.items():
        for left, right in _neighbours(bucket):
            comparison = _shares(left, right) if name[0] == "share" else compare(left, right)
            if comparison is not None:
                yield comparison
    yield from _denials(ordered)
    for kind, one, other, reason in relations(ordered):
        left, right = sorted((one, other), key=_key)
        yield Comparison(kind, left, right, reason)


def _neighbours(bucket: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of a bucket; in a large one only claims near one another in time."""
    by_time = sorted(bucket, key=lambda claim: ((interval(claim.period) or (date.max, date.max)), _key(claim)))
    for index, left in enumerate(by_time):
        for right in by_time[index + 1 : index + 1 + _WINDOW]:
            yield left, right


def _key(claim: Claim) -> tuple[str, int, int, str]:
    return claim.file, claim.start, claim.end, claim.ref


def _bare(text: str | None) -> str:
    decomposed = unicodedata.normalize("NFKD", (text or "").casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(letter for letter in decomposed if not unicodedata.combining(letter))))


def _words(text: object) -> frozenset[str]:
    return frozenset(_bare(str(text)).split()) - _LITTLE


def _is_number(claim: Claim) -> bool:
    return isinstance(claim.value, int | float) and not isinstance(claim.value, bool)


def _day(claim: Claim) -> bool:
    return isinstance(claim.value, str) and bool(re.fullmatch(r"\d{4}(?:-\d{2}){0,2}", claim.value))


def _quotation(claim: Claim) -> tuple[str, ...] | None:
    """What makes two prints one: the same quoted words (four or more), else the same cited note with the same value."""
    if claim.quoted and isinstance(claim.value, str) and len(claim.value.split()) >= 4:
        return "words", _bare(claim.value)
    if claim.cited_source and not re.match(r"\s*ibid", claim.cited_source, re.IGNORECASE):
        return "note", _bare(claim.cited_source), claim.attribute, str(claim.value), str(claim.unit), claim.polarity
    return None


def _one_voice(left: Claim, right: Claim) -> bool:
    return left.file == right.file and _bare(left.claimant) == _bare(right.claimant)


def _base_value(claim: Claim) -> float:
    assert isinstance(claim.value, int | float)
    factor = AREA_M2.get(claim.unit or "") or LENGTH_M.get(claim.unit or "") or 1
    return float(claim.value) * float(factor)


def _margin(claim: Claim) -> float:
    """Half of the last digit printed."""
    printed = repr(claim.value)
    decimals = len(printed.partition(".")[2]) if "." in printed and "e" not in printed else 0
    factor = AREA_M2.get(claim.unit or "") or LENGTH_M.get(claim.unit or "") or 1
    return 0.5 * 10.0**-decimals * float(factor) if decimals or factor != 1 or claim.unit == "percent" else 0.0


def _range(claim: Claim) -> tuple[float, float]:
    value = _base_value(claim)
    match claim.qualifier:
        case "more_than":
            return value, float("inf")
        case "less_than":
            return float("-inf"), value
        case "approximately":
            return value - 0.1 * abs(value), value + 0.1 * abs(value)
    return value - _margin(claim), value + _margin(claim)


def _agree(left: Claim, right: Claim) -> bool:
    (a, b), (c, d) = _range(left), _range(right)
    return a <= d and c <= b


def _numbers(left: Claim, right: Claim) -> Comparison | None:
    if unit_family(left.unit) != unit_family(right.unit) or _one_voice(left, right):
        return None
    if unit_family(left.unit) in {"count", "money"} and left.unit != right.unit:
        return None
    other, unsaid = differences(left.scope, right.scope)
    time = lie(left.period, right.period)
    if apart(left.scope, right.scope, other):
        return None
    same, alike = not other and not unsaid, likeness(left.scope, right.scope)
    said = f"{_told(left)} against {_told(right)}"
    if _agree(left, right):
        within = f"{said}: within what the bounds allow."
        return Comparison("confirms", left, right, within) if time != "apart" and same else None
    if time == "apart":
        return Comparison("series", left, right, f"{said}, of different times.", alike) if not other else None
    if same and time == "same" and left.base == right.base:
        if later := _later_edition(left, right):
            return Comparison("supersedes", left, right, f"{said}: the edition of {later} replaces the earlier figure.")
        return Comparison("contradicts", left, right, f"{said} for the same scope and period.")
    if other and time == "unknown":
        return None  # another scope at a time not told: nothing shows that one matter is meant
    why = because(left.scope, right.scope) or (
        "the periods are not the same"
        if time == "overlap"
        else "a period is not stated"
        if time == "unknown"
        else "the bases differ"
    )
    return Comparison("tension", left, right, f"{said}, but {why}.", alike if time == "same" else round(alike * 0.8, 2))


def _later_edition(left: Claim, right: Claim) -> str | None:
    """The date of the later of two documents in which one and the same narrator speaks for itself, else None."""
    own = not left.chain and not right.chain and left.file != right.file
    if not own or not left.claimant or _bare(left.claimant) != _bare(right.claimant):
        return None
    a, b = interval(left.as_of), interval(right.as_of)
    if a is None or b is None or a == b or (a[0] <= b[1] and b[0] <= a[1]):
        return None
    return str(left.as_of if a > b else right.as_of)


def _told(claim: Claim) -> str:
    bound = {"more_than": "more than ", "less_than": "less than ", "approximately": "about "}.get(claim.qualifier or "", "")
    return f"{bound}{claim.value}{' ' + claim.unit if claim.unit else ''} ({claim.claimant or 'not said by whom'})"


def _dates(left: Claim, right: Claim) -> Comparison | None:
    if _one_voice(left, right) or not _ACCOUNTABLE.match(left.attribute):
        return None
    a, b = interval(str(left.value)), interval(str(right.value))
    if a is None or b is None:
        return None
    if a[0] <= b[1] and b[0] <= a[1]:
        return Comparison("confirms", left, right, f"Both date it {min(str(left.value), str(right.value), key=len)}.")
    apart = (max(a[0], b[0]) - min(a[1], b[1])).days
    if apart <= _NEAR_DAYS:
        return Comparison("tension", left, right, f"Dates {apart} days apart: {left.value} and {right.value}; perhaps one event.")
    return None


_ACCOUNTABLE = re.compile(r"(?:conflict|treaty|territory|org|programme|plan)\.")


def _statements(left: Claim, right: Claim) -> Comparison | None:
    if _one_voice(left, right) or left.attribute.startswith(("source.", "answer.", "policy.recommendation")):
        return None
    if (left.value is None) != (right.value is None):
        return None
    opposed = left.polarity != right.polarity or (
        isinstance(left.value, bool) and isinstance(right.value, bool) and left.value is not right.value
    )
    shared = _words(left.value) & _words(right.value)
    alike = left.value == right.value or len(shared) * 3 >= max(1, min(len(_words(left.value)), len(_words(right.value))))
    scope, where = said_as(left.scope, right.scope)
    if scope == "definition" and left.attribute.startswith("treaty."):
        return None  # two treaties, not two definitions of one thing
    if scope == "other" or not (alike or left.attribute.startswith("treaty.status")):
        return None
    time = lie(left.period, right.period)
    if not opposed:
        return (
            Comparison(
                "confirms", left, right, "Both say the same." if time == "same" else "Both say the same, of different dates."
            )
            if alike
            else None
        )
    if time == "apart":
        return Comparison("series", left, right, "The one holds before the other.")
    if time == "same" and scope == "same":
        return Comparison("contradicts", left, right, "One affirms what the other denies, for the same time.")
    why = f"only one says which {where}" if scope != "same" else "the times are not the same"
    return Comparison("tension", left, right, f"One affirms what the other denies, but {why}.")


def _shares(left: Claim, right: Claim) -> Comparison | None:
    """Percentages of one matter by different measures: never a contradiction, and worth a reader's eye."""
    if left.attribute == right.attribute or left.value == right.value:
        return None
    if left.file == right.file and lie(left.period, right.period) == "same":
        return None  # one statement that gives both
    if _key(left) > _key(right):
        left, right = right, left
    return Comparison(
        "tension", left, right, f"{_told(left)} as {left.attribute} and {_told(right)} as {right.attribute}: different measures."
    )


def _denials(ordered: Sequence[Claim]) -> Iterator[Comparison]:
    """Each denial with the accusation it answers: the nearest before it in its document, else one of the same time."""
    by_file: dict[str, list[Claim]] = defaultdict(list)
    by_year: dict[int, list[Claim]] = defaultdict(list)
    for claim in ordered:
        if claim.stance == "alleged" and claim.attribute.startswith(_ACCUSATIONS):
            by_file[claim.file].append(claim)
            days = interval(claim.period)
            if days is not None and days[0].year == days[1].year:
                by_year[days[0].year].append(claim)
    for claim in ordered:
        if claim.stance != "denied":
            continue
        accused = _words(claim.claimant) | _words(claim.subject)
        days = interval(claim.period)
        near = [other for other in by_file[claim.file] if other.start < claim.start or claim.in_footnote is not None]
        elsewhere = by_year.get(days[0].year, [])[:_WINDOW] if days else []
        for other in [
            *_answered(near, claim),
            *(one for one in elsewhere if one.file != claim.file and lie(one.period, claim.period) in {"same", "overlap"}),
        ]:
            if accused & _words(other.subject) and _bare(other.claimant) != _bare(claim.claimant):
                left, right = sorted((claim, other), key=_key)
                yield Comparison(
                    "denies", left, right, f"{claim.claimant or 'The accused'} denies what {other.claimant or 'another'} alleges."
                )


def _answered(near: Sequence[Claim], denial: Claim) -> list[Claim]:
    """Accusations a denial in the same document can answer: those of its note's sentence, else the nearest before it."""
    if denial.in_footnote is not None:
        cited = [claim for claim in near if claim.footnote == denial.in_footnote]
        if cited:
            return cited
    before = [claim for claim in near if claim.start < denial.start]
    return [claim for claim in before[-3:] if denial.start - claim.end <= _REACH or claim is before[-1]]
