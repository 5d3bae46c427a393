"""Claims in tables: each number of a grid with its row and column, and each value beside its label."""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from clearland.claims.model import Claim, Scope, Value
from clearland.evidence.extraction.context import Source
from clearland.evidence.extraction.dates import dates
from clearland.evidence.extraction.lexicon import treaty_code, words
from clearland.evidence.extraction.numbers import from_digits
from clearland.evidence.extraction.quantities import currency_code
from clearland.evidence.extraction.surface import surface
from clearland.evidence.reading.document import Document, Passage

_NUMERIC = re.compile(
    r"^(?P<sign>US\s?\$|\$|€|£|¥|(?:[A-Z]{3}|[ACN]\$|DM|kr)(?=\s?\d))?\s?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?|"
    r"\d{1,3}(?:\.\d{3}){2,}|\d+(?:[.,]\d+)?)\s?(?P<unit>%|km[2²]|m[2²]|ha|million)?$"
)
_LEAST_COLUMNS = 3
_LABELLED = re.compile(
    r"^(?P<label>[A-Z][^:.!?]{3,70}?)\s?:\s+"
    r"(?P<value>(?:about |around |some |over |more than |approximately )?[\d$€£U].{0,90})$"
)
_OPENS_WITH_FIGURE = re.compile(
    r"^(?:(?:[Nn]ational |[Bb]aseline )?[Ee]stimated? (?:at|of)\s|[Aa]bout |[Aa]pproximately )?(?:US\s?\$|\$|€|£)?\s?\d"
)
_RATED = re.compile(
    r"^(?P<label>[A-Z][^:.!?]{3,70}?)\s?:\s+(?P<value>(?:very\s)?(?:massive|heavy|medium|moderate|light|low|high|extensive|limited"
    r"|good|average|poor|weak|unknown))\.?$",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d):\s)?(?P<number>(?:US\s?\$|\$|€)?(?<![\d.,])\d{1,3}(?:,\d{3})+|\b\d+(?:\.\d+)?(?![\d,]*\d))\s?"
    r"(?P<unit>%|km[2²]|m[2²]|ha\b|million\b)?(?P<what>[^;,()\d]{0,60})"
)
_TITLE = 140
_HEADS = 4
_BESIDE_DATE = 4  # characters beside a date that leave it the whole value
_DATED = re.compile(r"\b(?:date|year|since|period|emplacement|laid|established|founded)\b", re.IGNORECASE)
_SHORT_LINES = frozenset({"title", "letterhead", "heading", "navigation"})
# What is told in figures only: words beside such a label are no value of it.
_IN_FIGURES = ("casualty.", "contamination.area", "release.", "items.", "incident.", "funds.", "capacity.", "eore.", "score.")
_TOTAL = re.compile(r"^(?:grand\s)?totals?$", re.IGNORECASE)


def is_grid(passage: Passage) -> bool:
    """Whether a passage is a header or row of a grid, whose cells are no sentences."""
    if passage.kind != "table_row":
        return False
    return passage.details.get("role") in {"header", "row", "label"} or len(_spans(passage)) >= _LEAST_COLUMNS


def cells(document: Document, source: Source) -> Iterator[Claim]:
    """Claims of every numeric cell of a grid and of every value beside a label, in order of the document."""
    headings: list[str] = []
    above: Passage | None = None
    for passage in document.passages:
        spans = _spans(passage)
        if passage.kind != "table_row":
            headings = []
            source = replace(source, title=_leading(surface(document.words(passage))))
            if passage.kind in _SHORT_LINES:
                yield from _of_line(document, passage, above, source)
            above = passage if passage.kind in _SHORT_LINES else None
        elif "role" not in passage.details and len(spans) >= _LEAST_COLUMNS:
            headings = yield from _drawn(document, passage, spans, headings, source)
        else:
            yield from _given(document, passage, spans, source)


def _leading(words: str) -> str:
    """What the words above a table say of all of it: a caption as it stands, of a paragraph only its first date."""
    if len(words) <= _TITLE:
        return words
    told = [when for when in dates(words.replace("\n", " ")) if not when.year_from_context]
    snapshot = [when for when in told if when.relation == "until"] or told
    return words[max(0, snapshot[0].start - 12) : snapshot[0].end] if snapshot else ""


def _given(document: Document, passage: Passage, spans: Sequence[tuple[int, int]], source: Source) -> Iterator[Claim]:
    """A row whose part in its table the reader has told."""
    label, role = passage.details.get("label_text"), passage.details.get("role")
    if role == "row" and len(spans) == 2 and not passage.details.get("columns") and isinstance(label, str):
        yield from _beside(document, passage, label, spans[1], source)
    elif role == "row" and spans:
        columns, filled = passage.details.get("columns"), passage.details.get("filled_columns")
        if isinstance(columns, Sequence) and isinstance(filled, Sequence):
            yield from _row(document, passage, list(zip(spans, filled, strict=False)), [str(name) for name in columns], source)
    elif role == "value" and isinstance(label, str):
        yield from _beside(document, passage, label, spans[0] if spans else (passage.start, passage.end), source)


def _of_line(document: Document, passage: Passage, above: Passage | None, source: Source) -> Iterator[Claim]:
    """A line `label: figure` outside any paragraph, and a line that opens with a figure under its label."""
    words = surface(document.words(passage))
    labelled = _LABELLED.match(words)
    rated = _RATED.match(words)
    if rated and _known(rated["label"]):
        start = passage.start + rated.start("value")
        claim = next(_beside(document, passage, "performance", (start, passage.end), source), None)
        if claim is not None:
            yield replace(claim, attribute=_meaning(rated["label"], rated["label"])[0], table_cell=rated["label"])
    elif labelled and _known(labelled["label"]):
        start = passage.start + labelled.start("value")
        yield from _beside(document, passage, labelled["label"], (start, passage.end), source)
    elif above is not None and _OPENS_WITH_FIGURE.match(words) and not dates(words):
        label = surface(document.words(above)).strip()
        if len(label) <= 80 and _known(label):
            yield from _beside(document, passage, label, (passage.start, passage.end), source)


def _known(label: str) -> bool:
    return any(pattern.search(label) for pattern, _, _ in _labels())


def _drawn(
    document: Document, passage: Passage, spans: Sequence[tuple[int, int]], headings: list[str], source: Source
) -> Generator[Claim, None, list[str]]:
    """A row of a table drawn in plain text: the first without a number heads the rows of as many cells below it."""
    written = [surface(document.text[start:end]).strip() for start, end in spans]
    if not any(_NUMERIC.match(cell) for cell in written):
        return written
    if len(headings) == len(spans):
        numbered = [(span, column) for column, span in enumerate(spans)]
        yield from _row(document, passage, numbered, headings, source)
    return headings


def _spans(passage: Passage) -> list[tuple[int, int]]:
    listed = passage.details.get("cells")
    return [(int(span[0]), int(span[1])) for span in listed] if isinstance(listed, Sequence) else []


def _row(
    document: Document, passage: Passage, filled: Sequence[tuple[tuple[int, int], object]], columns: Sequence[str], source: Source
) -> Iterator[Claim]:
    label = str(passage.details.get("label_text") or document.text[filled[0][0][0] : filled[0][0][1]]).strip()
    for span, column in filled:
        match = _NUMERIC.match(surface(document.text[span[0] : span[1]]).strip())
        heading = head = str(columns[column]) if isinstance(column, int) and column < len(columns) else ""
        if column == 0 or match is None or (_is_year(match) and _DATED.search(heading)):
            continue
        number = from_digits(match["digits"])
        value: Value = int(number) if number == number.to_integral_value() else float(number)
        around = f"{heading} {passage.section}"
        # A column headed by a year tells what the table's first heading or the row says.
        if re.fullmatch(r"(?:19|20)\d\d", heading.strip()) and columns:
            heading, around = (label, label) if _known(label) else (str(columns[0]), f"{columns[0]} {passage.section}")
        attribute, unit = _meaning(around, heading)
        yield Claim(
            file=source.file,
            start=span[0],
            end=span[1],
            subject=label or source.setting.country or "document",
            attribute=attribute,
            value=value,
            unit=_money(match["sign"]) or _unit(match["unit"] or "") or _unit(heading) or unit,
            qualifier="exact",
            period=_period(label, head, passage.section, source),
            as_of=source.setting.as_of,
            claimant=source.setting.claimant,
            table_cell=f"{label} / {head}".strip(" /"),
            scope=Scope(place=(label,) if label and not dates(label) and not _TOTAL.match(label) else ()),
        )


def _beside(document: Document, passage: Passage, label: str, span: tuple[int, int], source: Source) -> Iterator[Claim]:
    """The value beside a label: one figure, several (`38 killed; 86 injured (2010: 51 killed)`), a date, or words."""
    written = " ".join(surface(document.text[span[0] : span[1]]).split()).strip(" |")
    match = _NUMERIC.match(written)
    attribute, unit = _meaning(label, label)
    when = dates(written) or dates(surface(label)) or dates(surface(passage.section))
    now = source.setting.covered or (f"as-of {source.setting.as_of}" if source.setting.as_of else None)
    period = when[0].period if when else now
    if match is None and attribute.startswith(_IN_FIGURES):
        told = _told(label) or _told(passage.section)
        yield from _several(document, label, span, source, told or period)
        return
    value: Value = written
    if match is None and not when and not _known(label) and len(f"{label} {written}".split()) <= _HEADS:
        return  # two heads side by side
    if match:
        number = from_digits(match["digits"])
        if _is_year(match):
            return
        value = int(number) if number == number.to_integral_value() else float(number)
    elif when and (attribute == "plan.target" or when[0].end - when[0].start >= len(written) - _BESIDE_DATE):
        value = when[0].value
    negated = bool(re.match(r"(?:not|no|none|never|did not|has not)\b(?! applicable)", written, re.IGNORECASE))
    yield Claim(
        file=source.file,
        start=span[0],
        end=span[1],
        subject=source.setting.country or "document",
        attribute=attribute,
        value=value,
        unit=(_unit(match["unit"] or "") or _unit(label) or unit) if match else "date" if value != written else "text",
        polarity="negated" if negated else "affirmed",
        period=period,
        as_of=source.setting.as_of,
        claimant=source.setting.claimant,
        table_cell=label,
        scope=Scope(definition=treaty_code(surface(label)) if attribute.startswith("treaty.") else None),
    )


def _several(document: Document, label: str, span: tuple[int, int], source: Source, period: str | None) -> Iterator[Claim]:
    """Every figure of a value that is told in figures; a year before a colon holds to the end of its brackets."""
    written = surface(document.text[span[0] : span[1]])
    family, unit = _meaning(label, label)
    year, until = None, 0
    for match in _PIECE.finditer(written):
        if match["year"]:
            closing = written.find(")", match.start())
            year, until = match["year"], closing if closing > 0 else len(written)
        number = from_digits(re.sub(r"^\D+", "", match["number"]))
        if match["unit"] == "million":
            number *= 1_000_000
        elif number == number.to_integral_value() and 1900 <= number <= 2100 and not match["unit"]:
            continue
        attribute, own = _meaning(match["what"], match["what"]) if _known(match["what"]) else (family, None)
        if attribute.split(".")[0] != family.split(".")[0]:
            attribute = family
        start = match.start("number")
        yield Claim(
            file=source.file,
            start=span[0] + start,
            end=span[0] + start + len(written[start : match.end()].rstrip()),
            subject=source.setting.country or "document",
            attribute=attribute,
            value=int(number) if number == number.to_integral_value() else float(number),
            unit=_unit(match["unit"] or "") or (_unit(match["number"]) or unit or own or _unit(label)),
            qualifier="exact",
            period=year if year and match.start() < until else period,
            as_of=source.setting.as_of,
            claimant=source.setting.claimant,
            table_cell=label,
        )


def _is_year(match: re.Match[str]) -> bool:
    """`2010` beside a label dates it and is no figure."""
    return match["unit"] is None and match["sign"] is None and bool(re.fullmatch(r"(?:19|20)\d\d", match["digits"]))


def _money(sign: str | None) -> str | None:
    """The currency of a sign or code before a figure; three capitals that are no listed currency stand for themselves."""
    return (currency_code(sign) or (sign if len(sign) == 3 else None)) if sign else None


@cache
def _labels() -> tuple[tuple[re.Pattern[str], str, str | None], ...]:
    return tuple(
        (re.compile(entry["label"], re.IGNORECASE), entry["attribute"], entry.get("unit")) for entry in words("tables")["labels"]
    )


def _meaning(around: str, heading: str) -> tuple[str, str | None]:
    """Attribute and unit by the heading, else by heading and section together, else the heading's own words."""
    for text in (heading, around):
        for pattern, attribute, unit in _labels():
            if pattern.search(text):
                return attribute, unit
    return heading.strip() or "number", None


def _unit(written: str) -> str | None:
    patterns: Mapping[str, str] = words("tables")["units"]
    return next((unit for unit, pattern in patterns.items() if re.search(pattern, written, re.IGNORECASE)), None)


def _told(text: str) -> str | None:
    """The date a label, heading or caption tells; a year at its beginning dates what it heads (`2011 casualties`)."""
    found = dates(surface(text))
    if found:
        return found[0].period
    opening = re.match(r"\s*((?:19|20)\d\d)\b(?![-,.]\d)", text)
    return opening[1] if opening else None


def _period(label: str, heading: str, section: str, source: Source) -> str | None:
    for text in (label, heading, source.title, section):
        if (told := _told(text)) is not None:
            return told
    if source.setting.covered is not None:
        return source.setting.covered
    return f"as-of {source.setting.as_of}" if source.setting.as_of else None
