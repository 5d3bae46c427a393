"""Text slots: what published sources say, where they disagree, and what is not known. Cited, never invented."""

from collections.abc import Callable, Sequence

from clearland.claims.comparison import Comparison
from clearland.dictionary.forms import Content, Slot
from clearland.figures.disagreements import in_words
from clearland.reports.allegations import alleged
from clearland.reports.book import Told
from clearland.reports.changes import changed, recommended
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.phrases import say
from clearland.reports.scores import scored
from clearland.reports.sentences import bullets, notes, sentence

MOST_CLAIMS = 200
_DIFFERING = ("contradicts", "retracts", "corrects", "explains", "tension")
Written = tuple[str, list[str]]


def text_slot(draft: Draft, slot: Slot, title: str) -> Written:
    """The slot's status and Markdown, by what its form asks for (`content`)."""
    status, lines = WRITERS[slot.content](draft, slot)
    return status, [f"## {escape(title)}", "\n".join(lines)]


def _published(draft: Draft, slot: Slot) -> Written:
    chosen = draft.book.choose(slot.claims, draft.year)
    if not chosen:
        return "not_known", [say(draft.language, "none_published" if slot.claims.when == "year" else "none_held")]
    return "filled", _most(draft, chosen)


def _most(draft: Draft, chosen: list[Told]) -> list[str]:
    lines = bullets(draft, chosen[:MOST_CLAIMS])
    left_out = len(chosen) - MOST_CLAIMS
    return [*lines, "", say(draft.language, "left_out", count=left_out)] if left_out > 0 else lines


def _disagreeing(draft: Draft, slot: Slot) -> Written:
    """Contradictions before tensions; both sides with their notes."""
    held = {each.claim.ref for each in draft.book.choose(slot.claims, draft.year)}
    enough = any if slot.claims.when == "year" else all  # what a later year told cannot disagree with this year's edition
    pairs = _printed_once(draft, [
        pair for pair in draft.book.comparisons
        if pair.kind in _DIFFERING and enough(side.ref in held for side in (pair.left, pair.right))
    ])  # fmt: skip
    if not pairs:
        return "filled", [say(draft.language, "none_disagree")]
    pairs.sort(key=lambda pair: pair.kind != "contradicts")
    lines = [_beside(draft, pair) for pair in pairs[:MOST_CLAIMS]]
    left_out = len(pairs) - MOST_CLAIMS
    return "filled", [*lines, "", say(draft.language, "left_out", count=left_out)] if left_out > 0 else lines


def _printed_once(draft: Draft, pairs: Sequence[Comparison]) -> list[Comparison]:
    """Without pairs whose both sides repeat what another pair says in the same words by the same voices."""
    found: dict[tuple[object, ...], Comparison] = {}
    for pair in pairs:
        found.setdefault((pair.kind, *(sentence(draft, draft.book.by_ref[side.ref]) for side in (pair.left, pair.right))), pair)
    return list(found.values())


def _beside(draft: Draft, pair: Comparison) -> str:
    told = [draft.book.by_ref[side.ref] for side in (pair.left, pair.right)]
    sides = [sentence(draft, each).rstrip(".") + notes(draft, [each]) for each in told]
    return "- " + say(
        draft.language, "disagreement", kind=say(draft.language, pair.kind), left=sides[0], right=sides[1],
        reason=escape(in_words(pair.why, draft.snapshot.dictionary, draft.language)),
    )  # fmt: skip


def _silent(draft: Draft, slot: Slot) -> Written:
    """Questions left open and matters of which a source says that it does not know or was not told."""
    chosen = [each for each in draft.book.choose(slot.claims, draft.year) if _says_nothing(each)]
    return "filled", _most(draft, chosen) if chosen else [say(draft.language, "no_silence")]


def _says_nothing(each: Told) -> bool:
    return each.claim.attribute == "answer.none" or each.claim.value_status in ("unknown", "not_answered", "withheld")


def _unknown(draft: Draft, slot: Slot) -> Written:
    if not draft.unknown:
        return "filled", [say(draft.language, "all_known")]
    return "filled", [
        "- " + say(draft.language, "unknown_slot", section=escape(section), slot=escape(title))
        for section, title in draft.unknown
    ]


WRITERS: dict[Content, Callable[[Draft, Slot], Written]] = {
    "claims": _published, "disagreements": _disagreeing, "changes": changed, "recommendations": recommended,
    "allegations": alleged, "silence": _silent, "scores": scored, "not_known": _unknown,
}  # fmt: skip
