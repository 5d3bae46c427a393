"""Compiled Markdown to DOCX, HTML, Markdown or JSON, through pandoc; the same input gives the same bytes.

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
from clearland.reports.compile import Compiled

READER = "markdown-smart+footnotes+pipe_tables+table_captions+hard_line_breaks-raw_html-raw_tex"
FORMATS = ("docx", "html", "md", "json")
EPOCH_S = 1_767_225_600  # 1 January 2026: any fixed moment serves, the report's own dates stand in its text


def render(compiled: Compiled, target: str) -> bytes:
    """The document's bytes in one of FORMATS. Raises ClearlandError E-REPORT-FORMAT for another."""
    if target not in FORMATS:
        raise ClearlandError(
            "E-REPORT-FORMAT", f"Reports cannot be written as “{target}”.",
            remedy=f"End the file's name with one of: {', '.join('.' + name for name in FORMATS)}.",
        )  # fmt: skip
    if target == "md":
        return compiled.markdown.encode()
    if target == "json":
        figures = [figure.as_json() for figure in compiled.figures]
        return json.dumps({**compiled.data, "figures": figures}, ensure_ascii=False, indent=1, sort_keys=True).encode()
    with tempfile.TemporaryDirectory() as folder, _fixed_date():
        out = Path(folder) / f"report.{target}"
        arguments = ["--standalone"]
        if target == "html":
            style = Path(folder) / "report.css"
            style.write_bytes(resources.files("clearland.reports").joinpath("report.css").read_bytes())
            arguments += ["--embed-resources", "--css", str(style), "--toc", "--toc-depth=1"]
        pypandoc.convert_text(
            compiled.markdown, target, format=READER, outputfile=str(out), extra_args=arguments, sandbox=False
        )
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
