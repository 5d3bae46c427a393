"""Claims of a document as a reviewer meets them: what is proposed or stands, who decided, and how far the work is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from clearland.dictionary.model import Dictionary
from clearland.ledger.carrying import NO_PROPOSAL, NO_WORDS, Lost, Standing
from clearland.ledger.judgements import PROPOSED, Judgement
from clearland.web import claims_shown
from clearland.web.people import actor_name

VERDICTS = {
    "proposed": gettext_lazy("proposed"), "accepted": gettext_lazy("accepted"), "corrected": gettext_lazy("corrected"),
    "rejected": gettext_lazy("rejected"), "added": gettext_lazy("added"),
}  # fmt: skip
WHY = {
    NO_WORDS: gettext_lazy("its words are not found in the text as read now"),
    NO_PROPOSAL: gettext_lazy("what was rejected is no longer proposed"),
}


@dataclass(frozen=True)
class Item:
    """One claim in the margin. `number` ties it to its marks in the text; `seen` is the entry that stood when it was shown.
    `model` names the model, with its version, that proposed it; empty for our own reader."""

    number: int
    claim: Standing
    verdict: str
    verdict_label: str
    attribute: str
    value: str
    scope: str
    claimant: str
    stance: str
    period: str
    line: str
    proposed_value: str
    reread_value: str
    who: str
    judgement: Judgement | None
    model: str = ""

    @property
    def seen(self) -> UUID | str:
        """The entry of the judgement that stands."""
        return self.judgement.entry if self.judgement else ""

    @property
    def decided(self) -> bool:
        """Whether a person decided."""
        return self.judgement is not None


@dataclass(frozen=True)
class LostItem:
    """A judgement that is not carried over."""

    judgement: Judgement
    verdict_label: str
    value: str
    attribute: str
    who: str
    why: str


@dataclass(frozen=True)
class Progress:
    """How many claims of the document are decided, and by whom."""

    decided: int
    total: int
    people: tuple[tuple[str, int], ...]


def items(words: Dictionary, standing: Sequence[Standing], models: Mapping[str, str]) -> list[Item]:
    """The claims numbered from 1 in the order of the text; `models` are the authors of those that a model proposed."""
    return [_item(words, number, claim, models) for number, claim in enumerate(standing, start=1)]


def _item(words: Dictionary, number: int, claim: Standing, models: Mapping[str, str]) -> Item:
    body, judgement = claim.body, claim.judgement
    was = judgement.proposed if judgement and judgement.verdict == "corrected" else None
    return Item(
        number=number, claim=claim, verdict=claim.verdict, verdict_label=str(VERDICTS[claim.verdict]),
        attribute=claims_shown.attribute_label(words, str(body.get("attribute", claim.attribute))),
        value=claims_shown.value_words(body), scope=claims_shown.scope_words(body),
        claimant=str(body.get("claimant") or ""), period=claims_shown.period_words(body),
        stance=str(claims_shown.STANCES.get(body.get("stance", "reported"), body.get("stance", ""))),
        line=claims_shown.claim_line(words, body), proposed_value=claims_shown.value_words(was) if was else "",
        reread_value=claims_shown.value_words(claim.proposal) if claim.reread and claim.proposal else "",
        who=actor_name(judgement.actor) if judgement else "", judgement=judgement,
        model=models.get(claim.ref, ""),
    )  # fmt: skip


def lost_items(words: Dictionary, lost: Sequence[Lost]) -> list[LostItem]:
    """The judgements not carried over, with what they were made of."""
    made = []
    for each in lost:
        judgement = each.judgement
        body: Any = judgement.stated or judgement.proposed or {}
        made.append(LostItem(
            judgement, str(VERDICTS[judgement.verdict]), claims_shown.value_words(body),
            claims_shown.attribute_label(words, judgement.attribute), actor_name(judgement.actor), str(WHY[each.why]),
        ))  # fmt: skip
    return made


def progress(standing: Sequence[Standing]) -> Progress:
    """How far the review of a document is."""
    people = Counter(actor_name(each.judgement.actor) for each in standing if each.judgement)
    decided = sum(each.verdict != PROPOSED for each in standing)
    return Progress(decided, len(standing), tuple(people.most_common()))
