"""What published sources say of a place, ready for map, table and the place's own page: each line one claim, never a sum."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from clearland.figures.published import Published, published_by_place
from clearland.web import claims_shown, labels
from clearland.web.access import Reading, summed
from clearland.web.sums import StillCounting

_SCOPE = ("device", "activity", "method", "population", "outcome", "definition")
_KEPT = (
    "ref", "source", "start", "attribute", "value_text", "value_number", "value_status", "unit", "qualifier", "base", "period",
    "as_of", "claimant", "stance", "title", "publisher", "published", "sensitivity", "quote", *_SCOPE,
)  # fmt: skip
REJECTED = "rejected"


@dataclass(frozen=True)
class Line:
    """One claim about a place in words. `joint` names the other places that its one figure covers."""

    what: str
    value: str
    claimant: str
    stance: str
    period: str
    scope: str
    joint: str
    quote: str
    href: str
    source: str


def published(read: Reading) -> Mapping[str, list[tuple[dict[str, Any], tuple[str, ...]]]]:
    """Place code → claims that the reader may see, each with the other places it speaks of; empty until counted."""
    try:
        found = summed(read, "published", lambda: _kept(published_by_place(read.snapshot)))
    except StillCounting:
        return {}
    visible = {
        code: [(claim, joint) for claim, joint in pairs if claim["sensitivity"] in read.scope.classes]
        for code, pairs in found.items()
    }
    return {code: pairs for code, pairs in visible.items() if pairs}


def _kept(found: Mapping[str, list[Published]]) -> dict[str, list[tuple[dict[str, Any], tuple[str, ...]]]]:
    return {
        code: [
            ({name: one.claim[name] for name in _KEPT}, one.joint) for one in several if one.claim["judgement"] != REJECTED
        ]
        for code, several in found.items()
    }


def lines(read: Reading, code: str) -> list[Line]:
    """The lines of one place, in the order of their sources."""
    names = labels.named(read, "place")
    return [_line(read, claim, [names.get(other, other) for other in joint]) for claim, joint in published(read).get(code, [])]


def _line(read: Reading, claim: Mapping[str, Any], joint: list[str]) -> Line:
    body = {**claim, "value": _value(claim), "scope": {name: claim[name] for name in _SCOPE}}
    query = urlencode({"at": claim["start"]})
    return Line(
        what=claims_shown.attribute_label(read.words, str(claim["attribute"])),
        value=" ".join(filter(None, (claims_shown.value_words(body), _counted(claim)))),
        claimant=str(claim["claimant"] or _("claimant not said")),
        stance=str(claims_shown.STANCES.get(str(claim["stance"]), claim["stance"])),
        period=claims_shown.period_words(body),
        scope=claims_shown.scope_words(body),
        joint=", ".join(joint),
        quote=str(claim["quote"] or ""),
        href=f"{reverse('source', args=[claim['source']])}?{query}#c-{claim['start']}",
        source=str(claim["title"] or claim["publisher"] or ""),
    )


def _value(claim: Mapping[str, Any]) -> Any:
    number = claim["value_number"]
    if number is None:
        return claim["value_text"]
    return int(number) if float(number).is_integer() else number


def _counted(claim: Mapping[str, Any]) -> str:
    """The thing that a count counts, where the unit names one."""
    unit = str(claim["unit"] or "")
    return unit.replace("_", " ") if unit.islower() and unit.isalpha() and unit not in {"count", "percent", "ha"} else ""
