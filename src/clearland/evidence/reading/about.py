"""What a document says about itself: title, country, publisher, its date and symbol. Only what its own words carry."""

import re

from clearland.evidence.reading import countries
from clearland.evidence.reading.blocks import Block
from clearland.evidence.reading.wording import ANY_DATE

# A publisher by the marks of its publications: own name in a title, symbol series, names of its standing sections.
_NAMED = (
    (re.compile(r"(?<!Landmine and )(?<!Landmine & )\bCluster Munition Monitor\b"), "Cluster Munition Monitor"),
    (re.compile(r"\bLandmine (?:(?:and|&) Cluster Munition )?Monitor\b|\bLM Report\b"), "Landmine Monitor"),
    (
        re.compile(r"\bMine Action Review\b|\bClearing the Mines\b|\bClearing Cluster Munition Remnants\b"),
        "Mine Action Review",
    ),
    (re.compile(r"\bOSCE\b.*\bquestionnaire\b|\bquestionnaire\b.*\bOSCE\b|^OSCE QUESTIONNAIRE", re.IGNORECASE), "OSCE"),
)
_SYMBOLS = (
    (re.compile(r"^(?:FSC|PC|SEC|CIO|MC|OSCE)\."), "OSCE"),
    (re.compile(r"^(?:A|S|E|ST|CCW|APLC|CCM|CD|HRI)/"), "United Nations"),
)
_MONITOR_SECTIONS = re.compile(
    r"^(?:Mine Ban Policy|Cluster Munition Ban Policy|Casualties and Victim Assistance|Support for Mine Action)$"
)
_MONITOR_SECTIONS_IF_DATED = re.compile(r"^(?:Casualties|Mine Action|Impact|Victim Assistance)$")
_FURNITURE = frozenset({"title", "navigation", "letterhead", "metadata"})
_SAMPLE = 400_000


def metadata_of(text: str, blocks: list[Block]) -> dict[str, str]:
    """title, country, publisher, document_date (as printed), symbol, language: each only where the document
    carries it.
    """
    titles = [block.text.strip("* ") for block in blocks if block.kind == "title"]
    found = {"title": ": ".join(_front_titles(blocks))} if titles else {}
    found |= _stated(blocks)
    if country := _country(text, blocks, titles):
        found["country"] = country
    if publisher := _publisher(blocks, titles, found.get("symbol", "")):
        found["publisher"] = publisher
    return found


def _front_titles(blocks: list[Block]) -> list[str]:
    titles = []
    for block in blocks:
        if block.kind == "title":
            titles.append(block.text.strip("* "))
        elif titles and block.kind not in {"metadata", "navigation"}:
            break
    return titles


def _stated(blocks: list[Block]) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in blocks:
        label, value = block.details.get("label"), block.details.get("value")
        if block.kind != "metadata" or not isinstance(label, str) or not isinstance(value, str):
            continue
        if label == "symbol":
            found.setdefault("symbol", value)
        elif label in {"language", "author", "publisher"}:
            found.setdefault(label, value)
        elif "period" in label:
            continue  # what a document covers is not when it was made
        elif ANY_DATE.search(value) and not found.get("document_date"):
            found["document_date"] = value
            found["document_date_kind"] = label
    return found


def _country(text: str, blocks: list[Block], titles: list[str]) -> str | None:
    for title in titles:
        if name := countries.named_by(title) or countries.opening(title) or countries.inside(title):
            return name
    if len(titles) >= 2 and _MONITOR_SECTIONS.match(titles[1]) and len(titles[0].split()) <= 4:
        return titles[0]
    for block in blocks:
        if block.kind == "letterhead" and (name := countries.inside(block.text)):
            return name
    return countries.mostly_about(text[:_SAMPLE])


def _publisher(blocks: list[Block], titles: list[str], symbol: str) -> str | None:
    for pattern, name in _SYMBOLS:
        if pattern.match(symbol):
            return name
    furniture = [block.text for block in blocks if block.kind in _FURNITURE]
    for line in furniture:
        for pattern, name in _NAMED:
            if pattern.search(line):
                return name
    if len(titles) >= 2 and len(titles[0].split()) <= 4:
        dated = any(block.details.get("label") == "last updated" for block in blocks)
        if titles[1] == "Cluster Munition Ban Policy":
            return "Cluster Munition Monitor"
        if _MONITOR_SECTIONS.match(titles[1]) or (dated and _MONITOR_SECTIONS_IF_DATED.match(titles[1])):
            return "Landmine Monitor"
    return None
