"""Building the demonstration programme: the same bytes of truth each time, so that two builds have the same head.

The clock is set by hand: the nation's records become known in four steps, so that the date of knowledge on every page
has something to show.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

from clearland.core.clock import fixed_clock
from clearland.core.errors import ClearlandError
from clearland.ledger.rows import head
from clearland.ledger.scope import system_actor
from clearland.ledger.write import write
from clearland.work import programme
from clearland.work.add import AddOptions, add_file
from clearland.work.demonstration.nation import staged, synthetic_nation

NAME = "Azerbaijan (demonstration)"
OPENED_ON = date(2025, 1, 15)
STAGES = (date(2025, 1, 31), date(2025, 7, 31), date(2026, 1, 31), date(2026, 11, 20))
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
            clock=_clock(datetime.combine(OPENED_ON, time(8), UTC)),
        )  # fmt: skip
        step()
        _places(examples)
        step()
        nation = synthetic_nation(hazards=hazards)
        for day, drafts in staged(nation, STAGES):
            write(
                drafts, actor=system_actor("demo"), reason=f"SYNTHETIC records of an invented nation, as reported by {day}",
                clock=_clock(datetime.combine(day, time(8), UTC)),
            )  # fmt: skip
            step()
        for path in sorted((examples / "documents").iterdir()):
            options = AddOptions(
                publisher="Clearland (demonstration document)", received=DOCUMENTS_KNOWN.date(), published="2026-11-20",
            )  # fmt: skip
            add_file(path, options, actor=system_actor("demo"), clock=_clock(DOCUMENTS_KNOWN))
        step()
        made = head()
        programme.settle_files()
    step()
    return made


def _clock(moment: datetime) -> Callable[[], datetime]:
    return fixed_clock(moment)


def _places(examples: Path) -> None:
    """Districts and places of Azerbaijan, from public data credited in the examples' README."""
    for name, publisher in (("azerbaijan-districts", "Natural Earth"), ("azerbaijan-places-geonames", "GeoNames (CC BY 4.0)")):
        mapping = examples / "mappings" / f"{name}.yaml"
        path = next(iter(sorted((examples / "data").glob(f"{name}*json"))))
        options = AddOptions(kind="place", mapping=mapping, publisher=publisher, received=DISTRICTS_KNOWN.date())
        add_file(path, options, actor=system_actor("demo"), clock=_clock(DISTRICTS_KNOWN))
