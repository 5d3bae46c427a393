"""Proposals of a language model beside the reader's own: asked for by a person, for one source, from an endpoint they name.

Off by default: nothing here runs unless somebody calls it with an address. Only text of sources of class public leaves the
programme unless the person raises the class. What the model proposes is kept with its author, model and version, goes to
review like every proposal, is never accepted in bulk, and counts nowhere before a person accepted it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from clearland.core.errors import NotPermitted, RefusedInput
from clearland.evidence.suggestions.endpoint import Endpoint
from clearland.evidence.suggestions.suggested import Refused, claims_in_answer, instruction
from clearland.ledger.readings import MODEL, add_proposals
from clearland.ledger.rows import passages, rendition
from clearland.ledger.scope import Actor
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.judging import judging_scope

MOST_CHARACTERS = 6_000  # of passages in one question
_READ = ("paragraph", "list_item", "answer", "note", "table")


@dataclass
class Suggested:
    """What came of asking: proposals kept, proposals held already, and how many were refused for which reason."""

    kept: int = 0
    known: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    author: str = ""


def suggest(
    source: str, endpoint: Endpoint, *, actor: Actor | None, up_to_class: str = "public", step: Callable[[], None] = lambda: None
) -> Suggested:
    """Ask a model for claims of a source's newest reading. Raises RefusedInput (E-JUDGE-SOURCE), NotPermitted (E-MODEL-CLASS)
    where the source is above the class that may leave the programme, ClearlandError E-MODEL-…"""
    seen_by = judging_scope(actor)
    reading = rendition(seen_by, source)
    if reading is None:
        raise RefusedInput("E-JUDGE-SOURCE", f"No text of a source {source[:16]} is held.", remedy="Add the document first.")
    if reading.source.sensitivity not in {"public", up_to_class}:
        raise NotPermitted(
            "E-MODEL-CLASS", f"This source is of class {reading.source.sensitivity}; its text does not leave the programme.",
            remedy="Name that class to send it all the same, if the endpoint is yours.",
        )  # fmt: skip
    attributes = frozenset(current_dictionary().attributes)
    told, found = instruction(attributes), Suggested()
    for start, end in _portions([(each.start, each.end) for each in passages(seen_by, reading) if each.kind in _READ]):
        answer, version = endpoint.ask(told, reading.text[start:end])
        found.author = f"{MODEL}{endpoint.model}+{version}"
        taken = []
        for each in claims_in_answer(answer, reading.text, start, end, reading.source.filename, attributes):
            if isinstance(each, Refused):
                found.refused[each.why] += 1
            else:
                taken.append(each.as_json())
        new = add_proposals(reading.sha256, found.author, taken)
        found.kept += new
        found.known += len(taken) - new
        step()
    return found


def portions(source: str, *, actor: Actor | None) -> int:
    """How many questions asking about a source takes."""
    seen_by = judging_scope(actor)
    reading = rendition(seen_by, source)
    spans = [(each.start, each.end) for each in passages(seen_by, reading) if each.kind in _READ] if reading else []
    return len(list(_portions(spans)))


def _portions(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring passages together, up to MOST_CHARACTERS; a longer passage by itself."""
    start, end = None, 0
    for first, last in spans:
        if start is not None and last - start > MOST_CHARACTERS:
            yield start, end
            start = None
        start, end = (first if start is None else start), last
    if start is not None:
        yield start, end
