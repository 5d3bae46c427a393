"""What an audience reads of words and references: months instead of days, no coordinates, sealed references.

Figures pass `figures.disclosure`; this module is for what stands around them. A sealed reference is opened by the programme
alone, which keeps with each edition what it stands for (design section 8).
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from clearland.core import formats
from clearland.figures.disclosure import Behind, Disclosed, SealedLineage, disclose, month, policy_of, sealed_reference
from clearland.figures.indicators import contributions, indicator
from clearland.figures.model import Figure
from clearland.ledger.snapshot import Snapshot
from clearland.reports.draft import Draft

LEFT_OUT = "[…]"
_MONTH = (
    r"January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|"
    r"yanvar|fevral|mart|aprel|may|iyun|iyul|avqust|sentyabr|oktyabr|noyabr|dekabr|"
    r"января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
)
_DAY_BEFORE = re.compile(rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})(?!\w)", re.IGNORECASE)
_DAY_BEHIND = re.compile(rf"(?<!\w)(?P<month>{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)", re.IGNORECASE)
# A backslash may stand before a mark: Markdown is read as well as plain words.
_ISO_DAY = re.compile(r"(?<!\d)(?P<month>(?:19|20)\d\d\\?-(?:0[1-9]|1[0-2]))\\?-(?:0[1-9]|[12]\d|3[01])(?!\d)")
_NUMBER_DAY = re.compile(r"(?<!\d)\d{1,2}\\?[./]\d{1,2}\\?[./](?:19|20)?\d\d(?!\d)")
COORDINATE = re.compile(
    r"(?<!\d)-?\d{1,3}\\?[.,]\d{4,}\s*°?\s*[NSEW]?\s*[,;/ ]\s*\\?-?\d{1,3}\\?[.,]\d{4,}\s*°?\s*[NSEW]?(?!\d)"
    r"|\d{1,3}\s*°\s*\d{1,2}(?:\\?[.,]\d+)?\s*\\?[′'’]?\s*(?:\d{1,2}(?:\\?[.,]\d+)?\s*\\?[″\"”]?)?\s*[NSEW]?"
    r"|(?<!\w)\d{1,2}[C-X][A-Z]{2}\s?\d{2,5}\s?\d{2,5}(?!\w)"
)


def coarse(text: str) -> str:
    """Words as a reader gets them who may know no day and no place more exactly than a district."""
    found = COORDINATE.sub(LEFT_OUT, text)
    found = _NUMBER_DAY.sub(LEFT_OUT, _ISO_DAY.sub(lambda match: match["month"], found))
    return _DAY_BEHIND.sub(lambda match: f"{match['month']} {LEFT_OUT}", _DAY_BEFORE.sub(
        lambda match: f"{LEFT_OUT} {match['month']}", found))  # fmt: skip


def day_in(text: str) -> list[str]:
    """The days that words name, as they are written."""
    return [match[0] for pattern in (_DAY_BEFORE, _DAY_BEHIND, _ISO_DAY, _NUMBER_DAY) for match in pattern.finditer(text)]


def told_day(draft: Draft, value: object) -> str:
    """A date in the report's language, as finely as its audience may know it."""
    if draft.audience == "public" and value is not None:
        value = str(value)[:7]
    return formats.day(value, draft.language)


def reference(draft: Draft, ref: str) -> str:
    """The reference itself for the programme, which can follow it; a sealed one for everybody else."""
    if draft.audience == "programme":
        return ref
    short = "sealed:" + hashlib.sha256(f"{ref}\n{draft.snapshot.head}".encode()).hexdigest()[:24]
    draft.sealed[short] = ref
    return short


def disclosed(draft: Draft) -> dict[str, Disclosed]:
    """What the audience reads of every figure the draft has gathered, by the figure's reference."""
    every = list({figure.lineage.ref: figure for figure in draft.figures}.values())
    policy = policy_of(draft.snapshot.dictionary, _parents(draft.snapshot))
    guarded = [figure for figure in every if policy.protects(figure.code, draft.audience)]
    behind = {figure.lineage.ref: _behind(draft.snapshot, figure) for figure in guarded}
    told = disclose(every, draft.audience, policy, behind)
    return {figure.lineage.ref: _sealed(draft, figure, each) for figure, each in zip(every, told, strict=True)}


def _sealed(draft: Draft, figure: Figure, told: Disclosed) -> Disclosed:
    """Without references that only the programme can follow, even where the audience may read what stands behind."""
    if told.lineage is None:
        return told
    sealed = SealedLineage(
        kinds=tuple(_kinds(draft.snapshot, figure.code)), records=str(told.lineage.entries or told.lineage.claims),
        organisations=(), first_month=month(figure.scope.period_from), last_month=month(figure.scope.period_to),
        reference=sealed_reference(told.lineage),
    )  # fmt: skip
    return replace(told, lineage=None, sealed=sealed)


def _parents(snapshot: Snapshot) -> Mapping[str, str]:
    rows = snapshot.sql(
        "SELECT p.code, q.code AS parent FROM place p JOIN place q ON q.record = p.parent WHERE p.code IS NOT NULL ORDER BY ALL"
    ).to_pylist()
    return {row["code"]: row["parent"] for row in rows}


def _behind(snapshot: Snapshot, figure: Figure) -> Behind:
    """Who made the records behind a figure."""
    entries = contributions(snapshot, figure.code, figure.scope)
    names: set[str] = set()
    for kind in _kinds(snapshot, figure.code):
        names.update(_organisations(snapshot, kind, entries["entry"].to_pylist()))
    return Behind(organisations=tuple(sorted(names)))


def _kinds(snapshot: Snapshot, code: str) -> Sequence[str]:
    found = [name for name in indicator(snapshot, code).sources if name in snapshot.dictionary.kinds]
    return found or ["hazard", "land_release"]


def _organisations(snapshot: Snapshot, kind: str, entries: Sequence[str]) -> list[str]:
    rows = snapshot.sql(
        f"""SELECT DISTINCT organisation FROM "{kind}" SEMI JOIN (SELECT unnest(CAST(? AS VARCHAR[])) AS entry) w USING (entry)
            WHERE organisation IS NOT NULL""",
        [list(entries)],
    )
    return [str(name) for name in rows["organisation"].to_pylist()]
