"""Use of weapons: accusation, reply of the accused and assessment by others side by side; never a verdict of ours.

The rung of the ladder says only what kinds of statement the sources hold on an event: alleged; alleged and denied; alleged
and not corroborated; held likely by others; acknowledged by the user; stated as fact by others; only mentioned. It is read
off stances, polarity and who speaks. Replies are found by the comparison of claims (`denies`) and by what the accused says
of the time.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clearland.claims.model import Claim
from clearland.claims.periods import lie
from clearland.dictionary.forms import Slot
from clearland.reports.book import ClaimBook, Told
from clearland.reports.countries import named_in
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.phrases import say
from clearland.reports.sentences import mark, notes, period, proposed_key, stance, together, value, voice
from clearland.reports.words import CALENDAR

EVENTS = frozenset({"use.event", "use.attempt"})
_FAR_CHARACTERS = 600  # in a document, words on an event stand near it


@dataclass
class Event:
    """One accused, one time: what is said of it, by whom."""

    accused: str
    period: str | None
    accusations: list[Told] = field(default_factory=list)
    replies: list[Told] = field(default_factory=list)
    assessments: list[Told] = field(default_factory=list)

    def told(self) -> list[Told]:
        """Everything said of it."""
        return [*self.accusations, *self.replies, *self.assessments]

    def rung(self) -> str:
        """The name of the ladder's step that the statements held amount to."""
        said = [each.claim for each in self.assessments]
        if any(_admits(each.claim) for each in self.replies):
            return "acknowledged"
        if any(_states_use(claim) and claim.modality == "asserted" and claim.stance == "reported" for claim in said):
            return "stated"
        if any(_states_use(claim) for claim in said):
            return "likely"
        denied = any(each.claim.polarity == "negated" for each in self.replies)
        if not self.accusations:
            return "denied_only" if denied else "none_alleged" if any(map(_doubts, said)) else "mentioned"
        if any(map(_doubts, said)):
            return "not_corroborated"
        return "denied" if denied else "alleged"


def events(book: ClaimBook, told: Sequence[Told]) -> list[Event]:
    """The events that the claims speak of, newest first; each claim of use stands in one of them."""
    found: dict[tuple[object, ...], Event] = {}
    rest = []
    for each in told:
        claim = each.claim
        if _affirms(claim) and (_told_by_the_accuser(claim) or (claim.attribute in EVENTS and not _own_words(claim))):
            event = found.setdefault(_key(each), Event(claim.subject, claim.period))
            accuses = claim.stance == "alleged" or _told_by_the_accuser(claim)
            (event.accusations if accuses else event.assessments).append(each)
        elif _affirms(claim) and claim.stance == "alleged":  # accuses, and does not say whom
            found.setdefault(("", *_key(each)), Event("", claim.period)).accusations.append(each)
        else:
            rest.append(each)
    answers = _answers(book)
    by_ref = {each.claim.ref: event for event in found.values() for each in event.told()}
    by_file: dict[str, dict[int, Event]] = defaultdict(dict)
    for event in found.values():
        for each in event.told():
            by_file[each.claim.file][id(event)] = event
    for each in rest:
        answered = answers.get(each.claim.ref, set())
        homes = list({id(by_ref[ref]): by_ref[ref] for ref in sorted(answered) if ref in by_ref}.values())
        if not answered:
            homes = [event for event in by_file[each.claim.file].values() if _near(each.claim, event)]
        for event in homes or [found.setdefault(("alone", *_key(each)), Event(_accused(each.claim), each.claim.period))]:
            (event.replies if _is_reply(each.claim, event) else event.assessments).append(each)
    return sorted(found.values(), key=_newest_first)


def _key(each: Told) -> tuple[object, ...]:
    claim = each.claim
    return tuple(sorted(_party(claim.subject))), claim.period, *((claim.file,) if claim.period is None else ())


def _party(name: str | None) -> frozenset[str]:
    """Whose side a name is of: the countries it names, else the name itself."""
    return named_in(name or "") or frozenset({(name or "").casefold()})


def _affirms(claim: Claim) -> bool:
    return claim.polarity == "affirmed" and claim.value is not False and claim.value_status == "known"


def _states_use(claim: Claim) -> bool:
    """Says that use took place. A date dates what was said, and that something was tried says nothing of success."""
    return claim.attribute == "use.event" and _affirms(claim) and claim.unit not in CALENDAR


def _doubts(claim: Claim) -> bool:
    return claim.polarity == "negated" or claim.attribute == "use.attempt"


def _admits(claim: Claim) -> bool:
    if claim.attribute == "use.admission" and _affirms(claim):
        return True
    return _affirms(claim) and claim.stance == "acknowledged" and claim.attribute in EVENTS


def _own_words(claim: Claim) -> bool:
    """Said by somebody of their own side, or an admission: no accusation."""
    return claim.stance == "acknowledged" or bool(_party(claim.claimant) & _party(claim.subject))


def _told_by_the_accuser(claim: Claim) -> bool:
    """An admission that one country tells of another is that country's account, not the other's word."""
    if claim.stance != "acknowledged" and claim.attribute != "use.admission":
        return False
    told, of = named_in(claim.claimant or ""), named_in(claim.subject)
    return bool(told) and bool(of) and not told & of


def _accused(claim: Claim) -> str:
    """Of whom a statement that answers nothing is; an observer who speaks in their own name names nobody."""
    return claim.subject if named_in(claim.subject) or not _own_words(claim) else ""


def _is_reply(claim: Claim, event: Event) -> bool:
    if claim.attribute in ("use.denial", "use.admission") or claim.stance == "acknowledged":
        return True
    return bool(named_in(claim.claimant or "") & named_in(event.accused))


def _answers(book: ClaimBook) -> dict[str, set[str]]:
    """Reference of a denial → references of what it answers."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair in book.comparisons:
        if pair.kind == "denies":
            found[pair.left.ref].add(pair.right.ref)
            found[pair.right.ref].add(pair.left.ref)
    return found


def _near(claim: Claim, event: Event) -> bool:
    """Whether a statement that answers nothing is of an event: told near it in one document, and of the same time."""
    if named_in(claim.subject) and not _party(claim.subject) & _party(event.accused):
        return False
    return lie(claim.period, event.period) in ("same", "overlap") and any(
        other.claim.file == claim.file and abs(other.claim.start - claim.start) <= _FAR_CHARACTERS
        for other in (*event.accusations, *event.assessments)
    )


def _newest_first(event: Event) -> tuple[object, ...]:
    days = [each.days[1].toordinal() for each in event.told() if each.days]
    return -max(days, default=0), event.accused, str(event.period), _first_ref(event)


def _first_ref(event: Event) -> str:
    return min(each.claim.ref for each in event.told())


def alleged(draft: Draft, slot: Slot) -> tuple[str, list[str]]:
    """A table of events, one row each. With nothing held it is *not known*, which is not the same as *no use*."""
    found = events(draft.book, draft.book.choose(slot.claims, draft.year))
    if not found:
        return "not_known", [say(draft.language, "none_held")]
    heads = [say(draft.language, f"ladder_{name}") for name in ("event", "accusation", "reply", "assessment", "rung")]
    lines = ["| " + " | ".join(heads) + " |", "| ---- | ------ | ------ | ------ | --- |"]
    lines.extend(_row(draft, event) for event in found)
    said = (each for event in found for each in event.told())
    return "filled", [say(draft.language, "ladder_note"), "", *lines, *proposed_key(draft, said)]


def _row(draft: Draft, event: Event) -> str:
    when = period(event.period, draft.language) or say(draft.language, "time_not_said")
    accused = event.accused or say(draft.language, "accused_not_said")
    cells = [f"{escape(accused)}, {escape(when)}"]
    for part in (event.accusations, event.replies, event.assessments):
        cells.append("; ".join(_said(draft, part)) or f"*{say(draft.language, 'none_in_sources')}*")
    return "| " + " | ".join([*cells, say(draft.language, f"rung_{event.rung()}")]) + " |"


def _said(draft: Draft, part: Sequence[Told]) -> Iterator[str]:
    for group in together(part):
        claim = group[0].claim
        words = escape(value(group[0], draft.language))
        yield f"{voice(draft, claim)} ({stance(draft.language, claim)}): {words}{mark(group[0])}{notes(draft, group)}"
