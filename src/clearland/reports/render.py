"""A compiled report as DOCX, HTML, PDF, XLSX annex, Markdown or JSON; the same input gives the same bytes.

Same tool versions are assumed: SOURCE_DATE_EPOCH fixes the dates that pandoc writes into a DOCX (design section 8).
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pypandoc

from clearland.core.errors import ClearlandError
from clearland.ledger.snapshot import Snapshot
from clearland.reports.annex import sheets, workbook
from clearland.reports.compile import Compiled
from clearland.reports.pdf import EPOCH_S, pdf, png_of

READER = "markdown-smart+footnotes+pipe_tables+table_captions+hard_line_breaks+implicit_figures-raw_html-raw_tex"
FORMATS = ("pdf", "docx", "html", "xlsx", "md", "json")


def render(compiled: Compiled, target: str, snapshot: Snapshot | None = None) -> bytes:
    """The document's bytes in one of FORMATS; the annex (`xlsx`) needs the snapshot that was compiled.

    Raises ClearlandError E-REPORT-FORMAT for another format.
    """
    if target not in FORMATS or (target == "xlsx" and snapshot is None):
        raise ClearlandError(
            "E-REPORT-FORMAT", f"Reports cannot be written as “{target}”.",
            remedy=f"End the file's name with one of: {', '.join('.' + name for name in FORMATS)}.",
        )  # fmt: skip
    if target == "md":
        return compiled.markdown.encode()
    if target == "json":
        told = {**compiled.data, "figures": list(compiled.told)}
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
    if target == "pdf":
        return pdf(compiled, READER)
    if target == "xlsx":
        assert snapshot is not None  # refused above
        return workbook(compiled.title, sheets(compiled, snapshot))
    return _by_pandoc(compiled, target)


def _by_pandoc(compiled: Compiled, target: str) -> bytes:
    """DOCX or HTML with its pictures inside: SVG in a page, PNG for word processors."""
    with tempfile.TemporaryDirectory() as name, _fixed_date():
        folder = Path(name)
        out = folder / f"report.{target}"
        arguments = ["--standalone", "--resource-path", str(folder)]
        markdown = compiled.markdown
        if target == "html":
            style = folder / "report.css"
            style.write_bytes(resources.files("clearland.reports").joinpath("report.css").read_bytes())
            arguments += ["--embed-resources", "--css", str(style), "--toc", "--toc-depth=1"]
        for picture in compiled.pictures:
            if target == "html":
                (folder / picture.name).write_text(picture.svg, encoding="utf-8")
            else:
                bitmap = picture.name.removesuffix(".svg") + ".png"
                (folder / bitmap).write_bytes(png_of(picture.svg))
                markdown = markdown.replace(f"]({picture.name})", f"]({bitmap})")
        pypandoc.convert_text(markdown, target, format=READER, outputfile=str(out), extra_args=arguments, sandbox=False)
        return out.read_bytes()


@contextmanager
def _fixed_date() -> Iterator[None]:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(EPOCH_S)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
