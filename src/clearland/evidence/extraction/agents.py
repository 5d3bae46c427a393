"""Who acts in a sentence: states and their organs, organisations, pronouns and what they stand for."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from clearland.evidence.extraction.lexicon import any_of, words
from clearland.evidence.extraction.names import Names, state_pattern

_PROPER = r"[A-Z][\w-]+(?:\s(?:and\s|of\s|for\s|the\s|to\s)*[A-Z][\w-]+){0,6}"

# Names of states are many: they are tried only where one may begin.
_CAPITAL = r"(?=[A-Z]|the\s|an?\s|illegal\s)"


@dataclass(frozen=True)
class Agent:
    """An agent named at [start, end) of a sentence: its name in claims, the state it belongs to, and whether it is a pronoun."""

    start: int
    end: int
    name: str
    state: str | None
    pronoun: bool = False
    plural_people: bool = False


def _one_of(name: str, *, state: str = "") -> str:
    """A pattern for one of the listed forms, longest first."""
    forms = sorted(words("agents")[name], key=len, reverse=True)
    return "(?:" + "|".join(form.replace("{state}", state) for form in forms) + ")"


@lru_cache(maxsize=64)
def _finder(further: tuple[str, ...], organisations: tuple[str, ...]) -> re.Pattern[str]:
    state, body, office = state_pattern(further), _one_of("bodies"), _one_of("offices")
    not_one = _one_of("acronyms_not")
    known = rf"(?P<known>(?<!\w){any_of(organisations)}(?!\w))" if organisations else r"(?P<known>(?!))"
    parts = (
        known,
        rf"(?P<abbr>(?:[Tt]he\s)?(?:(?:[A-Z][\w'-]+|of|for|and|the|on|to)\s){{1,9}}\((?P<short>(?!{not_one}\b)[A-Z]{{3,8}})\))",
        rf"{_CAPITAL}(?P<holder>(?:(?P<hs>{state})(?:'s)?\s)?(?P<hw>{office})\s(?:(?!of\b)[A-Z][\w-]+\s?){{1,3}})",
        r"(?P<ministry>(?:\b[Tt]he\s)?(?<!\w)(?:[A-Z][\w'-]+\s(?:and\s)?){1,3}?[Mm]inistry)\b(?!\sof\b)",
        rf"{_CAPITAL}(?P<organ>(?:(?:[Tt]he|[Aa]n?)\s)?(?:illegal\s)?(?P<os>{state})(?:'s)?\s(?:[Mm]inistry\s)?(?P<ow>{_one_of('organs')})\b)",
        rf"{_CAPITAL}(?P<named>(?:[Tt]he\s)?(?:(?P<ns>{state})(?:'s)?\s)?(?:[A-Z][\w-]+\s){{1,4}}(?:{_one_of('institutions')})(?:\sto\s[A-Z]\w+(?:\s[A-Z]\w+)+)?)\b(?!\s(?:of|for)\b)",
        rf"{_CAPITAL}(?P<unit>(?:(?:[Tt]he|an?)\s)?(?:(?P<us>{state})(?:'s)?\s)?"
        rf"(?P<uw>(?:{_one_of('lead')}\s)*{body}\s(?:of|for|to)\s(?:the\s)?{_PROPER}))",
        rf"(?P<formal>(?:[Tt]he\s)?(?:[Gg]overnment|Republic|Kingdom|State|[Aa]rmed [Ff]orces|[Aa]uthorities|[Dd]elegation)\sof\s"
        rf"(?:the\s(?:Republic|Kingdom)\sof\s)?(?P<fs>{state}))",
        rf"{_CAPITAL}(?P<state>(?:[Tt]he\s)?{state}s?(?!\w|\s(?:border|territory|region|territories|soil|side)))(?:'s)?",
        rf"(?P<proper>(?:[Tt]he\s)?{_one_of('organisations')})",
        rf"(?P<org>(?:[Tt]he\s)?\b(?!{not_one}\b)[A-Z]{{3,8}})\b(?!-)",
        # Whoever was just named, by what they are: `the group estimates`, `the spokesperson told`.
        r"(?P<anaphor>\b[Tt]he\s(?:group|organi[sz]ation|spokes\w+|official|officer|diplomat|delegate|bank|newspaper|survey|NGO)"
        r"(?=\s(?:also\s|then\s|later\s)?(?:\w+ed|said|says|told|estimates|states|reports|put|found|believes|claims|warns|adds)\b))",
        rf"(?P<the>\b[Tt]he\s(?:national\s)?{_one_of('plain')})\b",
        rf"(?P<common>\b{_one_of('common', state=state)})\b",
        r"(?P<pronoun>\b(?:[Ii]t|[Tt]hey|[Hh]e|[Ss]he)\b)",
    )
    return re.compile(r"(?<!\w)(?=\w)(?:" + "|".join(parts) + ")")


def agents(text: str, names: Names, country: str | None) -> list[Agent]:
    """Agents named in a (folded) sentence, in order. `country` is what *the government* belongs to."""
    found: list[Agent] = []
    for match in _finder(names.states, tuple(names.organisations)).finditer(text):
        agent = _abbreviated(text, _agent(match, _kind(match), names, country))
        if found and agent.start - found[-1].end == 1 and agent.name.startswith("spokes"):
            found[-1] = replace(found[-1], end=agent.end)  # `an Interior Ministry spokesman` speaks for the ministry
        else:
            found.append(agent)
    return found


def _abbreviated(text: str, agent: Agent) -> Agent:
    """`The Mine Action Agency … (MAA)` goes by its short form from its first mention."""
    short = re.match(r"\s\((?P<name>[A-Z]{3,8})\)", text[agent.end :])
    return replace(agent, end=agent.end + short.end(), name=short["name"]) if short and agent.name not in {agent.state} else agent


def _kind(match: re.Match[str]) -> str:
    return next(
        kind
        for kind in (
            "known",
            "abbr",
            "named",
            "ministry",
            "organ",
            "unit",
            "holder",
            "formal",
            "state",
            "org",
            "proper",
            "anaphor",
            "the",
            "common",
            "pronoun",
        )
        if match[kind]
    )


def _agent(match: re.Match[str], kind: str, names: Names, country: str | None) -> Agent:
    start, end, written = match.start(), match.end(), match.group().strip()
    if kind == "known":
        return Agent(start, end, names.organisations[match.group()], country)
    if kind == "abbr":
        return Agent(start, end, match["short"], _state_inside(written, names))
    if kind == "named":
        return Agent(start, end, re.sub(r"^[Tt]he\s", "", written), names.state(match["ns"]) if match["ns"] else None)
    if kind == "ministry":
        return _ministry(match, names, country)
    if kind == "organ":
        state = names.state(match["os"])
        return Agent(start, end, _organ_name(match["ow"], state), state, plural_people=match["ow"].endswith("s"))
    if kind == "unit":
        state = names.state(match["us"]) if match["us"] else _state_inside(match["uw"], names)
        return Agent(start, end, _of(match["uw"], state or country), state or country)
    if kind == "holder":
        state = names.state(match["hs"]) if match["hs"] else country
        return Agent(start, end, re.sub(r"\s+", " ", written[len(match["hs"] or "") :].removeprefix("'s").strip()), state)
    if kind in {"formal", "state"}:
        return _state(match, kind, names)
    if kind in {"the", "common"}:
        return _plain(match, kind, country)
    if kind in {"pronoun", "anaphor"}:
        return Agent(start, end, written, None, pronoun=True)
    return Agent(start, end, re.sub(r"^[Tt]he\s", "", written), None)


def _state(match: re.Match[str], kind: str, names: Names) -> Agent:
    """A state by its name, or by a formal one (`the Government of …`)."""
    start, end, written = match.start(), match.end(), match.group().strip()
    plain = re.sub(r"'s$", "", written)
    state = names.state(match["fs"] if kind == "formal" else re.sub(r"^[Tt]he\s", "", plain))
    return Agent(
        start, end, state or plain, state, plural_people=kind == "state" and plain.endswith("s") and names.is_people(plain)
    )


def _plain(match: re.Match[str], kind: str, country: str | None) -> Agent:
    """An agent spoken of without a name: `the government`, `officials`, `a diplomat`."""
    start, end, written = match.start(), match.end(), match.group().strip()
    name = f"Government of {country}" if re.search(r"government$|country|delegation", written) and country else written
    if re.match(r"[Aa]ll\s", written):
        return Agent(start, end, re.sub(r"\stogether$", "", written[0].lower() + written[1:]), None)
    if re.search(r"^(?:[Oo]fficials|[Gg]overnment rep)", written) and country:
        name = f"{country} officials"
    return Agent(start, end, name, country if kind == "the" or "fficial" in written or "epresentative" in written else None)


def _ministry(match: re.Match[str], names: Names, country: str | None) -> Agent:
    """`the Agriculture Ministry`, `Bulgarian Defence Ministry`: a ministry by its subject, of the state named or spoken of."""
    plain = re.sub(r"^[Tt]he\s|\s[Mm]inistry$", "", match.group().strip())
    if plain.lower() == "ministry":
        return Agent(match.start(), match.end(), plain, None, pronoun=True)  # the one just named
    opening = plain.split(" ", 1)
    state = names.state(opening[0]) if len(opening) == 2 else None
    subject = opening[1] if state else plain
    if names.state(plain) is not None:
        return Agent(match.start(), match.end(), f"Ministry of {names.state(plain)}", names.state(plain))
    named = f"Ministry of {subject + ' Affairs' if subject == 'Foreign' else subject}"
    state = state or country
    return Agent(match.start(), match.end(), f"{named} of {state}" if state else named, state)


def _organ_name(organ: str, state: str | None) -> str:
    plain = organ[0].upper() + organ[1:] if organ[:1].islower() else organ
    ministry = re.match(r"(Defen[cs]e|Foreign) Minist(?:ry|er)", plain)
    if ministry:
        plain = "Ministry of Foreign Affairs" if ministry[1] == "Foreign" else f"Ministry of {ministry[1]}"
    if re.match(r"Government|Authorities|Delegation", plain):
        plain = "Government"
    return f"{plain} of {state}" if state else plain


def _state_inside(name: str, names: Names) -> str | None:
    found = re.search(state_pattern(names.states), name)
    return names.state(found.group()) if found else None


def _of(unit: str, state: str | None) -> str:
    return unit if state is None or state in unit else f"{unit} of {state}"


def as_claimant(agent: Agent) -> str:
    """The name a claim's claimant gets: a state speaks through its government."""
    return f"Government of {agent.name}" if agent.state == agent.name else agent.name
