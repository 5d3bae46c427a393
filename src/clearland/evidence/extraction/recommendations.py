"""Recommendations: who should do what, from lists under such a heading and from sentences with *should*."""

import re
from collections.abc import Iterator

from clearland.claims.model import Claim, Scope
from clearland.evidence.extraction.context import Context, subject_name
from clearland.evidence.extraction.lexicon import treaty_code

_SHOULD = re.compile(
    r"\b(?:should|ought to|(?P<strong>must|needs? to)|"
    r"is (?:strongly )?(?:urged|encouraged|recommended) to|are (?:strongly )?(?:urged"
    r"|encouraged) to)\s(?:also\s|now\s|urgently\s)?"
    r"(?P<lead>(?:(?:continue|strive|seek|endeavou?r|work|consider|make (?:every |all )?efforts?"
    r"|prioriti[sz]e efforts|take (?:all )?steps)\s(?:to\s)?)*(?:ensure\sthat\s)?)(?P<action>[^.;]+)",
    re.IGNORECASE,
)
# `I urge the Government to …`, `We call upon donors to …`.
_APPEAL = re.compile(
    r"(?:I|[Ww]e)\s(?:also\s|again\s|strongly\s|once again\s|therefore\s)*(?:urge|call (?:up)?on|encourage|invite"
    r"|appeal to|recommend)\s"
    r"(?P<lead>(?:[^\s,;.]+\s){1,9}?)to\s(?P<action>[^.;]+?)(?=[.;]|$|,?\sand\s(?:urge|call|encourage|invite|appeal|recommend)\b)"
)
_LONGEST = 150
_SHORTEST = 12


def recommendations(context: Context) -> Iterator[Claim]:
    """The recommended action of a sentence, without the verbs of trying that lead to it."""
    sentence = context.sentence
    match = _APPEAL.match(sentence.text) or _SHOULD.search(sentence.text)
    if match is None or sentence.text.rstrip().endswith("?"):
        return
    listed = sentence.passage.kind == "list_item" or "recommend" in sentence.passage.section.lower()
    if match.re is not _APPEAL and match["strong"] and "recommend" not in sentence.passage.section.lower():
        return
    if match.re is not _APPEAL and not listed and not re.search(r"urged|encouraged|recommended", match.group()[:40]):
        return
    start, end = _core(sentence.text, match)
    agent = context.subject(match.start())
    yield context.claim(
        start=start,
        end=end,
        subject=subject_name(context, agent),
        attribute="policy.recommendation",
        value=sentence.text[start:end],
        unit="text",
        period=context.source.setting.as_of,
        modality="recommended",
        scope=Scope(definition=treaty_code(sentence.text[start:end])),
    )


def _core(text: str, match: re.Match[str]) -> tuple[int, int]:
    """The action's own words: up to the first long aside; after `ensure that`, from the verb where an aside parts it."""
    start, end = match.span("action")
    if end - start > _LONGEST and match["lead"].rstrip().endswith("that"):
        verb = re.search(r",\s(?P<verb>(?:is|are|be)\s)", text[start:end])
        if verb:
            start += verb.start("verb")
    aside = re.search(
        r",\s(?:including|such as|known as|in order)|\s(?:in order )?to better\s|\sas a matter of\s|\sby\s(?=20\d\d)"
        r"|(?<=[\w()\s-]{30})\sto\s",
        text[start:end],
    )
    if aside and aside.start() >= _SHORTEST:
        end = start + aside.start()
    if end - start > _LONGEST:
        end = start + text[start : start + _LONGEST].rfind(" ")
    return start, start + len(text[start:end].rstrip(" ,"))
