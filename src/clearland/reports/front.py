"""What stands before the first section: title, programme, period, what was known when, for whom, and warnings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clearland.core import formats
from clearland.dictionary.forms import ReportForm
from clearland.ledger.snapshot import Snapshot
from clearland.reports.countries import named_in
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.phrases import say

_JOINED = ("bound", "in_force")


@dataclass(frozen=True)
class Front:
    """Plain text for a cover: `lines` under the title, `warnings` to be read before anything else."""

    title: str
    programme: str
    lines: tuple[str, ...]
    warnings: tuple[str, ...]

    def markdown(self, language: str) -> list[str]:
        """The title block and what stands under it."""
        title = self.title.replace("'", "''")
        lines = [self.programme, *self.lines] if self.programme else list(self.lines)
        front = [f"---\ntitle: '{title}'\nlang: {language}\n---", "  \n".join(escape(line) for line in lines)]
        return [*front, *(f"**{escape(warning)}**" for warning in self.warnings)]


def front(draft: Draft, form: ReportForm, title: str) -> Front:
    """The front of a compiled report."""
    snapshot, language = draft.snapshot, draft.language
    programme = programme_row(snapshot)
    known = snapshot.as_known
    lines = [
        say(language, "covers", period=draft.period.label(language)) if draft.period.grain != "year"
        else say(language, "year", year=draft.year),
        say(language, "known", day=formats.day(known, language)) if known else say(language, "known_now"),
        say(language, "audience", audience=say(language, f"audience_{draft.audience}")),
        say(language, "head", head=snapshot.head[:12]),
        say(language, "made_by"),
    ]  # fmt: skip
    if draft.subject is not None:
        lines.insert(0, say(language, "about", name=draft.subject.label))
    warnings = []
    if form.treaty:
        warnings += _party(draft, form)
    if synthetic(snapshot):
        warnings.append(say(language, "synthetic"))
    name = say(language, "programme", name=programme["name"]) if programme else ""
    return Front(title, name, tuple(lines), tuple(warnings))


def programme_row(snapshot: Snapshot) -> Mapping[str, Any]:
    """Name and country of the programme; empty where it was never named."""
    found = snapshot.sql("SELECT name, country FROM programme ORDER BY known_from DESC LIMIT 1").to_pylist()
    return dict(found[0]) if found else {}


def synthetic(snapshot: Snapshot) -> bool:
    """Whether records of an invented country are held."""
    return bool(snapshot.sql("SELECT 1 FROM hazard WHERE starts_with(local_id, 'SYN') LIMIT 1").num_rows)


def _party(draft: Draft, form: ReportForm) -> list[str]:
    """Nothing for a party; else that the report is voluntary, or that nobody recorded whether the State is party."""
    joined = draft.snapshot.sql(
        "SELECT 1 FROM treaty_event WHERE treaty = ? AND list_contains(?, step) "
        "AND (valid_from IS NULL OR valid_from <= ?) LIMIT 1",
        [form.treaty, list(_JOINED), draft.scope.period_to],
    ).num_rows
    if joined:
        return []
    called = form.told_as or form.treaty
    own = str(programme_row(draft.snapshot).get("country") or "").upper()
    told = [each.claim for each in draft.book.told if each.claim.attribute == "treaty.status"
            and each.claim.scope.definition == called and each.year is not None and each.year <= draft.year]  # fmt: skip
    ours = [claim for claim in told if not own or named_in(claim.subject) <= {own}]  # a neighbour is not this State
    negated = any(claim.polarity == "negated" for claim in ours)
    listed = draft.snapshot.dictionary.lists["treaty"].get(form.treaty)
    name = listed.label(draft.language) if listed else form.treaty
    return [say(draft.language, "voluntary" if negated else "party_not_recorded", treaty=name)]
