"""Every report form, from the demonstration and from published documents alone: made, its notes traced, its public edition
attacked."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pypdfium2

from clearland.core import formats
from clearland.core.errors import ClearlandError
from clearland.dictionary.forms import ReportForm
from clearland.figures.indicators import indicator
from clearland.figures.report_editions import SEALED, ReportEdition
from clearland.figures.trace import trace
from clearland.ledger.scope import Actor, system_actor
from clearland.ledger.snapshot import Snapshot, snapshot
from clearland.reports.breaches import breaches
from clearland.reports.compile import Compiled, compile_report
from clearland.reports.periods import containing
from clearland.reports.render import render
from clearland.reports.subjects import candidates
from clearland.work import programme
from clearland.work.add import AddOptions, add_file
from clearland.work.demonstration.build import build
from clearland.work.report_editions import Asked, freeze_report

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
REFERENCE = re.compile(
    r"(?:figure:[A-Z0-9-]+\?[^\s@]*@[0-9a-f]{12}|record:[0-9a-f-]{36}@[0-9a-f-]{36}|source:[0-9a-f]{64}#\d+-\d+)"
)
NOTE = re.compile(r"^\[\^\d+\]: (?P<note>.+)$", re.MULTILINE)
SEALED_REFERENCE = re.compile(r"sealed:[0-9a-f]{24}")
ABOUT_DAY = date(2025, 6, 30)
LANGUAGES = ("en", "az", "ru")
LEAST_BYTES = 4_000
NEAR = 1e-6
NAMED = ("accident", "victim", "hazard", "land_release", "ordnance")
PERSON = Actor("user:1", "First")


@dataclass
class Counts:
    """What was made, traced and attacked; `closed` are forms about a record that the public may not know."""

    forms: int = 0
    files: int = 0
    pages: int = 0
    notes: int = 0
    references: set[str] = field(default_factory=set)
    amounts: int = 0
    editions: int = 0
    sealed: int = 0
    closed: int = 0

    def said(self) -> str:
        """The numbers as a sentence."""
        return (
            f"{self.forms} forms in {self.files} files ({self.pages:,} pages of PDF); {self.notes:,} footnotes with "
            f"{len(self.references):,} references, all followed, {self.amounts:,} figures added up again from their entries; "
            f"{self.editions} public editions without a breach, {self.sealed:,} sealed references opened, "
            f"{self.closed} forms are about a record the public may not know"
        )


def reports_of_the_demonstration_are_made_traced_and_attacked(folder: Path, size: int) -> str:
    """Every form from the demonstration in DOCX, PDF and HTML, PDF in three languages; every footnote is followed, every
    figure added up again; every public edition is frozen, searched for what it may not tell, its seals opened."""
    build(folder / "demonstration-of-reports")
    programme.use(folder / "demonstration-of-reports")
    return walked(snapshot().dictionary.reports.values()).said()


def reports_of_documents_alone_are_made_traced_and_attacked(folder: Path, size: int) -> str:
    """The same of a programme that holds no record, only published documents."""
    if not CORPUS.is_dir():
        return "not run: the shared documents are not here"
    programme.init(folder / "documents-alone", name="Documents alone", country="AZ", opened_on=date(2025, 1, 1))
    for path in sorted(CORPUS.iterdir()):
        add_file(path, AddOptions(received=date(2025, 6, 1)), actor=system_actor("import"))
    shot = snapshot()
    return walked(form for form in shot.dictionary.reports.values() if not form.subject or candidates(shot, form)).said()


def walked(forms: Collection[ReportForm] | Iterator[ReportForm], *, languages: Sequence[str] = LANGUAGES) -> Counts:
    """Each form of the programme in use made, followed and attacked. Raises AssertionError for the first that fails."""
    counts, shot = Counts(), snapshot()
    every = list(forms)
    for form in every:
        counts.forms += 1
        about = subject_of(shot, form)
        covers = containing(form.grains[-1], ABOUT_DAY).code
        made = compile_report(shot, form.name, covers=covers, about=about, audience="programme")
        _followed(shot, made, counts)
        for target in ("docx", "html"):
            assert len(render(made, target)) > LEAST_BYTES, (form.name, target)
            counts.files += 1
        for language in languages:
            told = made if language == "en" else compile_report(
                shot, form.name, covers=covers, about=about, audience="programme", language=language
            )  # fmt: skip
            with pypdfium2.PdfDocument(render(told, "pdf")) as pdf:
                counts.pages += len(pdf)
            counts.files += 1
    for form in every:  # an edition is an entry, and with it the head that references name is another
        _attacked(form, counts)
    return counts


def subject_of(shot: Snapshot, form: ReportForm) -> str:
    """A record for a form about one: of contributions one that pays for something."""
    if form.subject == "contribution":
        paying = shot.sql(
            "SELECT c.local_id FROM contribution c JOIN task_order t ON t.contribution = c.record ORDER BY c.local_id LIMIT 1"
        )["local_id"].to_pylist()
        if paying:
            return str(paying[0])
    return candidates(shot, form)[0][0] if form.subject else ""


def _followed(shot: Snapshot, made: Compiled, counts: Counts) -> None:
    """Every note has a reference, every reference leads somewhere, every sum is that of the entries it leads to."""
    figures = {figure.lineage.ref: figure for figure in made.figures}
    for note in NOTE.findall(made.markdown):
        counts.notes += 1
        found = REFERENCE.findall(note.replace("\\", ""))
        assert found, f"{made.name}: a footnote leads nowhere: {note[:120]}"
        for ref in found:
            if ref in counts.references:
                continue
            counts.references.add(ref)
            steps = [step for step in trace(ref) if "note" not in step]
            figure = figures.get(ref)
            if figure is None:
                assert steps, f"{made.name}: nothing behind {ref}"
                continue
            behind = {step["digest"] for step in steps}
            assert len(behind) == figure.lineage.entries + figure.lineage.claims, f"{made.name}: {ref}"
            if indicator(shot, figure.code).aggregate == "sum" and figure.value is not None:
                total = sum(float(step["amount"] or 0) for step in steps)
                assert abs(total - figure.value) <= NEAR * max(1.0, abs(figure.value)), f"{ref}: {total} is not {figure.value}"
                counts.amounts += 1


def _attacked(form: ReportForm, counts: Counts) -> None:
    """The public edition frozen, all its files searched, all its seals opened by the programme."""
    shot = snapshot()
    name, covers = f"public-{form.name}", containing(form.grains[-1], ABOUT_DAY).code
    try:
        edition = freeze_report(name, Asked(form.name, covers, audience="public", about=subject_of(shot, form)), actor=PERSON)
    except ClearlandError as refusal:
        if refusal.code != "E-REPORT-SUBJECT":
            raise AssertionError(f"{form.name}: {refusal}") from refusal
        counts.closed += 1
        return
    files = {each.name: edition.data(each.format) for each in edition.files}
    found = breaches(files, "public", names=_names(shot), known=formats.day(edition.as_known, "en"))
    assert not found, f"{form.name}: {found[:3]}"
    counts.editions += 1
    _opened(edition, files, counts)


def _names(shot: Snapshot) -> list[str]:
    found: list[str] = []
    for kind in NAMED:
        found += shot.sql(f"SELECT local_id FROM {kind}")["local_id"].to_pylist()
    return found


def _opened(edition: ReportEdition, files: dict[str, bytes], counts: Counts) -> None:
    """Each seal that a reader can see stands for something that the programme can follow."""
    held = edition.kept(SEALED)
    with zipfile.ZipFile(io.BytesIO(files[f"{edition.name}.docx"])) as package:
        words = " ".join(package.read(part).decode() for part in package.namelist() if part.endswith(".xml"))
    seen = set(SEALED_REFERENCE.findall(files[f"{edition.name}.md"].decode().replace("\\", ""))) | set(
        SEALED_REFERENCE.findall(words)
    )
    for sealed in sorted(seen):
        assert sealed in held, f"{edition.name}: {sealed} is kept nowhere"
        first = next(trace(sealed))
        assert first["ref"] == held[sealed], sealed
        counts.sealed += 1


REPORT_CHECKS = (
    reports_of_the_demonstration_are_made_traced_and_attacked, reports_of_documents_alone_are_made_traced_and_attacked,
)  # fmt: skip
