"""Rules 5, 6 and 84: dates in their order, none in the future, none before the conflict, reports soon after the work."""

from collections.abc import Iterator
from datetime import date

from clearland.checks.records.model import Attributes, Said, Setting, day
from clearland.dictionary.model import Kind

_ORDERED = (
    ("period_from", "period_to"), ("start_date", "end_date"), ("found_on", "destroyed_on"), ("laid_from", "laid_to"),
    ("in_force_from", "in_force_to"), ("planned_start", "planned_end"), ("suspended_on", "resumed_on"),
    ("completed_on", "reported_on"), ("reported_on", "approved_on"), ("emplaced_from", "emplaced_to"),
)  # fmt: skip
_MAY_COME = frozenset({"official_to", "period_to", "in_force_to", "planned_start", "planned_end", "runs_to", "covers_to"})
_MAY_COME_ENDINGS = ("due_on", "planned_on", "due_date", "needed_by", "_to", "next_on")
# What somebody did in the field; dates of laying, of making and of history may be earlier.
_OPERATIONAL = ("start_date", "end_date", "found_on", "destroyed_on", "date", "inspected_on", "identified_on")
_TOLD = (("observed_on", "told_on"), ("seen_on", "received_on"))
_REPORTED = (("completed_on", "reported_on"), ("period_to", "reported_on"), ("end_date", "reported_on"))


class Dates:
    """The dates of one kind: which pairs are ordered and which fields are dates, found once for all its records."""

    def __init__(self, kind: Kind) -> None:
        dated = [each.name for each in kind.fields if each.type in ("date", "partial_date")]
        there = set(dated)
        self.past = [name for name in dated if name not in _MAY_COME and not name.endswith(_MAY_COME_ENDINGS)]
        self.pairs = [pair for pair in _ORDERED if there.issuperset(pair)]
        self.operational = [name for name in _OPERATIONAL if name in there]
        self.told = [pair for pair in _TOLD if there.issuperset(pair)]
        self.reported = [pair for pair in _REPORTED if there.issuperset(pair)]

    def check(self, said: Attributes, setting: Setting) -> Iterator[Said]:
        """5, 6 and 84."""
        limit, floor = setting.today.isoformat(), setting.limits.earliest_year
        for first, last in self.pairs:
            start, end = day(said, first), day(said, last)
            if start and end and start[: len(end)] > end:
                yield Said("E-DATE-REVERSED", last, {"field": last, "end": end, "other": first, "start": start}, 5)
        for name in self.past:
            value = said.get(name)
            if isinstance(value, str) and value > limit:
                yield Said("E-DATE-FUTURE", name, {"field": name, "date": value})
        for name in self.operational:
            value = said.get(name)
            if isinstance(value, str) and int(value[:4]) < floor:
                yield Said("R-DATE-EARLY", name, {"field": name, "date": value, "year": floor})
        for seen, reported in self.told:
            first, last = day(said, seen), day(said, reported)
            if first and last and int(last[:4]) - int(first[:4]) > setting.limits.stale_years:
                yield Said("R-DATE-STALE", seen, {"field": seen, "date": first})
        for done, reported in self.reported:
            yield from _late(day(said, done), day(said, reported), reported, setting)


def _late(done: str, reported: str, name: str, setting: Setting) -> Iterator[Said]:
    """84: the days between work and report, where both are days."""
    if len(done) == len(reported) == 10:
        days = (date.fromisoformat(reported) - date.fromisoformat(done)).days
        if days > setting.limits.report_days:
            yield Said("R-LATE-REPORT", name, {"days": days})
