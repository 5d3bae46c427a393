"""Mines claimed by a record against mines found, gone off and lifted since, by type."""

from collections.abc import Sequence
from dataclasses import dataclass

from clearland.land.minefields.model import Blast, Find, Sheet


@dataclass(frozen=True, kw_only=True)
class Account:
    """Mines of one category, or of all. `detonated`: accidents inside and what papers say went off; `removed`: lifted
    by paper before the programme's own work. Destroyed mines are among those found."""

    category: str
    claimed: int | None
    found: int = 0
    destroyed: int = 0
    detonated: int = 0
    removed: int = 0

    @property
    def accounted(self) -> int:
        """Found, gone off or lifted."""
        return self.found + self.detonated + self.removed

    @property
    def missing(self) -> int | None:
        """Claimed and not accounted for; None where no number is claimed."""
        return None if self.claimed is None else max(self.claimed - self.accounted, 0)

    @property
    def surplus(self) -> int | None:
        """Accounted for and not claimed; None where no number is claimed."""
        return None if self.claimed is None else max(self.accounted - self.claimed, 0)


def by_category(sheet: Sheet, inside: Sequence[Find], blasts: Sequence[Blast]) -> tuple[Account, ...]:
    """An account for each category that the record claims or the ground showed, claimed ones first in its order.

    A category that the record does not count has `claimed` 0 where it counts others, None where it counts none.
    """
    claimed: dict[str, int] = {}
    for count in sheet.counted:
        claimed[count.category] = claimed.get(count.category, 0) + count.claimed
    seen = sorted({find.category for find in inside} | {blast.category for blast in blasts})
    return tuple(
        Account(
            category=category, claimed=claimed.get(category, 0) if claimed else None,
            found=sum(find.quantity for find in inside if find.category == category),
            destroyed=sum(find.quantity for find in inside if find.category == category and find.destroyed),
            detonated=sum(1 for blast in blasts if blast.category == category)
            + sum(count.detonated for count in sheet.counts if count.category == category),
            removed=sum(count.removed for count in sheet.counts if count.category == category),
        )
        for category in (*claimed, *(each for each in seen if each not in claimed))
    )  # fmt: skip


def total(claimed: int | None, accounts: Sequence[Account]) -> Account:
    """All categories together, against the record's claim in all."""
    return Account(
        category="all", claimed=claimed, found=sum(each.found for each in accounts),
        destroyed=sum(each.destroyed for each in accounts), detonated=sum(each.detonated for each in accounts),
        removed=sum(each.removed for each in accounts),
    )  # fmt: skip

