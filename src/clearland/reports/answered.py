"""A person's answer in a slot, with its footnote: words, or the word for why nothing stands there."""

from clearland.dictionary.forms import Slot
from clearland.reports.audience import reference
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.periods import period
from clearland.reports.phrases import say


def answered(draft: Draft, slot: Slot, title: str) -> tuple[str, list[str]] | None:
    """Status and Markdown of the answer that holds, None where nobody gave one the audience may read."""
    answer = draft.answers.get(slot.code)
    if answer is None:
        return None
    note = draft.notes.marker(say(
        draft.language, "footnote_answer", form=escape(slot.code),
        ref=escape(reference(draft, f"record:{answer.record}@{answer.entry}")),
    ))  # fmt: skip
    if answer.status == "filled":
        paragraphs = [escape(each) for each in answer.words.splitlines() if each.strip()]
        return "filled", [f"**{escape(title)}.** {paragraphs[0]}{note}", *paragraphs[1:]]
    word = say(draft.language, answer.status)
    if answer.status == "unchanged_since":
        word = f"{word} {period(answer.since).label(draft.language)}"
    reason = f" {escape(answer.reason)}" if answer.reason else ""
    return answer.status, [f"{escape(title)}: *{word}*{note}.{reason}"]
