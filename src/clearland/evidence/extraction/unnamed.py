"""People harmed who are neither named nor counted: `a shepherd was injured`, `his son killed`, `a deminer lost a foot`.

Each is one person. The noun has to name a person, in the singular, and the verb of harm has to follow it. Where it is
`nobody was killed`, `none died`, there are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PERSON = (
    r"(?:man|woman|boy|girl|child|infant|teenager|person|civilian|villager|resident|farmer|shepherd(?:ess)?|herder|herdsman"
    r"|hunter|fisherman|soldier|officer|sergeant|serviceman|servicewoman|conscript|guard|policeman|policewoman|sapper|deminer"
    r"|surveyor|driver|passenger|worker|labou?rer|employee|teacher|pupil|student|schoolboy|schoolgirl|nurse|doctor|journalist"
    r"|cameraman|peacekeeper|returnee|refugee|nomad|peasant|passer-by|collector|resident|citizen|militant|fighter"
    r"|son|daughter|wife|husband|brother|sister|father|mother|grandfather|grandmother|uncle|aunt|cousin|nephew|niece|neighbou?r"
    r"|colleague|friend|companion|father-in-law)"
)
_HARM = (
    r"(?:killed|injured|wounded|maimed|hurt|blinded|died|dead"
    r"|lost\s(?:an?|his|her|one|both|the)\s(?:\w+\s)?(?:legs?|arms?|hands?|foot|feet|eyes?|fingers?|limbs?|life|sight))"
)
_HARMED = re.compile(
    r"(?<![\w-])(?P<who>(?:[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Aa]nother|[Tt]he|[Oo]ne)\s(?:(?!and\b|or\b|of\b)[\w-]+,?\s){0,3}?"
    + _PERSON
    + r")(?:\s(?:from|of|in|near)\s[A-Z][\w-]+)?,?\s(?:(?:was|is|were|has been|had been|also|later|subsequently)\s)*"
    r"(?:(?:severely|seriously|slightly|badly|lightly|reportedly|fatally)\s)?(?P<harm>" + _HARM + r")\b"
)
_PRESENT_HARM = re.compile(
    r"(?:kill|injur|wound|maim)(?:s|ed|ing)\s(?P<who>(?:an?|his|her|another)\s(?:[\w-]+\s){0,3}?" + _PERSON + r")\b"
)
_NOBODY = re.compile(
    r"\b(?P<who>[Nn]obody|[Nn]o one|[Nn]one(?:\sof\s(?:them|these|those|the\s\w+))?)\s(?:(?:was|were|has been|have been)\s)?"
    r"(?:(?:reportedly|reported)\s)?(?P<harm>killed|injured|wounded|hurt|died)\b"
)


@dataclass(frozen=True)
class Harmed:
    """One unnamed person, or nobody, at [start, end) of a sentence, `killed` or `injured`."""

    start: int
    end: int
    who: str
    outcome: str
    count: int = 1


def harmed_persons(text: str) -> Iterator[Harmed]:
    """Unnamed persons harmed, each once, in order."""
    for match in _HARMED.finditer(text):
        yield Harmed(match.start("who"), match.end("harm"), match["who"], _outcome(match["harm"]))
    for match in _NOBODY.finditer(text):
        yield Harmed(match.start(), match.end(), match["who"], _outcome(match["harm"]), count=0)
    for match in _PRESENT_HARM.finditer(text):
        yield Harmed(match.start("who"), match.end("who"), match["who"], _outcome(match.group()))


def _outcome(words: str) -> str:
    return "killed" if re.match(r"kill|die|dead|lost\s\w+\slife", words) else "injured"
