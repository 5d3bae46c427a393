"""Lines of a text grouped into blocks: one paragraph per line, or hard-wrapped lines put together again."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

_EOL = re.compile(r"\r\n|[\n\r\f\x0b\x1c\x1d\x1e\x85\u2028\u2029]")
_STARTS_OWN_LINE = re.compile(
    r"""(?:[-–—•▪◦●■►➢*·‣□✓]\s+|\(?\d{1,3}[.)]\s|\([a-zA-Z]{1,4}\)\s|[a-z]\)\s|\[\d{1,4}\]|[¹²³⁴⁵⁶⁷⁸⁹]|\|)""", re.VERBOSE
)
_SENTENCE_END = re.compile(r"""[.!?…:;]["”’'»)\]*]*(?:\s?\[\d{1,4}\]|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)*$""")
_MAX_WRAP_WIDTH = 130
_MIN_WRAP_WIDTH = 40
_MIN_WRAPPED_LINES = 4


@dataclass(kw_only=True, slots=True)
class Block:
    """A run of characters that will become a passage; rules fill in what they recognise, `kind` is empty until then."""

    start: int
    end: int
    text: str
    blank_before: int = 0
    indent: int = 0
    page: int | None = None
    kind: str = ""
    level: int = 0
    label: str = ""
    section: str = ""
    question: str | None = None
    details: dict[str, object] = field(default_factory=dict)

    @property
    def words(self) -> int:
        """How many words stand in the block."""
        return len(self.text.split())


def lines_of(text: str) -> list[Block]:
    """Every line with a visible character, trimmed, with the number of blank lines before it, its indent and page.

    Pages are counted by form feeds; a text without any has no pages.
    """
    lines: list[Block] = []
    blanks = 0
    paged = "\f" in text
    page = 1
    begin = 0
    for stop, after in [*((match.start(), match) for match in _EOL.finditer(text)), (len(text), None)]:
        raw = text[begin:stop]
        words = raw.strip()
        if words:
            indent = len(raw) - len(raw.lstrip())
            start = begin + indent
            lines.append(
                Block(
                    start=start,
                    end=start + len(words),
                    text=words,
                    blank_before=blanks,
                    indent=indent,
                    page=page if paged else None,
                )
            )
            blanks = 0
        else:
            blanks += 1
        if after is not None:
            page += after.group() == "\f"
            begin = after.end()
    return lines


def wrap_width(lines: list[Block]) -> int | None:
    """The width at which the text was wrapped by hand or by a program, None where one line is one paragraph.

    Evidence: no line is long, and most lines inside a group end without punctuation where the next word did not fit.
    """
    lengths = sorted(line.indent + len(line.text) for line in lines)
    if len(lengths) < _MIN_WRAPPED_LINES:
        return None
    width = lengths[int(len(lengths) * 0.98)]
    if not _MIN_WRAP_WIDTH <= width <= _MAX_WRAP_WIDTH or lengths[-1] > 1.5 * width:
        return None
    pairs = [(first, second) for first, second in pairwise(lines) if not second.blank_before]
    full = sum(1 for first, second in pairs if _did_not_fit(first, second, width))
    runs_on = sum(1 for first, second in pairs if _runs_on(first, second))
    if runs_on >= 3 and full >= _MIN_WRAPPED_LINES - 1 and runs_on + full >= len(pairs) * 0.5:
        return width
    return None


def _did_not_fit(first: Block, second: Block, width: int) -> bool:
    next_word = second.text.split(None, 1)[0]
    return first.indent + len(first.text) + 1 + len(next_word) > width * 0.88


def _runs_on(first: Block, second: Block) -> bool:
    return second.text[0].islower() and not _SENTENCE_END.search(first.text)


def unwrap(text: str, lines: list[Block], width: int) -> list[Block]:
    """Lines joined to paragraphs where the next word would not have fitted; `details["lines"]` keeps the line spans."""
    joined: list[Block] = []
    last = lines[0]
    parts: list[tuple[int, int]] = []
    for line in lines:
        same_paragraph = (
            joined
            and not line.blank_before
            and not _STARTS_OWN_LINE.match(line.text)
            and (_did_not_fit(last, line, width) or _runs_on(last, line))
        )
        if same_paragraph:
            parts.append((line.start, line.end))
            joined[-1].end = line.end
        else:
            _close(text, joined, parts)
            parts = [(line.start, line.end)]
            joined.append(line)
        last = line
    _close(text, joined, parts)
    return joined


def _close(text: str, joined: list[Block], parts: list[tuple[int, int]]) -> None:
    if joined and len(parts) > 1:
        block = joined[-1]
        block.text = text[block.start : block.end]
        block.details["lines"] = [list(part) for part in parts]


def blocks_of(text: str) -> list[Block]:
    """The text as blocks in order, none overlapping, every visible character inside one of them."""
    lines = lines_of(text)
    width = wrap_width(lines)
    return unwrap(text, lines, width) if width else lines


def ends_sentence(text: str) -> bool:
    """Whether the words close with end punctuation, quotes and note marks allowed after it."""
    return _SENTENCE_END.search(text.rstrip("* ")) is not None
