"""Notes: bodies found by their layout, markers bound to them by number, missing bodies said.

A marker is `[n]` wherever it stands, glued to the next word or not, or a raised figure after a word or punctuation. A
body is a block that begins with a marker. Bodies are never numbered by their position: a missing one would shift all
the rest.
"""

import re
from bisect import bisect_left

from clearland.core.errors import Finding, Place
from clearland.evidence.reading.blocks import Block
from clearland.evidence.reading.document import Note
from clearland.evidence.reading.wording import NOTES_HEADING, is_navigation

MARKER = re.compile(r"\[(?P<label>\d{1,4})\]|(?<=[.,;:!?)”’\"'\w])(?P<raised>[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]{0,3})")
# A number glued to the end of a sentence or clause, as where a page's raised figures were lost: `… (SHA).12 The figures`.
GLUED = re.compile(
    r"(?:(?<=[A-Za-z)\]”’\"'%][.,;:])|(?<=(?:19|20)\d\d[.,;:])|(?<=[mM][2²][.,;:]))"
    r"(?P<glued>\d{1,3})(?P<raised>)(?=\s|$)"
)
_RAISED_MARK = re.compile(r"(?P<raised>[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]{0,3})(?P<glued>)")
_FURNITURE_BELOW = 4
_BODY = re.compile(r"^(?:\[(?P<label>\d{1,4})\]|(?P<raised>[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]{0,3}))\s*(?=\S)")
_NUMBERED_BODY = re.compile(r"^(?P<label>\d{1,4})(?:[.)]|\s)\s*(?=\S)")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_UNIT_BEFORE = re.compile(r"(?:^|[\W\d])[kcmd]?m$|(?:^|[\W\d])(?:ft|mi|yd)$", re.IGNORECASE)


def mark_bodies(blocks: list[Block]) -> None:
    """Give every block of the notes the kind *note* and its label; further paragraphs of a note carry the same label.

    Where the format has bound notes already, paragraphs between them are not taken for their continuation.
    """
    known = any(block.kind == "note" for block in blocks)
    starts = [index for index, block in enumerate(blocks) if not block.kind and _label_at(block, _BODY)]
    for index in starts:
        _set_note(blocks[index], _label_at(blocks[index], _BODY))
    heading = _notes_heading(blocks)
    if heading is not None:
        _mark_under_heading(blocks, heading)
    elif not starts and not known:
        _mark_plain_list(blocks)
    elif starts and not known:
        first = _first_of_tail(blocks, starts)
        _continue_notes(blocks, first)


def _label_at(block: Block, pattern: re.Pattern[str]) -> str:
    match = pattern.match(block.text)
    if not match:
        return ""
    found = match.groupdict()
    label = found.get("label") or (found.get("raised") or "").translate(_RAISED)
    return "" if 1900 <= int(label) <= 2100 else label


def _set_note(block: Block, label: str) -> None:
    block.kind, block.label, block.section = "note", label, "Notes"


def _notes_heading(blocks: list[Block]) -> int | None:
    for index in range(len(blocks) - 1, -1, -1):
        if not blocks[index].kind and NOTES_HEADING.match(blocks[index].text.strip("*# ")) and index + 1 < len(blocks):
            following = blocks[index + 1]
            if following.kind == "note" or _label_at(following, _NUMBERED_BODY):
                return index
    return None


def _mark_under_heading(blocks: list[Block], heading: int) -> None:
    blocks[heading].kind, blocks[heading].level = "heading", 1
    expected = 0
    for block in blocks[heading + 1 :]:
        label = _label_at(block, _NUMBERED_BODY)
        # "12 March 2004, ..." opens a line of note 3 as easily as a note 12: numbers must go on from the last one.
        if not block.kind and label and expected < int(label) <= expected + 10:
            _set_note(block, label)
        if block.kind == "note":
            expected = int(block.label)
    _continue_notes(blocks, heading + 1)


def _mark_plain_list(blocks: list[Block]) -> None:
    """A numbered list at the end, without any heading, whose numbers stand as marks in the text before it."""
    last = next((index for index in range(len(blocks) - 1, -1, -1) if _label_at(blocks[index], _NUMBERED_BODY)), None)
    if last is None or len(blocks) - last > _FURNITURE_BELOW:
        return
    first = last
    while first and (above := _label_at(blocks[first - 1], _NUMBERED_BODY)):
        if int(above) >= int(_label_at(blocks[first], _NUMBERED_BODY)):
            break
        first -= 1
    listed = {_label_at(block, _NUMBERED_BODY) for block in blocks[first : last + 1]}
    cited = {
        (match["raised"] or "").translate(_RAISED) or match["glued"]
        for block in blocks[:first]
        for match in (*_RAISED_MARK.finditer(block.text), *GLUED.finditer(block.text))
    }
    if "1" not in listed or len(listed & cited) * 2 < len(listed):
        return
    for block in blocks[first : last + 1]:
        _set_note(block, _label_at(block, _NUMBERED_BODY))


def _first_of_tail(blocks: list[Block], starts: list[int]) -> int:
    """Where the list of notes at the end begins: from there on at least every second block starts a note."""
    first = len(blocks)
    for seen, index in enumerate(reversed(starts), start=1):
        if seen * 2 < len(blocks) - index:
            break
        first = index
    return first


def _continue_notes(blocks: list[Block], first: int) -> None:
    """Blocks between two notes of the list go on the note above them; site furniture does not."""
    label = ""
    for block in blocks[first:]:
        if block.kind == "note":
            label = block.label
        elif not block.kind and markers_in(block.text, 0, len(block.text)):
            label = ""  # text with marks of its own goes on after the notes of a part
        elif not block.kind and label and not is_navigation(block.text):
            _set_note(block, label)
            block.details["continued_note"] = True


def markers_in(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Label, start and end of every note marker in a span of the text; raised figures of units (km²) are none."""
    found = []
    for match in MARKER.finditer(text, start, end):
        label = match["label"] or (match["raised"] or "").translate(_RAISED)
        if match["raised"] and _UNIT_BEFORE.search(text[max(start, match.start() - 4) : match.start()]):
            continue
        if not 1900 <= int(label) <= 2100:
            found.append((label, match.start(), match.end()))
    return found


def _glued_in(text: str, start: int, end: int, known: set[str]) -> list[tuple[str, int, int]]:
    """Numbers glued to the end of a clause that are labels of notes without brackets."""
    if not known:
        return []
    found = GLUED.finditer(text, start, end)
    return [(match["glued"], match.start(), match.end()) for match in found if match["glued"] in known]


def bind(text: str, blocks: list[Block], file: str) -> tuple[list[Note], list[Finding]]:
    """Notes in order of their first marker or body, and findings for bodies that are missing or never cited.

    Where numbering restarts, a marker belongs to the next body of its number below it, else to the last one above.
    """
    bodies = _bodies(text, blocks)
    by_label: dict[str, list[int]] = {}
    for position, (label, _start, _end) in enumerate(bodies):
        by_label.setdefault(label, []).append(position)
    bound: dict[int, list[tuple[int, int]]] = {position: [] for position in range(len(bodies))}
    missing: dict[str, list[tuple[int, int]]] = {}
    starts = {label: [bodies[position][1] for position in positions] for label, positions in by_label.items()}
    plain = {block.label for block in blocks if block.kind == "note" and not _BODY.match(block.text)}
    for block in blocks:
        skip = (_BODY.match(block.text) or _NUMBERED_BODY.match(block.text)) if block.kind == "note" else None
        from_ = block.start + (skip.end() if skip else 0)
        for label, start, end in [*markers_in(text, from_, block.end), *_glued_in(text, from_, block.end, plain)]:
            if label in by_label:
                bound[_nearest(by_label[label], starts[label], start)].append((start, end))
            elif text[start] == "[" or bodies:
                missing.setdefault(label, []).append((start, end))
    notes = [
        Note(label=label, body_start=start, body_end=end, markers=tuple(bound[position]))
        for position, (label, start, end) in enumerate(bodies)
    ]
    notes += [Note(label=label, body_start=None, body_end=None, markers=tuple(spans)) for label, spans in missing.items()]
    notes.sort(key=lambda note: note.markers[0][0] if note.markers else note.body_start or 0)
    return notes, _findings(notes, file)


def _bodies(text: str, blocks: list[Block]) -> list[tuple[str, int, int]]:
    bodies: list[tuple[str, int, int]] = []
    for block in blocks:
        if block.kind != "note":
            continue
        if block.details.get("continued_note") and bodies:
            label, start, _ = bodies[-1]
            bodies[-1] = (label, start, block.end)
            continue
        match = _BODY.match(block.text) or _NUMBERED_BODY.match(block.text)
        bodies.append((block.label, block.start + (match.end() if match else 0), block.end))
    return [body for body in bodies if text[body[1] : body[2]].strip()]


def _nearest(positions: list[int], starts: list[int], marker: int) -> int:
    below = bisect_left(starts, marker)
    return positions[below] if below < len(positions) else positions[-1]


def _findings(notes: list[Note], file: str) -> list[Finding]:
    missing = [note.label for note in notes if note.body_start is None]
    uncited = [note.label for note in notes if note.body_start is not None and not note.markers]
    findings = []
    if missing:
        findings.append(
            Finding(
                code="W-DOC-NOTE-MISSING",
                severity="warning",
                place=Place(file=file),
                values={"notes": ", ".join(missing)},
                sentence=f"Body missing: the text cites note {', '.join(missing)}, which the document does not print.",
                remedy="Look for a complete copy; claims that rest on these notes say that the note is missing.",
            )
        )
    if uncited:
        findings.append(
            Finding(
                code="I-DOC-NOTE-UNCITED",
                severity="info",
                place=Place(file=file),
                values={"notes": ", ".join(uncited)},
                sentence=f"No marker in the text leads to note {', '.join(uncited)}.",
            )
        )
    return findings
