"""What stands before the first paragraph: titles, site navigation, letterhead and data about the document itself."""

from clearland.evidence.reading import countries
from clearland.evidence.reading.blocks import Block
from clearland.evidence.reading.layout import set_heading
from clearland.evidence.reading.wording import (
    NUMBERED,
    has_title_word,
    is_all_caps,
    is_bare,
    is_contact,
    is_disclaimer,
    is_link_row,
    is_navigation,
    is_prose,
    metadata_of,
    reads_as_heading,
)

_MAX_FRONT_BLOCKS = 60


def mark_front(blocks: list[Block]) -> int:
    """Give the blocks before the first paragraph, table or question their kinds; the index where the body begins."""
    body = _first_body(blocks)
    front = blocks[:body]
    for position, block in enumerate(front):
        if not block.kind:
            _mark_furniture(block, _in_group(front, position))
    _mark_titles(blocks, body)
    return body


def _first_body(blocks: list[Block]) -> int:
    for index, block in enumerate(blocks[:_MAX_FRONT_BLOCKS]):
        if block.kind in {"table_row", "question", "condition", "note", "list_item", "paragraph", "heading"}:
            return index
        if not block.kind and is_prose(block.text) and not is_disclaimer(block.text):
            return index
        if NUMBERED.match(block.text) and not block.kind and block.words > 8:
            return index
    # No paragraph at all: a list of titles is not a document with a front, so nothing is front.
    return 0 if len(blocks) > _MAX_FRONT_BLOCKS else len(blocks)


def _in_group(blocks: list[Block], position: int) -> bool:
    """Whether the line stands directly under or over another one, in a text that otherwise parts its blocks."""
    before = position > 0 and blocks[position].blank_before == 0
    after = position + 1 < len(blocks) and blocks[position + 1].blank_before == 0
    return before or after


def _mark_furniture(block: Block, in_group: bool) -> None:
    if found := metadata_of(block.text):
        block.kind = "metadata"
        block.details.update(label=found[0], value=found[1])
    elif is_contact(block.text) or is_disclaimer(block.text):
        block.kind = "letterhead"
    elif is_navigation(block.text) or (is_link_row(block.text) and not countries.opening(block.text)):
        block.kind = "navigation"
    elif in_group and is_all_caps(block.text) and is_bare(block.text) and not countries.opening(block.text):
        block.kind = "letterhead"


def _mark_titles(blocks: list[Block], body: int) -> None:
    open_lines = [index for index in range(body) if not blocks[index].kind]
    head = _heading_of_body(blocks, body)
    short = [index for index in open_lines if is_bare(blocks[index].text)]
    known = any(block.kind == "title" for block in blocks[:body])
    titled = None if known else _title_line(blocks, [index for index in short if index != head], head)
    for index in open_lines:
        block = blocks[index]
        if index == head and index != titled:
            set_heading(block)
        elif index not in short or known:
            # A format that marks its title leaves the short lines under it: an author, a subtitle.
            block.kind = "paragraph"
        elif titled is None or index < titled:
            block.kind = "navigation"
        else:
            block.kind, block.level = "title", 1 if index == titled else 2


def _title_line(blocks: list[Block], lines: list[int], head: int | None) -> int | None:
    """The first line that reads as a title, or the only one there is; several that do not are a menu."""
    titled = next((index for index in lines if _opens_title(blocks[index].text)), None)
    if titled is None and lines and (len(lines) == 1 or head is None):
        titled = lines[0]
    if titled is None and not lines and head is not None and _is_own_title(blocks, head):
        titled = head
    if titled is not None and titled - 1 in lines and _is_name(blocks[titled - 1].text):
        titled -= 1
    return titled


def _is_name(text: str) -> bool:
    """One to three capitalised words straight above a title: the state or body the document is about."""
    words = text.strip("* ").split()
    return 1 <= len(words) <= 3 and all(word[0].isupper() and word.isalpha() for word in words)


def _opens_title(text: str) -> bool:
    return countries.named_by(text) is not None or countries.opening(text) is not None or has_title_word(text)


def _heading_of_body(blocks: list[Block], body: int) -> int | None:
    """The short line straight above the first paragraph heads it, unless it is the only title."""
    index = body - 1
    if body >= len(blocks) or index < 0 or blocks[index].kind or not reads_as_heading(blocks[index].text):
        return None
    others = any(not block.kind for block in blocks[:index])
    return index if others or not _opens_title(blocks[index].text) else None


def _is_own_title(blocks: list[Block], head: int) -> bool:
    """A lone first line over a text that has other headings is the title of the whole."""
    rest = blocks[head + 1 :]
    later = [block for block, above in zip(rest[1:], rest, strict=False) if is_bare(block.text) and is_prose(above.text)]
    return not any(block.kind for block in blocks[:head]) and bool(later)
