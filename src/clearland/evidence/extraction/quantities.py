"""Quantities: a number with its unit, its bound (`more than`, `around`), and what is counted or measured.

Not quantities: dates, numbers that name something (articles, resolutions, pages, models of weapons), ordinals, and
stretches of time before now (`for nearly three decades`), which are periods.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from clearland.evidence.extraction.counted_nouns import head_noun
from clearland.evidence.extraction.dates import When
from clearland.evidence.extraction.elided import currency_said, harmed, none_of_another, range_end, shared_noun, unit_said
from clearland.evidence.extraction.fractions import fractions
from clearland.evidence.extraction.lexicon import any_of, count_units, duration_units, qualifiers, words
from clearland.evidence.extraction.names import Names
from clearland.evidence.extraction.numbers import Number, number_after_sign, numbers
from clearland.evidence.extraction.unnamed import harmed_persons

_OUTCOME = re.compile(
    r"\s(?:(?:people|persons|others|of (?:them|whom)|civilians|and)\s)?(?:(?:later|subsequently|also)\s)?"
    r"(?:who\s[^,;.]{3,40}?\s(?=were|was|are|had|have))?"
    r"(?:(?:have|had|has)\s)?(?:being|been|were|was|are|is)?\s?"
    r"(?:severely |seriously |slightly |reportedly |fatally )?"
    r"(?P<outcome>killed|injured|wounded|maimed|died|dead|disabled|lost (?:their|his|her) (?:lives|life))\b",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(
    r"(?:\sof|\sin)\s(?!(?:the\s)?(?:same|previous|last|preceding|past|first|second|third|fourth|following|current|reporting)\s)"
    r"(?:the\s|its\s|their\s)?(?P<what>(?:(?!of\b|in\b|and\b|or\b|were\b|was\b|is\b|are\b|by\b|has\b"
    r"|had\b|have\b|to\b|that\b|which\b|on\b|during\b|since\b|for\b|from\b|at\b|with\b|it\b|they\b|he\b|she\b|as\b)"
    r"[A-Za-z][\w'/-]*\s?){1,5})(?:of\s(?:the\s)?(?P<more>(?:[A-Z][\w'-]+)))?"
)
_TENS_WORDS = (
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|two|three|four|five|six|seven|eight|nine|ten"
    "|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|hundred"
)
_CASUALTIES = re.compile(
    r"(?:\s(?!and\b|or\b)[\w'-]+){0,3}?\s(?:land)?mines?(?:/|,\s|\s(?:and"
    r"|or)\s)(?:[\w/]+\s?){1,4}?(?P<noun>casualties|victims|incidents|accidents|survivors|explosions)\b",
    re.IGNORECASE,
)
_HYPHENED = re.compile(
    r"-(?P<unit>hour|day|week|month|year)s?(?=[\s-]+(?:[\w-]+\s){0,3}?"
    r"(?:conflict|war|offensive|operation|campaign|cease-?fire|fighting|truce|occupation|siege|battle|extension|moratorium)s?\b)"
)
_LASTS_BEFORE = re.compile(
    r"\b(?:imprison\w+|prison|jail|sentences?)\s(?:of|for|from|between)\s(?:\d+\s(?:to|and)\s)?"
    r"(?:up to\s|a maximum of\s|at least\s)?$"
    r"|\b(?:halted|suspended|stopped|interrupted|delayed|postponed|extended"
    r"|extension)\s(?:[\w-]+\s){0,5}?(?:for|by|of)\s"
    r"(?:about\s|almost\s|nearly\s|more than\s|another\s|a further\s)?$",
    re.IGNORECASE,
)
_OF_A_WHOLE = re.compile(
    r"\s(?:out )?of\s(?:(?:the|its|their|our|these|those|some|about|approximately|a total of|all|an estimated"
    r"|(?-i:[A-Z])[\w'-]+'s?|the (?:country|province|state|region)'s)\s(?:the\s)?)?(?=\d|(?:" + _TENS_WORDS + r")\b)",
    re.IGNORECASE,
)
_VERB_BEFORE = re.compile(
    r"\b(?P<verb>kill(?:ed|ing)|injur(?:ed|ing)|wound(?:ed|ing)|maim(?:ed|ing))\s(?:at least\s|some\s|another\s|a further\s"
    r"|about\s|more than\s)?$",
    re.IGNORECASE,
)
# `33 anti-personnel and 21 anti-tank mines`, `18 PMN-2`: the kind or the model stands for the mine.
_DEVICE = re.compile(
    r"\s(?P<noun>(?:[Aa]nti-?\s?(?:[Pp]ersonnel|[Tt]ank|[Vv]ehicle)|AP|AT|AV|(?:PMN|POMZ|PMA|PROM|OZM|MON|TMA?|TMRP|PMD|PFM|VS|M)"
    r"(?:-\s?\w+|\d\w*)?)(?:-type)?)(?=\s(?:and|or|in|at|from|were|was)\b|[,.;)]|$)"
)
_GOVERNS = re.compile(
    r"\b(?:control|jurisdiction|authority|sovereignty|power|information|informed|concerns?|data|talks|agreement"
    r"|fighting|conflict)\s$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quantity:
    """A quantity at [start, end), its bound and noun included; `noun` as written, `base` what a share is a share of."""

    start: int
    end: int
    value: int | float
    unit: str | None
    qualifier: str
    noun: str
    base: str | None = None
    outcome: str | None = None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    units = words("units")
    signs = [(code, form) for code, forms in units["currencies"].items() for form in forms]
    measures = [(code, form) for part in ("areas", "lengths", "shares") for code, form in units[part].items()]
    return {
        "measure": re.compile(r"[\s-]{0,2}(?:" + "|".join(f"(?P<{code}>{form})" for code, form in measures) + ")", re.IGNORECASE),
        "money_before": re.compile("(?:" + "|".join(form for _, form in sorted(signs, key=lambda s: -len(s[1]))) + r")\s?$"),
        "money_after": re.compile(
            r"\s?(?:of\s)?(?:(?-i:[A-Z])[a-z]+\s)?(?:"
            + "|".join(form for _, form in sorted(signs, key=lambda s: -len(s[1])))
            + r")(?!\w)",
            re.IGNORECASE,
        ),
        "qualifier": re.compile(r"(?<![\w])(?P<word>" + any_of(qualifiers()) + r")(?:\s(?:the|a|an|some))?\s?$", re.IGNORECASE),
        "name": re.compile(r"(?<!\w)" + any_of(words("units")["name_words"]) + r"\s?(?:no\.?\s)?$", re.IGNORECASE),
        "sign": re.compile(
            r"(?:US\s?\$|C\$|A\$|\$|€|£|¥|₼|\b(?:USD|EUR|AZN|GBP|CHF)\s?)(?=\d)"
            r"|\b[A-Z]{3}(?=\d[\d.,]*(?:\s?(?:million|billion)\b|(?<=\d{3})\b))"
        ),
    }


@cache
def _currency_forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    forms = [(code, form) for code, listed in words("units")["currencies"].items() for form in listed]
    return tuple((code, re.compile(form, re.IGNORECASE)) for code, form in sorted(forms, key=lambda pair: -len(pair[1])))


def currency_code(written: str) -> str | None:
    """ISO 4217 code of a written currency, or None."""
    plain = written.strip()
    bare = plain.split(" ", 1)[-1]
    return next((code for words in (plain, bare) for code, form in _currency_forms() if form.fullmatch(words)), None)


def quantities(text: str, dates: Sequence[When], names: Names, said: Sequence[str] = ()) -> list[Quantity]:
    """Quantities of a (folded) sentence in order. `dates` are its date expressions, which are never quantities; `said` the
    units told in the sentence before, for numbers that leave their noun or currency out."""
    found: list[Quantity] = []
    shares = [
        _bounded(text, Quantity(share.start, share.end, share.percent, "percent", "exact", share.base or "", share.base))
        for share in fractions(text)
    ]
    spans = [(when.start, when.end) for when in dates] + [(share.start, share.end) for share in shares]
    for number in _all_numbers(text):
        if any(start < number.end and number.start < end for start, end in spans):
            continue
        if found and number.start < found[-1].end:
            continue
        if number.value == 1 and re.search(r"\b(?:no|any|every|some|each)\s$", text[: number.start], re.IGNORECASE):
            continue  # `no one knows`
        if number.value == 1 and re.match(r"\s\w+\s(?:for|per|in)\severy\b|\s\w+\sper\b", text[number.end :]):
            continue  # a rate
        if re.search(r"\b(?:one|1) in (?:every )?$", text[max(0, number.start - 16) : number.start], re.IGNORECASE):
            continue  # `one in four` is a share
        quantity = _quantity(text, number, names)
        if quantity is None or quantity.unit is None:
            quantity = _elided(text, number, found, names, said) or quantity
        if quantity is not None:
            found.append(quantity)
    found += _uncounted(text, found)
    return _out_of(sorted([*found, *shares], key=lambda quantity: quantity.start), text)


def _uncounted(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """People harmed and not counted, each one person, and what a list says there is none of (`80 deminers and no dogs`)."""
    taken = [(quantity.start, quantity.end) for quantity in found]
    told = [
        Quantity(one.start, one.end, one.count, "people", "exact", one.who, outcome=one.outcome) for one in harmed_persons(text)
    ]  # fmt: skip
    for start, end, unit in none_of_another(text, taken):
        told.append(Quantity(start, end, 0, unit, "exact", text[start:end].removeprefix("no ")))
    return [one for one in told if not any(start < one.end and one.start < end for start, end in taken)]


def _all_numbers(text: str) -> list[Number]:
    """Numbers in order; one after a currency sign is read with the scale glued to it (`$3m`)."""
    signs = [match.end() for match in _patterns()["sign"].finditer(text)]
    signed = [found for at in signs if (found := number_after_sign(text, at)) is not None]
    return sorted([*signed, *(number for number in numbers(text) if number.start not in signs)], key=lambda number: number.start)


def _quantity(text: str, number: Number, names: Names) -> Quantity | None:
    patterns, before, after = _patterns(), text[max(0, number.start - 40) : number.start], text[number.end : number.end + 120]
    if re.fullmatch(r"(?:19|20)\d\d", text[number.start : number.end]) and (
        re.match(r"\s?[-/]?\s?[A-Z(,.;)]|\s(?:pro|anti|UN)-", after)
        or re.search(r"\b(?:in|of|since|during|the|by|from|to|until|for|and|early|late|mid)\s?-?$", before)
    ):
        return None
    if patterns["name"].search(before) or re.search(r"[\w]-$|#$|§\s?$", before):
        return None
    money = patterns["money_before"].search(before)
    if money and number.spelled is False:
        code = currency_code(money.group())
        if code:
            return _bounded(
                text, Quantity(number.start - len(money.group()), number.end, number.plain, code, "exact", money.group().strip())
            )
    code = _coded(text, number, before)
    if code:
        return _bounded(
            text,
            Quantity(
                number.start - len(code),
                number.end,
                number.plain,
                _CODES.get(code.strip(), code.strip()[:3]),
                "exact",
                code.strip(),
            ),
        )
    measure = patterns["measure"].match(after)
    if measure and not (measure.lastgroup == "m" and number.spelled is False and not measure.group().startswith((" ", "-"))):
        return _measured(text, number, str(measure.lastgroup), measure.group())
    money = patterns["money_after"].match(after)
    code = currency_code(re.sub(r"^\s?(?:of\s)?", "", money.group())) if money else None
    if money and code:
        return _bounded(
            text, Quantity(number.start, number.end + money.end(), number.plain, code, "exact", money.group().strip())
        )
    return _counted(text, number, after, names)


_CODE = re.compile(r"(?<![\w/.-])(?P<code>(?:[A-Z]{3}|DM|Rs\.?|FF|Y)\s?)$")
_CODES = {"DM": "DEM", "Y": "JPY", "Rs": "INR", "Rs.": "INR", "FF": "FRF"}


def _coded(text: str, number: Number, before: str) -> str | None:
    """Three capitals right before a sum that no list of currencies holds: a code all the same, unless they name a thing."""
    match = _CODE.search(before)
    if match is None or number.spelled or match["code"].strip() in words("agents")["acronyms_not"]:
        return None
    written = text[number.start : number.end]
    large = re.search(r"[a-z]", written) or re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written)
    return match["code"] if large and match["code"].strip().lower() not in count_units() else None


def _measured(text: str, number: Number, unit: str, written: str) -> Quantity:
    end = number.end + len(written)
    what = _OF_WHAT.match(text, end)
    noun, base = written.strip(), None
    if what:
        noun = what["what"].strip()
        base = noun if unit == "percent" else None
        end = what.start("what") + len(noun)
    return _bounded(text, Quantity(number.start, end, number.plain, unit, "exact", noun, base))


def _counted(text: str, number: Number, after: str, names: Names) -> Quantity | None:
    """A count: of an outcome (`20 being killed`), of casualties, of a stretch of time, a part of a whole, or of a noun."""
    outcome = _OUTCOME.match(after)
    if outcome:
        found = Quantity(number.start, number.end + outcome.end(), number.plain, "people", "exact", outcome["outcome"])
        return _bounded(text, replace(found, outcome=_outcome(outcome["outcome"])))
    joint = _CASUALTIES.match(after)
    if joint:
        unit = count_units()[joint["noun"].lower()]
        end = number.end + joint.end()
        return _bounded(text, Quantity(number.start, end, number.plain, unit, "exact", joint.group().strip()))
    hyphened = _HYPHENED.match(after)
    if hyphened:
        unit, end = duration_units()[hyphened["unit"]], number.end + hyphened.end()
        return Quantity(number.start, end, number.plain, unit, "exact", hyphened["unit"])
    whole = _OF_A_WHOLE.match(after)
    if whole:
        return _part_of(text, number, number.end + whole.end(), names)
    noun = head_noun(after, names)
    device = _DEVICE.match(after) if noun is None or not noun[0].strip() else None
    if device:
        return _bounded(text, Quantity(number.start, number.end + device.end(), number.plain, "mines", "exact", device["noun"]))
    if noun is None:
        return _bare(text, number, after)
    phrase, unit = noun
    if unit in {"hours", "days", "weeks", "months", "years"} and not _lasting(text, number):
        return None
    kind = _fate(text, number, after[len(phrase) :]) if unit == "people" else None
    end = number.end + len(phrase)
    return _bounded(text, Quantity(number.start, end, number.plain, unit, "exact", phrase.strip(), outcome=kind))


def _lasting(text: str, number: Number) -> bool:
    """Whether a stretch of time is what is told (a sentence, a stoppage), not when something was."""
    around = text[max(0, number.start - 50) : number.start], text[number.end : number.end + 40]
    return bool(
        _LASTS_BEFORE.search(around[0]) or re.match(r"\s(?:years?|months?)(?:'|\sof|\sin)?\s(?:imprison|prison|jail)", around[1])
    )


def _elided(text: str, number: Number, found: Sequence[Quantity], names: Names, told_before: Sequence[str]) -> Quantity | None:
    """A number whose noun is left out: the lower end of a range, people harmed, a part of what was counted just before."""
    before, after = text[max(0, number.start - 60) : number.start], text[number.end : number.end + 120]
    if _patterns()["name"].search(before) or re.search(r"[\w]-$|#$|§\s?$|[\w/]$", before):
        return None
    gap = range_end(before, after) or shared_noun(after)
    if gap is not None:
        other = next((one for one in numbers(text[number.end + gap : number.end + gap + 60]) if one.start == 0), None)
        whole = other and _quantity(
            text, Number(number.end + gap, number.end + gap + other.end, other.value, other.spelled), names
        )
        if whole and whole.unit is not None:
            return _bounded(text, Quantity(number.start, number.end, number.plain, whole.unit, "exact", whole.noun))
        return None
    if re.match(r"\s?(?:[.,;:)]|$|\s(?:in|on|at|near|when|since|and|others)\b)", after) and (fate := harmed(before)):
        return _bounded(text, Quantity(number.start, number.end, number.plain, "people", "exact", "", outcome=fate))
    earlier = [quantity.unit for quantity in found[-8:]]
    currency = currency_said(text[number.start : number.end], [*told_before, *earlier])
    if currency is not None:
        return _bounded(text, Quantity(number.start, number.end, number.plain, currency, "exact", ""))
    said = unit_said(before, after, earlier, told_before)
    if said is None:
        return None
    return _bounded(text, Quantity(number.start, number.end + len(said[0]), number.plain, said[1], "exact", said[0].strip()))


def _outcome(verb: str) -> str:
    return "killed" if verb.lower().startswith(("kill", "die", "dea", "lost")) else "injured"


def _fate(text: str, number: Number, rest: str) -> str | None:
    """What became of the people counted, by the verb after them or before the number."""
    after = _OUTCOME.match(rest)
    if after:
        return _outcome(after["outcome"])
    before = _VERB_BEFORE.search(text[max(0, number.start - 40) : number.start])
    return _outcome(before["verb"]) if before else None


def _part_of(text: str, number: Number, at: int, names: Names) -> Quantity | None:
    """The part in `twelve of the thirty regions`: counted in the unit of the whole, which is a quantity of its own."""
    whole = next((other for other in numbers(text[at : at + 40]) if other.start == 0), None)
    if whole is None:
        return None
    of = _quantity(text, Number(at, at + whole.end, whole.value, whole.spelled), names)
    if of is None:
        return None
    return _bounded(text, Quantity(number.start, number.end, number.plain, of.unit, "exact", of.noun, base=text[at : of.end]))


def _bare(text: str, number: Number, after: str) -> Quantity | None:
    """A number with a bound and no noun (`stands above 1200`): the sentence's subject says what is counted."""
    compared = re.search(
        r"\b(?:compared (?:with|to)|(?:up|down|rose|fell|increased|decreased)?\s?from)\s$", text[: number.start]
    ) and re.match(r"\sin\s(?:\d{4}|[A-Z])|\s(?:the|a) year\b", after)
    if compared:
        return Quantity(number.start, number.end, number.plain, None, "exact", "")
    if (
        number.spelled
        or not re.match(r"\s?(?:[.,;)(]|\bin\b|\bby\b|$|\[|(?:a|per)\s(?:month|year|week|day)\b)", after)
        or number.value < 2
    ):
        return None
    bounded = _bounded(text, Quantity(number.start, number.end, number.plain, None, "exact", ""))
    lead = text[max(0, bounded.start - 40) : bounded.start]
    if bounded.qualifier == "exact" and not re.search(
        r"\b(?:was|were|is|are|at|to|from|reached|totall?ed|total of|number of)\s$", lead
    ):
        return None
    return bounded


def _bounded(text: str, quantity: Quantity) -> Quantity:
    """Take the bound before the number into the span; `only` is kept as written but bounds nothing."""
    before = text[max(0, quantity.start - 32) : quantity.start]
    match = _patterns()["qualifier"].search(before)
    if match and not (
        match["word"].lower() in {"over", "under", "about", "above", "below"} and _GOVERNS.search(before[: match.start()])
    ):
        code = qualifiers()[re.sub(r"\s+", " ", match["word"].lower())]
        quantity = replace(quantity, start=quantity.start - (len(before) - match.start()), qualifier=code)
        before = text[max(0, quantity.start - 32) : quantity.start]
    only = re.search(r"\b(?:only|just|merely)\s$", before, re.IGNORECASE)
    return replace(quantity, start=quantity.start - len(only.group())) if only else quantity


def _out_of(found: list[Quantity], text: str) -> list[Quantity]:
    """`one of nine districts` counts nine: the one is only a member of them."""
    kept = []
    for quantity in found:
        inner = re.match(r"(?:only\s)?one\sof\s(?:the\s|its\s)?", text[quantity.start :], re.IGNORECASE)
        if inner and quantity.value == 1:
            continue
        lead = re.search(r"\bone of (?:the )?$", text[max(0, quantity.start - 12) : quantity.start], re.IGNORECASE)
        kept.append(replace(quantity, start=quantity.start - len(lead.group())) if lead else quantity)
    return kept
