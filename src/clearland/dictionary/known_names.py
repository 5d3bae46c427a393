"""Names that stand for one thing: organisations, models of ordnance, places, with the times they were borne.

A name found in a document is *known* where it is one of these, letter for letter but for case, script and accents, or
where a person said so. Whatever is merely alike is a proposal with a score and never counts. Two designations that differ
in a letter or a number (PMN-1, PMN-2, PMN-E) are two models: they are never even proposed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Literal

from clearland.core.partial_dates import PartialDate
from clearland.core.words import folded_name
from clearland.dictionary.reading import Node, optional, parse_yaml

Sort = Literal["organisation", "ordnance", "place"]
ALIKE_ENOUGH = 0.82
_INITIALS = 0.9
NAMELESS = frozenset("the of for and in on de la le of der fur".split())  # what initials leave out
_DESIGNATION = re.compile(r"[^\W_]*\d[^\W_]*|(?<=-)[^\W\d_]{1,3}\b")


@dataclass(frozen=True)
class Spelling:
    """One name, and from when until when it was borne; None is *not said*."""

    text: str
    since: PartialDate | None = None
    until: PartialDate | None = None

    def borne_on(self, day: date) -> bool:
        """Whether the name may have been borne on a day."""
        return not (self.since and day < self.since.first) and not (self.until and day > self.until.last)


@dataclass(frozen=True)
class Bearer:
    """What bears names. `code` is that of the list, or the record's; `record` its UUID where the programme holds one."""

    sort: Sort
    code: str
    names: tuple[Spelling, ...]
    record: str = ""

    def name_on(self, day: date | None = None) -> str:
        """The name borne on a day: the first that was, else the first of all."""
        borne = (name.text for name in self.names if day is None or name.borne_on(day))
        return next(borne, self.names[0].text)


@dataclass(frozen=True)
class Proposal:
    """A name of a document that may be somebody's: how alike (0 to 1), and by what (`spelling`, `initials`, `part`)."""

    written: str
    bearer: Bearer
    score: float
    how: str


@dataclass(frozen=True)
class NameBook:
    """Bearers with what people decided: `said` are folded names accepted for a bearer, `denied` those that were rejected."""

    bearers: tuple[Bearer, ...]
    said: Mapping[tuple[Sort, str], str] = field(default_factory=dict)
    denied: frozenset[tuple[Sort, str, str]] = frozenset()

    @cached_property
    def _by_name(self) -> dict[tuple[Sort, str], Bearer]:
        known: dict[tuple[Sort, str], Bearer] = {}
        for bearer in self.bearers:
            for name in bearer.names:
                known.setdefault((bearer.sort, folded_name(name.text)), bearer)
        by_code = {(bearer.sort, bearer.code): bearer for bearer in self.bearers}
        for (sort, written), code in self.said.items():
            if (sort, code) in by_code:
                known[sort, written] = by_code[sort, code]
        return known

    def find(self, written: str, sort: Sort | None = None) -> Bearer | None:
        """Whose name it is, without any guess."""
        folded = folded_name(written)
        for each in (sort,) if sort else ("organisation", "ordnance", "place"):
            if bearer := self._by_name.get((each, folded)):
                return bearer
        return None

    def variants(self, folded: str) -> Sequence[str]:
        """The other names of whoever bears a folded name, with those that people accepted."""
        found: list[str] = []
        for sort in ("organisation", "ordnance", "place"):
            bearer = self._by_name.get((sort, folded))
            if bearer is not None:
                found += [name.text for name in bearer.names]
                found += [name for (each, name), code in self.said.items() if (each, code) == (bearer.sort, bearer.code)]
        return tuple(dict.fromkeys(name for name in found if folded_name(name) != folded))

    def proposals(self, written: Iterable[str], sort: Sort) -> list[Proposal]:
        """For names that nobody knows, the bearer most alike, where one is alike enough and was not rejected."""
        made = []
        for name in written:
            if self.find(name, sort) is not None:
                continue
            best = max(self._alike(name, sort), key=lambda one: (one.score, one.bearer.code), default=None)
            if best is not None:
                made.append(best)
        return sorted(made, key=lambda one: (-one.score, one.written))

    def _alike(self, name: str, sort: Sort) -> Iterator[Proposal]:
        folded = folded_name(name)
        for bearer in self.bearers:
            if bearer.sort != sort or (sort, folded, bearer.code) in self.denied:
                continue
            score, how = max((alike(name, each.text) for each in bearer.names), default=(0.0, ""))
            if score >= ALIKE_ENOUGH:
                yield Proposal(name, bearer, round(score, 2), how)


@lru_cache(maxsize=1 << 16)
def alike(one: str, other: str) -> tuple[float, str]:
    """How alike two names are, 0 to 1, and by what. 0 where their designations differ."""
    if designations(one) != designations(other):
        return 0.0, ""
    a, b = folded_name(one).split(), folded_name(other).split()
    if not a or not b:
        return 0.0, ""
    telling_a, telling_b = ([word for word in words if word not in NAMELESS] for words in (a, b))
    for short, long in ((a, telling_b), (b, telling_a)):
        if len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long):
            return _INITIALS, "initials"
    few, many = sorted((set(telling_a), set(telling_b)), key=len)
    if len(few) > 1 and few < many:
        return round(0.8 + 0.15 * len(few) / len(many), 3), "part"
    return SequenceMatcher(None, " ".join(telling_a), " ".join(telling_b)).ratio(), "spelling"


def designations(name: str) -> frozenset[str]:
    """What tells one model from another: words with digits, and short ends after a hyphen."""
    return frozenset(folded_name(found) for found in _DESIGNATION.findall(name))


@lru_cache(maxsize=1)
def listed() -> tuple[Bearer, ...]:
    """The bearers that Clearland ships: bodies of the sector and models of ordnance."""
    folder = files("clearland.dictionary") / "names"
    made: list[Bearer] = []
    sorts: tuple[tuple[Sort, str], ...] = (("organisation", "organisations.yaml"), ("ordnance", "ordnance.yaml"))
    for sort, file in sorts:
        for node in parse_yaml((folder / file).read_text(encoding="utf-8"), f"names/{file}").items():
            made.append(_bearer(node, sort))
    return tuple(made)


def _bearer(node: Node, sort: Sort) -> Bearer:
    given = node.mapping("code names")
    return Bearer(sort, given["code"].text(), tuple(_spelling(each) for each in given["names"].items()))


def _spelling(node: Node) -> Spelling:
    given = node.mapping("text", "from until")
    since, until = (optional(given, name, Node.text) for name in ("from", "until"))
    return Spelling(
        given["text"].text(), PartialDate.parse(since) if since else None, PartialDate.parse(until) if until else None
    )
