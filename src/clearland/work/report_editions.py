"""Editions of reports: frozen, signed off by a second person, published, opened again byte for byte, compared.

Nothing of an edition changes once it is frozen but who signed it and when it was published; both are entries of the book.
"""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clearland.core import formats
from clearland.core.canonical import sha256_hex
from clearland.core.clock import Clock, system_clock
from clearland.core.errors import ClearlandError, NotPermitted, RefusedInput
from clearland.core.ids import record_id
from clearland.dictionary.forms import Audience
from clearland.figures.editions import editions
from clearland.figures.report_editions import ANNEX, COMPILED, VALUES, ReportEdition, report_edition, report_editions
from clearland.figures.report_lineage import figure_key, lineage_of
from clearland.figures.report_restatement import ReportRestatement, restated
from clearland.ledger.drafts import Draft, NewSource
from clearland.ledger.opening import current_opening
from clearland.ledger.scope import Actor
from clearland.ledger.snapshot import Snapshot, snapshot
from clearland.ledger.write import write
from clearland.reports.breaches import breaches
from clearland.reports.classes import class_of
from clearland.reports.compile import Compiled, compile_report, report_form
from clearland.reports.keeping import ALWAYS_THE_SAME, again, package, tools
from clearland.reports.periods import period
from clearland.work.editions import SERIES

KIND = "edition"
PACKAGE_TYPE = "application/zip"
SHOWN_BREACHES = 5
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
# Kinds whose identifiers alone would tell a reader who may not know them that a person or a find is on record.
_NAMED_KINDS = ("accident", "victim", "hazard", "indication", "public_report")
_LEAST_NAME = 6  # shorter identifiers occur in words by chance


@dataclass(frozen=True)
class Asked:
    """What an edition is to be of."""

    report: str
    covers: str
    language: str = "en"
    audience: Audience | None = None
    about: str = ""
    country: str = ""


@dataclass(frozen=True)
class Rerendered:
    """What came of rendering an edition again: per file whether its bytes are those frozen, and the tools that differ."""

    same: Mapping[str, bool]
    tools: Mapping[str, tuple[str, str]]

    @property
    def holds(self) -> bool:
        """Markdown and JSON always come out the same; other files as long as the tools are those of the edition."""
        return all(same for target, same in self.same.items() if target in ALWAYS_THE_SAME or not self.tools)


def freeze_report(
    name: str, asked: Asked, *, actor: Actor | None, as_known: date | None = None, reason: str = "", clock: Clock = system_clock
) -> ReportEdition:
    """Compile a report as known on a day (today when left out), render every file and keep them under a name.

    Raises NotPermitted E-EDITION-ACTOR, ClearlandError E-EDITION-NAME, E-EDITION-EXISTS, E-EDITION-OPEN for a period that is
    not over, E-EDITION-DISCLOSE for a report that tells its audience more than it may read. Nothing is written then.
    """
    author = _member(actor)
    today = clock().astimezone(current_opening().time_zone).date()
    shot = snapshot(as_known=as_known or today)
    _refuse(shot, name, asked, today)
    compiled = compile_report(
        shot, asked.report, covers=asked.covers, language=asked.language, audience=asked.audience, about=asked.about,
        country_code=asked.country,
    )  # fmt: skip
    data, listed = package(name, compiled, shot)
    _refuse_breaches(shot, name, compiled, data, listed)
    # What the package keeps for the programme (lineage, sealed references) is never of a lower class than the programme's.
    form = report_form(shot, asked.report)
    held_as = class_of(shot.dictionary, form, "programme") if compiled.data["audience"] == "programme" else "programme"
    source = NewSource(
        data=data, filename=f"{name}.zip", media_type=PACKAGE_TYPE, received=today, title=compiled.title, series=SERIES,
        sensitivity=held_as,
    )  # fmt: skip
    listed.append({"name": f"{name}.zip", "media_type": PACKAGE_TYPE, "sha256": sha256_hex(data)})
    edition = _attributes(name, asked, compiled, listed, author, as_known or today)
    draft = Draft(record=record_id(SERIES, name), kind=KIND, local_id=name, attributes=edition, sensitivity=held_as)
    write([draft], actor=author, reason=reason or f"Edition {name} frozen", source=source, clock=clock)
    return report_edition(snapshot(), name)


def _refuse(shot: Snapshot, name: str, asked: Asked, today: date) -> None:
    if not _NAME.fullmatch(name):
        raise RefusedInput(
            "E-EDITION-NAME", f"“{name}” cannot name an edition.",
            remedy="Use letters of ASCII, digits, dots, dashes and underscores, at most 80.",
        )
    taken = {each.name for each in report_editions(snapshot())} | {each.name for each in editions(snapshot())}
    if name in taken:
        raise RefusedInput(
            "E-EDITION-EXISTS", f"There is already an edition {name}; what was published stays.", remedy="Choose another name.",
        )
    covered = period(asked.covers)
    if covered.last >= today:
        raise RefusedInput(
            "E-EDITION-OPEN", f"The period ends on {covered.last}, which is not over.", remedy="Freeze it when it is over.",
        )


def _refuse_breaches(
    shot: Snapshot, name: str, compiled: Compiled, data: bytes, listed: list[dict[str, str]]
) -> None:
    audience = compiled.data["audience"]
    if audience == "programme":
        return
    held = _members(data, [each["name"] for each in listed])
    found = breaches(held, audience, names=_identifiers(shot), known=formats.day(shot.as_known, compiled.language))
    if found:
        shown = "; ".join(f"{each.file}: {each.what} “{each.words}”" for each in found[:SHOWN_BREACHES])
        raise RefusedInput(
            "E-EDITION-DISCLOSE", f"Edition {name} would tell its audience more than it may read ({len(found)}): {shown}.",
            remedy="Correct the words that say it, or freeze it for the programme.",
        )


def _members(data: bytes, names: list[str]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in names}


def _identifiers(shot: Snapshot) -> list[str]:
    found: list[str] = []
    for kind in _NAMED_KINDS:
        found += shot.sql(f"SELECT local_id FROM {kind} WHERE length(local_id) >= {_LEAST_NAME}")["local_id"].to_pylist()
    return found


def _attributes(
    name: str, asked: Asked, compiled: Compiled, listed: list[dict[str, str]], author: Actor, as_known: date
) -> dict[str, Any]:
    covered = period(asked.covers)
    return {
        "name": name, "report": asked.report, "covers": covered.code,
        **({"about": asked.about} if asked.about else {}),
        **({"country": compiled.data["country"]} if compiled.data["country"] else {}),
        "period_from": str(covered.first), "period_to": str(covered.last), "language": asked.language,
        "audience": compiled.data["audience"], "ledger_head": compiled.data["head"], "as_known": str(as_known),
        "dictionary_version": compiled.data["dictionary"], "tools": json.dumps(tools(), sort_keys=True),
        "files": json.dumps(listed), "frozen_by": author.id,
    }  # fmt: skip


def sign(name: str, *, actor: Actor | None, clock: Clock = system_clock) -> ReportEdition:
    """Sign an edition off. Raises NotPermitted E-EDITION-SIGN for whoever froze it and for the system, ClearlandError
    E-EDITION-STEP where it is signed."""
    person = _member(actor)
    edition = report_edition(snapshot(), name)
    if person.is_system or person.id == edition.frozen_by:
        raise NotPermitted(
            "E-EDITION-SIGN", "An edition is signed by a person who did not freeze it.", remedy="Ask a second person to sign.",
        )
    if edition.step != "frozen":
        raise RefusedInput("E-EDITION-STEP", f"Edition {name} is signed already.", remedy="Publish it.")
    today = clock().astimezone(current_opening().time_zone).date()
    return _write_step(edition, {"signed_by": person.id, "signed_on": str(today)}, person, f"Edition {name} signed off", clock)


def publish(name: str, *, actor: Actor | None, clock: Clock = system_clock) -> ReportEdition:
    """Publish a signed edition. Raises RefusedInput E-EDITION-STEP where it is not signed, or published already."""
    person = _member(actor)
    edition = report_edition(snapshot(), name)
    if edition.step != "signed":
        remedy = "Let a second person sign it first." if edition.step == "frozen" else "It stands at its address."
        raise RefusedInput("E-EDITION-STEP", f"Edition {name} is {edition.step}, not waiting to be published.", remedy=remedy)
    today = clock().astimezone(current_opening().time_zone).date()
    return _write_step(edition, {"published_on": str(today)}, person, f"Edition {name} published", clock)


def _write_step(edition: ReportEdition, more: dict[str, str], person: Actor, reason: str, clock: Clock) -> ReportEdition:
    names = {field.name for field in snapshot().dictionary.kind(KIND).fields}
    stands = {
        name: str(value) if isinstance(value, date) else value
        for name, value in edition.attributes.items() if name in names and value is not None
    }  # fmt: skip
    draft = Draft(
        record=UUID(edition.record), kind=KIND, local_id=edition.name, attributes={**stands, **more},
        based_on=UUID(edition.entry), sensitivity=edition.attributes["sensitivity"],
    )  # fmt: skip
    write([draft], actor=person, reason=reason, source=edition.package, clock=clock)
    return report_edition(snapshot(), edition.name)


def _member(actor: Actor | None) -> Actor:
    if actor is None or actor.id == "system:public":
        raise NotPermitted("E-EDITION-ACTOR", "Only members of the programme make editions.", remedy="Log in.")
    return actor


def rerender(edition: ReportEdition) -> Rerendered:
    """Render an edition again from what it keeps, and compare every byte."""
    made = again(edition.kept(COMPILED), edition.kept(ANNEX))
    now, then = tools(), edition.tools
    differ = {name: (then.get(name, ""), now.get(name, "")) for name in {*now, *then} if now.get(name) != then.get(name)}
    differ.pop("clearland", None)
    return Rerendered({each.format: made[each.format] == edition.data(each.format) for each in edition.files}, differ)


def restate_report(before: ReportEdition, after: ReportEdition | None) -> ReportRestatement:
    """What changed from an edition to another of the same report and period, or to what is known now.

    Raises ClearlandError E-EDITION-PERIOD where the two are not of one report and period.
    """
    if after is not None and (before.report, before.covers, before.about) != (after.report, after.covers, after.about):
        raise ClearlandError(
            "E-EDITION-PERIOD", f"Editions {before.name} and {after.name} are not of one report and period.",
            remedy="Compare two editions of one report and period, or one edition with what is known now.",
        )
    then = _values(before), before.lineage()
    if after is not None:
        now = _values(after), after.lineage()
        return restated((before.name, after.name), (then[0], now[0]), (then[1], now[1]))
    shot = snapshot()
    compiled = compile_report(
        shot, before.report, covers=before.covers, language=before.language, audience=before.audience,  # type: ignore[arg-type]
        about=before.about, country_code=before.country,
    )  # fmt: skip
    figures = {figure_key(figure): figure for figure in compiled.figures}
    values = {key: figure.value for key, figure in figures.items()}
    return restated((before.name, "now"), (then[0], values), (then[1], lineage_of(shot, figures.values())))


def _values(edition: ReportEdition) -> dict[str, float | None]:
    return {row["figure"]: row["value"] for row in edition.kept(VALUES)}
