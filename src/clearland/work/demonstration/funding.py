"""SYNTHETIC money from abroad for Talmere: sums from need to receipt, what was spent of them, and the tasks they pay for.

One sum came as pledged, one less than was needed and by way of a fund, one was joint and in kind, one was pledged and
never came. Amounts, rates and donors are invented as the country is.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pyproj import Geod

from clearland.ledger.drafts import Draft
from clearland.work.demonstration.nation import LAST_WORK, OPERATORS, Nation

AUTHORITY, FOUNDATION, COMPANY = (code for code, _name, _type in OPERATORS)
NAMES = {code: f"{name} (SYNTHETIC)" for code, name, _type in OPERATORS}
CURRENCY, CONVERTED = "EUR", "USD"
COST_PER_M2 = 2
_WGS84 = Geod(ellps="WGS84")
_KNOWN = date(2024, 12, 2)  # before every task that is paid


@dataclass(frozen=True, kw_only=True)
class _Sum:
    """One contribution with its stages, oldest first: (stage, amount, day for which it is true)."""

    title: str
    donor: str
    recipient: str
    sector: str
    stages: tuple[tuple[str, int, str], ...]
    covers: tuple[str, str]
    rate: str = "1.08"
    rate_on: str = "2024-11-29"
    form: str = "cash"
    channels: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    in_kind: str = ""
    pays_for: tuple[str, ...] = ()  # operators whose tasks begun in the time covered it pays


SUMS = (
    _Sum(
        title="Clearance of the northern districts (SYNTHETIC)", donor="Republic of Veldmark (SYNTHETIC)",
        recipient=NAMES[FOUNDATION], sector="clearance", pays_for=(AUTHORITY, FOUNDATION), covers=("2025-01-01", "2025-12-31"),
        channels=("1 Ocean Demining Fund (SYNTHETIC)", "2 Talmere Treasury (SYNTHETIC)"),
        stages=(("need", 1_400_000, "2024-06-30"), ("pledged", 1_200_000, "2024-09-15"), ("received", 1_150_000, "2024-11-29")),
    ),
    _Sum(
        title="Clearance by contract (SYNTHETIC)", donor="Kingdom of Austmar (SYNTHETIC)", recipient=NAMES[COMPANY],
        sector="clearance", pays_for=(COMPANY,), covers=("2025-01-01", "2026-12-31"),
        stages=(("pledged", 1_100_000, "2024-08-01"), ("received", 1_100_000, "2024-11-15")),
    ),
    _Sum(
        title="Detectors and training (SYNTHETIC)", donor="Kingdom of Austmar (SYNTHETIC)", recipient=NAMES[AUTHORITY],
        sector="capacity", form="equipment", joint=("Isle of Corran (SYNTHETIC)",), in_kind="40 metal detectors (SYNTHETIC)",
        covers=("2025-01-01", "2025-12-31"), stages=(("received", 160_000, "2024-11-20"),),
    ),
    _Sum(
        title="Help to victims (SYNTHETIC)", donor="Isle of Corran (SYNTHETIC)", recipient=NAMES[AUTHORITY], sector="victims",
        covers=("2025-01-01", "2025-12-31"), stages=(("need", 250_000, "2024-06-30"), ("pledged", 100_000, "2024-10-10")),
    ),
)  # fmt: skip
_SPENT = (("Teams and their equipment (SYNTHETIC)", 70), ("Transport and camp (SYNTHETIC)", 18), ("Reports (SYNTHETIC)", 4))


def add_funding(nation: Nation) -> None:
    """Contributions, lines of account, and the tasks, clearances and products that the received ones pay for.

    Draws nothing by chance: the same nation gives the same records, and its land stays as it is.
    """
    for each in SUMS:
        newest = _stages(nation, each)
        if each.pays_for:
            _spend(nation, each, newest)
            _pay(nation, each, newest)


def _stages(nation: Nation, each: _Sum) -> UUID:
    """A record for each stage, linked to the one before; returns the newest."""
    earlier: UUID | None = None
    for stage, amount, said_on in each.stages:
        attributes: dict[str, Any] = {
            "title": each.title, "stage": stage, "sector": each.sector, "form": each.form, "amount": str(amount),
            "currency": CURRENCY, "amount_is": "exact", "converted_amount": str(int(amount * Decimal(each.rate))),
            "converted_currency": CONVERTED, "rate": each.rate, "rate_on": each.rate_on,
            "rate_source": "SYNTHETIC: bank of an invented country", "donor": each.donor, "recipient": each.recipient,
            "said_on": said_on, "covers_from": each.covers[0], "covers_to": each.covers[1],
        }  # fmt: skip
        more = {"channels": list(each.channels), "joint_donors": list(each.joint), "in_kind": each.in_kind}
        attributes |= {name: value for name, value in more.items() if value}
        links: dict[str, tuple[UUID, ...]] = {"earlier_stage": (earlier,)} if earlier else {}
        earlier = nation.add(_KNOWN, "contribution", attributes, links=links)
    assert earlier is not None  # every sum has a stage
    return earlier


def _spend(nation: Nation, each: _Sum, contribution: UUID) -> None:
    """Lines of account of the time covered, year by year, as percent of what came."""
    received = each.stages[-1][1]
    years = range(int(each.covers[0][:4]), int(each.covers[1][:4]) + 1)
    for year in years:
        for title, percent in _SPENT:
            nation.add(min(date(year + 1, 1, 20), LAST_WORK), "budget_line", {
                "title": title, "stage": "spent", "sector": each.sector, "budget": f"Accounts of {year} (SYNTHETIC)",
                "amount": str(received * percent // (100 * len(years))), "currency": CURRENCY, "covers_from": f"{year}-01-01",
                "covers_to": f"{year}-12-31", "payer": each.donor, "organisation": each.pays_for[-1],
            }, links={"contribution": (contribution,)})  # fmt: skip


def _pay(nation: Nation, each: _Sum, contribution: UUID) -> None:
    """Orders of the operators begun in the time covered name the contribution; their work and products name the order."""
    orders = {_begun(draft): draft for _day, draft in nation.drafts if draft.kind == "task_order" and _paid(each, draft)}
    work = {draft.record: orders[_begun(draft)] for _day, draft in nation.drafts
            if draft.kind == "clearance" and _begun(draft) in orders}  # fmt: skip
    areas_m2: dict[UUID, float] = {}
    for place, (day, draft) in enumerate(nation.drafts):
        order = work.get(draft.record) or work.get(next(iter(draft.links.get("activity", ())), draft.record))
        if order is None or draft.kind not in ("clearance", "land_release"):
            continue
        named = replace(draft, attributes={**draft.attributes, "task": order.attributes["number"]})
        nation.drafts[place] = day, named
        if draft.kind == "land_release":
            areas_m2[order.record] = areas_m2.get(order.record, 0) + abs(_WGS84.geometry_area_perimeter(draft.geometry)[0])
    for place, (day, draft) in enumerate(nation.drafts):
        if draft.record in areas_m2:
            nation.drafts[place] = day, _priced(draft, contribution, areas_m2[draft.record])


def _paid(each: _Sum, order: Draft) -> bool:
    first, last = each.covers
    return order.attributes["organisation"] in each.pays_for and first <= order.attributes["planned_start"] <= last


def _begun(draft: Draft) -> tuple[object, ...]:
    """What an order and its clearance agree in: the hazards and the first day."""
    return tuple(draft.links.get("hazards", ())), draft.attributes.get("planned_start") or draft.attributes.get("start_date")


def _priced(order: Draft, contribution: UUID, area_m2: float) -> Draft:
    """The order with its payer, the ground it asked for to the next hundred, what it cost, closed when its work ended."""
    asked_m2 = round(area_m2 / 100) * 100
    return replace(
        order, links={**order.links, "contribution": (contribution,)}, attributes={
            **order.attributes, "cost": str(asked_m2 * COST_PER_M2), "currency": CURRENCY, "specified_area_m2": str(asked_m2),
            "closed_on": order.attributes["planned_end"],
        },
    )  # fmt: skip
