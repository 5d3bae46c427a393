"""Claims of other attributes that bear on one another: advice and status, protocol and convention, end and renewed fighting.

Each rule says what one claim presupposes of the other. None of them is a contradiction: where what is presupposed stands,
the one `confirms` the other; where it does not, or where date and wording differ, it is `tension`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from clearland.claims.bounds import range_of, told
from clearland.claims.comparison import Comparison, bare, is_day, is_number, key, one_voice, ordered_pair, words
from clearland.claims.corrections import Around, Surroundings
from clearland.claims.cues import cue
from clearland.claims.model import Claim
from clearland.claims.periods import interval, lie
from clearland.claims.reasons import Coded, Reason
from clearland.claims.records_handed import handovers

_LOOSELY = 0.3  # how alike the scopes of a part and its possible whole are: shown after all that differ more
_MOST = 40  # claims that one other is held against
_NEAR_DATE = 120  # characters between a date and the words that say what ended on it
_MEETING_DAYS = 7  # dates that may be of one meeting, or one of them a slip
# Articles of treaties that ask for a yearly report.
_REPORTS = {"7": ("APMBC", "CCM"), "13": ("CCW-APII",), "10": ("CCW-PV",)}
_REPORT_ARTICLE = re.compile(r"\b(?:Article|Art\.|Maddə|стать\w+)\s(?P<number>7|13|10)\b", re.IGNORECASE)
_REPORT_ASKED = re.compile(r"\breports?\b|hesabat|отч[её]т", re.IGNORECASE)
_GENERAL_PLACE = frozenset(
    "region regions district districts province provinces area areas zone economic territory territories municipality county "
    "department rayon raion governorate city town village well".split()
)
_OFFICES = frozenset("armed forces army ministry defence defense foreign affairs state president minister".split())


def bearings(ordered: Sequence[Claim], around: Surroundings) -> Iterator[Comparison]:
    """Every such pair among claims ordered by file and place. Rules look only at claims of their own attributes."""
    by_attribute: dict[str, list[Claim]] = defaultdict(list)
    for claim in ordered:
        by_attribute[claim.attribute].append(claim)
    yield from _advice(by_attribute)
    yield from _protocols(by_attribute.get("treaty.status", ()))
    yield from _reasons(by_attribute, around)
    yield from _unanswered(by_attribute, around)
    yield from _meetings(by_attribute.get("source.date", ()))
    yield from _after_the_end(by_attribute, around)
    yield from _within_places(by_attribute)
    yield from _units_alike(by_attribute, around)
    yield from handovers(by_attribute, around)


def _by_subject(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    held: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        held[bare(claim.subject)].append(claim)
    return held


def _advice(by_attribute: Mapping[str, Sequence[Claim]]) -> Iterator[Comparison]:
    """Advice to join a treaty presupposes that the state has not."""
    statuses = _by_subject(by_attribute.get("treaty.status", ()))
    for advice in by_attribute.get("policy.recommendation", ()):
        if advice.scope.definition is None or not cue("joining").search(str(advice.value)):
            continue
        for status in statuses.get(bare(advice.subject), ())[:_MOST]:
            if status.scope.definition != advice.scope.definition:
                continue
            outside = status.polarity == "negated"
            code = "advice_presupposes" if outside else "advice_overtaken"
            who = {"who": advice.claimant or Reason("another"), "status": str(status.value)}
            yield ordered_pair("confirms" if outside else "tension", advice, status, Reason(code, who))


def _protocols(statuses: Sequence[Claim]) -> Iterator[Comparison]:
    """A convention and its protocols: who stays outside the one cannot be party to the other."""
    for claims in _by_subject(statuses).values():
        frameworks = [one for one in claims if one.scope.definition and one.polarity == "negated"]
        for framework in frameworks[:_MOST]:
            inside = f"{framework.scope.definition}-"
            for protocol in claims[:_MOST]:
                if one_voice(framework, protocol) or not (protocol.scope.definition or "").startswith(inside):
                    continue
                values = {
                    "convention": Coded(framework.scope.definition or ""), "protocol": Coded(protocol.scope.definition or ""),
                }  # fmt: skip
                kind, code = ("confirms", "outside_both") if protocol.polarity == "negated" else ("tension", "protocol_alone")
                yield ordered_pair(kind, framework, protocol, Reason(code, values))  # type: ignore[arg-type]


def _reasons(by_attribute: Mapping[str, Sequence[Claim]], around: Surroundings) -> Iterator[Comparison]:
    """A reason given for staying outside a treaty beside what the same side alleges of the state that the reason names."""
    by_accuser: dict[str, list[Claim]] = defaultdict(list)
    for name in ("conduct", "contamination.impact"):
        for claim in by_attribute.get(name, ()):
            if claim.stance == "alleged":
                by_accuser[bare(claim.claimant)].append(claim)
    for reason in by_attribute.get("treaty.reason", ()):
        named = words(reason.value)
        for claim in by_accuser.get(bare(reason.claimant), ())[:_MOST]:
            beside = around(claim)
            said = words(claim.subject)
            told_there = words(beside.sentence if beside and claim.attribute != "conduct" else claim.value)
            theme = (named & told_there) - said - words(claim.claimant)
            if said and said <= named and theme and key(claim) != key(reason):
                values = {"subject": claim.subject, "words": str(claim.value)}
                yield ordered_pair("confirms", reason, claim, Reason("reason_alleged", values))


def _unanswered(by_attribute: Mapping[str, Sequence[Claim]], around: Surroundings) -> Iterator[Comparison]:
    """A question about treaty reports left without an answer, where another source tells of such reports."""
    told_of = _by_subject(claim for claim in by_attribute.get("treaty.report_submitted", ()) if claim.polarity == "affirmed")
    for answer in by_attribute.get("answer.none", ()):
        reports = told_of.get(bare(answer.subject))
        if not reports or answer.question is None:
            continue
        treaties = _asked_reports(around(answer))
        for report in reports[:_MOST]:
            if report.file != answer.file and report.scope.definition in treaties:
                values = {"who": answer.claimant or Reason("another"), "other": report.claimant or Reason("another")}
                yield ordered_pair("tension", answer, report, Reason("not_answered_told", values))


def _asked_reports(beside: Around | None) -> tuple[str, ...]:
    """The treaties whose reports the question before an answer asks for."""
    asked = (beside.before.strip() if beside else "").rpartition("\n\n")[2]
    article = _REPORT_ARTICLE.search(asked)
    return _REPORTS[article["number"]] if article and _REPORT_ASKED.search(asked) else ()


def _meetings(dated: Sequence[Claim]) -> Iterator[Comparison]:
    """Two statements at what seems one meeting, dated some days apart."""
    held = sorted(
        (days[0], key(claim), claim) for claim in dated
        if is_day(claim) and cue("meeting").search(claim.subject) and (days := interval(str(claim.value)))
    )  # fmt: skip
    for index, (first, _, left) in enumerate(held):
        for second, _, right in held[index + 1 : index + 1 + _MOST]:
            apart = (second - first).days
            if apart > _MEETING_DAYS:
                break
            meeting = [words(claim.subject) - _OFFICES for claim in (left, right)]
            shared = meeting[0] & meeting[1]
            if apart > 0 and len(shared) >= 3 and len(shared) * 2 >= min(map(len, meeting)):
                values = {"days": apart, "left": str(left.value), "right": str(right.value)}
                yield ordered_pair("tension", left, right, Reason("one_meeting", values))


def _after_the_end(by_attribute: Mapping[str, Sequence[Claim]], around: Surroundings) -> Iterator[Comparison]:
    """Fighting that one source dates after the day on which another says that the conflict ended."""
    ends = [
        claim for name in ("conflict.event", "conflict.dates") for claim in by_attribute.get(name, ())
        if is_day(claim) and (beside := around(claim)) is not None and _dates_the_end(beside)
    ]  # fmt: skip
    if not ends:
        return
    fights = [
        (days[0], claim, beside) for name in ("conflict.event", "use.event") for claim in by_attribute.get(name, ())
        if (is_day(claim) or name == "use.event") and (days := interval(claim.period)) and days[0] > date.min
        and (beside := around(claim)) is not None
        and cue("fighting").search(beside.sentence) and not cue("ended").search(beside.sentence)
    ]  # fmt: skip
    for end in ends[:_MOST]:
        day = interval(str(end.value))
        later = [(start, claim, beside) for start, claim, beside in fights if day and start > day[1] and claim.file != end.file]
        beside_end = around(end)
        assert beside_end is not None
        parties = (words(end.subject) | words(end.claimant) | words(beside_end.sentence)) - _OFFICES
        for start, claim, _beside in sorted(later, key=lambda each: (each[0], key(each[1])))[:_MOST]:
            if (words(claim.subject) - _OFFICES) & parties:
                values = {"end": str(end.value), "later": start.isoformat()}
                yield ordered_pair("tension", end, claim, Reason("fighting_after_end", values))


def _dates_the_end(beside: Around) -> bool:
    """Whether the words near a date, in its own sentence, tell of an end of fighting."""
    near = beside.before[-_NEAR_DATE:] + beside.words + beside.after[:_NEAR_DATE]
    told = cue("ended").search(beside.sentence)
    return told is not None and told.group() in " ".join(near.split())


def _within_places(by_attribute: Mapping[str, Sequence[Claim]]) -> Iterator[Comparison]:
    """A count in one place beside a count in several of which that place is one: it may be a part of it, or go beyond it."""
    by_place: dict[str, list[Claim]] = defaultdict(list)
    counted = [
        claim for name in ("items.found", "items.destroyed") for claim in by_attribute.get(name, ()) if is_number(claim)
    ]  # fmt: skip
    for claim in counted:
        for word in _places(claim):
            by_place[word].append(claim)
        if interval(claim.period) is None:
            for word in words(claim.claimant) - _places(claim):
                by_place[word].append(claim)
    for part in counted:
        near = [whole for word in sorted(_places(part))[:1] for whole in by_place[word]]
        for whole in near[:_MOST]:
            if part.file != whole.file and part.unit == whole.unit and _may_hold(whole, part):
                code = "may_be_part" if range_of(part)[0] <= range_of(whole)[1] else "part_beyond"
                found = ordered_pair("tension", part, whole, Reason(code, {"part": told(part), "whole": told(whole)}))
                yield replace(found, alike=_LOOSELY) if code == "may_be_part" else found


def _places(claim: Claim) -> frozenset[str]:
    return words(claim.subject) - _GENERAL_PLACE


def _may_hold(whole: Claim, part: Claim) -> bool:
    """Whether the places and the time of one count may take in those of another: several places of which it names one, or
    a count without a date by the authorities of the country that the other names."""
    if lie(part.period, whole.period) == "apart":
        return False
    undated = interval(whole.period) is None and interval(part.period) is not None
    of_country = undated and _places(part) <= words(whole.claimant) and _places(whole) != _places(part)
    return of_country or _places(part) < _places(whole)


def _units_alike(by_attribute: Mapping[str, Sequence[Claim]], around: Surroundings) -> Iterator[Comparison]:
    """The same number of districts, by whatever name, told to have come under control in one conflict."""
    counts: dict[object, list[Claim]] = defaultdict(list)
    for claim in by_attribute.get("territory.control", ()):
        if is_number(claim) and claim.unit in _GENERAL_PLACE:
            counts[claim.value].append(claim)
    for claims in counts.values():
        for index, left in enumerate(claims[:_MOST]):
            for right in claims[index + 1 : index + 1 + _MOST]:
                if left.file != right.file and left.unit != right.unit and _party(left, right, around):
                    yield ordered_pair("confirms", left, right, Reason("units_alike", {"left": told(left), "right": told(right)}))


def _party(left: Claim, right: Claim, around: Surroundings) -> bool:
    """Whether the subject of the one is spoken of in the sentence of the other."""
    sides = ((left, around(right)), (right, around(left)))
    return any(beside and (words(one.subject) - _OFFICES) & words(beside.sentence) for one, beside in sides)
