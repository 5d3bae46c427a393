"""A SYNTHETIC nation whose accidents and victims are told by police, hospital and operator, each with its own mistakes.

The answer key says which records tell of one thing. Some victims of one accident look alike in everything that is open of
them and are different people; every source that lists them lists each once.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import shapely

Row = dict[str, Any]
SOURCES = {"police": 0.8, "hospital": 0.6, "operator": 0.35}
_FIRST = date(2015, 1, 1)
_DAYS = 3_650
_DISTRICTS = 36
_DEVICES = ("AP", "AV", "UXO", "CMR", "IED")
_WORK = ("farming", "herding", "travelling", "playing", "collecting")


@dataclass
class Told:
    """Rows of both kinds, and per record the thing it tells of."""

    accidents: list[Row] = field(default_factory=list)
    victims: list[Row] = field(default_factory=list)
    thing: dict[str, str] = field(default_factory=dict)

    def key(self, rows: list[Row]) -> set[frozenset[str]]:
        """Every pair of records that tell of one thing."""
        by_thing: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            by_thing[self.thing[row["record"]]].append(row["record"])
        return {frozenset(pair) for several in by_thing.values() for pair in combinations(several, 2)}


def told_twice(accidents: int, seed: int = 20261122) -> Told:
    """So many true accidents with one to four victims each, as the sources tell them."""
    chance, made = random.Random(seed), Told()
    for n in range(accidents):
        _tell(chance, made, n)
    return made


def _tell(chance: random.Random, made: Told, n: int) -> None:
    district = chance.randrange(_DISTRICTS)
    where = (-40 + 0.5 * (district % 6) + chance.uniform(-0.2, 0.2), 10 + 0.5 * (district // 6) + chance.uniform(-0.2, 0.2))
    when = _FIRST + timedelta(days=chance.randrange(_DAYS))
    device, people = chance.choice(_DEVICES), [_person(chance) for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4)))]
    if len(people) > 1 and chance.random() < 0.3:
        people[1] = dict(people[0])  # two who look alike
    for source, share in SOURCES.items():
        if chance.random() > share:
            continue
        accident = f"{source}-a{n}"
        made.thing[accident] = f"accident {n}"
        day = _day(chance, when)
        made.accidents.append(_accident(chance, accident, source, (district, where, day, device), people))
        for k, person in enumerate(people):
            if chance.random() < 0.9:
                record = f"{source}-v{n}-{k}"
                # Who look alike are one answer: nobody can say which of the two is which.
                first = next(j for j, other in enumerate(people) if other == person)
                made.thing[record] = f"victim {n} {first}"
                row = _victim(chance, record, source, accident, person)
                made.victims.append(row | ({"accident_date": day, "district": f"D{district}"} if source != "police" else {}))


def _person(chance: random.Random) -> Row:
    age = chance.randrange(4, 80)
    return {
        "gender": chance.choice(("male", "male", "female")), "age_years": age, "age_class": "child" if age < 18 else "adult",
        "outcome": chance.choice(("killed", "injured", "injured")), "activity": chance.choice(_WORK),
    }  # fmt: skip


def _day(chance: random.Random, when: date) -> str:
    slip = chance.choices((0, 1, -1, 2), (85, 6, 6, 3))[0]
    told = (when + timedelta(days=slip)).isoformat()
    return told[:7] if chance.random() < 0.06 else told


def _accident(chance: random.Random, record: str, source: str, true: tuple[int, Any, str, str], people: list[Row]) -> Row:
    district, (x, y), day, device = true
    accuracy = chance.choices(("exact", "near", "district"), (55, 25, 20))[0]
    off = {"exact": 0.001, "near": 0.012, "district": 0.0}[accuracy]
    point = shapely.Point(x + chance.gauss(0, off), y + chance.gauss(0, off))
    if accuracy == "district":
        point = shapely.Point(-40 + 0.5 * (district % 6), 10 + 0.5 * (district // 6))
    killed = sum(each["outcome"] == "killed" for each in people)
    return {
        "record": record, "local_id": f"{source[0].upper()}{chance.randrange(10**6)}", "source": source, "date": day,
        "district": None if chance.random() < 0.08 else f"D{district}", "geometry": point, "location_accuracy": accuracy,
        "device_category": chance.choices((device, "UNK", chance.choice(_DEVICES)), (70, 25, 5))[0],
        "killed": killed, "injured": max(0, len(people) - killed + chance.choices((0, 1, -1), (88, 6, 6))[0]), "demining": False,
    }  # fmt: skip


def _victim(chance: random.Random, record: str, source: str, accident: str, person: Row) -> Row:
    told = {name: value for name, value in person.items() if chance.random() > 0.07}
    if "age_years" in told:
        told["age_years"] += chance.choices((0, 1, -1), (86, 7, 7))[0]
    told |= {"outcome": person["outcome"]}
    return {"record": record, "local_id": f"{source[0].upper()}V{chance.randrange(10**6)}", "source": source,
            "accident": accident, **told}  # fmt: skip
