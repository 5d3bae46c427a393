"""Compile `django.po` to `django.mo` without gettext, so that a fresh machine needs nothing but Python.

Run `python -m clearland.web.catalogue` after editing a catalogue; a test compares the two. The format of a .mo file is
described in the GNU gettext manual, "The Format of GNU MO Files".
"""

import ast
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"


def entries(text: str) -> Iterator[tuple[str, str]]:
    """(msgid, msgstr) as a .mo file keeps them: context before \\x04, plural forms joined by \\0. Fuzzy ones are left out."""
    for block in text.split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        fuzzy = False
        for line in block.splitlines():
            if line.startswith("#"):
                fuzzy |= line.startswith("#,") and "fuzzy" in line
                continue
            if not line.startswith('"'):
                name, _space, text = line.partition(" ")
                fields[name] = ""
            else:
                text = line
            if text:
                fields[name] += ast.literal_eval(text)
        forms = [fields[key] for key in sorted(fields) if key.startswith("msgstr")]
        if fuzzy or "msgid" not in fields or not all(forms):
            continue
        key = fields["msgid"]
        if "msgctxt" in fields:
            key = f"{fields['msgctxt']}\x04{key}"
        if "msgid_plural" in fields:
            key = f"{key}\0{fields['msgid_plural']}"
        yield key, "\0".join(forms)


def compile_catalogue(text: str) -> bytes:
    """The bytes of the .mo file of a .po file."""
    rows = sorted((key.encode(), value.encode()) for key, value in entries(text))
    offset = 28 + 16 * len(rows)
    tables: tuple[list[int], list[int]] = ([], [])
    data = bytearray()
    for table, column in zip(tables, (0, 1), strict=True):
        for row in rows:
            table += [len(row[column]), offset + len(data)]
            data += row[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, 28 + 16 * len(rows))
    return head + struct.pack(f"<{4 * len(rows)}I", *tables[0], *tables[1]) + bytes(data)


def main() -> int:
    """Compile every catalogue of the site."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        source.with_suffix(".mo").write_bytes(compile_catalogue(source.read_text(encoding="utf-8")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
