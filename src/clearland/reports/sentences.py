"""A claim in words: value, matter, who says it and in what stance, with the footnote that leads to the very characters.

The words of a source stay in its language; what stands around them is in the reader's.
"""

from collections.abc import Iterable, Sequence

from clearland.claims.model import Claim
from clearland.core import formats
from clearland.figures.labels import attribute_label
from clearland.reports.audience import told_day
from clearland.reports.book import Told
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.phrases import phrases, say
from clearland.reports.words import CALENDAR, words

PROPOSED = "†"


def together(told: Iterable[Told]) -> list[list[Told]]:
    """Claims that say the same thing by the same voice of the same time, printed twice or more, as one; order kept."""
    groups: dict[tuple[object, ...], list[Told]] = {}
    for each in told:
        claim = each.claim
        said = value(each, "en")
        alike = (each.decided, claim.subject, claim.attribute, claim.scope, said, claim.unit, claim.qualifier, claim.period)
        groups.setdefault((*alike, claim.value_status, claim.claimant, claim.stance, claim.modality), []).append(each)
    return list(groups.values())


def bullets(draft: Draft, told: Sequence[Told]) -> list[str]:
    """One line per claim with its notes; claims that no person has decided on stand apart, under words that say so."""
    groups = together(told)
    lines = [f"- {sentence(draft, group[0])}{notes(draft, group)}" for group in groups if group[0].decided]
    proposed = [f"- {sentence(draft, group[0])}{notes(draft, group)}" for group in groups if not group[0].decided]
    if not proposed:
        return lines
    return [*lines, *([""] if lines else []), f"*{say(draft.language, 'proposed_heading')}*", "", *proposed]


def sentence(draft: Draft, told: Told) -> str:
    """`Treaty status (CCM): **not party**. Landmine Monitor (reported), as of 28 Sep 2022.`"""
    claim = told.claim
    return say(
        draft.language, "claim", attribute=escape(about(draft, claim)), value=escape(value(told, draft.language)),
        claimant=voice(draft, claim), stance=stance(draft.language, claim),
        period=f", {escape(period(claim.period, draft.language))}" if claim.period else "",
    )  # fmt: skip


def mark(told: Told) -> str:
    """The sign that stands in tables for *proposed, not reviewed*; `proposed_key` under the table says so."""
    return "" if told.decided else PROPOSED


def proposed_key(draft: Draft, told: Iterable[Told]) -> list[str]:
    """The line that explains `mark`, where one was made."""
    return ["", f"*{PROPOSED} {say(draft.language, 'proposed')}*"] if any(not each.decided for each in told) else []


def notes(draft: Draft, group: Iterable[Told]) -> str:
    """The marks of the footnotes, one for each place it is printed."""
    return "^,^".join(draft.notes.marker(note(draft, each)) for each in group)  # 10 and 11 shall not read as 1011


def about(draft: Draft, claim: Claim) -> str:
    """Subject, attribute and the definition it is held to: `Ministry of Defence: stockpile (APMBC)`."""
    label = attribute_label(draft.snapshot.dictionary, claim.attribute, draft.language)
    told = f"{label} ({claim.scope.definition})" if claim.scope.definition else label
    own = draft.book.country
    name = own.names["en"] if own else ""
    plain = claim.subject in ("document", claim.claimant, "", name, f"Government of {name}")
    return told if plain else f"{claim.subject}, {told}"


def voice(draft: Draft, claim: Claim) -> str:
    """The claimant, or that it is not said."""
    return escape(claim.claimant or say(draft.language, "claimant_not_said"))


def stance(language: str, claim: Claim) -> str:
    """`reported`, `alleged`, …, with the modality where it is not a plain assertion."""
    said = say(language, claim.stance)
    return said if claim.modality == "asserted" else f"{said}, {say(language, claim.modality)}"


def value(told: Told, language: str) -> str:
    """The value with its bounds and unit; yes, no and dates as the words they were read from."""
    claim = told.claim
    if claim.value_status != "known" and (claim.value is None or claim.value_status == "not_answered"):
        return say(language, f"status_{claim.value_status}")
    if isinstance(claim.value, bool) or claim.unit in CALENDAR:
        return f"“{words(told)}”"
    if isinstance(claim.value, (int, float)):
        return _number(claim, language)
    return str(claim.value)


def _number(claim: Claim, language: str) -> str:
    unit = phrases(language).get(f"unit_{claim.unit}") or formats.unit_sign(claim.unit, language)
    number = f"{formats.number(claim.value, language)}\N{NO-BREAK SPACE}{unit}".strip()
    if claim.qualifier in (None, "exact"):
        return number
    bound = phrases(language).get(f"bound_{claim.qualifier}", f"{claim.qualifier} {{number}}")
    return bound.format(number=number)


def period(text: str | None, language: str) -> str:
    """`2021-06/2021-08` or `as-of 2022-09-28` as a reader writes it; nothing for a period not stated."""
    if not text:
        return ""
    if text.startswith("as-of "):
        return say(language, "as_of", day=formats.day(text.removeprefix("as-of "), language))
    days = [formats.day(part, language) for part in text.split("/")]
    if len(days) == 2 and not all(days):
        return say(language, "since" if days[0] else "up_to", day=days[0] or days[1])
    return " – ".join(days)


def note(draft: Draft, told: Told) -> str:
    """Who printed it, when, under which note of its own, where in the source, the very words, and the reference."""
    claim, row, language = told.claim, told.row, draft.language
    label = claim.footnote if claim.footnote is not None else claim.in_footnote
    return say(
        language, "footnote_claim", who=f"{escape(str(row['publisher']))}, " if row["publisher"] else "",
        title=escape(str(row["title"] or row["file"])),
        published=f", {escape(told_day(draft, row['published']))}" if row["published"] else "",
        label=f", {say(language, 'note_label', label=escape(str(label)))}" if label is not None else "",
        question=f", {escape(claim.question)}" if claim.question else "", start=claim.start, end=claim.end,
        quote=escape(str(row["quote"])), proposed="" if told.decided else f"{say(language, 'proposed')} ",
        ref=escape(told.reference),
    )  # fmt: skip
