"""Commands about documents: extract claims, list disagreements."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from clearland.claims.comparison import Comparison
from clearland.claims.model import Claim
from clearland.cli.books import opened
from clearland.cli.output import err, fail, out, print_json, print_table, progress
from clearland.core.errors import ClearlandError
from clearland.evidence.suggestions.endpoint import Endpoint
from clearland.figures.disagreements import found, in_words
from clearland.figures.published_beside import published_beside
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.work import quarantine
from clearland.work.add import AddOptions, add_file
from clearland.work.reading import claims_of_file
from clearland.work.suggesting import portions
from clearland.work.suggesting import suggest as ask_model

_SHOWN = 2_000


def claims(
    files: Annotated[list[Path], typer.Argument(help="Documents: TXT, HTML, PDF, DOCX.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the claims as JSON.")] = False,
) -> None:
    """Extract claims from documents. Needs no programme and writes nothing."""
    found = _Found(as_json)
    with progress("Reading", len(files)) as step:
        for path in files:
            try:
                found.take(claims_of_file(path))
            except ClearlandError as error:  # the rest of the files still go through
                found.failed.append((path, error))
            step()
    found.close()
    for path, problem in found.failed[1:]:
        err.print(f"{path}: {problem}", markup=False)
    if found.failed:
        fail(found.failed[0][1])


class _Found:
    """Claims as they come, so that ten thousand documents take no more memory than one: JSON is printed at once, of the
    table the first rows are kept."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.count = 0
        self.shown: list[Claim] = []
        self.failed: list[tuple[Path, ClearlandError]] = []

    def take(self, claims: Sequence[Claim]) -> None:
        """The claims of one document."""
        if self.as_json:
            for claim in claims:
                sys.stdout.write(("[\n" if not self.count else ",\n") + json.dumps(claim.as_json(), ensure_ascii=False))
                self.count += 1
            return
        self.count += len(claims)
        self.shown += claims[: _SHOWN - len(self.shown)]

    def close(self) -> None:
        """Print what is left to be said."""
        if self.as_json:
            sys.stdout.write("\n]\n" if self.count else "[]\n")
        elif self.count or not self.failed:
            print_table(
                f"{self.count} claims", ("file", "characters", "subject", "attribute", "value", "unit", "claimant", "period"),
                ((c.file, f"{c.start}–{c.end}", c.subject, c.attribute, c.value, c.unit, c.claimant, c.period)
                 for c in self.shown),
            )  # fmt: skip
            if self.count > len(self.shown):
                out.print(f"… and {self.count - len(self.shown):,} more; --json prints all.", markup=False)


def quarantined(
    retry: Annotated[bool, typer.Option("--retry", help="Read every one again, and add what can be read now.")] = False,
    discard: Annotated[str, typer.Option(help="Take one out for good: its SHA-256, or enough of it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """Documents that could not be read: kept byte for byte, with the reason."""
    opened()
    if discard:
        quarantine.release([quarantine.one(discard).sha256])
    if retry:
        _again()
    held = quarantine.listed()
    if as_json:
        print_json([asdict(each) for each in held])
        return
    for each in held:
        out.print(f"{each.sha256[:12]}  {each.file}  {each.code}: {each.sentence} {each.remedy}", markup=False)
    out.print(f"{len(held):,} documents in quarantine, in {quarantine.folder()}.", markup=False)


def _again() -> None:
    held = quarantine.listed()
    with progress("Reading again", len(held)) as step:
        for each in held:
            path = Path(each.path)
            try:
                add_file(path, AddOptions(), actor=system_actor("import"))
                quarantine.release([each.sha256])
            except ClearlandError as error:  # it stays, with the reason of today
                quarantine.keep(path, error)
            step()


def disagreements(as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False) -> None:
    """Claims that contradict, deny, correct or explain one another, and published figures beside ours."""
    opened()
    known = snapshot()
    pairs, figures = found(known), published_beside(known)
    if as_json:
        print_json([*(_pair(pair) for pair in pairs), *(one.as_json() for one in figures)])
        return
    for pair in pairs:
        out.print(f"{pair.kind}: {in_words(pair.why, known.dictionary, 'en')}", markup=False, style="bold")
        for side in (pair.left, pair.right):
            _print_side(side)
    for one in figures:
        out.print(in_words(one.why, known.dictionary, "en"), markup=False, style="bold")
        _print_side(one.claim)
    out.print(f"{len(pairs)} disagreements, {len(figures)} published figures beside ours.", markup=False)


def _pair(pair: Comparison) -> dict[str, object]:
    return {
        "kind": pair.kind, "reason": pair.reason, "why": pair.why.as_json(), "left": pair.left.as_json(),
        "right": pair.right.as_json(),
    }  # fmt: skip


def _print_side(side: Claim) -> None:
    value = f"{side.value} {side.unit or ''}".strip()
    said = f"{side.claimant or 'claimant not said'}: {side.attribute} {value} ({side.period or 'period not said'})"
    out.print(f"  {said}  {side.file} characters {side.start}–{side.end}", markup=False)


def suggest(
    source: Annotated[str, typer.Argument(help="The source: its SHA-256.")],
    url: Annotated[str, typer.Option(help="Address of an OpenAI-compatible endpoint, without /chat/completions.")],
    model: Annotated[str, typer.Option(help="Name of the model there.")],
    key_variable: Annotated[str, typer.Option(help="Environment variable that holds the endpoint's key.")] = "",
    up_to_class: Annotated[str, typer.Option(help="Send text of this class, too; otherwise only public text.")] = "public",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask a language model of yours for claims of a source. They go to review, marked with the model; none counts by itself."""
    opened()
    actor = system_actor("import")
    endpoint = Endpoint(url=url, model=model, key=os.environ.get(key_variable, "") if key_variable else "")
    with progress("Asking", portions(source, actor=actor)) as step:
        found = ask_model(source, endpoint, actor=actor, up_to_class=up_to_class, step=step)
    if as_json:
        print_json({"kept": found.kept, "known": found.known, "refused": dict(found.refused), "author": found.author})
        return
    refused = ", ".join(f"{count} {why}" for why, count in found.refused.most_common())
    out.print(f"{found.kept} proposals kept, {found.known} held already, refused: {refused or 'none'}.", markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module on the program."""
    app.command()(claims)
    app.command()(disagreements)
    app.command("quarantine")(quarantined)
    app.command()(suggest)
