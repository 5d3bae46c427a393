"""A comparison of two claims, and what every comparison needs: their order, their words without dress, their kind of value."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

from clearland.claims.model import Claim
from clearland.claims.reasons import Reason

# The gravest first: where two kinds fit a pair, the earlier one is told.
Kind = Literal[
    "retracts",
    "corrects",
    "explains",
    "contradicts",
    "denies",
    "tension",
    "supersedes",
    "part_of",
    "share_of",
    "implies",
    "series",
    "same_source",
    "confirms",
]
ORDER: tuple[Kind, ...] = get_args(Kind)
Key = tuple[str, int, int, str]
_LITTLE = frozenset("the of a an to in and or for by on its is are was were has have had that government republic".split())


@dataclass(frozen=True)
class Comparison:
    """Two claims and how they lie to one another. `left` and `right` are ordered by file, place and reference.

    `alike` is 1 where the scopes agree and falls with every field in which they differ or only one of them says.
    """

    kind: Kind
    left: Claim
    right: Claim
    why: Reason
    alike: float = 1.0

    @property
    def reason(self) -> str:
        """The reason in English, as commands and JSON print it."""
        return self.why.say("en")


def ordered_pair(kind: Kind, one: Claim, other: Claim, why: Reason) -> Comparison:
    """A comparison whose sides are put in order."""
    left, right = sorted((one, other), key=key)
    return Comparison(kind, left, right, why)


def key(claim: Claim) -> Key:
    """Where a claim stands: file, start, end, reference."""
    return claim.file, claim.start, claim.end, claim.ref


def bare(text: str | None) -> str:
    """Letters and digits without case and accents, one space between words."""
    decomposed = unicodedata.normalize("NFKD", (text or "").casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(letter for letter in decomposed if not unicodedata.combining(letter))))


def words(text: object) -> frozenset[str]:
    """The words of a text that tell something."""
    return frozenset(bare(str(text)).split()) - _LITTLE


def is_number(claim: Claim) -> bool:
    """Whether the value is a number."""
    return isinstance(claim.value, int | float) and not isinstance(claim.value, bool)


def is_day(claim: Claim) -> bool:
    """Whether the value is a date of any precision."""
    return isinstance(claim.value, str) and bool(re.fullmatch(r"\d{4}(?:-\d{2}){0,2}", claim.value))


def one_voice(left: Claim, right: Claim) -> bool:
    """Whether one claimant says both in one document."""
    return left.file == right.file and bare(left.claimant) == bare(right.claimant)
