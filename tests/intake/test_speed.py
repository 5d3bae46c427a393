"""Reading and planning with all checks keep the budget of design section 12, with room for the write."""

import random
import time
from pathlib import Path

from clearland.dictionary.model import Dictionary
from clearland.intake.mapping import parse_mappings
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, plan
from tests.intake import files

ROWS = 20_000
BUDGET_ROWS_PER_SECOND = 5_000
MAPPING = """
kind: accident
series: speed
local_id: id
geometry: {longitude: lon, latitude: lat}
fields: {date: date, device_category: device, killed: killed, injured: injured, demining: demining, district: district}
"""


def test_planning_keeps_its_budget(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    chance = random.Random(1)
    lines = ["id,date,device,killed,injured,demining,district,lon,lat"]
    lines += [
        f"A-{number},20{chance.randint(10, 20)}-{chance.randint(1, 12):02d}-15,{chance.choice(('AP', 'AV', 'UXO'))},"
        f"{chance.randint(0, 2)},{chance.randint(0, 3)},no,D{number % 60},"
        f"{45 + 5 * chance.random():.6f},{39 + 2 * chance.random():.6f}"
        for number in range(ROWS)
    ]
    path = files.csv_file(tmp_path, "\n".join(lines))
    started = time.process_time()
    tables, mappings = open_file(path, parse_mappings(MAPPING, "m"), dictionary)
    found = plan(tables, mappings, dictionary, {}, circumstances)
    elapsed = time.process_time() - started
    assert (found.new, found.errors) == (ROWS, ())
    assert elapsed < ROWS / BUDGET_ROWS_PER_SECOND
