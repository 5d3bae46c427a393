"""Who says what in a sentence: reporting verbs, `according to`, passives, and the stretch of text each governs.

Words inside a quotation never hand over the word: who quotes stays the claimant, and the inner voice goes into the chain.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from clearland.claims.model import Stance
from clearland.evidence.extraction.agents import Agent, as_claimant
from clearland.evidence.extraction.lexicon import words
from clearland.evidence.extraction.sentences import Sentence

UNATTRIBUTED = "unattributed"
_ACCORDING = re.compile(
    r"\b(?:according to|as stated by|in the view of|based on (?:official )?(?:data|information) (?:provided )?(?:by|from))\s",
    re.IGNORECASE,
)
_SOURCE_NOUN = re.compile(
    r"\b(?:data|information|figures|statistics|estimates|records|a report|reports) (?:from|of|by"
    r"|provided by)\s(?P<who>[^,;]{3,80}?)\s(?:indicates?|shows?|suggests?|puts?|states?)\b",
    re.IGNORECASE,
)
# What closes a quotation or a sentence and names who spoke it: `…," he said`, `…, official figures show`.
_CLOSING = re.compile(
    r",[\"'”’]?\s(?P<who>[^,;\"]{2,60}?)\s(?P<verb>said|says|added|told reporters|told journalists|explained)"
    r"(?=[.,]?$|\son\s[A-Z]|\sin\s)"
)
_FIGURES_SHOW = re.compile(
    r",\s(?P<who>(?:official|government|police|army|hospital|ministry|UN)\s(?:figures|data|statistics|records))\s(?:show|indicate|suggest)"
    r"(?:ed)?\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been)\s(?:said|reported|believed|understood|thought|claimed)\sto\b|\breportedly\b", re.IGNORECASE
)
_ALLEGEDLY = re.compile(r"\b(?:allegedly|is alleged|are alleged|was alleged|were alleged|purportedly)\b", re.IGNORECASE)
_POSITION = re.compile(
    r"\b(?:its|their|the (?:government|state)'s)\s(?:[\w-]+\s){0,2}(?:position|view|belief|policy|opinion)\sthat\b", re.IGNORECASE
)
_ADVERBS = (
    r"(?:,?\s(?:has|have|had|continued to|continues to|also|later|again|repeatedly|further|then|subsequently|publicly"
    r"|officially|both|earlier|previously|initially|first|once|recently|however|already|meanwhile|nevertheless|in turn"
    r"|reportedly|since|for its part|always|never|still|now|openly|strongly|consistently|in \w+ \d{4}|in \w+|has also"
    r"|on \d{1,2} \w+ \d{4}"
    r"|on several occasions),?)*"
)
# A name nobody has listed, right before a reporting verb: two to seven words with capitals.
_NAMED = re.compile(
    rf"(?:^|[,;]\s|\bthat\s|\band\s)(?P<name>(?:[Tt]he\s)?(?:[A-Z][\w'-]+\s(?:(?:of|for|and|the|on)\s)*){{2,7}}){_ADVERBS}\s?$"
)
# What may stand between who speaks and the verb: a short form, an apposition, an office, a participle, adverbs.
_BETWEEN = re.compile(
    rf"(?:'s?)?(?:\s\([A-Z][\w-]+\))?(?:\s(?:officials?|officers?|spokes\w+|representatives?|sources?|delegates?|diplomats?|data(?:base)?"
    rf"|(?:press\s)?service|team|report))?"
    rf"(?:,\s[^,;]{{3,80}},|\s(?:[A-Z][\w-]+\s?){{1,3}}"
    rf"|\s(?:completed|conducted|published|issued|carried out|released|commissioned|dated|prepared|based)"
    rf"\s[^,;]{{3,60}}?)?{_ADVERBS}\s?"
)
# A state's own report speaks for it: `The initial Article 7 report lists`, `its annual report states`.
_OWN_REPORT = re.compile(
    r"\b(?:the|its|their|this|that|an?)\s(?:(?:state|country|government)'s\s)?(?:[\w-]+\s){0,3}?"
    r"(?:article\s\d+|transparency|protocol\s[IV]+|CCW|national annual|voluntary)\s(?:transparency\s|annual\s)?reports?"
    r"(?:\s(?:of|for|from|dated|submitted|covering)\s[^,;]{3,50}?)?\s"
    r"(?P<verb>lists?|listed|states?|stated|indicates?|indicated|shows?|showed|notes?|noted|declares?|declared|includes?|included|gives?|gave"
    r"|cites?|cited|puts?|mentions?|mentioned|records?|recorded|contains?|contained|reports|reported|details|detailed)\b",
    re.IGNORECASE,
)
# Who spoke a quotation, named after the verb: `…," said the head of the campaign`.
_INVERTED = re.compile(r"[\"”'’]\s(?:said|says|added|explained|told reporters|stated|noted|warned)\s(?P<who>[^,;\".]{2,100})")
_OPENERS = frozenset("in on since by during as for at after before while from however moreover although according".split())
_ESTIMATE = re.compile(r"\b(?:estimated|estimates?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Voice:
    """From `start` to `end` of a sentence `claimant` speaks; `stance` is what the verb itself says about it."""

    start: int
    end: int
    claimant: str | None
    state: str | None
    stance: Stance = "reported"
    verb: str = ""
    named: bool = True


@cache
def _verbs() -> re.Pattern[str]:
    groups = "|".join(f"(?P<{stance}>{'|'.join(patterns)})" for stance, patterns in words("reporting").items())
    return re.compile(rf"\b(?:{groups})(?!\w)", re.IGNORECASE)


def voices(
    sentence: Sentence, found: Sequence[Agent], last: Agent | None, country: str | None = None, speaker: Agent | None = None
) -> list[Voice]:
    """The voices of a sentence in order of where they begin.

    `last` is who the sentences before were about, `speaker` who had the word last, `country` whose reports *the Article 7
    report* means.
    """
    text = sentence.text
    heard = _of_sources(sentence, found, last, country)
    heard += _of_closings(sentence, found, speaker or last)
    for match in _verbs().finditer(text):
        if _inside(sentence, match.start()) or _is_noun(text, match):
            continue
        voice = _of_verb(sentence, match, found, last, heard)
        if voice is not None:
            heard.append(voice)
    for match in _POSITION.finditer(text):
        agent = (
            _resolve(next((one for one in found if match.start() <= one.start < match.end()), None), found, last, sentence)
            or last
        )
        if agent is not None and not _inside(sentence, match.start()):
            heard.append(Voice(match.end(), len(text), as_claimant(agent), agent.state, "reported", "position"))
    for match in _PASSIVE.finditer(text):
        if not _inside(sentence, match.start()) and not any(voice.start < match.start() for voice in heard):
            heard.append(Voice(0, len(text), UNATTRIBUTED, None, "reported", match.group(), named=False))
    heard.sort(key=lambda voice: (voice.start, -voice.end))
    return heard


def _of_sources(sentence: Sentence, found: Sequence[Agent], last: Agent | None, country: str | None) -> list[Voice]:
    """Voices of sources that are named without a verb of their own: `according to`, `figures from`, a state's own report."""
    text, heard = sentence.text, []
    for match in _ACCORDING.finditer(text):
        if not _inside(sentence, match.start()):
            heard.append(_according(text, match, found, last))
    for match in _OWN_REPORT.finditer(text):
        if country is not None and not _inside(sentence, match.start()):
            heard.append(Voice(match.start("verb"), len(text), f"Government of {country}", country, "reported", "report"))
    heard += [_of_source(text, match, found) for match in _SOURCE_NOUN.finditer(text)]
    return heard


def voice_at(heard: Sequence[Voice], at: int) -> Voice | None:
    """The voice that governs a place: the one that began last and has not ended."""
    governing = None
    for voice in heard:
        if voice.start <= at < voice.end:
            governing = voice
    return governing


def is_alleged(text: str, start: int, end: int) -> bool:
    """Whether `allegedly` or its like stands in the clause around a span."""
    left = max(text.rfind(sign, 0, start) for sign in (",", ";", " and "))
    return bool(_ALLEGEDLY.search(text, max(0, left), min(len(text), end + 10)))


def is_estimate(text: str, start: int, end: int) -> bool:
    """Whether a number is called an estimate within its noun phrase."""
    return bool(_ESTIMATE.search(text, max(0, start - 30), min(len(text), end + 20)))


def _inside(sentence: Sentence, at: int) -> bool:
    return any(start <= at < end for start, end in sentence.quotes)


def _is_noun(text: str, match: re.Match[str]) -> bool:
    """`the report`, `a claim`, `stated objectives`: the word is no verb here."""
    before = text[max(0, match.start() - 14) : match.start()]
    if not before:
        return True
    if re.search(
        r"\b(?:the|a|an|its|their|his|this|that|these|no|of|article \d+|annual|voluntary|quarterly|such|any|as|for|to)\s$",
        before,
        re.IGNORECASE,
    ):
        return match.group().lower() not in {"said", "deny"} or bool(re.search(r"\bas\s$", before))
    return match.group().lower() in {"report", "reports"} and match.group()[0].isupper()


def _resolve(agent: Agent | None, found: Sequence[Agent], last: Agent | None, sentence: Sentence | None = None) -> Agent | None:
    """What a pronoun stands for: the first agent of the sentence before it, else the last subject."""
    if agent is None or not agent.pronoun:
        return agent
    before = [other for other in found if other.end <= agent.start and not other.pronoun]
    if sentence is not None:
        before = [other for other in before if not _inside(sentence, other.start)]
    return before[0] if before else last


def resolve(agent: Agent | None, found: Sequence[Agent], last: Agent | None, sentence: Sentence) -> Agent | None:
    """The agent itself, or what the pronoun stands for."""
    return _resolve(agent, found, last, sentence)


def _according(text: str, match: re.Match[str], found: Sequence[Agent], last: Agent | None) -> Voice:
    tail = re.match(r"[^,;]{0,160}", text[match.end() :])
    stop = match.end() + (tail.end() if tail else 0)
    named = [agent for agent in found if match.end() <= agent.start < stop]
    its = re.match(
        r"(?:its|their|the)\s(?:[\w-]+\s){0,4}(?:statement|report|letter|response|reply|declaration|document)s?\b",
        text[match.end() :],
    )
    given = re.search(r"\b(?:provided|supplied|given|submitted|published|released|issued) by ", text[match.end() : stop])
    agent = next(
        (agent for agent in named if given is None or agent.start >= match.end() + given.end()), named[0] if named else None
    )
    if agent is None or (its and not agent.pronoun and agent.start > match.end() + its.end() - 1):
        agent = last if its else agent
    agent = _resolve(agent, found, last)
    joined = re.search(r"\b(?:but|and|while|however|although)\s?,?\s?$", text[: match.start()])
    trailing = not joined and match.start() > 0 and (not re.search(r"[,;]\s$", text[: match.start()]) or stop >= len(text) - 2)
    start, end = (0, match.start()) if trailing else (match.start(), len(text))
    stance: Stance = "estimated" if re.search(r"\bestimates?\b", text[match.end() : stop], re.IGNORECASE) else "reported"
    if agent is None:
        written = re.sub(r"^the\s", "", text[match.end() : stop].strip(" ."))
        return Voice(
            start, end, UNATTRIBUTED if len(written) > 60 else written or UNATTRIBUTED, None, stance, "according to", named=False
        )
    return Voice(start, end, as_claimant(agent), agent.state, stance, "according to")


def _of_closings(sentence: Sentence, found: Sequence[Agent], last: Agent | None) -> list[Voice]:
    """Who spoke a sentence that ends in `…, he said` (a pronoun is whoever was spoken of before) or `…, official data show`."""
    text, heard = sentence.text, []
    for match in _CLOSING.finditer(text):
        inside = [agent for agent in found if match.start("who") <= agent.start <= match.end("who")]
        speaker = (last if inside[0].pronoun else inside[0]) if inside and not _inside(sentence, match.start("who")) else None
        if speaker is not None:
            heard.append(Voice(0, len(text), as_claimant(speaker), speaker.state, "reported", match["verb"]))
    for match in _INVERTED.finditer(text):
        inside = [agent for agent in found if match.start("who") <= agent.start < match.end("who")]
        speaker = (last if inside[0].pronoun else inside[0]) if inside else None
        name = as_claimant(speaker) if speaker is not None else re.sub(r"^(?:the|an?)\s", "", match["who"].strip())
        heard.append(Voice(0, match.end(), name, speaker.state if speaker else None, "reported", "said"))
    for match in _FIGURES_SHOW.finditer(text):
        heard.append(Voice(0, len(text), match["who"].lower(), None, "reported", "data"))
    return heard


def _of_source(text: str, match: re.Match[str], found: Sequence[Agent]) -> Voice:
    inside = [agent for agent in found if match.start("who") <= agent.start < match.end("who") + 1]
    if inside and inside[0].start <= match.start("who") + 4:
        return Voice(match.start(), len(text), as_claimant(inside[0]), inside[0].state, "reported", "data")
    return Voice(match.start(), len(text), re.sub(r"^the\s", "", match["who"].strip()), None, "reported", "data")


def _of_verb(
    sentence: Sentence, match: re.Match[str], found: Sequence[Agent], last: Agent | None, heard: Sequence[Voice]
) -> Voice | None:
    text = sentence.text
    stance = next(name for name, group in match.groupdict().items() if group)
    before = text[: match.start()]
    passive = re.search(r"\b(?:is|are|was|were|been|being|be)\s(?:\w+ly\s)?$", before)
    if passive and not match.group().lower().endswith("ing") and not re.search(r"ing\s\w+$", match.group()):
        by = re.match(r"\sby\s", text[match.end() :])
        agent = next((one for one in found if by and match.end() + by.end() <= one.start <= match.end() + by.end() + 4), None)
        return Voice(0, len(text), as_claimant(agent), agent.state, _stance(stance), match.group()) if agent else None
    if _is_participle(text, match):
        return None
    agent = _speaker(text, match, found)
    if agent is None:
        earlier = [voice for voice in heard if voice.start < match.start() and voice.named and voice.verb not in {"data"}]
        if earlier and re.search(
            r"(?:,|\band|\bthat|\bwhich|\bhas|\bhave|\bstatement|\bbut)\s(?:also\s|later\s|then\s|again\s)?$", before
        ):
            return Voice(match.start(), len(text), earlier[-1].claimant, earlier[-1].state, _stance(stance), match.group())
        if match.group().lower().endswith("ing") or re.search(r"\b(?:and|but|statement)\s(?:also\s)?$", before):
            outside = [one for one in found if one.end <= match.start() and not _inside(sentence, one.start)]
            agent = outside[0] if outside else last
    agent = _resolve(agent, found, last, sentence)
    if agent is None:
        return None
    # `that it accused of`: the voice begins with its own clause, the agent before it is not yet its words.
    return Voice(match.start(), len(text), as_claimant(agent), agent.state, _stance(stance), match.group())


def _is_participle(text: str, match: re.Match[str]) -> bool:
    """`only 3 reported cases`, `suspected hazardous areas`, `confirmed areas`: an adjective, not a verb."""
    following = text[match.end() : match.end() + 30]
    return match.group().lower() in {"suspected", "reported", "confirmed", "alleged", "claimed", "estimated", "stated"} and bool(
        re.match(
            r"\s(?:to be\s)?(?:hazard\w*|mined|cases?|area|areas|contaminat\w+|use|incidents?|casualt\w+|minefields?"
            r"|violations?|cost|total|annual)\b",
            following,
        )
    )


def _speaker(text: str, match: re.Match[str], found: Sequence[Agent]) -> Agent | None:
    """The agent right before a verb, apposition, adverbs or a bracketed short form between them."""
    for agent in reversed(found):
        if agent.end > match.start():
            continue
        gap = text[agent.end : match.start()]
        if _BETWEEN.fullmatch(gap):
            return agent
        if len(gap) > 130:
            break
    named = _NAMED.search(text[: match.start()])
    if named and named["name"].split()[0].lower() not in _OPENERS:
        return Agent(named.start("name"), named.end("name"), re.sub(r"^The\s", "", named["name"].strip()), None)
    return None


def _stance(name: str) -> Stance:
    allowed: dict[str, Stance] = {
        "reported": "reported",
        "alleged": "alleged",
        "denied": "denied",
        "acknowledged": "acknowledged",
        "estimated": "estimated",
    }
    return allowed[name]
