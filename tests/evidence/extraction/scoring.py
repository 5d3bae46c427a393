"""How well extraction does on documents of our own: a small scorer and the loader of their gold."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from clearland.claims.model import Claim
from clearland.core.units import AREA_M2
from clearland.evidence.extraction.extract import extract_claims
from clearland.evidence.extraction.names import Names
from clearland.evidence.reading.read import read_document
from tests.evidence.extraction.made import MADE

DOCUMENTS = Path(__file__).parent / "documents"
_UNASKED = ("source.", "org.name")  # right where found, but not asked of a reader
_LITTLE = {"the", "of", "a", "an", "to", "in", "and", "for", "by", "its", "government", "is", "are", "was", "has", "republic"}


@dataclass(frozen=True)
class Wanted:
    """One claim a reader finds."""

    file: str
    start: int
    end: int
    value: object
    unit: str | None
    attribute: str
    claimant: str | None
    period: str | None
    stance: str = "reported"
    polarity: str = "affirmed"
    footnote: int | str | None = None
    words: str = ""
    asked: bool = True


@dataclass(frozen=True)
class Score:
    """Shares between 0 and 1."""

    recall: float
    recall_numbers: float
    precision: float
    claimant: float
    period: float
    stance: float
    polarity: float
    footnote: float
    unit: float
    attribute: float
    claimant_by_class: float
    period_by_class: float
    misses: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision."""
        return 2 * self.recall * self.precision / (self.recall + self.precision)


def claims_and_gold(gold_file: str = "gold.yaml") -> tuple[list[Claim], list[Wanted], dict[str, str]]:
    """Extract every document of a gold file and place its gold in the text that was read."""
    gold = yaml.safe_load((DOCUMENTS / gold_file).read_text(encoding="utf-8"))
    names = Names(states=tuple(gold["states"]))
    claims: list[Claim] = []
    wanted: list[Wanted] = []
    texts = {}
    for file, entry in gold["documents"].items():
        document = read_document(MADE[file]() if file in MADE else (DOCUMENTS / file).read_bytes(), file)
        texts[file] = document.text
        claims += extract_claims(document, file, names)
        wanted += list(_placed(file, document.text, entry))
    return claims, wanted, texts


def _placed(file: str, text: str, entry: dict[str, Any]) -> Iterable[Wanted]:
    yield from _rows(file, text, entry, entry["claims"], asked=True)
    yield from _rows(file, text, entry, entry.get("optional", []), asked=False)


def _rows(file: str, text: str, entry: dict[str, Any], rows: Sequence[Sequence[Any]], *, asked: bool) -> Iterable[Wanted]:
    at = 0
    for row in rows:
        words, value, unit, attribute, claimant, period, *rest = row
        # A hard-wrapped text breaks lines where gold has a blank.
        found = re.compile(re.escape(str(words)).replace(r"\ ", r"\s+")).search(text, at)
        assert found, f"{file} does not hold {words!r} after {at}"
        start = found.start()
        at = start + 1 if asked else 0
        yield replace(
            Wanted(
                file,
                start,
                found.end(),
                value,
                unit,
                attribute,
                claimant or entry["claimant"],
                None if period is None else str(period),
                *rest,
            ),
            words=str(words),
            asked=asked,
        )


def score(claims: Sequence[Claim], wanted: Sequence[Wanted]) -> Score:
    """Pair one to one, widest shared span first, then count."""
    pairs = []
    for i, want in enumerate(wanted):
        for j, claim in enumerate(claims):
            shared = min(want.end, claim.end) - max(want.start, claim.start)
            if claim.file == want.file and shared > 0 and _same_value(want, claim):
                alike = shared / (max(want.end, claim.end) - min(want.start, claim.start))
                pairs.append((want.asked, alike, -i, -j))
    taken: dict[int, Claim] = {}
    used: set[int] = set()
    for _, _, i, j in sorted(pairs, reverse=True):
        if -i not in taken and -j not in used:
            taken[-i] = claims[-j]
            used.add(-j)
    asked = [i for i, want in enumerate(wanted) if want.asked]
    found = [(wanted[i], claim) for i, claim in sorted(taken.items()) if wanted[i].asked]
    numeric = [i for i in asked if _is_number(wanted[i].value)]
    return Score(
        recall=len(found) / len(asked),
        recall_numbers=sum(i in taken for i in numeric) / len(numeric),
        precision=len(used)
        / len([claim for j, claim in enumerate(claims) if j in used or not claim.attribute.startswith(_UNASKED)]),
        claimant=_share(_same_name(want.claimant, claim.claimant) for want, claim in found),
        period=_share(_same_years(want.period, claim.period) for want, claim in found),
        stance=_share(want.stance == claim.stance for want, claim in found),
        polarity=_share(want.polarity == claim.polarity for want, claim in found),
        footnote=_share(want.footnote == claim.footnote for want, claim in found if claim.in_footnote is None),
        unit=_share(want.unit == claim.unit for want, claim in found if _is_number(want.value)),
        attribute=_share(claim.attribute.startswith(want.attribute) for want, claim in found),
        claimant_by_class=_by_class((want.claimant, _same_name(want.claimant, claim.claimant)) for want, claim in found),
        period_by_class=_by_class((want.period is None, _same_years(want.period, claim.period)) for want, claim in found),
        misses=tuple(
            f"{want.file[:14]} {want.start} {want.attribute} {want.value!r}"
            for i, want in enumerate(wanted)
            if want.asked and i not in taken
        ),
        surplus=tuple(
            f"{c.file[:14]} {c.start}-{c.end} {c.attribute} {c.value!r}" for j, c in enumerate(claims) if j not in used
        ),
    )


def differences(claims: Sequence[Claim], wanted: Sequence[Wanted], name: str) -> list[str]:
    """For a person: where found claims differ from gold in one respect."""
    told = []
    for want in wanted:
        near = [
            claim
            for claim in claims
            if claim.file == want.file and claim.start < want.end and want.start < claim.end and _same_value(want, claim)
        ]
        if not near:
            continue
        claim, value = near[0], getattr(near[0], name)
        same = {"claimant": _same_name, "period": _same_years}.get(name, lambda a, b: a == b)(getattr(want, name), value)
        if not same:
            told.append(f"{claim.file[:14]} {claim.start} {want.value!r}: wanted {getattr(want, name)!r}, got {value!r}")
    return told


def _share(tests: Iterable[bool]) -> float:
    counted = list(tests)
    return sum(counted) / len(counted) if counted else 1.0


def _by_class(tests: Iterable[tuple[object, bool]]) -> float:
    """Averaged over claimants, or over dated and undated: a rare one weighs as much as a frequent one."""
    groups: dict[object, list[bool]] = {}
    for name, right in tests:
        groups.setdefault(name, []).append(right)
    return _share_of([sum(group) / len(group) for group in groups.values()])


def _share_of(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares) if shares else 1.0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _words(text: object) -> set[str]:
    return set(re.findall(r"[^\W_]+", str(text or "").casefold())) - _LITTLE


def _same_value(want: Wanted, claim: Claim) -> bool:
    if _is_number(want.value):
        return _is_number(claim.value) and _in_base(want.value, want.unit) == _in_base(claim.value, claim.unit)
    if isinstance(want.value, bool):
        return claim.value is want.value or (isinstance(claim.value, str) and (claim.polarity == "affirmed") is want.value)
    if want.value is None:
        return claim.value is None
    if want.unit in {"date", "years"}:
        return str(claim.value).startswith(str(want.value)[:7])
    return isinstance(claim.value, str) and len(_words(claim.value) & _words(f"{want.value} {want.words}")) * 2 >= len(
        _words(claim.value)
    )


def _in_base(value: object, unit: str | None) -> tuple[str, float]:
    assert isinstance(value, int | float)
    if unit in AREA_M2:
        return "area", round(float(value) * float(AREA_M2[unit]), 3)
    return unit if unit and unit.isupper() else "", float(value)


def _same_name(want: str | None, got: str | None) -> bool:
    a, b = _words(want), _words(got)
    return (not a and not b) or len(a & b) * 2 >= max(len(a), len(b), 1)


def _same_years(want: str | None, got: str | None) -> bool:
    a, b = _years(want), _years(got)
    return a == b if a is None or b is None else a[0] <= b[1] and b[0] <= a[1]


def _years(period: str | None) -> tuple[int, int] | None:
    found = [int(year) for year in re.findall(r"(?<!\d)(?:\d{4})(?!\d)", str(period or ""))]
    if not found:
        return None
    text = str(period)
    low, high = min(found), max(found)
    return (low if not text.startswith(("/", "-")) else 0, high if not text.endswith("/") else 9999)
