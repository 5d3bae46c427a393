"""Claims in numbers: each quantity of a sentence with what it counts, when, who says so and how sure."""

import re
from collections.abc import Iterator

from clearland.claims.model import Claim, Scope, Stance
from clearland.evidence.extraction.agents import Agent
from clearland.evidence.extraction.attribution import is_estimate
from clearland.evidence.extraction.context import Context, subject_name
from clearland.evidence.extraction.measures import attribute_of, clause_around, unit_of
from clearland.evidence.extraction.names import Names
from clearland.evidence.extraction.periods import is_present
from clearland.evidence.extraction.quantities import Quantity, quantities

# Quantities that put a blame where one state speaks of another.
_BLAMING = frozenset({"use.event", "record.coverage", "record.accuracy", "territory.control"})
_PLANNED = re.compile(
    r"\b(?:is|are|was|were)\s(?:planned|expected|scheduled|projected)\b|\b(?:plans?|planned|intends?|aims?"
    r"|hopes?) to\b|\bwill\s(?!not)|\btarget(?:s|ed)? (?:of|to)\b"
)
# Attributes told of ground and of the people on it, not of whoever counted.
_ABOUT_GROUND = ("contamination.", "release.", "items.", "casualty.", "incident.", "survivor.", "record.mines_claimed", "survey.")
_ACTED = ("release.", "items.", "survey.", "eore.", "capacity.")
_SHORT_FIGURE, _LEAST_WORDS = 8, 4  # characters
_WORDS_AFTER = re.compile(r"(?:\s(?!(?:and|but|while|which|who|compared|against|from|to)\b)[A-Za-z'][\w'/-]*){1,4}")
_WORDS_BEFORE = re.compile(r"(?:\b[A-Za-z][\w'-]*\s){1,3}$")
_NAME = r"[A-Z][\w'-]+"
_AREA = (
    r"(?:[Rr]egions?|[Dd]istricts?|[Pp]rovinces?|[Mm]unicipalit(?:y|ies)|[Gg]overnorates?|[Vv]alleys?|[Oo]blasts?"
    r"|[Cc]ount(?:y|ies)|[Zz]ones?)"
)
_PLACES = re.compile(
    rf"\b(?:in|of|across|throughout|near)\s(?:the\s)?"
    rf"(?P<before>(?:{_NAME}(?:,\s|\sand\s|\s))+{_AREA}(?:,?\s(?:as well as\s|and\s)(?:the\s)?(?:{_NAME}\s)+{_AREA})?)\b"
    rf"|\b(?:in|of|across|throughout)\s(?:the\s)?{_AREA}\sof\s(?P<after>{_NAME}(?:(?:,\s|\sand\s|,\sand\s){_NAME})*)"
)
_DEVICES = (
    ("CMR", re.compile(r"cluster munition|submunition|bomblet", re.IGNORECASE)),
    ("AV", re.compile(r"[Aa]nti-?\s?(?:[Tt]ank|[Vv]ehicle)|\bAV\b|\bAT\b")),
    ("AP_IMPRO", re.compile(r"improvised (?:anti-?\s?personnel )?mines?", re.IGNORECASE)),
    ("AP", re.compile(r"anti-?\s?personnel|\bAP\b|\bPMN|\bMON-|\bOZM", re.IGNORECASE)),
    ("IED", re.compile(r"\bIEDs?\b|improvised explosive", re.IGNORECASE)),
    ("UXO", re.compile(r"\bUXO\b|unexploded|\bERW\b", re.IGNORECASE)),
)


def counts(context: Context) -> Iterator[Claim]:
    """Every claim in numbers of a sentence."""
    for quantity in quantities(context.sentence.text, context.clock.whens, context.source.names, context.memory.units):
        yield _claim(context, quantity)


def _claim(context: Context, quantity: Quantity) -> Claim:
    text = context.sentence.text
    attribute = attribute_of(quantity, text)
    agent = _beside(context, quantity) or context.subject(quantity.start, quantity.end)
    harm = attribute in _BLAMING
    stance: Stance = context.stance(quantity.start, quantity.end, harm=harm, subject=agent)
    if stance == "reported" and quantity.unit == "percent" and harm and context.claimant_state(quantity.start):
        stance = "alleged"
    if stance == "reported" and (
        is_estimate(text, quantity.start, quantity.end) or (quantity.base and "estimated" in quantity.base)
    ):
        stance = "estimated"
    time = "level" if is_present(text, quantity.start, quantity.end) else "event"
    start, end = _phrase(text, quantity)
    planned = bool(_PLANNED.search(clause_around(text, quantity.start, quantity.end)))
    return context.claim(
        modality="planned" if planned else "asserted",
        start=start,
        end=end,
        subject=_ground(context, quantity) if attribute.startswith(_ABOUT_GROUND) else subject_name(context, agent),
        attribute=attribute,
        value=quantity.value,
        unit=unit_of(quantity, text),
        qualifier=quantity.qualifier,
        base=quantity.base,
        period=context.period(quantity.start, quantity.end, time),
        stance=stance,
        scope=Scope(
            place=context.source.names.places_in(text),
            actor=_actors(attribute, agent),
            device=_device(text[quantity.start : quantity.end], context.source.names),
            outcome=quantity.outcome,
        ),
    )


def _phrase(text: str, quantity: Quantity) -> tuple[int, int]:
    """The words a short figure is read with: `15` of *15 a month*, `12%` of *dropped by 12%*; any other stands for itself."""
    start, end = quantity.start, quantity.end
    if end - start > _SHORT_FIGURE:
        return start, end
    after = _WORDS_AFTER.match(text[end:])
    if after is not None and after.end() >= _LEAST_WORDS:
        return start, end + after.end()
    before = _WORDS_BEFORE.search(text[:start])
    return (before.start() if before is not None else start), end


def _beside(context: Context, quantity: Quantity) -> Agent | None:
    """The agent a quantity stands right after, as in lists of givers (`Japan $2 million, Norway $1 million`)."""
    return next((agent for agent in context.agents if 0 <= quantity.start - agent.end <= 2), None)


def _actors(attribute: str, agent: Agent | None) -> tuple[str, ...]:
    """Who did the work, where the attribute is about work."""
    done = agent is not None and attribute.startswith(_ACTED) and agent.name != agent.state
    return (agent.name,) if agent is not None and done else ()


def _ground(context: Context, quantity: Quantity) -> str:
    """Where something is counted or measured: the places its clause names, else the state the document is about."""
    text = context.sentence.text
    for around in (clause_around(text, quantity.start, quantity.end), text):
        named = _PLACES.search(around)
        if named:
            return (named["before"] or named["after"]).strip()
    return subject_name(context, None)


def _device(words: str, names: Names) -> str | None:
    """The category of what is counted: by a model the programme knows, else by the words for the category."""
    known = next((code for name, code in names.devices.items() if name in words), None)
    return known or next((code for code, pattern in _DEVICES if pattern.search(words)), None)
