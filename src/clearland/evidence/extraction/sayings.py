"""Claims in words: a frame found in a sentence becomes a claim with its value, period, polarity, stance and modality."""

import re
from collections.abc import Iterator

from clearland.claims.model import Claim, Modality, Polarity, Scope, Stance, Value, ValueStatus
from clearland.evidence.extraction.agents import Agent
from clearland.evidence.extraction.context import Context, subject_name
from clearland.evidence.extraction.frames import Found, found_in
from clearland.evidence.extraction.lexicon import treaty_code


def sayings(context: Context) -> Iterator[Claim]:
    """Every claim in words of a sentence."""
    listed = list(found_in(context.sentence))
    denied = [(found.start, found.end) for found in listed if found.frame.attribute == "use.denial"]
    for found in listed:
        inside = any(start <= found.start and found.end <= end for start, end in denied)
        if found.frame.attribute == "use.event" and inside and not found.negated:
            continue  # what is denied is not also told
        if found.frame.dated and context.clock.near(found.start, found.end) is None:
            continue
        yield _claim(context, found)


def _claim(context: Context, found: Found) -> Claim:
    frame = found.frame
    agent = context.subject(found.verb, found.end)
    value, status, unit, (start, end) = _value(context, found)
    harm = frame.about in {"harm", "use", "lack", "alleged"}
    stance = _stance(context, found, harm)
    polarity: Polarity = "negated" if found.negated else "affirmed"
    short = re.search(r"\(([A-Z]{3,8})\)$", found.phrase) if frame.attribute == "org.name" else None
    subject = short[1] if short else subject_name(context, _accused(context, found) if frame.about == "alleged" else agent)
    if (
        frame.about == "lack"
        and re.search(r"lack of\s(?:\w+\s)?(?:assistance|support|aid|help)", found.phrase, re.IGNORECASE)
        and context.claimant_state(found.start)
    ):
        stance = "alleged"
    evidence = (context.sentence.span(found.start, found.end),) if (start, end) != (found.start, found.end) else ()
    return context.claim(
        narrator=frame.narrator,
        evidence=evidence,
        start=start,
        end=end,
        subject=subject,
        attribute=frame.attribute,
        scope=_scope(context, found),
        value=value,
        value_status=status,
        unit=unit,
        period=context.period(found.start, found.end, "state" if _STANDING.match(found.phrase) else frame.time),
        polarity=polarity,
        stance=stance,
        modality=_modality(context, found),
    )


# A habit, or what has not been done up to now: it holds on the day of the document.
_STANDING = re.compile(
    r"(?:has|have)\s(?:not|never)\s(?!used|laid|been used)|(?:committed|commits|undertakes?|pledges)\b"
    r"|[Nn]o\s[\w ]{3,40}\sexists?\b"
    r"|(?:also\s|regularly\s)?(?:participates|attends|takes part|votes"
    r"|submits|publishes|provides)\b",
    re.IGNORECASE,
)


def _accused(context: Context, found: Found) -> Agent | None:
    """Whom an accusation is against: the agent in its words, else the last one before them, never the accuser."""
    accuser = context.claimant_state(found.end - 1)
    inside = [agent for agent in context.agents if found.start < agent.start <= found.end + 2]
    before = [agent for agent in context.agents if agent.end <= found.start]
    others = [
        agent
        for agent in (*inside, *reversed(before))
        if not agent.pronoun and agent.state is not None and agent.state != accuser
    ]
    return others[0] if others else None


_OF_ONE_TREATY = ("treaty.status", "treaty.position", "treaty.condition", "treaty.reason", "treaty.report", "treaty.legislation")


def _scope(context: Context, found: Found) -> Scope:
    """Places named, and for what concerns one treaty its code: the one named, else the one the passage is about."""
    treaty = found.treaty
    if treaty is None and found.frame.attribute.startswith(_OF_ONE_TREATY):
        treaty = treaty_code(context.sentence.text) or context.memory.treaty
    return Scope(place=context.source.names.places_in(context.sentence.text), definition=treaty)


def _value(context: Context, found: Found) -> tuple[Value, ValueStatus, str | None, tuple[int, int]]:
    """The value, its status and unit, and the characters it is read from."""
    kind, span = found.frame.value, (found.start, found.end)
    if kind == "unknown":
        return None, "unknown", None, span
    if kind == "none":
        return found.phrase, "none", "status", span
    if kind == "year" and found.year is not None:
        return found.year, "known", "year", span
    if kind == "years":
        return _years(context, found, span)
    if kind == "date" and not found.negated:
        near = context.clock.near(found.start, found.end)
        if near is not None:
            return near.value, "known", "date", (near.start, near.end)
        return True, "known", None, span
    if kind in {"fact", "date"}:
        return not found.negated, "known", None, span
    return found.phrase, "known", "text", span


def _years(context: Context, found: Found, span: tuple[int, int]) -> tuple[Value, ValueStatus, str | None, tuple[int, int]]:
    whens = [when for when in context.clock.whens if found.start <= when.start < found.end + 12]
    if not whens or found.negated:
        return not found.negated, "known", None, span
    return "; ".join(when.value for when in whens), "known", "years", (found.start, max(found.end, whens[-1].end))


def _stance(context: Context, found: Found, harm: bool) -> Stance:
    frame = found.frame
    if frame.narrator:
        return "reported"
    if frame.stance:
        return "denied" if frame.stance == "denied" else "acknowledged"
    if frame.about == "alleged":
        return "alleged"
    agent = context.subject(found.verb, found.end)
    speaker = context.claimant_state(found.start)
    other = speaker is not None and agent is not None and agent.state is not None and agent.state != speaker
    voice = context.voice(found.start)
    if (
        frame.about == "use"
        and not found.negated
        and voice is not None
        and voice.state is not None
        and (agent is None or agent.state != voice.state)
    ):
        return "alleged"
    if frame.stance_other and other:
        return "alleged" if found.negated else "acknowledged"
    # A state that says through somebody else's report that it does not make, move or use a weapon answers the standing charge.
    if (
        frame.about in {"weapons", "use"}
        and found.negated
        and speaker is not None
        and (voice is not None or speaker != context.source.setting.country)
        and (context.source.setting.genre == "report" or speaker != context.source.setting.country)
        and not other
    ):
        return "denied"
    return context.stance(found.start, found.end, harm=harm, subject=agent)


def _modality(context: Context, found: Found) -> Modality:
    phrase = found.phrase.lower()
    for piece, modality in found.frame.modality.items():
        if piece in phrase:
            allowed: dict[str, Modality] = {
                "possible": "possible",
                "planned": "planned",
                "conditional": "conditional",
                "promised": "promised",
            }
            return allowed[modality]
    if "not rule out" in phrase:
        return "not_ruled_out"
    return "asserted"
