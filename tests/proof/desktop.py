"""What desktop programs make of our files: QGIS of the programme file, LibreOffice of a report. Debian has both."""

import html
import json
import re
import shutil
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pyogrio
import pypdfium2

from clearland.work.demonstration.build import build

SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's QGIS speaks to Debian's Python, not to ours
LONGEST_S = 300
LEAST_COLOURS = 3  # background, one fill, one outline: less is an empty map
REFERENCE = re.compile(r"(?:record|claim|source|figure|entry):[^\s.,;)]+")


def qgis_reads_and_draws_the_programme_file(folder: Path, size: int) -> str:
    """QGIS opens a copy of the demonstration's file: each layer valid, with as many features as GDAL counts, and drawn."""
    build(folder / "demonstration")
    copy = shutil.copy(folder / "demonstration" / "programme.gpkg", folder / "copy.gpkg")
    counted = {str(name): int(pyogrio.read_info(copy, layer=name)["features"]) for name, _ in pyogrio.list_layers(copy)}
    said = json.loads(_run(SYSTEM_PYTHON, str(Path(__file__).with_name("qgis_reads.py")), str(copy), *counted).splitlines()[-1])
    wrong = [name for name, (valid, features, _) in said["layers"].items() if not valid or features != counted[name]]
    assert not wrong, f"layers that QGIS reads otherwise: {', '.join(wrong)}"
    assert said["errors"] == 0
    assert said["colours"] >= LEAST_COLOURS, "the picture is empty"
    return f"QGIS {said['version']}: {len(counted)} layers, {sum(counted.values()):,} features, drawn without an error"


def libreoffice_sets_the_footnotes_of_a_report(folder: Path, size: int) -> str:
    """LibreOffice sets the annual statement's DOCX as pages: every reference of its footnotes can be read on them."""
    if not (folder / "demonstration").exists():
        build(folder / "demonstration")
    report = folder / "statement.docx"
    clearland = ("-m", "clearland.cli.main", "--programme", str(folder / "demonstration"))
    _run(sys.executable, *clearland, "report", "annual-statement", "--year", "2024", "-o", str(report))
    profile = f"-env:UserInstallation=file://{folder}/office"  # its own, so that a window that is open elsewhere does not answer
    _run("soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(report))
    with zipfile.ZipFile(report) as package:
        notes = html.unescape(re.sub(r"<[^>]+>", "", package.read("word/footnotes.xml").decode()))
    references = set(REFERENCE.findall(notes))
    with closing(pypdfium2.PdfDocument(folder / "statement.pdf")) as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    text = _without_breaks("".join(pages))
    missing = [each for each in references if not _stands_in(_without_breaks(each), text)]
    assert references, "no footnote has a reference"
    assert not missing, f"not on the pages: {missing[:3]}"
    return f"{len(pages)} pages, {len(references)} references of footnotes stand on them"


def _stands_in(reference: str, text: str) -> bool:
    """Whether the reference is in the text, whole or as a note that goes on at the foot of the next page."""
    return any(reference[:at] in text and reference[at:] in text for at in range(len(reference), len("record:"), -1))


def _without_breaks(text: str) -> str:
    """The text without spaces and hyphens: at the end of a line the reader of PDF cannot tell a hyphen from a division."""
    return re.sub(r"[\s\x02\ufffe\u00ad-]+", "", text)


def _run(*command: str) -> str:
    """Standard output; AssertionError where the program is missing or fails."""
    assert shutil.which(command[0]), f"{command[0]} is not installed: Debian's packages are qgis, python3-qgis and libreoffice"
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert done.returncode == 0, done.stderr.strip()[-300:]
    return done.stdout


DESKTOP_CHECKS = (qgis_reads_and_draws_the_programme_file, libreoffice_sets_the_footnotes_of_a_report)
