"""Rules 59 and 62: nobody inspects their own work, and ground in which control found an item does not pass."""

from collections.abc import Iterator

from clearland.checks.records.model import Attributes, Said, Setting, number, text


def own_inspection(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """59: internal control is marked as such."""
    inspector, inspected = text(said, "organisation"), text(said, "inspected_organisation")
    if inspector and inspector.casefold() == inspected.casefold() and text(said, "visit_type") != "internal":
        yield Said("R-OWN-INSPECTION", "inspected_organisation", {"organisation": inspector})


def item_accepted(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """62: acceptance means that nothing was found."""
    items = number(said, "items_found")
    if items and text(said, "result") == "accepted":
        yield Said("R-ITEM-ACCEPTED", "result", {"items": items})
