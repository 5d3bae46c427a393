"""Claims in numbers: each quantity of a sentence with what it counts, when, who says so and how sure."""

import re
from collections.abc import Iterator

from clearland.claims.model import Claim, Scope, Stance
from clearland.evidence.extraction.attribution import is_estimate
from clearland.evidence.extraction.context import Context, subject_name
from clearland.evidence.extraction.measures import attribute_of, clause_around, unit_of
from clearland.evidence.extraction.periods import is_present
from clearland.evidence.extraction.quantities import Quantity, quantities

_PLANNED = re.compile(
    r"\b(?:is|are|was|were)\s(?:planned|expected|scheduled|projected)\b|\b(?:plans?|planned|intends?|aims?"
    r"|hopes?) to\b|\bwill\s(?!not)|\btarget(?:s|ed)? (?:of|to)\b"
)
_DEVICES = (
    ("CMR", re.compile(r"cluster munition|submunition|bomblet", re.IGNORECASE)),
    ("AV", re.compile(r"anti-?\s?(?:tank|vehicle)|\bAV\b|\bAT\b", re.IGNORECASE)),
    ("AP_IMPRO", re.compile(r"improvised (?:anti-?\s?personnel )?mines?", re.IGNORECASE)),
    ("AP", re.compile(r"anti-?\s?personnel|\bAP\b|\bPMN|\bMON-|\bOZM", re.IGNORECASE)),
    ("IED", re.compile(r"\bIEDs?\b|improvised explosive", re.IGNORECASE)),
    ("UXO", re.compile(r"\bUXO\b|unexploded|\bERW\b", re.IGNORECASE)),
)


def counts(context: Context) -> Iterator[Claim]:
    """Every claim in numbers of a sentence."""
    for quantity in quantities(context.sentence.text, context.clock.whens, context.source.names):
        yield _claim(context, quantity)


def _claim(context: Context, quantity: Quantity) -> Claim:
    text = context.sentence.text
    attribute = attribute_of(quantity, text)
    agent = context.subject(quantity.start, quantity.end)
    harm = attribute in {"use.event", "record.coverage", "record.accuracy"}
    stance: Stance = context.stance(quantity.start, quantity.end, harm=harm, subject=agent)
    if stance == "reported" and quantity.unit == "percent" and harm and context.claimant_state(quantity.start):
        stance = "alleged"
    if stance == "reported" and (
        is_estimate(text, quantity.start, quantity.end) or (quantity.base and "estimated" in quantity.base)
    ):
        stance = "estimated"
    time = "state" if is_present(text, quantity.start, quantity.end) else "event"
    planned = bool(_PLANNED.search(clause_around(text, quantity.start, quantity.end)))
    return context.claim(
        modality="planned" if planned else "asserted",
        start=quantity.start,
        end=quantity.end,
        subject=subject_name(context, agent),
        attribute=attribute,
        value=quantity.value,
        unit=unit_of(quantity, text),
        qualifier=quantity.qualifier,
        base=quantity.base,
        period=context.period(quantity.start, quantity.end, time),
        stance=stance,
        scope=Scope(
            place=context.source.names.places_in(text),
            device=_device(text[quantity.start : quantity.end]),
            outcome=quantity.outcome,
        ),
    )


def _device(words: str) -> str | None:
    return next((code for code, pattern in _DEVICES if pattern.search(words)), None)
