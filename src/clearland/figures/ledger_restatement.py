"""Why a published ledger reads differently in its next edition, line by line.

A line is all rows of one key (place, period, setting…), their numbers added up. Between two editions it is

    added         only the later edition has it
    withdrawn     only the earlier edition has it
    re-dated      a line of the earlier edition and one of the later agree in all but their dates: proposed, for a person
    reclassified  the categories of one total differ, the total does not
    changed       any other number differs
    rounded       a number only lost its decimals; told apart, because nothing was corrected

Numbers that one of the editions does not have at all are not compared: their absence says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from clearland.dictionary.model import Kind

Cause = Literal["added", "withdrawn", "re-dated", "reclassified", "changed", "rounded"]
CAUSES: tuple[Cause, ...] = ("added", "withdrawn", "re-dated", "reclassified", "changed", "rounded")
Key = tuple[str, ...]
Numbers = dict[str, float]
Row = Mapping[str, Any]
_DATES = ("date", "partial_date")
_NUMBERS = ("integer", "decimal")


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One line that differs. `before` and `after` hold the compared numbers, None where the edition has no such line;
    `moved_to` is the key of the later edition of a line that was re-dated; `categories` those of one total that differ.
    """

    key: Key
    cause: Cause
    before: Numbers | None
    after: Numbers | None
    moved_to: Key | None = None
    categories: tuple[str, ...] = ()

    @property
    def differs(self) -> dict[str, tuple[float, float]]:
        """Each number that is not the same, before and after; a line that is not there counts as nought."""
        then, now = self.before or {}, self.after or {}
        both = {name: (then.get(name, 0.0), now.get(name, 0.0)) for name in {**then, **now}}
        return {name: pair for name, pair in both.items() if pair[0] != pair[1]}

    def as_json(self, key_fields: Sequence[str]) -> dict[str, Any]:
        """Plain data with stable keys."""
        return {
            "cause": self.cause, "key": dict(zip(key_fields, self.key, strict=True)),
            "moved_to": dict(zip(key_fields, self.moved_to, strict=True)) if self.moved_to else None,
            "differs": {name: {"before": pair[0], "after": pair[1]} for name, pair in self.differs.items()},
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LedgerRestatement:
    """Two editions of a ledger compared. `keys_*` count their lines, `new` and `gone` those of one edition only (a line
    that was re-dated is one of each), `same` those that did not change; `lines` are all others.
    """

    key_fields: tuple[str, ...]
    compared: tuple[str, ...]
    keys_before: int
    keys_after: int
    new: int
    gone: int
    same: int
    lines: tuple[LedgerLine, ...]

    def of(self, cause: Cause) -> list[LedgerLine]:
        """The lines with a cause."""
        return [line for line in self.lines if line.cause == cause]

    @property
    def categories_differ(self) -> int:
        """Lines of both editions whose categories of one total differ, whether the total does or not."""
        return sum(1 for line in self.lines if line.categories and line.before is not None and line.after is not None)

    def moves(self) -> dict[tuple[str, str], int]:
        """How many reclassified lines moved from which categories to which."""
        counted: dict[tuple[str, str], int] = defaultdict(int)
        for line in self.of("reclassified"):
            differs = {name: line.differs[name] for name in line.categories}
            less = "+".join(sorted(name for name, (then, now) in differs.items() if now < then))
            more = "+".join(sorted(name for name, (then, now) in differs.items() if now > then))
            counted[less, more] += 1
        return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))

    def corrected(self, name: str) -> list[LedgerLine]:
        """Lines of both editions in which one number was corrected, not merely cut off at its decimals."""
        both = [line for line in self.lines if line.before is not None and line.after is not None]
        return [line for line in both if name in line.differs and not _cut_off(*line.differs[name])]

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys."""
        return {
            "key": list(self.key_fields), "compared": list(self.compared),
            "lines_before": self.keys_before, "lines_after": self.keys_after, "new": self.new, "gone": self.gone,
            "same": self.same, "causes": {cause: len(self.of(cause)) for cause in CAUSES},
            "added_all_zero": sum(not any((line.after or {}).values()) for line in self.of("added")),
            "categories_differ": self.categories_differ,
            "moves": [{"from": less, "to": more, "lines": number} for (less, more), number in self.moves().items()],
            "corrected": {name: len(self.corrected(name)) for name in self.compared},
            "lines": [line.as_json(self.key_fields) for line in self.lines],
        }  # fmt: skip


def restate_ledger(
    before: Iterable[Row], after: Iterable[Row], *, kind: Kind, key: Sequence[str]
) -> LedgerRestatement:
    """Compare two editions, each as rows of a kind's attributes; `key` names the fields that say which line a row is.

    Raises ClearlandError E-DICT-FIELD for a key field that the kind lacks.
    """
    fields = [kind.field(name) for name in key]
    dated = tuple(field.name in key and field.type in _DATES for field in fields)
    earlier, later = list(before), list(after)
    numbers = [field.name for field in kind.fields if field.type in _NUMBERS and field.name not in key]
    compared = tuple(name for name in numbers if all(any(row.get(name) is not None for row in rows) for rows in (earlier, later)))
    then, now = _lines(earlier, key, compared), _lines(later, key, compared)
    categories = _categories(kind, compared, [*then.values(), *now.values()])
    gone, new = sorted(then.keys() - now.keys()), sorted(now.keys() - then.keys())
    moved = _moved({each: then[each] for each in gone}, {each: now[each] for each in new}, dated)
    lines = [
        LedgerLine(key=each, cause="re-dated", before=then[each], after=now[target], moved_to=target)
        for each, target in moved.items()
    ]
    lines += [LedgerLine(key=each, cause="withdrawn", before=then[each], after=None) for each in gone if each not in moved]
    taken = set(moved.values())
    lines += [LedgerLine(key=each, cause="added", before=None, after=now[each]) for each in new if each not in taken]
    both = [_compared(each, then[each], now[each], categories) for each in sorted(then.keys() & now.keys())]
    told = [line for line in both if line is not None]
    return LedgerRestatement(
        key_fields=tuple(key), compared=compared, keys_before=len(then), keys_after=len(now), new=len(new), gone=len(gone),
        same=len(both) - len(told), lines=tuple(sorted([*lines, *told], key=lambda line: (CAUSES.index(line.cause), line.key))),
    )  # fmt: skip


def _lines(rows: Sequence[Row], key: Sequence[str], compared: Sequence[str]) -> dict[Key, Numbers]:
    lines: dict[Key, Numbers] = {}
    for row in rows:
        line = lines.setdefault(tuple(str(row.get(name) or "") for name in key), dict.fromkeys(compared, 0.0))
        for name in compared:
            line[name] += float(row.get(name) or 0)
    return lines


def _categories(kind: Kind, compared: Sequence[str], lines: Sequence[Numbers]) -> tuple[tuple[str, ...], ...]:
    """Groups of whole numbers of one unit that are parts of one total; a number that always is their sum is none of them."""
    by_unit: dict[str, list[str]] = defaultdict(list)
    for name in compared:
        field = kind.field(name)
        if field.type == "integer" and field.unit:
            by_unit[field.unit].append(name)
    groups = []
    for names in by_unit.values():
        parts = [name for name in names if not _is_sum(name, [other for other in names if other != name], lines)]
        if len(parts) > 1:
            groups.append(tuple(parts))
    return tuple(groups)


def _is_sum(name: str, others: Sequence[str], lines: Sequence[Numbers]) -> bool:
    telling = [line for line in lines if line[name] or any(line[other] for other in others)]
    return len(others) > 1 and bool(telling) and all(line[name] == sum(line[other] for other in others) for line in telling)


def _cut_off(before: float, after: float) -> bool:
    return after == float(int(before))


def _compared(key: Key, then: Numbers, now: Numbers, groups: Sequence[Sequence[str]]) -> LedgerLine | None:
    differs = [name for name in then if then[name] != now[name]]
    if not differs:
        return None
    categories = tuple(name for group in groups for name in group if name in differs)
    cause: Cause
    if all(_cut_off(then[name], now[name]) for name in differs if name not in categories) and not categories:
        cause = "rounded"
    elif categories and all(sum(then[name] for name in group) == sum(now[name] for name in group) for group in groups):
        others = [name for name in differs if name not in categories and not _cut_off(then[name], now[name])]
        cause = "changed" if others else "reclassified"
    else:
        cause = "changed"
    return LedgerLine(key=key, cause=cause, before=then, after=now, categories=categories)


def _moved(gone: Mapping[Key, Numbers], new: Mapping[Key, Numbers], dated: Sequence[bool]) -> dict[Key, Key]:
    """Lines of the earlier edition whose numbers stand under another date: the same in all else, and told of by one only."""

    def undated(key: Key) -> Key:
        return tuple(part for part, is_date in zip(key, dated, strict=True) if not is_date)

    def whole(numbers: Numbers) -> tuple[tuple[str, int], ...]:
        return tuple((name, int(value)) for name, value in sorted(numbers.items()) if int(value))

    waiting: dict[tuple[Key, tuple[tuple[str, int], ...]], list[Key]] = defaultdict(list)
    for key, numbers in new.items():
        waiting[undated(key), whole(numbers)].append(key)
    alike: dict[tuple[Key, tuple[tuple[str, int], ...]], list[Key]] = defaultdict(list)
    for key, numbers in gone.items():
        alike[undated(key), whole(numbers)].append(key)
    return {
        keys[0]: waiting[same][0]
        for same, keys in alike.items()
        if any(dated) and same[1] and len(keys) == 1 and len(waiting.get(same, ())) == 1
    }


def default_key(kind: Kind, editions: Sequence[Sequence[Row]]) -> tuple[str, ...]:
    """The fields that tell one line of a kind from another where nobody named them: its place, its dates and the codes
    that every edition has.
    """
    own = [name for name in (kind.place_field, kind.valid_from_field, kind.valid_to_field) if name]
    codes = [field.name for field in kind.fields if field.type == "code" and field.name not in own]
    told = [name for name in codes if all(any(row.get(name) for row in rows) for rows in editions)]
    return (*own, *told)
