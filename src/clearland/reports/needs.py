"""What a form needs and the programme lacks, before the report is made: slot by slot, with what would fill it."""

from dataclasses import dataclass

from clearland.dictionary.forms import Audience, Slot
from clearland.figures.indicators import indicator
from clearland.figures.land_tables import LAND_TABLES
from clearland.ledger.snapshot import Snapshot
from clearland.reports.compile import compile_report, report_form
from clearland.reports.phrases import say


@dataclass(frozen=True)
class Need:
    """One slot: how it stands, and which records, claims or answer would fill it."""

    section: str
    slot: str
    title: str
    status: str
    fills: str

    def as_json(self) -> dict[str, str]:
        """Plain data with stable keys."""
        return dict(vars(self))


def needs(
    snapshot: Snapshot, name: str, *, covers: str, language: str = "en", about: str = "", audience: Audience | None = None
) -> list[Need]:
    """Every slot of a form for a period, in its order. Raises ClearlandError as `compile_report` does."""
    compiled = compile_report(snapshot, name, covers=covers, language=language, about=about, audience=audience)
    status = {row["slot"]: row["status"] for row in compiled.data["slots"]}
    made = []
    for section in report_form(snapshot, name).sections:
        heading = section.titles.get(language) or section.titles["en"]
        for slot in section.slots:
            title = slot.titles.get(language) or slot.titles["en"]
            fills = _fills(snapshot, slot, language)
            made.append(Need(heading, slot.code, title, status.get(slot.code, "not_known"), fills))
    return made


def _fills(snapshot: Snapshot, slot: Slot, language: str) -> str:
    """Kinds of records in the reader's words, codes of claims, or that a person answers."""
    words = snapshot.dictionary
    if slot.records is not None:
        kind = words.kinds.get(slot.records.kind)
        return kind.plural_label(language) if kind else slot.records.kind
    if slot.indicator is not None:
        sources = indicator(snapshot, slot.indicator).sources
        names = [name for source in sources for name in (("hazard", "land_release") if source in LAND_TABLES else (source,))]
        labels = [words.kinds[name].plural_label(language) if name in words.kinds else name for name in names]
        return f"{', '.join(dict.fromkeys(labels))} ({slot.indicator})"
    if slot.kind == "text":
        return ", ".join((*slot.claims.questions, *slot.claims.attributes)) or slot.content.replace("_", " ")
    return say(language, "a_person_answers" if slot.kind == "answer" else "records_and_claims")
