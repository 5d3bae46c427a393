"""The claims a report may print: judged, dated and about its country, compared with one another once.

Rejected claims are never among them. A claim stands at the end of its period; where the period is open or not stated,
when its source was published, and a source that does not say is as old as the newest state it tells of.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from clearland.claims.compare import disagreements
from clearland.claims.comparison import Comparison
from clearland.claims.model import Claim
from clearland.claims.periods import Interval, interval
from clearland.core.partial_dates import PartialDate
from clearland.dictionary.forms import Selection
from clearland.figures.disagreements import claims_of, surroundings
from clearland.ledger.snapshot import Snapshot
from clearland.reports.countries import Country, named_in

Row = Mapping[str, object]
DECIDED = frozenset({"accepted", "corrected", "added"})
REJECTED = "rejected"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True)
class Told:
    """A claim with its row of the snapshot, whether a person has decided for it, and the days it stands for."""

    claim: Claim
    row: Row
    decided: bool
    days: Interval | None

    @property
    def year(self) -> int | None:
        """The year it stands at."""
        return self.days[1].year if self.days else None

    @property
    def reference(self) -> str:
        """What `trace` follows to its words."""
        return f"source:{self.row['source']}#{self.claim.start}-{self.claim.end}"


class ClaimBook:
    """All claims of a snapshot that may be printed of a country (None: of whichever), to readers of some classes (None: all)."""

    def __init__(self, snapshot: Snapshot, country: Country | None = None, classes: frozenset[str] | None = None) -> None:
        self.country = country
        self._snapshot = snapshot
        self._attributes = snapshot.dictionary.attributes
        self._own_countries = _own_countries(snapshot)
        rows = [(claim, row) for claim, row in claims_of(snapshot) if row.get("judgement") != REJECTED]
        if classes is not None:
            held = snapshot.sql("SELECT sha256 FROM source WHERE list_contains(?, sensitivity)", [sorted(classes)])
            open_to_reader = set(held["sha256"].to_pylist())
            rows = [(claim, row) for claim, row in rows if row["source"] in open_to_reader]
        published = _published(rows)
        self.told = tuple(
            Told(claim, row, row.get("judgement") in DECIDED, _days(claim, published[str(row["source"])])) for claim, row in rows
        )
        self._about = {id(each): self._is_about(each) for each in self.told}
        self._involving = {id(each): self._involves(each) for each in self.told}

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """How the claims lie to one another, of every kind; computed when first asked for."""
        around = surroundings(self._snapshot, [(each.claim, each.row) for each in self.told])
        return disagreements([each.claim for each in self.told], around)

    @cached_property
    def by_ref(self) -> dict[str, Told]:
        """Claims by their reference."""
        return {each.claim.ref: each for each in self.told}

    @cached_property
    def contradicted(self) -> frozenset[str]:
        """References of claims that another claim contradicts."""
        pairs = (pair for pair in self.comparisons if pair.kind == "contradicts")
        return frozenset(side.ref for pair in pairs for side in (pair.left, pair.right))

    def choose(self, selection: Selection, year: int, *, counted: bool = False) -> list[Told]:
        """The claims a slot asks for: decided ones first, then in the order of its attributes, newest first.

        `counted` leaves out words where the attribute is a quantity: a key figure is a number or *not known*.
        """
        about = self._about if selection.about == "country" else self._involving
        found = [
            each for each in self.told
            if about[id(each)] and selection.takes(each.claim.attribute) and _defined(selection, each.claim)
            and _asked(selection, each.claim)
            and (each.year == year if selection.when == "year" else each.year is not None and each.year <= year)
            and not (counted and self._only_words(each.claim))
        ]  # fmt: skip
        if selection.when == "latest":
            found = self._newest(found)
        return sorted(found, key=lambda each: _order(selection, each))

    def topic(self, claim: Claim) -> tuple[object, ...]:
        """What a claim is about, whoever says it and whenever: subject, attribute and scope."""
        scope = claim.scope
        sets = (frozenset(scope.place), frozenset(scope.actor))
        codes = (scope.device, scope.activity, scope.method, scope.population, scope.outcome, scope.definition)
        return self.subject(claim), claim.attribute, *sets, *codes

    def subject(self, claim: Claim) -> str:
        """The subject, the report's country and its government being one."""
        own = self.country is not None and named_in(claim.subject) == {self.country.code}
        return "" if own or claim.subject == "document" else claim.subject.casefold()

    def _newest(self, found: Sequence[Told]) -> list[Told]:
        """Of each matter what was told in its newest year. Who does it (scope.actor) makes no matter of its own here."""
        newest: dict[tuple[object, ...], int] = defaultdict(int)
        matter = {id(each): (self.subject(each.claim), each.claim.attribute, *self.topic(each.claim)[4:]) for each in found}
        for each in found:
            newest[matter[id(each)]] = max(newest[matter[id(each)]], each.year or 0)
        return [each for each in found if each.year == newest[matter[id(each)]]]

    def _only_words(self, claim: Claim) -> bool:
        attribute = self._attributes.get(claim.attribute)
        return isinstance(claim.value, str) and attribute is not None and attribute.value_type == "quantity"

    def _is_about(self, each: Told) -> bool:
        """The first of subject, place and title that names a country decides; where none does, nothing says otherwise."""
        if self.country is None:
            return True
        for text in (each.claim.subject, ", ".join(each.claim.scope.place), f"{each.row['title']}, {each.row['file']}"):
            if codes := self._named(text):
                return self.country.code in codes
        return True

    def _involves(self, each: Told) -> bool:
        if self.country is None:
            return True
        told = f"{each.claim.subject}, {each.claim.claimant}, {', '.join(each.claim.scope.place)}"
        codes = self._named(told) | self._named(f"{each.row['title']}, {each.row['file']}")
        return not codes or self.country.code in codes

    def _named(self, text: str) -> frozenset[str]:
        """Codes of the countries a text names: those of the world, and those that only the programme's gazetteer knows."""
        return named_in(text) | {code for code, pattern in self._own_countries if pattern.search(text)}


def _own_countries(snapshot: Snapshot) -> list[tuple[str, re.Pattern[str]]]:
    """Countries of the gazetteer that no ISO list holds, such as a demonstration's; a bracket behind a name is no name."""
    held = snapshot.sql("SELECT local_id, name FROM place WHERE place_type = 'country' ORDER BY local_id").to_pylist()
    names = [(str(row["local_id"]), str(row["name"]).partition(" (")[0]) for row in held]
    return [(code, re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")) for code, name in names if name and not named_in(name)]


def _defined(selection: Selection, claim: Claim) -> bool:
    return not selection.definitions or (claim.scope.definition or "-") in selection.definitions


def _asked(selection: Selection, claim: Claim) -> bool:
    """Whether it was said in answer to one of the questions, or to a lettered part of one."""
    if not selection.questions:
        return True
    said = claim.question or ""
    return any(said == one or (said.startswith(one) and said[len(one) :].isalpha()) for one in selection.questions)


def _order(selection: Selection, each: Told) -> tuple[object, ...]:
    wanted = selection.attributes
    place = next((n for n, one in enumerate(wanted) if (each.claim.attribute + ".").startswith(f"{one}.")), 0)
    newest_first = -each.days[1].toordinal() if each.days else 1
    claim = each.claim
    return not each.decided, place, claim.scope.definition or "", newest_first, claim.file, claim.start, claim.ref


def _published(rows: Sequence[tuple[Claim, Row]]) -> dict[str, Interval | None]:
    """Source → the days it can have been published on."""
    found: dict[str, Interval | None] = {}
    told: dict[str, list[Interval]] = defaultdict(list)
    for claim, row in rows:
        source = str(row["source"])
        found.setdefault(source, _read_day(str(row["published"] or "")))
        state = interval(claim.period) if (claim.period or "").startswith("as-of ") else None
        if state:
            told[source].append(state)
    return {source: days or max(told[source], key=lambda each: each[1], default=None) for source, days in found.items()}


def _read_day(text: str) -> Interval | None:
    """The days of a date of publication: ISO 8601 in any precision, else the year that the words name."""
    try:
        read = PartialDate.parse(text[:10])
    except ValueError:
        years = _YEAR.findall(text)
        if not years:
            return None
        read = PartialDate.parse(years[-1])
    return read.first, read.last


def _days(claim: Claim, published: Interval | None) -> Interval | None:
    told = interval(claim.period) or interval(claim.as_of)
    if told is None:
        return published
    first, last = told
    if last == date.max:
        last = max(published[1], first) if published else first
    return (last if first == date.min else first), last
