"""A programme's own kinds, lists and fields: a YAML file put into the book as an overlay, in force from that moment.

The overlay is an entry, so it has a date and an author and every process reads the same one at its next request; the
layers of the programme file are made anew in the same transaction. Nothing is taken away: what records may hold stays.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from clearland.core.errors import ClearlandError, Finding, Place, RefusedInput
from clearland.core.ids import record_id
from clearland.dictionary.lint import lint
from clearland.dictionary.loader import with_overlays
from clearland.dictionary.lock import lock_of, missing_from
from clearland.dictionary.reading import parse_yaml
from clearland.ledger.drafts import Draft, NewSource, Receipt
from clearland.ledger.rows import head_entries, rows
from clearland.ledger.scope import Actor, scope
from clearland.ledger.vocabulary import current_dictionary
from clearland.ledger.write import write

KIND = "overlay"
_PARTS = ("kinds", "lists", "attributes")
_MEDIA_TYPE = "application/yaml"
_PURPOSE = "dictionary"


def overlay_of(path: Path) -> tuple[str, dict[str, object]]:
    """Name and content of the overlay that a YAML file stands for.

    The file holds one kind (it has `fields`), one code list (it has `codes`), or an overlay with `kinds`, `lists` or
    `attributes`; the first two are called after what they add. Raises ClearlandError E-DICT-YAML or E-DICT-FORM.
    """
    try:
        node = parse_yaml(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as problem:
        raise ClearlandError(
            "E-FILE-NONE", f"{path.name} cannot be read as text.", remedy="Give a YAML file in UTF-8.",
            place=Place(file=path.name),
        ) from problem  # fmt: skip
    entries = {key: each.value for key, each in node.open_mapping().items()}
    name = entries.get("name")
    given = name if isinstance(name, str) and name.strip() else path.stem
    if any(part in entries for part in _PARTS):
        return given, {part: entries[part] for part in _PARTS if part in entries}
    part = "kinds" if "fields" in entries else "lists" if "codes" in entries else ""
    if not part:
        node.fail("This is neither a kind, nor a code list, nor an overlay.",
                  "A kind has `fields`, a list has `codes`, an overlay has `kinds`, `lists` or `attributes`.")
    return f"{part[:-1]}-{given}", {part: [entries]}


def add_to_dictionary(
    paths: Sequence[Path], *, actor: Actor, received: date | None = None
) -> tuple[list[Receipt], list[Finding]]:
    """Put files into the programme's dictionary, one commit each. A file added again changes its own overlay.

    Returns receipts and the lint's remarks on what is new: missing translations and the like do not stop a programme.
    Raises ClearlandError (E-DICT-…) for a file that is malformed or contradicts what is there, RefusedInput
    E-DICT-RENAMED where it would take away a field or code; nothing of that file is written then.
    """
    receipts = []
    before = {(each.code, each.place.column) for each in lint(current_dictionary())}
    for path in paths:
        name, content = overlay_of(path)
        _refuse_losses(name, content, actor)
        record = record_id("dictionary overlay", name)
        draft = Draft(
            record=record, kind=KIND, local_id=name, based_on=head_entries(scope(actor, _PURPOSE), KIND, [name]).get(record),
            attributes={"name": name, "content": json.dumps(content, ensure_ascii=False, sort_keys=True)},
        )  # fmt: skip
        source = NewSource(
            data=path.read_bytes(), filename=path.name, media_type=_MEDIA_TYPE, title=f"Dictionary: {name}",
            received=received or datetime.now(UTC).date(),
        )  # fmt: skip
        receipts.append(write([draft], actor=actor, reason=f"Dictionary: {name}", source=source))
    after = lint(current_dictionary())
    return receipts, [each for each in after if (each.code, each.place.column) not in before]


def _refuse_losses(name: str, content: Mapping[str, object], actor: Actor) -> None:
    """Stop where the dictionary with the new content would not load, or would lack what it has now."""
    others = [dict(each.attributes) for each in rows(scope(actor, _PURPOSE), KIND) if each.local_id != name]
    lost = missing_from(with_overlays([*others, {**content, "name": name}]), lock_of(current_dictionary()))
    if lost:
        first = lost[0]
        raise RefusedInput(first.code, first.sentence, place=first.place, remedy=first.remedy, findings=lost)
