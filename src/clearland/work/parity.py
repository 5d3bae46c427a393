"""The parity report of a move: the newest rows that were kept, or IMSMA itself read again, beside the ledger; and answers.

A difference is answered by a person with a reason. The answer is a record of kind `finding_answer` under the difference's
mark: when a record or an amount in it changes, the mark changes, and the difference is open again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import NotPermitted, RefusedInput
from clearland.core.ids import record_id
from clearland.dictionary.model import Dictionary
from clearland.figures.parity import Cause, Counted, Difference, Line, Missing, Parity, compare
from clearland.intake.folding import cell_text
from clearland.intake.imsma.model import Extract, Item
from clearland.intake.imsma.reading import Handed, hand_kept
from clearland.intake.imsma.rules import Rules
from clearland.intake.imsma.tables import Turn, lay_out
from clearland.intake.plan import Circumstances, plan
from clearland.land.area import area_m2
from clearland.ledger.opening import current_opening
from clearland.ledger.rows import rows, sources
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.sources import read_source
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.answering import KIND as ANSWER
from clearland.work.decisions import write_decision
from clearland.work.moving_plan import PURPOSE, SERIES

CODE = "PARITY"
AREAS = ("area_reported_m2", "imsma_area_m2", "size_stated_m2")
# kind -> fields of status, type and year
FACETS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "hazard": ("status", "area_type", ("identified_on",)),
    "indication": ("status", "", ("reported_on",)),
    "land_release": ("qc_state", "product_type", ("release_date",)),
    "survey": ("status", "activity_type", ("end_date", "start_date")),
    "clearance": ("status", "activity_type", ("end_date", "start_date")),
    "spot_task": ("status", "", ("end_date", "start_date")),
    "accident": ("", "device_category", ("date",)),
    "victim": ("outcome", "gender", ("imsma_reported_on",)),
}


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A difference with the answer that stands, if one does."""

    difference: Difference
    reason: str = ""
    actor: str = ""
    answered_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has explained it yet."""
        return not self.reason


@dataclass(frozen=True, kw_only=True)
class ParityReport:
    """Both sides with every difference and its answer. `source` is the kept source that was compared."""

    series: str
    source: str
    received: date | None
    parity: Parity
    differences: Sequence[Explained]
    waiting: int

    @property
    def open(self) -> list[Explained]:
        """Differences that nobody has explained."""
        return [each for each in self.differences if each.is_open]

    def as_json(self) -> dict[str, object]:
        """Plain data with stable keys."""
        return {
            "series": self.series, "source": self.source, "open": len(self.open), "waiting_reports": self.waiting,
            "rows": [
                {"kind": row.kind, "dimension": row.dimension, "value": row.value, "imsma": row.imsma, "here": row.here,
                 "difference": row.here - row.imsma, "imsma_m2": round(row.imsma_m2, 1), "here_m2": round(row.here_m2, 1),
                 "difference_m2": round(row.here_m2 - row.imsma_m2, 1)}
                for row in self.parity.rows
            ],
            "differences": [_difference_json(each) for each in self.differences],
        }  # fmt: skip


def _difference_json(each: Explained) -> dict[str, object]:
    one = each.difference
    return {
        "kind": one.kind, "cause": one.cause, "count": one.count, "area_m2": round(one.area_m2, 1), "mark": one.mark,
        "open": each.is_open, "reason": each.reason, "answered_by": each.actor,
        "lines": [
            {"name": line.name, "record": line.record, "said": line.said, "count": line.count, "area_m2": round(line.area_m2, 1)}
            for line in one.lines
        ],
    }  # fmt: skip


def newest_kept(seen: Scope, series: str = SERIES) -> Any:
    """The source of the series that came last, or None."""
    return sources(seen).filter(series=series).order_by("recorded_at").last()


def series_of_moves(seen: Scope) -> list[str]:
    """The series that moves have brought."""
    found = sources(seen).filter(symbol__startswith="sha256:").order_by("series").values_list("series", flat=True)
    return list(dict.fromkeys(found))


def report(rules: Rules, *, actor: Actor | None, series: str = SERIES, handed: Handed | None = None) -> ParityReport:
    """The parity of a series: of what is handed, else of the rows that the newest move kept.

    Raises RefusedInput E-MOVE-NONE where nothing was moved yet."""
    seen = scope(actor, PURPOSE)
    kept = newest_kept(seen, series)
    if handed is None:
        if kept is None:
            raise RefusedInput(
                "E-MOVE-NONE", f"Nothing was moved as {series!r} yet.", remedy="Move first, or name it with --series."
            )
        handed = hand_kept(read_source(kept.sha256), kept.filename, rules)
    dictionary = current_dictionary()
    imsma, missing = _imsma(handed, rules, dictionary, series)
    here = _here(seen, series, dictionary)
    counted = {each.key for each in here}
    both = [each for each in imsma if each.key in counted]
    gone = [*missing, *(_why_not(seen, each) for each in imsma if each.key not in counted)]
    parity = compare(series, both, here, gone, _others(handed.extract, rules, dictionary, series))
    answers = _answers(seen)
    return ParityReport(
        series=series, source=kept.sha256 if kept is not None else "", received=kept.received if kept is not None else None,
        parity=parity, differences=[_explained(each, answers) for each in parity.differences],
        waiting=sum(version.state != "approved" for item in handed.extract.items for version in item.versions),
    )  # fmt: skip


def explain(
    made: ParityReport, mark: str, reason: str, *, actor: Actor | None, clock: Clock = system_clock
) -> None:
    """Answer a difference with a reason; an empty reason takes the answer back.

    Raises NotPermitted E-MOVE-ACTOR for anything that is no person, RefusedInput E-MOVE-MARK, E-MOVE-REASON."""
    if actor is None or actor.is_system:
        raise NotPermitted(
            "E-MOVE-ACTOR", "Only a person explains a difference.", remedy="Log in to the site and answer it there."
        )
    found = next((each for each in made.differences if each.difference.mark == mark), None)
    if found is None:
        raise RefusedInput("E-MOVE-MARK", "This difference no longer stands.", remedy="Load the page again.")
    if not reason.strip() and found.is_open:
        raise RefusedInput("E-MOVE-REASON", "A difference is explained by a reason.", remedy="Say why it is as it is.")
    said = {"code": CODE, "mark": mark, "verdict": "as_is", "reason": reason.strip() or found.reason}
    write_decision(
        ANSWER, record_id(ANSWER, mark), mark[:16], said, "approved" if reason.strip() else "withdrawn", actor=actor,
        reason=f"Parity with {made.series}: {found.difference.kind}, {found.difference.cause}", clock=clock,
    )  # fmt: skip


def _answers(seen: Scope) -> dict[str, Any]:
    if "programme" not in seen.classes:
        return {}
    found = [each for each in rows(seen, ANSWER).select_related("entry__commit") if each.attributes.get("code") == CODE]
    return {each.attributes["mark"]: each for each in found}


def _explained(difference: Difference, answers: Mapping[str, Any]) -> Explained:
    answer = answers.get(difference.mark)
    if answer is None:
        return Explained(difference=difference)
    commit = answer.entry.commit
    return Explained(difference=difference, reason=answer.attributes.get("reason", ""), actor=commit.actor,
                     answered_on=commit.recorded_at.date())  # fmt: skip


def _imsma(
    handed: Handed, rules: Rules, dictionary: Dictionary, series: str
) -> tuple[list[Counted], list[Missing]]:
    """What IMSMA counts: items with an approved state, read by the rules; those without a kind are missing by their type."""
    items = [_until_standing(item) for item in handed.extract.items if item.standing is not None]
    laid = lay_out(replace(handed.extract, items=items), rules, dictionary, series, handed.kept.filename)
    counted = _counted(laid.turns[-1], dictionary, series) if laid.turns else []
    missing = [
        Missing(item=Counted(key=item.guid, local_id=item.local_id or item.guid, kind=item.sort,
                             facets={"type": rules.type_text(item.sort, item.versions[-1])},
                             area_m2=_stated_m2(item, rules)), cause="no_kind")
        for item in laid.not_taken
    ]  # fmt: skip
    return counted, missing


def _stated_m2(item: Item, rules: Rules) -> float:
    """The size that IMSMA states for an item that becomes nothing here."""
    columns = rules.fields["hazard"]["area_reported_m2"]["from"]
    text = next((text for name in columns if (text := cell_text(item.versions[-1].cells.get(name)))), "")
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _until_standing(item: Item) -> Item:
    """The item as IMSMA counts it: forms after its newest approved one are not there yet."""
    newest = max(number for number, version in enumerate(item.versions, 1) if version.state == "approved")
    return replace(item, versions=item.versions[:newest])


def _counted(newest: Turn, dictionary: Dictionary, series: str) -> list[Counted]:
    read = plan(newest.tables, newest.mappings, dictionary, {}, Circumstances(today=current_opening().opened_on, series=series))
    drafts = {draft.record: draft.attributes for draft in read.drafts}
    planned = iter(read.rows)
    made = []
    for table, mapping, pairs in zip(newest.tables, newest.mappings, newest.versions, strict=True):
        for index, (placed, version) in enumerate(pairs):
            record = next(planned).record
            told = drafts.get(record, {}) if record is not None else {}
            words = {name: cell_text(table.cells[source.columns[0]][index]) for name, source in mapping.fields.items()}
            facets, unknown = _facets(mapping.kind, told, words)
            stated = next((float(told[name]) for name in AREAS if name in told), 0.0)
            made.append(
                Counted(key=placed.item.guid, local_id=placed.local_id, kind=mapping.kind, facets=facets, unknown=unknown,
                        area_m2=stated or area_m2(version.geometry), record=str(record) if record else None)
            )  # fmt: skip
    return made


def _facets(
    kind: str, told: Mapping[str, Any], words: Mapping[str, str]
) -> tuple[dict[str, str], frozenset[str]]:
    """Status, type, district and year, as codes; a word that is no code stands in quotation marks and is named."""
    status, type_, years = FACETS.get(kind, ("", "", ()))
    year = next((str(told[name])[:4] for name in years if told.get(name)), "")
    facets = {"district": str(told.get("district", "")), "year": year}
    unknown = set()
    for dimension, name in (("status", status), ("type", type_)):
        value = told.get(name)
        facets[dimension] = str(value) if value is not None else ""
        if value is None and (word := words.get(name, "")):
            facets[dimension] = f"“{word}”"
            unknown.add(dimension)
    return facets, frozenset(unknown)


def _here(seen: Scope, series: str, dictionary: Dictionary) -> list[Counted]:
    """Approved records that bear a key of IMSMA and came first with this series."""
    of_series = frozenset(sources(seen).filter(series=series).values_list("sha256", flat=True))
    made = []
    for kind in FACETS:
        if "imsma_guid" not in dictionary.kind(kind).by_name:
            continue
        for each in rows(seen, kind):
            told = each.attributes
            if key := told.get("imsma_guid"):
                version: Any = each
                facets, _ = _facets(kind, told, {})
                stated = next((float(told[name]) for name in AREAS if name in told), 0.0)
                made.append(
                    Counted(key=key, local_id=each.local_id, kind=kind, facets=facets, area_m2=stated, geometry=each.geometry,
                            record=str(version.record_uuid), of_series=version.source_sha in of_series)
                )  # fmt: skip
    return made


def _why_not(seen: Scope, item: Counted) -> Missing:
    """Why an item has no approved record: it was left behind, its outline waits for a person, or its work goes on."""
    states: set[str] = set()
    if item.record is not None:
        found = rows(seen, states=("draft", "submitted", "verified", "returned"), bare=True).filter(record__id=UUID(item.record))
        states = set(found.values_list("state", flat=True))
    cause: Cause = "waits" if states & {"submitted", "verified"} else "draft" if states else "not_here"
    return Missing(item=item, cause=cause)


def _others(
    extract: Extract, rules: Rules, dictionary: Dictionary, series: str
) -> Iterator[tuple[str, Cause, Line]]:
    """What is no item: links that lead nowhere, tables that are not moved, cells that are withheld."""
    names = {item.guid: item.local_id or item.guid for item in extract.items}
    for each in lay_out(extract, rules, dictionary, series, "").unresolved:
        cause: Cause = "link_nowhere" if each.why == "no_such_item" else "link_no_role"
        yield "link", cause, Line(name=names.get(each.item, each.item), said=names.get(each.other, each.other))
    for table, number in sorted(extract.not_moved.items()):
        yield "table", "table_not_moved", Line(name=table, said=str(number))
    for column in extract.withheld:
        yield "victim", "withheld", Line(name=column)
