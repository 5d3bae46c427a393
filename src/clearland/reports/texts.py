"""Text slots: what published sources say, where they disagree, and what is not known. Cited, never invented."""

from typing import TYPE_CHECKING

from clearland.claims.model import Claim
from clearland.core import formats
from clearland.dictionary.forms import Slot
from clearland.figures.disagreements import claims_of, found
from clearland.figures.labels import attribute_label
from clearland.reports.footnotes import escape
from clearland.reports.phrases import say

if TYPE_CHECKING:
    from clearland.reports.compile import Draft

MOST_CLAIMS = 200
Row = dict[str, object]


def text_slot(draft: "Draft", slot: Slot, title: str) -> tuple[str, list[str]]:
    """The slot's status and Markdown, by what its form asks for (`content` in the slot's filter)."""
    match slot.filter.get("content"):
        case "claims":
            status, lines = _published(draft)
        case "disagreements":
            status, lines = _disagreeing(draft)
        case _:
            status, lines = _unknown(draft)
    return status, [f"## {escape(title)}", "\n".join(lines)]


def _of_year(draft: "Draft", claim: Claim) -> bool:
    """Whether the year stands in the claim's period. A claim without a period is of no year."""
    assert draft.scope.period_to is not None  # a report always has its year
    year = str(draft.scope.period_to.year)
    parts = str(claim.period or "").split("/")
    return any(part.strip().removeprefix("as-of ").startswith(year) for part in parts)


def _published(draft: "Draft") -> tuple[str, list[str]]:
    chosen = [(claim, row) for claim, row in claims_of(draft.snapshot) if _of_year(draft, claim)]
    if not chosen:
        return "not_known", [say(draft.language, "none_published")]
    lines = [f"- {_sentence(draft, claim)}{draft.notes.marker(_note(draft, claim, row))}" for claim, row in chosen[:MOST_CLAIMS]]
    if len(chosen) > MOST_CLAIMS:
        lines.append(f"- {len(chosen) - MOST_CLAIMS} …")
    return "filled", lines


def _disagreeing(draft: "Draft") -> tuple[str, list[str]]:
    rows = {claim.ref: row for claim, row in claims_of(draft.snapshot)}
    pairs = [each for each in found(draft.snapshot) if _of_year(draft, each.left) or _of_year(draft, each.right)]
    if not pairs:
        return "filled", [say(draft.language, "none_disagree")]
    lines = []
    for pair in pairs[:MOST_CLAIMS]:
        sides = [
            _sentence(draft, side).rstrip(".") + draft.notes.marker(_note(draft, side, rows[side.ref]))
            for side in (pair.left, pair.right)
        ]
        lines.append("- " + say(
            draft.language, "disagreement", kind=say(draft.language, pair.kind), left=sides[0], right=sides[1],
            reason=escape(pair.reason),
        ))  # fmt: skip
    return "filled", lines


def _unknown(draft: "Draft") -> tuple[str, list[str]]:
    if not draft.unknown:
        return "filled", [say(draft.language, "all_known")]
    return "filled", [
        "- " + say(draft.language, "unknown_slot", section=escape(section), slot=escape(title))
        for section, title in draft.unknown
    ]


def _sentence(draft: "Draft", claim: Claim) -> str:
    language = draft.language
    return say(
        language, "claim", claimant=escape(claim.claimant or say(language, "claimant_not_said")),
        stance=say(language, claim.stance), value=escape(_value(claim, language)),
        attribute=escape(_about(draft, claim)),
        period=f" ({escape(_period(claim.period, language))})" if claim.period else "",
    )  # fmt: skip


def _about(draft: "Draft", claim: Claim) -> str:
    """Subject, attribute and the definition it is held to: `Azerbaijan, treaty status (CCM)`."""
    label = attribute_label(draft.snapshot.dictionary, claim.attribute, draft.language)
    told = f"{label} ({claim.scope.definition})" if claim.scope.definition else label
    return told if claim.subject in ("document", claim.claimant, "") else f"{claim.subject}, {told}"


def _value(claim: Claim, language: str) -> str:
    if claim.value is None:
        return say(language, "not_known")
    if isinstance(claim.value, bool):
        return say(language, "said_yes" if claim.value else "said_no")
    if not isinstance(claim.value, (int, float)):
        return str(claim.value)
    number = f"{formats.number(claim.value, language)} {formats.unit_sign(claim.unit, language)}".strip()
    return number if claim.qualifier in (None, "exact") else f"{claim.qualifier} {number}"


def _period(period: str, language: str) -> str:
    """`2021-06/2021-08` or `as-of 2022-09-28` as a reader writes it."""
    if period.startswith("as-of "):
        return say(language, "as_of", day=formats.day(period.removeprefix("as-of "), language))
    return " – ".join(formats.day(part, language) if part else "…" for part in period.split("/"))


def _note(draft: "Draft", claim: Claim, row: Row) -> str:
    """Who printed it, where in the source, the very words, and the reference that opens them."""
    published = f", {formats.day(row['published'], draft.language)}" if row["published"] else ""
    return say(
        draft.language, "footnote_claim", who=f"{escape(str(row['publisher']))}, " if row["publisher"] else "",
        title=escape(str(row["title"] or row["file"])), published=escape(published), start=claim.start, end=claim.end,
        quote=escape(str(row["quote"])), ref=escape(f"source:{row['source']}#{claim.start}-{claim.end}"),
    )  # fmt: skip
