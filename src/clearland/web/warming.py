"""What is computed beside a new snapshot before anybody sees it: land tables, figures and pictures."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils import translation

from clearland.figures.land_tables import prepare_land
from clearland.figures.lifecycle import prepare_status
from clearland.figures.model import Scope
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import Snapshot
from clearland.web import figures_shown
from clearland.web.access import Reading
from clearland.web.tiles import layers
from clearland.web.views import disagreements, land, overview


def warm(made: Snapshot, languages: Sequence[str], say: Callable[[int, int], None]) -> dict[str, Any]:
    """The sums that pages keep per snapshot, by name; `say` is told how many steps of how many are done."""
    read = Reading(system_actor("web"), made.as_known)
    read.__dict__["snapshot"] = made  # the property would ask for the one that stands
    steps: list[Callable[[], object]] = [
        lambda: prepare_land(made),
        lambda: prepare_status(made),
        lambda: layers.count_cells(read),
        lambda: figures_shown.computed(read, (), Scope()),
        lambda: disagreements.compared(read),
        *(lambda language=language: _pages(read, language) for language in languages),
    ]
    for number, step in enumerate(steps, start=1):
        step()
        say(number, len(steps))
    return read.shared


def _pages(read: Reading, language: str) -> None:
    with translation.override(language):
        overview.sums(read)
        overview.picture(read)
        land.sums_of_last_year(read)
