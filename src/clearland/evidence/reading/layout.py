"""Blocks to kinds by layout and wording: tables, lists, headings, label-value pairs, letterheads after the front."""

import re
from collections import Counter
from itertools import pairwise

from clearland.evidence.reading.blocks import Block, ends_sentence
from clearland.evidence.reading.wording import (
    BULLET,
    NUMBERED,
    is_all_caps,
    is_bare,
    is_contact,
    is_navigation,
    is_prose,
    metadata_of,
    reads_as_heading,
)

_RULE_ROW = re.compile(r"^[\s|:+=-]*-[\s|:+=-]*$")
_MAX_ADDRESS = 12
_LABEL = re.compile(r"^[^.!?]{2,80}:$")
_HEADING_NUMBER = re.compile(r"^(?P<label>(?:\d{1,2}\.)*\d{1,2}|[IVX]{1,5}|[A-Z])[.)]?\s+")
_RUN_IN = re.compile(r"^(?P<head>[A-Z][^.:!?“”\"]{3,70}):\s+(?=[A-Z“\"])")


def mark_tables(blocks: list[Block]) -> None:
    """Rows of flattened tables: lines that end in ` |`, or hold cells between bars.

    A run of rows with one cell each is a table of two columns whose labels and values follow each other.
    """
    run: list[Block] = []
    for block in [*blocks, Block(start=0, end=0, text="")]:
        if not block.kind and (block.text.endswith("|") or block.text.startswith("|")) and len(block.text) > 1:
            block.kind = "table_row"
            block.details["cells"] = _cells(block)
            run.append(block)
        else:
            _pair(blocks, run)
            run = []


def _cells(block: Block) -> list[list[int]]:
    """Start and end of the words of every cell."""
    if _RULE_ROW.match(block.text):
        return []
    spans = []
    for match in re.finditer(r"[^|]+", block.text):
        words = match.group().strip()
        if words:
            start = block.start + match.start() + len(match.group()) - len(match.group().lstrip())
            spans.append([start, start + len(words)])
    return spans


def _cell_words(block: Block) -> list[str]:
    spans = block.details["cells"]
    if not isinstance(spans, list):
        return []
    return [block.text[start - block.start : end - block.start] for start, end in spans]


def _pair(blocks: list[Block], run: list[Block]) -> None:
    words = [_cell_words(row) for row in run]
    if len(run) >= 2 and len(run) % 2 == 0 and all(len(cells) == 1 for cells in words):
        for label, value in zip(run[::2], run[1::2], strict=True):
            _join_pair(label, value, _cell_words(label)[0])
        return
    for row, cells in zip(run, words, strict=True):
        if len(cells) == 2:
            row.details.update(role="row", label_text=cells[0].rstrip(":"))


def _join_pair(label: Block, value: Block, words: str) -> None:
    label.kind = value.kind = "table_row"
    label.details["role"] = "label"
    value.details.update(role="value", label_text=words.rstrip(":"), label_start=label.start)


def mark_body(blocks: list[Block], body: int, known_headings: bool) -> None:
    """Kinds for what follows the front. `known_headings`: the format marks its headings, so short lines need more
    proof.
    """
    # Addresses stand on the cover; under a heading, short lines straight below each other are content.
    cover = _groups_mean_something(blocks) and not any(block.kind == "heading" for block in blocks[:body])
    for index in range(body, len(blocks)):
        block = blocks[index]
        cover = cover and block.kind != "heading"
        if block.kind:
            continue
        if not _mark_listed(blocks, index) and not _mark_aside(blocks, index, cover):
            if not known_headings and _heads(blocks, index):
                set_heading(block)
                cover = False
            else:
                block.kind = "paragraph"
                _note_run_in(blocks, index)
    for index in range(len(blocks)):
        _mark_following_pair(blocks, index)


def _groups_mean_something(blocks: list[Block]) -> bool:
    """Lines without a blank between belong together only where blocks are otherwise parted by blank lines."""
    parted = sum(1 for block in blocks[1:] if block.blank_before)
    return parted * 2 >= len(blocks)


def _mark_listed(blocks: list[Block], index: int) -> bool:
    block = blocks[index]
    bullet, number = BULLET.match(block.text), NUMBERED.match(block.text)
    if number and not bullet and _is_numbered_heading(blocks, index):
        return False
    match = number or bullet
    if not match:
        return False
    block.kind, block.label = "list_item", match["label"].strip("().") if number else match["label"]
    block.level = 2 if block.indent >= 6 else 1
    return True


def _is_numbered_heading(blocks: list[Block], index: int) -> bool:
    block = blocks[index]
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    return (
        _HEADING_NUMBER.match(block.text) is not None
        and reads_as_heading(block.text)
        and block.words <= 10
        and following is not None
        and following.kind in {"", "paragraph"}
        and _numbered_otherwise(block.text, following.text)
    )


def _numbered_otherwise(heading: str, following: str) -> bool:
    """What follows a heading has no number, one of another style ("II." over "3."), or one below it ("2." over "2.1")."""
    above, below = NUMBERED.match(heading), NUMBERED.match(following)
    if above is None or below is None:
        return True
    first, second = above["label"].strip("()."), below["label"].strip("().")
    return (not first.isdecimal() and second[0].isdecimal()) or second.startswith(f"{first}.")


def _mark_aside(blocks: list[Block], index: int, cover: bool) -> bool:
    block = blocks[index]
    words = block.text
    if is_navigation(words):
        block.kind = "navigation"
    elif (found := metadata_of(words)) and not ends_sentence(words):
        block.kind = "metadata"
        block.details.update(label=found[0], value=found[1])
    elif (is_contact(words) and "|" in words) or (cover and _is_address(blocks, index)):
        block.kind = "letterhead"
    return bool(block.kind)


def _is_address(blocks: list[Block], index: int) -> bool:
    """One of several short lines straight under each other, none of them a sentence or a list: an address or a
    list of seats.
    """
    first = last = index
    while first > 0 and blocks[first].blank_before == 0 and index - first <= _MAX_ADDRESS:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].blank_before == 0 and last - index <= _MAX_ADDRESS:
        last += 1
    group = blocks[first : last + 1]
    return 2 <= len(group) <= _MAX_ADDRESS and all(
        block.kind in {"", "letterhead"} and is_bare(block.text) and not BULLET.match(block.text) and block.words <= 12
        for block in group
    )


def _heads(blocks: list[Block], index: int) -> bool:
    """A heading stands above content: at most two more headings may come between them."""
    if not reads_as_heading(blocks[index].text) or blocks[index].words > 12:
        return False
    for block in blocks[index + 1 : index + 4]:
        if block.kind in {"navigation", "metadata"}:
            continue
        if block.kind in {"note", "letterhead", "title"}:
            return False
        if block.kind in {"table_row", "list_item", "question", "heading"} or is_prose(block.text) or NUMBERED.match(block.text):
            return True
        if BULLET.match(block.text) or ends_sentence(block.text):
            return True
        if not is_bare(block.text):
            return False
    return False


def set_heading(block: Block) -> None:
    """A heading with its number as label; level 1 in capitals, else 2, deeper by the parts of its number."""
    block.kind = "heading"
    number = _HEADING_NUMBER.match(block.text)
    if number:
        block.label = number["label"]
        block.level = 2 + number["label"].count(".")
    else:
        block.level = 1 if is_all_caps(block.text) else 2


def _note_run_in(blocks: list[Block], index: int) -> None:
    """A heading may run into its paragraph: "Key points since May 2004: As of ..." after a title or a wider gap."""
    block = blocks[index]
    match = _RUN_IN.match(block.text)
    opens = index == 0 or blocks[index - 1].kind in {"title", "navigation", "metadata", "letterhead"}
    if match and opens and block.words >= 20 and len(match["head"].split()) <= 8:
        block.details["run_in_heading"] = [block.start, block.start + match.end("head")]


def _mark_following_pair(blocks: list[Block], index: int) -> None:
    """A label and, on the next line, its value: set deeper under a bullet, or after a colon."""
    if index + 1 >= len(blocks):
        return
    label, value = blocks[index], blocks[index + 1]
    words = BULLET.sub("", label.text)
    short = is_bare(value.text) and value.words <= 12 and not BULLET.match(value.text) and not is_prose(value.text)
    if not short or value.kind not in {"", "navigation", "heading", "paragraph", "title"} or not is_bare(words):
        return
    under_bullet = bool(BULLET.match(label.text)) and value.indent > label.indent and label.words <= 8
    after_colon = _LABEL.match(label.text) is not None and label.kind in {"paragraph", "heading"} and label.words <= 8
    if under_bullet or (after_colon and value.kind != "heading"):
        _join_pair(label, value, words)


def mark_lost_headings(blocks: list[Block]) -> None:
    """Where a paragraph stands after more blank lines than usual, a heading was lost: its section is not known."""
    gaps = Counter(block.blank_before for block in blocks if block.kind not in {"note", "navigation"} and block.blank_before)
    usual = min(gaps, key=lambda gap: (-gaps[gap], gap), default=0)
    for above, block in pairwise(blocks):
        if (
            block.kind == "paragraph"
            and usual
            and block.blank_before > usual
            and "run_in_heading" not in block.details
            and above.kind not in {"heading", "title", "condition", "question"}
        ):
            block.details["lost_heading"] = True
