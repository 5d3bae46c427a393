"""The score of a performance assessment: given by people, weighed by the form, put into bands; never computed from records.

Bands of the weighted average: very good from 8, good from 7, average from 5, poor from 4, very poor below.
"""

from decimal import Decimal, InvalidOperation

from clearland.core import formats
from clearland.dictionary.forms import Slot
from clearland.reports.answered import answered
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.phrases import say

_BANDS = ((8, "very_good"), (7, "good"), (5, "average"), (4, "poor"), (0, "very_poor"))
_MOST = Decimal(10)


def scored(draft: Draft, _slot: Slot) -> tuple[str, list[str]]:
    """A table of criteria, weights and scores, the weighted average and its band; not known until every score is given."""
    language = draft.language
    lines = [f"| {say(language, 'criterion')} | {say(language, 'weight')} | {say(language, 'score')} |", "| --- | ---: | ---: |"]
    scores: list[tuple[int, Decimal | None]] = []
    for section in draft.form.sections:
        for slot in section.slots:
            if not slot.weight:
                continue
            score = _given(draft, slot)
            scores.append((slot.weight, score))
            said = f"*{say(language, 'not_known')}*" if score is None else formats.number(score, language) + _note(draft, slot)
            title = section.titles.get(language) or section.titles["en"]
            lines.append(f"| {escape(title)} | {slot.weight}\N{NO-BREAK SPACE}% | {said} |")
    average = weighted(scores)
    if average is None:
        return "not_known", [*lines, "", f"*{say(language, 'scores_missing')}*"]
    in_words = say(language, f"band_{band(average)}")
    words = say(language, "score_result", average=formats.number(average, language, 1), band=in_words)
    return "filled", [*lines, "", words]


def weighted(scores: list[tuple[int, Decimal | None]]) -> Decimal | None:
    """The weighted average to one decimal; None where a score is missing or there is none."""
    if not scores or any(score is None for _weight, score in scores):
        return None
    total = sum((weight * (score or Decimal(0)) for weight, score in scores), Decimal(0))
    return (total / sum(weight for weight, _score in scores)).quantize(Decimal("0.1"))


def band(average: Decimal) -> str:
    """The band of an average between 0 and 10."""
    return next(name for least, name in _BANDS if average >= least)


def _given(draft: Draft, slot: Slot) -> Decimal | None:
    """The number at the head of a person's answer; None where it is no score from 0 to 10."""
    answer = draft.answers.get(slot.code)
    if answer is None or answer.status != "filled":
        return None
    try:
        score = Decimal(answer.words.split()[0].rstrip(".,;:").replace(",", "."))
    except (InvalidOperation, IndexError):
        return None
    return score if 0 <= score <= _MOST else None


def _note(draft: Draft, slot: Slot) -> str:
    told = answered(draft, slot, "")
    return f"[^{len(draft.notes.notes)}]" if told else ""
