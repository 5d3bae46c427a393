"""Compile a report from the programme and put it where the user asked."""

from datetime import date
from pathlib import Path

from clearland.core.errors import ClearlandError, Place
from clearland.dictionary.forms import Audience
from clearland.ledger.snapshot import snapshot
from clearland.reports.compile import Compiled, compile_report
from clearland.reports.render import render


def write_report(
    name: str, *, covers: str, language: str, as_known: date | None, output: Path, country: str = "",
    audience: Audience | None = None, about: str = "",
) -> Compiled:
    """Write the report to `output`, whose suffix chooses the format. Nothing is written when anything fails."""
    shot = snapshot(as_known=as_known)
    compiled = compile_report(
        shot, name, covers=covers, language=language, country_code=country, audience=audience, about=about
    )
    write_file(output, render(compiled, output.suffix.lstrip(".").lower(), shot))
    return compiled


def write_file(output: Path, data: bytes) -> None:
    """Put a report, or what belongs to one, where somebody asked for it. Raises ClearlandError E-REPORT-WRITE."""
    try:
        output.write_bytes(data)
    except OSError as error:
        raise ClearlandError(
            "E-REPORT-WRITE", f"The file could not be written: {error.strerror}.", place=Place(file=str(output)),
            remedy="Choose a folder that exists and that you may write to.",
        ) from error  # fmt: skip
