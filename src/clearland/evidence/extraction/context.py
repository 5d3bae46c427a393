"""What a sentence's claims share: its voices, agents and dates, the note that closes it, and what earlier sentences left."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clearland.claims.model import Claim, NoteLabel, Scope, Stance
from clearland.claims.model import Voice as ChainVoice
from clearland.evidence.extraction.agents import Agent, agents, as_claimant
from clearland.evidence.extraction.attribution import Voice, is_alleged, resolve, voice_at, voices
from clearland.evidence.extraction.dates import When, dates
from clearland.evidence.extraction.lexicon import treaty_code
from clearland.evidence.extraction.names import Names, states_in
from clearland.evidence.extraction.periods import COMPARED, Clock, note_period
from clearland.evidence.extraction.sentences import Sentence
from clearland.evidence.extraction.setting import Setting

_VERB = re.compile(
    r"(?:'s)?(?:\s\([^)]*\))?\s(?:(?:also|then|later|still|never|openly|deliberately|repeatedly|has|have|had|is|are"
    r"|was|were|did|does|do|will|would|may|can|cannot|could|should)\b"
    r"|[a-z]+(?:ed|es|[^s]s)\b)"
)
_BLAME = re.compile(r"\b(?:illegal|unlawful|aggression|provocations?|occupation|terrorist)\b", re.IGNORECASE)


# `the 1998-2001 conflict`: years that name a war date nothing else.
_NAMES_WAR = re.compile(r"\s(?:[\w-]+\s){0,2}(?:conflict|war|fighting|hostilities)\b")
AGAIN = "\x1f"  # parts a label from a count where numbering restarts and one label names several notes


def note_label(label: str) -> NoteLabel:
    """A numbered note by its number, any other by its sign."""
    label = label.partition(AGAIN)[0]
    return int(label) if label.isdigit() and len(label) < 9 else label


@dataclass
class Memory:
    """What a paragraph carries from sentence to sentence: whom it is about, who spoke, its last date, year and treaty."""

    subject: Agent | None = None
    carried: When | None = None
    year: int | None = None
    treaty: str | None = None
    first: When | None = None
    said: int | None = None  # the last year told, also in paragraphs before
    speaker: Agent | None = None  # who had the word last, in this paragraph or the one before
    units: tuple[str, ...] = ()  # of the figures told last in this paragraph


@dataclass(frozen=True)
class Source:
    """One document under extraction."""

    file: str
    setting: Setting
    names: Names
    notes: Mapping[str, str]
    note_spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    title: str = ""  # the words above the table that is being read


@dataclass(frozen=True)
class Context:
    """A sentence with everything its claims need; offsets are those of the sentence's own text."""

    source: Source
    sentence: Sentence
    agents: tuple[Agent, ...]
    voices: tuple[Voice, ...]
    clock: Clock
    memory: Memory
    in_footnote: NoteLabel | None

    @property
    def footnote(self) -> NoteLabel | None:
        """The label of the note that closes the sentence; of several the last."""
        return note_label(self.sentence.markers[-1]) if self.sentence.markers else None

    def voice(self, at: int) -> Voice | None:
        """Who speaks at a place, or None for the document itself."""
        return voice_at(self.voices, at)

    def claimant(self, at: int) -> str | None:
        """The claimant's name at a place: the voice there, else the document's own."""
        voice, own = self.voice(at), self.source.setting.claimant
        if voice is None or (own and voice.claimant and own.endswith(f" {voice.claimant}")):
            return own  # `the Monitor recorded`: a publisher that speaks of itself by its short name
        return voice.claimant

    def claimant_state(self, at: int) -> str | None:
        """The state whose voice it is, None for a monitor; a national institution speaks for its state."""
        voice = self.voice(at)
        if voice is not None:
            return voice.state
        setting = self.source.setting
        return setting.country if setting.genre == "reply" or setting.national else None

    def subject(self, at: int, end: int | None = None) -> Agent | None:
        """The agent a predicate at `at` is about: `by …` after it, else the last that opens a clause before it."""
        text = self.sentence.text
        if end is not None:
            after = next(
                (
                    agent
                    for agent in self.agents
                    if end - 24 <= agent.start <= end + 6 and text[: agent.start].endswith(("by ", "by the "))
                ),
                None,
            )
            if after is not None:
                return after
        before = [agent for agent in self.agents if agent.end <= at + 1]
        opening = [agent for agent in before if _opens(text, agent)]
        chosen = opening[-1] if opening else (before[0] if before else None)
        if chosen is None and at < text.find(","):
            # An adverbial opens the sentence: its subject comes after the comma.
            chosen = next((agent for agent in self.agents if agent.start > text.find(",") and _opens(text, agent)), None)
        return resolve(chosen, self.agents, self.memory.subject, self.sentence) if chosen else self.memory.subject

    def period(self, start: int, end: int, time: str) -> str | None:
        """The period of a span, from the cited note where a voice other than the document's own is undated in the text."""
        voice = self.voice(start)
        near = self.clock.near(start, end)
        if voice is not None and near is not None and near.end <= voice.start and self.clock.tells_own_time(voice.start, end):
            return None
        if near is None and voice is not None and time in {"state", "level", "report"} and voice.named:
            told = [note_period(self.source.notes.get(label, "")) for label in self.sentence.markers]
            if told and told[-1] is not None:
                return told[-1]
            carried = self.memory.carried
            if carried is not None and carried.from_ == carried.to:
                return carried.period
        return self.clock.period(start, end, time)

    def stance(self, start: int, end: int, *, harm: bool, subject: Agent | None) -> Stance:
        """The verb's own stance; an accusation where a party speaks of another's conduct; `allegedly`."""
        voice = self.voice(start)
        text = self.sentence.text
        if voice is not None and voice.stance in {"alleged", "acknowledged", "estimated", "denied"}:
            return voice.stance
        if is_alleged(self.sentence.text, start, end):
            return "alleged"
        speaker = self.claimant_state(start)
        if harm and speaker:
            others = {state for _, _, state in states_in(text[start:end], self.source.names.states)} - {speaker}
            if others or (subject is not None and subject.state not in {None, speaker}) or _BLAME.search(text):
                return "alleged"
        return "reported"

    def claim(self, *, start: int, end: int, subject: str, attribute: str, narrator: bool = False, **rest: object) -> Claim:
        """A claim about [start, end) of the sentence, with claimant, chain, footnote and scope filled in."""
        first, last = self.sentence.span(start, end)
        passage = self.sentence.passage
        quoted = self.sentence.is_quoted(start, end)
        claimant = self.source.setting.claimant if narrator else self.claimant(start)
        text = self.sentence.text
        scope = rest.pop("scope", None) or Scope(place=self.source.names.places_in(text))
        return Claim(
            file=self.source.file,
            start=first,
            end=last,
            subject=subject,
            attribute=attribute,
            claimant=claimant,
            quoted=quoted,
            chain=self._chain(claimant, quoted),
            question=passage.question,
            as_of=self.source.setting.as_of,
            footnote=None if self.in_footnote else self.footnote,
            in_footnote=self.in_footnote,
            cited_source=self.source.notes.get(self.sentence.markers[-1])
            if self.sentence.markers and not self.in_footnote
            else None,
            scope=scope,  # type: ignore[arg-type]
            **rest,  # type: ignore[arg-type]
        )

    def _chain(self, claimant: str | None, quoted: bool) -> tuple[ChainVoice, ...]:
        own = self.source.setting.claimant
        if claimant is None or claimant == own:
            return ()
        inner = ChainVoice(agent=claimant, role="asserts", mode="quoted" if quoted else "paraphrased")
        return (ChainVoice(agent=own, role="quotes" if quoted else "reports", mode="paraphrased"), inner) if own else (inner,)


def _opens(text: str, agent: Agent) -> bool:
    """Whether an agent stands where subjects stand: at the start of a sentence, clause or quotation."""
    before = text[: agent.start].rstrip()
    if before.endswith((",", " and", " or")):
        return bool(_VERB.match(text[agent.end :]))
    return (
        not before
        or before[-1] in ";:(\"'."
        or before.rsplit(" ", 1)[-1].lower()
        in {
            "that",
            "and",
            "but",
            "or",
            "while",
            "although",
            "which",
            "when",
            "whether",
            "as",
            "however",
            "since",
            "until",
            "because",
            "moreover",
            "also",
        }
    )


def context_of(source: Source, sentence: Sentence, memory: Memory, in_footnote: NoteLabel | None) -> Context:
    """Read agents, dates and voices of a sentence, and let it change what the paragraph remembers."""
    setting = source.setting
    found = tuple(agents(sentence.text, source.names, setting.country))
    whens = tuple(dates(sentence.text, year=memory.year or setting.year, now=setting.year))
    heard = tuple(voices(sentence, found, memory.subject, setting.country, memory.speaker))
    if not heard and memory.speaker is not None and _is_quotation(sentence):
        speaker = memory.speaker
        heard = (Voice(0, len(sentence.text), as_claimant(speaker), speaker.state, "reported", "said"),)
    clock = Clock(sentence.text, whens, setting.holds_on, carried=memory.carried, covered=setting.covered, said=memory.said)
    return Context(source, sentence, found, heard, clock, replace(memory), in_footnote)


def _is_quotation(sentence: Sentence) -> bool:
    """A sentence that is quoted as a whole goes on with what the last speaker said."""
    text = sentence.text.strip(" .")
    return bool(sentence.quotes) and sentence.quotes[0][0] <= 1 and sentence.quotes[0][1] >= len(text) - 3


def remember(context: Context, memory: Memory) -> None:
    """Carry the sentence's subject and date on to the next sentence of the paragraph."""
    text = context.sentence.text
    outside = [agent for agent in context.agents if not any(a <= agent.start < b for a, b in context.sentence.quotes)]
    named = [agent for agent in outside if not agent.pronoun and _opens(text, agent)] or [
        agent for agent in outside if not agent.pronoun
    ]
    told = [voice for voice in context.voices if voice.named and voice.claimant]
    if told:
        memory.speaker = Agent(0, 0, str(told[-1].claimant), told[-1].state)
    if named and (memory.subject is None or _opens(text, named[0])):
        memory.subject = named[0]
    if any(word in context.sentence.lower for word in ("treaty", "convention", "protocol", "ccw", "apmbc", "ccm")):
        memory.treaty = treaty_code(text) or memory.treaty
    whens = context.clock.whens
    if whens:
        memory.said = whens[-1].to.year
        whens = [when for when in whens if not COMPARED.search(text[: when.start]) and not _NAMES_WAR.match(text[when.end :])]
        if not whens:
            return
        memory.first = memory.first or whens[0]
        memory.year = whens[-1].to.year
        memory.carried = whens[0] if whens[0].start < 60 or len(whens) == 1 else None


def subject_name(context: Context, agent: Agent | None) -> str:
    """The subject of a claim: the agent, else the state the document is about, else the document."""
    if agent is not None:
        return agent.name
    return context.source.setting.country or "document"
