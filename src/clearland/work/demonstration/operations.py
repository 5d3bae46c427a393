"""The rest of Talmere's daily work, grown from its hazards, clearances, products and accidents: orders, inspections,
handovers, reports of the public, risk education, victims by pseudonym, capacity and stock.

It draws from its own seed, so that the land of the nation stays as it is; every count agrees with what it belongs to
(a victim for each casualty of an accident, a rejected sample for each product that failed).
"""

import random
from datetime import date, timedelta

from clearland.ledger.drafts import Draft
from clearland.work.demonstration.background import Background
from clearland.work.demonstration.nation import LAST_WORK, MODELS, OPERATORS, Nation
from clearland.work.demonstration.people import add_people
from clearland.work.demonstration.shapes import inner_point

AUTHORITY, *_AT_WORK = (code for code, _name, _type in OPERATORS)
_SOON = timedelta(days=10)
_HANDED_OVER = 12
_CALLS = 10


def add_operations(nation: Nation) -> None:
    """Put the operations behind the nation's land. The same nation gives the same records."""
    by_kind: dict[str, list[Draft]] = {}
    for _day, draft in nation.drafts:
        by_kind.setdefault(draft.kind, []).append(draft)
    behind = Background(nation, random.Random(nation.seed + 1), by_kind)  # noqa: S311 - stories, not secrets
    _capacity(behind)
    _orders(behind)
    _released(behind)
    _inspections(behind)
    _calls(behind)
    _stock(behind)
    add_people(behind)


def _capacity(behind: Background) -> None:
    for number, operator in enumerate(_AT_WORK, start=1):
        opened = date(2018, 1, 15)
        expires = date(2027, 6, 30) if number == 1 else date(2026, 8, 31)
        team = behind.add(opened, "team", {
            "name": f"{operator}-M1", "team_type": "manual", "organisation": operator, "staff_women": 3, "staff_men": 7,
            "deminers": 8, "active_from": str(opened),
        })  # fmt: skip
        behind.add(opened, "accreditation", {
            "number": f"SYN-ACC-{number:03d}", "accreditation_type": "operational", "organisation": operator,
            "work_covered": ["manual", "nts", "ts", "bac"], "methods": ["manual", "interviews"], "depth_cm": 30,
            "in_force_from": str(opened), "in_force_to": str(expires), "issued_by": AUTHORITY, "site_result": "passed",
            "status": "granted" if expires > LAST_WORK else "expired",
        }, links={"subjects": (team,)})  # fmt: skip
        behind.add(opened, "asset", {
            "asset_type": "detector", "model": "Metal detector (type E)", "quantity": 8, "organisation": operator,
            "status": "in_use", "team": f"{operator}-M1", "active_from": str(opened),
        })  # fmt: skip
    behind.add(date(2025, 3, 14), "training_course", {
        "title": "Basic course (SYNTHETIC)", "course_type": "basic_deminer", "start_date": "2025-02-03", "end_date": "2025-03-14",
        "trainer": AUTHORITY, "organisation": _AT_WORK[0], "women": 5, "men": 9, "women_passed": 5, "men_passed": 8,
    })  # fmt: skip
    for category, model in MODELS.items():
        behind.add(date(2024, 12, 1), "ordnance_type", {
            "name": model, "category": category, "synonyms": [model.upper(), model.replace(" (", ", ").rstrip(")")],
            "fuzing": ["pressure"] if category in {"AP", "AV"} else ["impact"],
        })  # fmt: skip


def _orders(behind: Background) -> None:
    """An order for each clearance of mines, some changed on the way."""
    for number, work in enumerate(behind.by_kind.get("clearance", ()), start=1):
        if work.attributes["activity_type"] != "clearance":
            continue
        start = date.fromisoformat(work.attributes["start_date"])
        order = behind.add(start - 3 * _SOON, "task_order", {
            "number": f"SYN-T-{number:04d}", "task_type": "clearance", "issued_by": AUTHORITY, "issued_on": str(start - _SOON),
            "organisation": work.attributes["organisation"], "specified_depth_cm": 20, "methods_allowed": ["manual"],
            "planned_start": str(start), "planned_end": work.attributes["end_date"], "status": "completed",
            "district": work.attributes["district"], "objectives": "Search the ordered ground to the ordered depth.",
        }, links={"hazards": tuple(work.links["hazards"])})  # fmt: skip
        if number % 9 == 0:
            behind.add(start, "change_order", {
                "number": f"SYN-T-{number:04d}/1", "changed_on": str(start + _SOON), "reason": "finds", "issued_by": AUTHORITY,
                "what_changes": "The border moves outward where items were found.",
            }, links={"task": (order,)})  # fmt: skip


def _released(behind: Background) -> None:
    """Completion and handover of the first products that passed inspection."""
    passed = [
        each for each in behind.by_kind.get("land_release", ())
        if each.attributes["product_type"] == "cleared" and each.attributes["qc_state"] == "passed" and "hazards" in each.links
    ]  # fmt: skip
    for number, product in enumerate(passed[:_HANDED_OVER], start=1):
        ended = date.fromisoformat(product.attributes["release_date"])
        district, operator = product.attributes["district"], product.attributes["organisation"]
        links = {"products": (product.record,), "hazards": tuple(product.links["hazards"])}
        risk = "Ordnance deeper than the ordered depth cannot be excluded. (SYNTHETIC)"
        report = behind.add(ended, "completion", {
            "number": f"SYN-C-{number:04d}", "completed_on": str(ended), "reported_on": str(ended + _SOON), "district": district,
            "organisation": operator, "depth_cm": product.attributes["depth_cm"], "operational_method": ["manual"],
            "turning_points_marked": "yes", "residual_risk": risk,
        }, links=links)  # fmt: skip
        signed = min(ended + 3 * _SOON, LAST_WORK)
        behind.add(signed, "handover", {
            "certificate_no": f"SYN-H-{number:04d}", "handed_over_on": str(signed), "organisation": AUTHORITY,
            "receiver_types": ["local_authority", "community"], "receiver_roles": ["Head of the district office"],
            "residual_risk": risk, "land_use": "agriculture", "community_involved": "yes",
            "attended_women": behind.rng.randrange(2, 9), "attended_men": behind.rng.randrange(3, 12), "attended_girls": 0,
            "attended_boys": 0, "district": district,
        }, links={**links, "completion": (report,)})  # fmt: skip


def _inspections(behind: Background) -> None:
    """A visit to every sixth clearance, and what followed where a product failed."""
    for work in behind.by_kind.get("clearance", ())[::6]:
        behind.add(date.fromisoformat(work.attributes["end_date"]), "qa_visit", {
            "visit_type": "qa", "inspected_on": work.attributes["start_date"], "organisation": AUTHORITY, "result": "conform",
            "inspected_organisation": work.attributes["organisation"], "district": work.attributes["district"],
            "documents_in_order": "yes", "medic_ready": "yes",
        }, geometry=work.geometry, links={"activity": (work.record,)})  # fmt: skip
    for product in behind.by_kind.get("land_release", ()):
        if product.attributes["qc_state"] == "failed":
            _failed(behind, product)


def _failed(behind: Background, product: Draft) -> None:
    day = date.fromisoformat(product.attributes["release_date"]) + _SOON
    about = {"inspected_organisation": product.attributes["organisation"], "district": product.attributes["district"]}
    visit = behind.add(day, "qa_visit", {
        "visit_type": "qc", "inspected_on": str(day), "organisation": AUTHORITY, "result": "critical", **about,
    }, geometry=product.geometry.centroid if product.geometry else None,
       links={"activity": tuple(product.links["activity"])})  # fmt: skip
    sample = behind.add(day, "qc_sampling", {
        "sampled_on": str(day), "items_found": 1, "result": "rejected_item", "organisation": AUTHORITY, **about,
    }, links={"products": (product.record,), "visit": (visit,)})  # fmt: skip
    fault = behind.add(day, "non_conformity", {
        "nc_type": "missed_item", "severity": "critical", "found_on": str(day), "district": product.attributes["district"],
        "organisation": product.attributes["organisation"], "description": "An item lay within the ordered depth. (SYNTHETIC)",
    }, links={"visit": (visit,), "sampling": (sample,)})  # fmt: skip
    behind.add(day, "corrective_action", {
        "measure": "Search the ground again, and the lanes of the same team beside it.", "agreed_on": str(day),
        "due_on": str(day + 6 * _SOON), "status": "agreed", "organisation": product.attributes["organisation"],
    }, links={"non_conformity": (fault,)})  # fmt: skip


def _calls(behind: Background) -> None:
    """What people report, and what became of it: a visit, or a suspicion that waits for survey."""
    for number in range(_CALLS):
        district, ground = behind.nation.districts[number % len(behind.nation.districts)]
        place, day = inner_point(behind.rng, ground), date(2025, 3, 1) + timedelta(days=55 * number)
        report = {"received_on": str(day), "channel": "hotline", "reporter_role": "farmer", "district": district,
                  "device_category": "UXO", "urgency": "days", "organisation": AUTHORITY}  # fmt: skip
        if number % 3:
            visit = behind.add(day, "spot_task", {
                "start_date": str(day + _SOON), "end_date": str(day + _SOON), "status": "completed", "district": district,
                "outcome": "destroyed_in_place" if number % 2 else "false_alarm", "items_found": number % 2,
                "operational_method": ["visual_search"], "organisation": _AT_WORK[0], "searched_radius_m": 25,
            }, geometry=place)  # fmt: skip
            answered = {"spot_task": (visit,)}
        else:
            suspicion = behind.add(day, "indication", {
                "summary": "Metal objects turned up by a plough. (SYNTHETIC)", "reported_on": str(day),
                "informant_role": "farmer",
                "obtained_by": ["verbal"], "device_category": ["UXO"], "status": "new", "priority": "medium",
                "district": district, "organisation": AUTHORITY,
            }, geometry=place)  # fmt: skip
            answered = {"indication": (suspicion,)}
        behind.add(day, "public_report", {**report, "answered_on": str(day + _SOON)}, geometry=place, links=answered)


def _stock(behind: Background) -> None:
    held = behind.add(date(2025, 12, 31), "stockpile", {
        "category": "AP", "model": MODELS["AP"], "holder": "armed_forces", "organisation": AUTHORITY, "period_from": "2025-01-01",
        "period_to": "2025-12-31", "opening": 1_200, "acquired": 0, "destroyed": 400, "transferred": 20, "closing": 780,
    })  # fmt: skip
    behind.add(date(2025, 10, 2), "stockpile_destruction", {
        "destroyed_on": "2025-10-02", "basis": "apmbc_4", "category": "AP", "model": MODELS["AP"], "quantity": 400,
        "methods": ["open_detonation"], "organisation": AUTHORITY, "witnesses": ["Office of the district head"],
    }, links={"stockpile": (held,)})  # fmt: skip
    behind.add(date(2025, 12, 31), "retained_ordnance", {
        "category": "AP", "model": MODELS["AP"], "as_of": "2025-12-31", "quantity": 20, "purposes": ["training_detection"],
        "used_in_year": 0, "organisation": AUTHORITY,
    })  # fmt: skip
