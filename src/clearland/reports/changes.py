"""What changed since the edition before: was and is, each with its note; and recommendations followed over editions."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from clearland.claims.model import Claim
from clearland.claims.periods import interval
from clearland.core.units import unit_family
from clearland.dictionary.forms import Slot
from clearland.reports.book import ClaimBook, Told
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.phrases import say
from clearland.reports.sentences import about, mark, notes, period, proposed_key, value, voice

_COMPARED = frozenset({"status", "quantity"})  # free words differ with every author; that is no change
_MOMENT_DAYS = 31
_LIKE_LENGTH = 1.5  # the factor by which lengths of time may differ and still be compared
_ALIKE = 0.5  # share of the shorter recommendation's words that the other must hold to be the same advice
_LITTLE = frozenset("a an and are at be by for from in into is it its of on or that the their they this to with".split())
Written = tuple[str, list[str]]


def changed(draft: Draft, slot: Slot) -> Written:
    """Matters told of in the year that an earlier source or year told otherwise; then statuses that have not changed."""
    matters: dict[tuple[object, ...], list[Told]] = defaultdict(list)
    for each in draft.book.choose(slot.claims, draft.year):
        if _compared(draft, each.claim):
            key = (unit_family(each.claim.unit), each.claim.base, _extent(each.claim))
            matters[(*draft.book.topic(each.claim), *key)].append(each)
    lines: list[str] = []
    kept: list[str] = []
    printed: list[Told] = []
    for told in matters.values():
        pair = _now_and_before(told, draft.year)
        if pair is None:
            continue
        was, now = pair
        if not _says_the_same(was.claim, now.claim):
            lines.append(_line(draft, was, now))
        elif isinstance(now.claim.value, str):
            was = _first_alike(told, now)
            kept.append(_unchanged(draft, was, now))
        else:
            continue
        printed += [was, now]
    changes = lines or [say(draft.language, "none_changed")]
    return "filled", [*changes, *([""] if kept else []), *kept, *proposed_key(draft, printed)]


def _compared(draft: Draft, claim: Claim) -> bool:
    attribute = draft.snapshot.dictionary.attributes.get(claim.attribute)
    if attribute is None or attribute.value_type not in _COMPARED or claim.modality != "asserted":
        return False
    if attribute.value_type == "quantity":
        return isinstance(claim.value, (int, float)) and not isinstance(claim.value, bool)
    return isinstance(claim.value, str) and claim.unit != "date"


def _extent(claim: Claim) -> object:
    """A moment (up to a month) compares with moments, a stretch of time with stretches of about its length."""
    days = interval(claim.period)
    if days is None:
        return None
    length = (days[1] - days[0]).days
    if length <= _MOMENT_DAYS or (claim.period or "").startswith("as-of"):
        return "moment"
    return round(math.log(length, _LIKE_LENGTH))


def _now_and_before(told: Sequence[Told], year: int) -> tuple[Told, Told] | None:
    """The newest telling before the year's newest one, by the same voice where there is one, and the year's."""
    ordered = sorted(told, key=_newest_last)
    now = ordered[-1]
    before = [each for each in ordered if each.year is not None and now.year is not None and each.year < now.year]
    if now.year != year or not before:
        return None
    same_voice = [each for each in before if each.claim.claimant == now.claim.claimant and each.year == before[-1].year]
    return (same_voice or before)[-1], now


def _first_alike(told: Sequence[Told], now: Told) -> Told:
    """The oldest telling since which nothing else was told."""
    first = now
    for each in sorted(told, key=_newest_last, reverse=True):
        if not _says_the_same(each.claim, now.claim):
            break
        first = each
    return first


def _newest_last(each: Told) -> tuple[object, ...]:
    return (each.days[1].toordinal() if each.days else 0), each.decided, each.claim.file, each.claim.start, each.claim.ref


def _says_the_same(was: Claim, now: Claim) -> bool:
    """Numbers by value, unit and bound; statuses by polarity and words: what is not joined in other words is not joined."""
    if isinstance(was.value, (int, float)) and not isinstance(was.value, bool):
        return (was.value, was.unit, was.qualifier) == (now.value, now.unit, now.qualifier)
    if was.polarity != now.polarity:
        return False
    first, second = _words(str(was.value)), _words(str(now.value))
    return was.polarity == "negated" or first <= second or second <= first


def _line(draft: Draft, was: Told, now: Told) -> str:
    sides = [_side(draft, each) for each in (was, now)]
    return "- " + say(draft.language, "was_is", matter=escape(about(draft, now.claim)), was=sides[0], now=sides[1])


def _side(draft: Draft, each: Told) -> str:
    said = f"{escape(value(each, draft.language))}{mark(each)}"
    return f"{said} ({voice(draft, each.claim)}, {escape(_when(draft, each))}){notes(draft, [each])}"


def _unchanged(draft: Draft, first: Told, now: Told) -> str:
    said = f"{escape(value(now, draft.language))}{mark(now)}"
    return "- " + say(
        draft.language, "unchanged", matter=escape(about(draft, now.claim)), said=said, year=first.year,
        notes=notes(draft, [first, now]),
    )  # fmt: skip


def _when(draft: Draft, each: Told) -> str:
    return period(each.claim.period, draft.language) or str(each.year)


@dataclass(frozen=True)
class Advice:
    """One recommendation of an adviser's edition (`year`) and what became of it: `first`, `new`, `repeated` since a year, or
    `dropped` in one."""

    told: Told
    adviser: str
    year: int
    status: Literal["first", "new", "repeated", "dropped"]
    since: int | None = None


def recommended(draft: Draft, slot: Slot) -> Written:
    """The newest advice of each adviser, told apart as new or repeated, and earlier advice that is not repeated."""
    lines = [_advice(draft, each) for each in _tracked(draft.book.choose(slot.claims, draft.year))]
    return ("filled", lines) if lines else ("not_known", [say(draft.language, "none_held")])


def advice_followed(book: ClaimBook) -> list[Advice]:
    """Every recommendation of a book, followed over the editions of its adviser."""
    return list(_tracked([each for each in book.told if each.claim.attribute == "policy.recommendation"]))


def _tracked(told: Sequence[Told]) -> Iterator[Advice]:
    editions: dict[str, dict[int, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for each in told:
        if each.year is not None:
            editions[each.claim.claimant or str(each.row["publisher"] or "")][each.year].append(each)
    for adviser in sorted(editions):
        yield from _followed(adviser, editions[adviser])


def _followed(adviser: str, editions: dict[int, list[Told]]) -> Iterator[Advice]:
    newest, *earlier = sorted(editions, reverse=True)
    for each in editions[newest]:
        repeated = [year for year in earlier if any(_same_advice(each.claim, other.claim) for other in editions[year])]
        if repeated:
            yield Advice(each, adviser, newest, "repeated", min(repeated))
        else:
            yield Advice(each, adviser, newest, "new" if earlier else "first")
    for each in editions[earlier[0]] if earlier else ():
        if not any(_same_advice(each.claim, other.claim) for other in editions[newest]):
            yield Advice(each, adviser, earlier[0], "dropped", newest)


def _advice(draft: Draft, one: Advice) -> str:
    each = one.told
    return "- " + say(
        draft.language, "advice", addressee=escape(each.claim.subject), action=escape(value(each, draft.language)),
        adviser=voice(draft, each.claim), year=one.year, note=notes(draft, [each]),
        status=say(draft.language, f"advice_{one.status}", year=one.since),
        proposed="" if each.decided else f" *({say(draft.language, 'proposed_short')})*",
    )  # fmt: skip


def _same_advice(one: Claim, other: Claim) -> bool:
    first, second = _words(str(one.value)), _words(str(other.value))
    return len(first & second) >= _ALIKE * max(1, min(len(first), len(second)))


def _words(text: str) -> frozenset[str]:
    return frozenset("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()) - _LITTLE
