"""People of Talmere as numbers and pseudonyms: sessions of risk education, victims, inquiries, help. Nobody has a name."""

from datetime import date, timedelta
from uuid import UUID

from clearland.ledger.drafts import Draft
from clearland.work.demonstration.background import Background
from clearland.work.demonstration.nation import LAST_WORK, OPERATORS
from clearland.work.demonstration.shapes import inner_point

AUTHORITY, EDUCATOR, _COMPANY = (code for code, _name, _type in OPERATORS)
_SESSIONS_PER_DISTRICT = 3
_ACTIVITIES = ("farming", "herding", "collecting", "travel", "playing")


def add_people(behind: Background) -> None:
    """Sessions in each district; a victim for every casualty; an inquiry for every accident at work; help for survivors."""
    _education(behind)
    for accident in behind.by_kind.get("accident", ()):
        _casualties(behind, accident)


def _education(behind: Background) -> None:
    for number, (district, ground) in enumerate(behind.nation.districts):
        sessions = []
        for turn in range(_SESSIONS_PER_DISTRICT):
            day = date(2025, 2, 10) + timedelta(days=150 * turn + 9 * number)
            session = behind.add(day, "eore_session", {
                "start_date": str(day), "method": "school_lesson" if turn % 2 else "group_session", "reach": "direct",
                "sessions_count": 1, "audience": ["children" if turn % 2 else "farmers"], "district": district,
                "organisation": EDUCATOR, "place_type": "school" if turn % 2 else "community_centre",
            }, geometry=inner_point(behind.rng, ground))  # fmt: skip
            sessions.append(session)
            _reached(behind, day, (session,), district, "contacts")
        _reached(behind, LAST_WORK, tuple(sessions), district, "unique_persons")


def _reached(behind: Background, day: date, sessions: tuple[UUID, ...], district: str, counting: str) -> None:
    heads = {name: behind.rng.randrange(3, 14) for name in ("women", "men", "girls", "boys")}
    unknown = behind.rng.randrange(0, 3)
    behind.add(day, "eore_beneficiaries", {
        "counting": counting, "reach": "direct", **heads, "not_disaggregated": unknown, "total": sum(heads.values()) + unknown,
        "women_with_disability": heads["women"] // 6, "men_with_disability": heads["men"] // 6,
        "disability_not_asked": unknown, "basis": "counted", "district": district, "organisation": EDUCATOR,
    }, links={"sessions": sessions})  # fmt: skip


def _casualties(behind: Background, accident: Draft) -> None:
    day = date.fromisoformat(accident.attributes["date"])
    if accident.attributes["demining"]:
        behind.add(day + timedelta(days=20), "accident_investigation", {
            "investigation_type": "independent", "status": "reported", "ordered_by": AUTHORITY, "ordered_on": str(day),
            "lead_organisation": AUTHORITY, "preliminary_due_on": str(day + timedelta(days=3)),
            "report_due_on": str(day + timedelta(days=30)), "report_given_on": str(day + timedelta(days=20)),
            "causes": ["procedure_not_followed"], "recommendations": "Refresher for all teams of the site. (SYNTHETIC)",
        }, links={"accident": (accident.record,)})  # fmt: skip
    outcomes = ["killed"] * accident.attributes["killed"] + ["injured"] * accident.attributes["injured"]
    for outcome in outcomes:
        _victim(behind, accident, day, outcome)


def _victim(behind: Background, accident: Draft, day: date, outcome: str) -> None:
    rng, district = behind.rng, accident.attributes["district"]
    age, at_work = rng.randrange(7, 70), accident.attributes["demining"]
    age = max(age, 20) if at_work else age
    victim = behind.add(day, "victim", {
        "accident_date": str(day), "outcome": outcome, "gender": rng.choice(("female", "male", "male")), "age_years": age,
        "age_class": "child" if age < 18 else "adult", "age_estimated": False,
        "tampered": "unknown" if outcome == "killed" else "no",
        "activity": "demining" if at_work else rng.choice(_ACTIVITIES), "victim_category": "deminer" if at_work else "civilian",
        "identity_missing": "withheld", "consent_store": "given", "consent_providers": "given", "district": district,
        **({"injured_parts": [rng.choice(("below_knee", "upper_limb", "head_neck"))]} if outcome == "injured" else {}),
        **({"deminer_function": "Deminer", "ppe_worn": "yes"} if at_work else {}),
    }, links={"accident": (accident.record,)})  # fmt: skip
    if outcome == "injured":
        _help(behind, victim, day, district)


def _help(behind: Background, victim: UUID, day: date, district: str) -> None:
    referred, begun = min(day + timedelta(days=30), LAST_WORK), min(day + timedelta(days=45), LAST_WORK)
    asked = behind.add(referred, "referral", {
        "referred_on": str(referred), "pillar": "rehabilitation", "needed_service": "physiotherapy",
        "organisation": EDUCATOR, "receiving_organisation": AUTHORITY, "consent": "given", "outcome": "accepted",
        "district": district,
    }, links={"victim": (victim,)})  # fmt: skip
    behind.add(begun, "assistance_service", {
        "beneficiary_type": "survivor", "pillar": "rehabilitation", "service": "physiotherapy", "status": "ongoing",
        "start_date": str(begun), "organisation": AUTHORITY, "district": district,
    }, links={"victim": (victim,), "referral": (asked,)})  # fmt: skip
