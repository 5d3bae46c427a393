"""A compiled report as PDF, set by Typst with the fonts it carries in itself: the same content gives the same bytes.

Pandoc turns the Markdown into Typst's own markup; `report.typ` is the design. No font of the machine is used, and the date
in the file is fixed, because the report's own dates stand in its text.
"""

import re
import tempfile
from importlib import resources
from pathlib import Path

import pypandoc
import typst

from clearland.reports.compile import Compiled
from clearland.reports.phrases import say

EPOCH_S = 1_767_225_600  # 1 January 2026: any fixed moment serves
PICTURE_PPI = 200
_COLUMNS = re.compile(r"(?P<before>#table\(\n\s*)columns: [^\n]+,\n(?P<indent>\s*)align: \((?P<align>[^)]*)\)")
_TOTAL = 100.0
_NUMBER_SHARE = 0.55  # a column of numbers needs about half the room of one of words
_FEW_COLUMNS, _NARROW_SHARE = 4, 0.85  # among many, its head needs nearly as much


def pdf(compiled: Compiled, reader: str) -> bytes:
    """The PDF. `reader` is pandoc's name of the Markdown the report is written in."""
    body = pypandoc.convert_text(compiled.body, "typst", format=reader, extra_args=["--wrap=none"])
    front = compiled.front
    fields = {
        "title": front.title, "programme": front.programme, "language": compiled.language,
        "contents": say(compiled.language, "contents"), "stamp": stamp(compiled),
    }  # fmt: skip
    given = [f"  {name}: {_text(value)}," for name, value in fields.items()]
    for name, values in (("lines", front.lines), ("warnings", front.warnings)):
        given.append(f"  {name}: ({' '.join(_text(value) + ',' for value in values)}),")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.typ").write_bytes(resources.files("clearland.reports").joinpath("report.typ").read_bytes())
        for picture in compiled.pictures:
            (folder / picture.name).write_text(picture.svg, encoding="utf-8")
        main = folder / "main.typ"
        head = '#import "report.typ": report\n#show: report.with(\n' + "\n".join(given) + "\n)\n\n"
        main.write_text(head + _set_tables(body), encoding="utf-8")
        return _compiled(main, folder)


def png_of(svg: str) -> bytes:
    """A picture as PNG, for word processors; drawn with the same fonts as the PDF."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "picture.svg").write_text(svg, encoding="utf-8")
        main = folder / "main.typ"
        main.write_text('#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")\n', encoding="utf-8")
        made = typst.compile(
            str(main), root=str(folder), ignore_system_fonts=True, font_paths=[], format="png", ppi=PICTURE_PPI
        )
    assert isinstance(made, bytes)  # one page
    return made


def stamp(compiled: Compiled) -> str:
    """What stands at the foot of every page: date of knowledge, audience and ledger head."""
    return " · ".join(compiled.front.lines[-4:-1])


def _compiled(main: Path, folder: Path) -> bytes:
    made = typst.compile(
        str(main), root=str(folder), ignore_system_fonts=True, font_paths=[], format="pdf", timestamp=EPOCH_S
    )
    assert isinstance(made, bytes)  # no output file was asked for
    return made


def _text(value: str) -> str:
    """A string of Typst."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _set_tables(body: str) -> str:
    """Tables as wide as the page: columns of words share what columns of numbers leave."""
    return _COLUMNS.sub(_widths, body)


def _widths(match: re.Match[str]) -> str:
    sides = [side.strip() for side in match["align"].split(",") if side.strip()]
    narrow = _NUMBER_SHARE if len(sides) <= _FEW_COLUMNS else _NARROW_SHARE
    shares = [narrow if side == "right" else 1.0 for side in sides]
    whole = sum(shares)
    columns = ", ".join(f"{_TOTAL * share / whole:.1f}%" for share in shares)
    aligned = ", ".join("right" if side == "right" else "left" for side in sides)
    return f"{match['before']}columns: ({columns},),\n{match['indent']}align: ({aligned},)"
