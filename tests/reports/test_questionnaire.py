"""The questionnaire made of its own source document: each of the 17 answers holds the facts of the document's answer to that
question (figures, periods, conditions, cross-references, non-answers), and nothing from another answer."""

import re
from datetime import date
from pathlib import Path

import pytest

from clearland.figures.trace import trace
from clearland.ledger.rows import rendition
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.reports.compile import compile_report
from clearland.work.add import AddOptions, add_file

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
NOT_ANSWERED = "**not answered**"
OFFERED = (
    "willing to share its experience", "Afghanistan, Georgia and Türkiye", "thematic trainings", "deliver necessary courses",
)  # fmt: skip
WANTED = (
    r"\*\*236 incidents\*\*.*since 10 Nov 2020", r"Casualties: \*\*393 people", r"Killed: \*\*70 people",
    r"Injured: \*\*323 people",
    r"\*\*more than 3,400 people\*\*.*up to Apr 2025", "Allocated: .*789,000,000 AZN", "Allocated: .*464,000,000 USD",
    "Pledged: .*about 23,500,000 USD", "urgent need for increased international support",
)  # fmt: skip
# slot -> (how the question begins in the document, what its answer holds, as the report prints it)
FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ap-1": ("1. Is your country a State Party", (r"\(CCW-APII\): \*\*not party",)),
    "ap-2": ("2. Please attach the most recent annual report", (NOT_ANSWERED.replace("*", r"\*"),)),
    "ap-3": ("3. Is your country considering ratification/accession to the Amended Protocol II", (
        r"supports the humanitarian objectives", r"unable to accede", r"\*\*may consider joining\*\*.*possible",
        r"\*\*in the context of demining of its liberated territories\*\*.*conditional", r"\*\*1\.25 %", r"more than 2,700 mines",
        "produced in Armenia in 2021.*2021", "20 Sep 2023", "Sep 2023", "10 Nov 2020", r"released some records.*acknowledged",
    )),
    "ap-4": ("4. What measures have been taken", (
        "remains committed to its international obligations", "takes all necessary measures",
        "Specific regulations have been adopted",
    )),
    "ap-5": ("5. Would your country be interested in receiving assistance related", (
        "urgently needs assistance on mine clearance and victim assistance", r"another answer: \*\*Question 10", "not party",
    )),
    "ap-6": ("6. Does your country have the capacity to assist others related", OFFERED),
    "ap-7": ("7. Has your country ratified or acceded", (
        r"\(APMBC\): \*\*not ratified or acceded", "supports the idea and humanitarian goals", "mostly with its own resources",
    )),
    "ap-8a": ("8. (a) If yes", (NOT_ANSWERED.replace("*", r"\*"),)),
    "ap-8b": ("(b) If no", (
        "unable to accede", r"may consider joining\*\*.*possible", "in the context of demining.*conditional",
    )),
    "ap-8c": ("(c) Has your country adopted legislation", (
        r"\(APMBC\): \*\*has not adopted legislation", "not State Party",
        "social and economic reintegration, medical and professional rehabilitation",
    )),
    "ap-9": ("9. Does your country have any specific measures", (
        "modern prostheses, motorized wheelchairs", "targeted social assistance, pension",
        "Ministry of Labor and Social Protection",
        "United Nations Development Programme", "inclusive vocational education", "sports events",
    )),
    "ap-10": ("10. Does your country require assistance in mine clearance", WANTED),
    "ap-11": ("11. Does your country have the capacity to assist others in mine action", (
        r"another answer: \*\*Question 6, Part I",
    )),
    "erw-1": ("1. Has your country notified the Depositary", (
        r"\(CCW-PV\): \*\*not party", "unable to accede", r"may consider joining\*\*.*possible",
        "from explosive hazards.*conditional",
    )),
    "erw-2": ("2. If yes, at what stage", (NOT_ANSWERED.replace("*", r"\*"),)),
    "erw-3": ("3. Would your country be interested in receiving assistance in clearing", WANTED),
    "erw-4": ("4. Does your country have the capacity to assist others in clearing", OFFERED),
}  # fmt: skip
SOURCE = re.compile(r"source:(?P<sha>[0-9a-f]{64})#(?P<start>\d+)-(?P<end>\d+)")


@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
def test_each_answer_holds_the_facts_of_its_source_and_of_no_other_answer(sqlite_programme):
    document = next(path for path in CORPUS.iterdir() if "questionnaire" in path.name)
    add_file(document, AddOptions(received=date(2025, 6, 1)), actor=system_actor("import"))
    made = compile_report(snapshot(), "osce-questionnaire", covers="2025", country_code="AZ")
    status = {row["slot"]: row["status"] for row in made.data["slots"] if row["slot"] != "unknowns"}
    assert status == dict.fromkeys(FACTS, "filled")
    plain = made.markdown.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")
    notes = dict(re.findall(r"^\[\^(\d+)\]: (.+)$", plain, re.MULTILINE))
    answers = dict(zip(FACTS, re.split(r"^## ", plain, flags=re.MULTILINE)[1:], strict=False))
    spans = questions(next(iter(SOURCE.findall(plain)))[0])
    for slot, (_, facts) in FACTS.items():
        answer = answers[slot].partition("\n# ")[0]
        for fact in facts:
            assert re.search(fact, answer), (slot, fact)
        marks = re.findall(r"\[\^(\d+)\]", answer)
        assert marks, slot
        for mark in marks:
            for found in SOURCE.finditer(notes[mark]):
                assert spans[slot][0] <= int(found["start"]) < int(found["end"]) <= spans[slot][1], (slot, found[0])
                assert list(trace(found[0]))
    without = [slot for slot, (_, facts) in FACTS.items() if facts[0].endswith(r"not answered\*\*")]
    assert without == ["ap-2", "ap-8a", "erw-2"]
    for slot in without:  # what was not answered says nothing else
        assert len(re.findall(r"^- ", answers[slot].partition("\n# ")[0], re.MULTILINE)) == 1


def questions(source: str) -> dict[str, tuple[int, int]]:
    """Where each answer stands in the document, from its question to the next one."""
    held = rendition(scope(system_actor("figures"), "find the questions"), source)
    assert held is not None
    starts, at = [], 0
    for begins, _ in FACTS.values():
        at = held.text.index(begins.partition(" ")[2], at)
        starts.append(at)
    return dict(zip(FACTS, zip(starts, [*starts[1:], len(held.text)], strict=True), strict=True))
