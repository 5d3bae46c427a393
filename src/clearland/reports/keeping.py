"""A compiled report as an edition keeps it: its files, and all that is needed to make them again without the ledger.

The package is a ZIP whose bytes depend on nothing but its content. Markdown and JSON come out the same always; the other
files do under the same versions of the tools that set them.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pypandoc

from clearland.core.canonical import sha256_hex
from clearland.core.release import release
from clearland.figures.report_editions import ANNEX, COMPILED, LINEAGE, SEALED, VALUES
from clearland.figures.report_lineage import figure_key, lineage_of
from clearland.ledger.snapshot import Snapshot
from clearland.reports.annex import Sheet, sheets, workbook
from clearland.reports.compile import Compiled
from clearland.reports.draft import Picture
from clearland.reports.front import Front
from clearland.reports.render import FORMATS, render

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
ALWAYS_THE_SAME = ("md", "json")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can name


def tools() -> dict[str, str]:
    """Versions of what sets the files; fonts are those that Typst carries in itself."""
    return {
        "clearland": release(), "pandoc": str(pypandoc.get_pandoc_version()), "typst": version("typst"),
        "vl-convert": version("vl-convert-python"), "xlsxwriter": version("xlsxwriter"),
        "fonts": f"embedded in typst {version('typst')}",
    }  # fmt: skip


def files_of(compiled: Compiled, kept: Sequence[Sheet]) -> dict[str, bytes]:
    """Every format of a report, its annex written from sheets kept or just made."""
    return {
        target: workbook(compiled.title, kept) if target == "xlsx" else render(compiled, target) for target in FORMATS
    }


def package(name: str, compiled: Compiled, snapshot: Snapshot) -> tuple[bytes, list[dict[str, str]]]:
    """The package of an edition, and name, media type and SHA-256 of each of its files."""
    annex = sheets(compiled, snapshot)
    made = files_of(compiled, annex)
    members = {f"{name}.{target}": data for target, data in made.items()}
    listed = [
        {"name": f"{name}.{target}", "media_type": MEDIA_TYPES[target], "sha256": sha256_hex(data)}
        for target, data in made.items()
    ]
    members[COMPILED] = _plain(compiled)
    members[ANNEX] = _json([sheet.as_json() for sheet in annex])
    members[SEALED] = _json(dict(compiled.sealed))
    figures = {figure_key(figure): figure for figure in compiled.figures}
    members[VALUES] = _json([{"figure": key, "value": figure.value} for key, figure in sorted(figures.items())])
    members[LINEAGE] = _parquet(lineage_of(snapshot, compiled.figures))
    return zipped(members), listed


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Files as a ZIP, sorted by name, all of one date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members):
            about = zipfile.ZipInfo(name, _LONG_AGO)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            archive.writestr(about, members[name])
    return buffer.getvalue()


def again(kept: Mapping[str, Any], annex: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """The files once more, from what an edition keeps."""
    compiled = Compiled(
        name=kept["name"], language=kept["language"], title=kept["title"], front=Front(
            kept["front"]["title"], kept["front"]["programme"], tuple(kept["front"]["lines"]), tuple(kept["front"]["warnings"])
        ),
        body=kept["body"], markdown=kept["markdown"], data=kept["data"], figures=(), told=tuple(kept["told"]),
        pictures=tuple(Picture(each["name"], each["svg"], each["alt"]) for each in kept["pictures"]), sealed={},
    )  # fmt: skip
    written = [
        Sheet(each["name"], tuple(each["columns"]), tuple(tuple(row) for row in each["rows"]), tuple(each["widths"]))
        for each in annex
    ]
    return files_of(compiled, written)


def _plain(compiled: Compiled) -> bytes:
    front = {"title": compiled.front.title, "programme": compiled.front.programme, "lines": list(compiled.front.lines),
             "warnings": list(compiled.front.warnings)}  # fmt: skip
    return _json({
        "name": compiled.name, "language": compiled.language, "title": compiled.title, "front": front, "body": compiled.body,
        "markdown": compiled.markdown, "data": compiled.data, "told": list(compiled.told),
        "pictures": [{"name": each.name, "svg": each.svg, "alt": each.alt} for each in compiled.pictures],
    })  # fmt: skip


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
