"""The noun a number counts: `12 mine action teams`, `393 people`, `two prosthetists`, and the unit that noun is counted in."""

import re
from functools import cache

from clearland.evidence.extraction.lexicon import count_units, duration_units, words
from clearland.evidence.extraction.names import Names

_MODIFIER = r"(?:[A-Za-z][\w'/-]*|\((?:[A-Z]{2,6})\)|[\"'][\w -]{1,20}[\"'])"
_STOP = frozenset(
    "and or of in on at by for from to with the a an that which who were was is are have has had been being since during "
    "between than as per into near before after under over through out not no percent per".split()
)
# Plurals that name people by what they do, and things whose names end alike.
_DOERS = re.compile(r"(?:ists|ees|ers|ors|ians)$")
_NOT_COUNTED = frozenset(
    "does goes plus thus ones "
    "thirds quarters fifths halves tenths resolutions resolution times time occasions occasion reasons ways kinds"
    " types type parts phases_of steps principles decades decade years year months month weeks week days day hours"
    " hour minutes".split()
)


@cache
def _things() -> frozenset[str]:
    """Plurals that end as names of people do and name things."""
    return frozenset(words("units")["not_people"])


def head_noun(after: str, names: Names) -> tuple[str, str] | None:
    """The noun phrase right after a number and the unit of its head: up to five modifiers before a counted noun."""
    position, end, unit = 0, 0, None
    for step in range(7):
        word = (
            re.match(rf"(?:\s|,\s|[\"']\s)?(?:of\s(?:the|its|our|their|these|those|his|her)\s)?({_MODIFIER})", after[position:])
            if step == 0
            else re.match(rf"\s({_MODIFIER})", after[position:])
        )
        if not word:
            break
        plain = word[1].lower().strip("()\"'")
        if (plain in _STOP and not word[1].isupper()) or (plain in _NOT_COUNTED and step == 0 and plain not in duration_units()):
            break
        position += word.end()
        counted = count_units().get(plain) or duration_units().get(plain)
        if counted is None and names.is_people(word[1]):
            counted = "people"
        if counted is not None:
            end, unit = position, counted
            if not _goes_on(after[position:]):
                break
        elif unit is not None and not _goes_on(after[position:]):
            break
    if unit is None:
        return _plural(after)
    if unit == "truckloads" and (load := re.match(r"\sof\s(?:land)?mines", after[end:])):
        end += load.end()
    return after[:end], unit


def _goes_on(rest: str) -> bool:
    """Whether a counted noun is only a modifier of the next one (`mine incidents`, `mine action teams`)."""
    following = re.match(r"\s([a-z]+)(?:\s([a-z]+))?", rest)
    return bool(
        following and not following[1].endswith("ed") and any(word in count_units() for word in following.groups() if word)
    )


def _plural(after: str) -> tuple[str, str] | None:
    """An unlisted plural directly after the number, with at most two modifiers, is counted as itself."""
    match = re.match(r"(?:\s[A-Za-z][\w-]+){0,2}?\s([a-z]{2,}[a-z]s)\b", after)
    if not match or match[1] in _NOT_COUNTED or any(word.lower() in _STOP for word in match.group().split()):
        return None
    if match[1].endswith(("ss", "us", "is")):
        return None
    return match.group(), "people" if _DOERS.search(match[1]) and match[1] not in _things() else match[1]
