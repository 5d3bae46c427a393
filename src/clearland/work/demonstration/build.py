"""Building the demonstration programme: the same bytes of truth each time, so that two builds have the same head.

The clock is set by hand: the nation's records become known in four steps, so that the date of knowledge on every page
has something to show.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from clearland.core.clock import fixed_clock
from clearland.core.errors import ClearlandError
from clearland.figures.land import ground
from clearland.land.columns import NOBODY
from clearland.ledger.rows import head, record
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.work import programme
from clearland.work.add import AddOptions, add_file
from clearland.work.demonstration.funding import add_funding
from clearland.work.demonstration.minefields import add_minefields
from clearland.work.demonstration.nation import Nation, staged, synthetic_nation
from clearland.work.demonstration.operations import add_operations
from clearland.work.editions import freeze

NAME = "Azerbaijan (demonstration)"
OPENED_ON = date(2025, 1, 15)
STAGES = (date(2025, 1, 31), date(2025, 7, 31), date(2026, 1, 31), date(2026, 11, 20))
CLOSED_ON = STAGES[2]
DISTRICTS_KNOWN = datetime(2025, 1, 20, 8, tzinfo=UTC)
DOCUMENTS_KNOWN = datetime(2026, 11, 20, 9, tzinfo=UTC)
STEPS = 9


def examples_folder() -> Path:
    """The examples of a checkout. Raises ClearlandError E-DEMO-EXAMPLES where only the package is installed."""
    folder = Path(__file__).resolve().parents[4] / "examples"
    if not (folder / "documents").is_dir():
        raise ClearlandError(
            "E-DEMO-EXAMPLES", "The examples of the demonstration are not here.", remedy="Build it from a checkout: make demo."
        )
    return folder


def build(folder: Path, *, step: Callable[[], object] = lambda: None, hazards: int = 160) -> str:
    """Build the demonstration in a new folder; returns its ledger head. Raises ClearlandError when the folder is taken.

    It is built beside its place and renamed when complete, so that a killed build leaves nothing half.
    """
    examples = examples_folder()
    target = folder.resolve()
    programme.refuse_existing(target)
    with programme.building(target) as draft:
        programme.init(
            draft, name=NAME, country="AZ", opened_on=OPENED_ON, demonstration=True, admin_username="demo",
            clock=fixed_clock(datetime.combine(OPENED_ON, time(8), UTC)),
        )  # fmt: skip
        step()
        _places(examples)
        step()
        nation = synthetic_nation(hazards=hazards)
        add_minefields(nation)
        add_operations(nation)
        add_funding(nation)
        for day, drafts in staged(nation, STAGES):
            write(
                drafts, actor=system_actor("demo"), reason=f"SYNTHETIC records of an invented nation, as reported by {day}",
                clock=fixed_clock(datetime.combine(day, time(8), UTC)),
            )  # fmt: skip
            if day == CLOSED_ON:
                _close_the_year()
            step()
        _fail_an_inspection(nation)
        for path in sorted((examples / "documents").iterdir()):
            options = AddOptions(
                publisher=_publisher(path.name), received=DOCUMENTS_KNOWN.date(), published="2026-11-20",
            )  # fmt: skip
            add_file(path, options, actor=system_actor("demo"), clock=fixed_clock(DOCUMENTS_KNOWN))
        step()
        made = head()
        programme.settle_files()
    step()
    return made


def _close_the_year() -> None:
    """Freeze the balance of the year before, so that what arrives later stands as adjustments."""
    first, last = date(CLOSED_ON.year - 1, 1, 1), date(CLOSED_ON.year - 1, 12, 31)
    freeze(
        f"SYNTHETIC-land-{last.year}", period_from=first, period_to=last, actor=system_actor("demo"),
        reason="SYNTHETIC: the year is closed", clock=fixed_clock(datetime.combine(CLOSED_ON, time(9), UTC)),
    )  # fmt: skip


def _fail_an_inspection(nation: Nation) -> None:
    """After the year was closed an inspection finds an item: the credit goes back, as an adjustment to that year."""
    year = str(CLOSED_ON.year - 1)
    cut = ground(snapshot())
    credited = {cut.register.products[number].id for number in set(cut.moves.product.tolist()) if number != NOBODY}
    cleared = next(
        draft for _day, draft in nation.drafts
        if draft.kind == "land_release" and draft.attributes["product_type"] == "cleared" and str(draft.record) in credited
        and draft.attributes["release_date"].startswith(year) and draft.attributes.get("qc_state") == "passed"
    )  # fmt: skip
    standing = record(scope(system_actor("demo"), "demonstration"), cleared.record)
    if standing is None:
        raise ClearlandError("E-DEMO-RECORD", f"{cleared.local_id} was not written.", remedy="Report this.")
    failed = replace(
        cleared, attributes={**cleared.attributes, "qc_state": "failed"}, based_on=standing.entry_uuid,  # type: ignore[attr-defined]
    )  # fmt: skip
    write(
        [failed], actor=system_actor("demo"), reason="SYNTHETIC: inspection found an item; search again",
        clock=fixed_clock(datetime.combine(STAGES[-1], time(8, 30), UTC)),
    )  # fmt: skip


def _publisher(filename: str) -> str:
    """Who stands behind an example: a reply says itself who speaks in it, invented papers come from the invented office."""
    if "questionnaire" in filename:
        return ""
    return "Talmere Mine Action Office (SYNTHETIC)" if "synthetic" in filename else "Clearland (demonstration document)"


def _places(examples: Path) -> None:
    """Districts and places of Azerbaijan, from public data credited in the examples' README."""
    for name, publisher in (("azerbaijan-districts", "Natural Earth"), ("azerbaijan-places-geonames", "GeoNames (CC BY 4.0)")):
        mapping = examples / "mappings" / f"{name}.yaml"
        path = next(iter(sorted((examples / "data").glob(f"{name}*json"))))
        options = AddOptions(kind="place", mapping=mapping, publisher=publisher, received=DISTRICTS_KNOWN.date())
        add_file(path, options, actor=system_actor("demo"), clock=fixed_clock(DISTRICTS_KNOWN))
