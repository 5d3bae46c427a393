"""Lines of PDF pages to blocks: running heads out, paragraphs by leading and indent, headings by size, foot notes
by size.
"""

import re
from collections import Counter
from itertools import pairwise
from statistics import median

from clearland.evidence.reading.blocks import ends_sentence
from clearland.evidence.reading.pdf_lines import Line
from clearland.evidence.reading.rendition import LOWERED, Rendition
from clearland.evidence.reading.wording import BULLET, NUMBERED, PAGE_NUMBER, is_bare

_EDGE_LINES = 2
_MIN_REPEATS = 3
_HEADING_SIZE = 1.12
_NOTE_SIZE = 0.93
_LEADING = 1.35
_FOOT_NOTE = re.compile(r"^(?P<label>\d{1,3}|[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]{0,2}|\[\d{1,3}\])[.)]?\s*(?=\S)")
_KEEPS_HYPHEN = re.compile(
    r"(?:^|\W)(?:non|self|anti|ex|co|cross|multi|long|short|well|semi|mid|pre|post|inter|intra|half|\w+-\w+)-$",
    re.IGNORECASE,
)
_MIN_TABLE_ROWS = 3
# A figure with its unit at the head of a line, which a list's number is not.
_MEASURED = re.compile(r"^\d+(?:\.\d+)?\s(?:km|m|ha|million|billion|per\s?cent|percent|%|hectares|square)(?![\w.])")
# A line of capitals and no end: a heading in the size of its text.
_CAPITALS = re.compile(r"^(?=(?:[^A-ZÀ-Þ]*[A-ZÀ-Þ]){4})[^a-zà-ÿа-я.;,!?]{4,70}$")


def write_pages(rendition: Rendition, pages: list[list[Line]]) -> None:
    """All pages as blocks, the notes of a page after its text."""
    running = _running_heads(pages)
    pages = [_without(page, running) for page in pages]
    body_size = _body_size(pages)
    for page in pages:
        text, feet = _split_feet(page, body_size)
        _write_text(rendition, text, body_size)
        _write_feet(rendition, feet)


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text).casefold()


def _running_heads(pages: list[list[Line]]) -> set[str]:
    """Lines that return at the head or foot of pages, numbers aside: at least three times and on a third of the
    pages.
    """
    counts: Counter[str] = Counter()
    for page in pages:
        edges = sorted(page, key=lambda line: -line.middle)
        counts.update({_key(line) for line in [*edges[:_EDGE_LINES], *edges[-_EDGE_LINES:]]})
    # A title page and chapter openings carry none, and left and right pages differ.
    needed = max(_MIN_REPEATS, len(pages) // 3)
    return {key for key, count in counts.items() if count >= needed}


def _without(page: list[Line], running: set[str]) -> list[Line]:
    order = sorted(page, key=lambda line: -line.middle)
    edge = {id(line) for line in [*order[:_EDGE_LINES], *order[-_EDGE_LINES:]]}
    outer = {id(line) for line in [*order[:1], *order[-1:]]}
    return [
        line
        for line in page
        if not (id(line) in edge and _key(line) in running) and not (id(line) in outer and PAGE_NUMBER.match(line.text))
    ]


def _body_size(pages: list[list[Line]]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _split_feet(page: list[Line], body_size: float) -> tuple[list[Line], list[Line]]:
    """Text and foot notes: from the first small line that begins with a number on, all lines to the foot are small."""
    for index, line in enumerate(page):
        if line.size <= _NOTE_SIZE * body_size and _FOOT_NOTE.match(line.text):
            rest = page[index:]
            if all(other.size <= _NOTE_SIZE * body_size for other in rest) and line.middle < max(other.middle for other in page):
                return page[:index], rest
    return page, []


def _write_text(rendition: Rendition, lines: list[Line], body_size: float) -> None:
    tables = _table_rows(lines)
    gap = _usual_gap(lines)
    paragraph: list[Line] = []
    for index, line in enumerate(lines):
        if index in tables:
            _close(rendition, paragraph, body_size)
            paragraph = []
            rendition.add_row(line.cells, page=line.page)
            continue
        if paragraph and _parts(paragraph, line, gap):
            _close(rendition, paragraph, body_size)
            paragraph = []
        paragraph.append(line)
    _close(rendition, paragraph, body_size)


def _usual_gap(lines: list[Line]) -> float:
    gaps = [upper.middle - lower.middle for upper, lower in pairwise(lines) if upper.middle > lower.middle]
    return median(gaps) if gaps else 0.0


def _parts(paragraph: list[Line], line: Line, gap: float) -> bool:
    """Whether a line opens a new paragraph."""
    last = paragraph[-1]
    right = max(other.right for other in paragraph)
    column_turn = line.middle > last.middle
    if column_turn:
        return ends_sentence(last.text) or not line.text[:1].islower()
    if abs(line.size - last.size) > 0.08 * max(line.size, last.size):
        return True
    if last.middle - line.middle > max(_LEADING * gap, 1.1 * line.size * 1.2):
        return True
    if _MEASURED.match(line.text) and not ends_sentence(last.text):
        return False
    if _CAPITALS.match(last.text) and len(paragraph) == 1 and not _CAPITALS.match(line.text):
        return True
    if _CAPITALS.match(line.text) and ends_sentence(last.text):
        return True
    if BULLET.match(line.text) or (NUMBERED.match(line.text) and not line.text[:1].islower()):
        return True
    indented = (
        line.left > paragraph[-1].left + 0.8 * line.size
        and len(paragraph) >= 2
        and line.left - paragraph[-1].left < 5 * line.size
    )
    short = last.right < right - 0.25 * (right - last.left) and ends_sentence(last.text)
    return short or (indented and ends_sentence(last.text))


def _close(rendition: Rendition, paragraph: list[Line], body_size: float) -> None:
    if not paragraph:
        return
    words = join_lines([line.text for line in paragraph])
    first = paragraph[0]
    large = first.size >= _HEADING_SIZE * body_size and is_bare(words) and len(paragraph) <= 3
    if large:
        first_title = not rendition.blocks and first.page == 1
        ratio = first.size / body_size
        level = 1 if ratio >= 1.6 else 2 if ratio >= 1.3 else 3
        rendition.add(words, "title" if first_title else "heading", level=1 if first_title else level, page=first.page)
    else:
        rendition.add(words, page=first.page)


def join_lines(lines: list[str]) -> str:
    """Lines of a paragraph as one: a word parted by a hyphen is joined, a compound's hyphen stays."""
    words = lines[0] if lines else ""
    for line in lines[1:]:
        hyphen = words.endswith(("-", "\u00ad", "‐")) and line[:1].islower() and words[-2:-1].isalpha()
        if hyphen and words[-1] != "\u00ad" and _KEEPS_HYPHEN.search(words.rsplit(None, 1)[-1]):
            words += line
        elif hyphen:
            words = words[:-1] + line
        else:
            words += f" {line}"
    return words


def _write_feet(rendition: Rendition, lines: list[Line]) -> None:
    notes: list[tuple[str, list[Line]]] = []
    for line in lines:
        match = _FOOT_NOTE.match(line.text)
        label = match["label"].strip("[]").translate(LOWERED) if match else ""
        # A line that opens with a number inside a note (a date, a page) does not go on the count.
        if match and (not notes or int(label) == int(notes[-1][0]) + 1):
            notes.append((label, [line]))
        elif notes:
            notes[-1][1].append(line)
    for label, parts in notes:
        words = _FOOT_NOTE.sub("", join_lines([line.text for line in parts]))
        rendition.add(f"[{label}] {words}", "note", label=label, page=parts[0].page)


def _table_rows(lines: list[Line]) -> set[int]:
    """Indexes of lines that are rows of a table: three or more running, each with cells and about as many as the
    one before.
    """
    found: set[int] = set()
    run: list[int] = []
    for index in range(len(lines) + 1):
        cells = len(lines[index].cells) if index < len(lines) else 0
        if cells >= 2 and (not run or abs(cells - len(lines[run[-1]].cells)) <= 1):
            run.append(index)
            continue
        if len(run) >= _MIN_TABLE_ROWS:
            found.update(run)
        run = [index] if cells >= 2 else []
    return found
