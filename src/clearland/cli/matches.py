"""`clearland matches`: records of several sources that may tell of one thing, and what a person decides about them."""

from typing import Annotated
from uuid import UUID

import typer

from clearland.checks.catalogue import reason_said
from clearland.checks.matching.model import Reason
from clearland.cli.books import opened
from clearland.cli.output import out, print_json, print_table
from clearland.core.errors import RefusedInput
from clearland.figures.matches import KINDS, Candidate, candidates
from clearland.ledger.rows import rows
from clearland.ledger.scope import Scope, scope, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.work import matching

app = typer.Typer(help="Records that may tell of one thing.", no_args_is_help=True)
_SHOWN = 50


def _seen() -> Scope:
    return scope(system_actor("cli"), "match records")


def _kinds(kind: str) -> tuple[str, ...]:
    if kind and kind not in KINDS:
        known = ", ".join(KINDS)
        raise RefusedInput("E-MATCH-RECORD", f"{kind!r} is no kind that can be matched.", remedy=f"Use one of {known}.")
    return (kind,) if kind else KINDS


def _local_ids(pairs: list[Candidate], kind: str) -> dict[str, str]:
    wanted = {UUID(record) for pair in pairs for record in (pair.first, pair.second)}
    found = rows(_seen(), kind).filter(record__id__in=wanted)
    return {str(version.record_uuid): version.local_id for version in found}  # type: ignore[attr-defined]


@app.command(name="list")
def listing(
    kind: Annotated[str, typer.Option("--kind", help="Only this kind: accident, victim, hazard, organisation.")] = "",
    most: Annotated[int, typer.Option("--most", help="How many of each kind to print.")] = _SHOWN,
    as_json: Annotated[bool, typer.Option("--json", help="Print the pairs with their grounds as JSON.")] = False,
) -> None:
    """List pairs of records that may tell of one thing and that nobody decided about, the likeliest first."""
    opened()
    shot, told = snapshot(), []
    for each in _kinds(kind):
        found = candidates(shot, each)
        pairs = matching.open_candidates(found, matching.decisions(_seen(), each))
        names = _local_ids(pairs[:most], each)
        told += [_as_json(pair, names) for pair in pairs[:most]]
        if not as_json:
            print_table(f"{each}: {len(pairs):,} pairs among {found.records:,} records", ("score", "one", "other", "why"), [
                (pair.score, names[pair.first], names[pair.second], " ".join(map(_said, pair.reasons[:4])))
                for pair in pairs[:most]
            ])  # fmt: skip
            if found.left_out:
                out.print(f"{found.left_out:,} comparisons in crowds of like records were not made.", markup=False)
    if as_json:
        print_json(told)


def _said(reason: Reason) -> str:
    return reason_said(reason.code, reason.values, "en")


def _as_json(pair: Candidate, names: dict[str, str]) -> dict[str, object]:
    return {
        "kind": pair.kind, "first": f"record:{pair.first}", "second": f"record:{pair.second}", "score": pair.score,
        "local_ids": [names[pair.first], names[pair.second]],
        "reasons": [{"code": each.code, "weight": each.weight, "values": dict(each.values), "said": _said(each)}
                    for each in pair.reasons],
    }  # fmt: skip


@app.command()
def decide(
    one: Annotated[str, typer.Argument(help="Local id or id of one record; of two that are the same, the one that counts.")],
    other: Annotated[str, typer.Argument(help="Local id or id of the other record.")],
    verdict: Annotated[str, typer.Argument(help="same, different or not_sure.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; needed for same and not_sure.")] = "",
) -> None:
    """Say whether two records tell of one thing. Both stay as they are; of two that are the same the first counts."""
    opened()
    first, second = _record(one), _record(other)
    matching.decide(first, second, verdict, actor=system_actor("cli"), counted=first, reason=reason)
    out.print(f"{one} and {other}: {verdict.replace('_', ' ')}.", markup=False)


@app.command()
def undo(
    one: Annotated[str, typer.Argument(help="Local id or id of one record.")],
    other: Annotated[str, typer.Argument(help="Local id or id of the other record.")],
) -> None:
    """Take a decision about two records back; both count again."""
    opened()
    pair = {str(_record(one)), str(_record(other))}
    standing = next((each for each in matching.decisions(_seen()) if each.pair == pair), None)
    if standing is None:
        raise RefusedInput("E-MATCH-NONE", "There is no such decision to take back.", remedy="List the pairs first.")
    matching.take_back(standing.record, actor=system_actor("cli"))
    out.print(f"{one} and {other}: taken back.", markup=False)


def _record(name: str) -> UUID:
    """The record of an id, or the only one of a local id among the kinds that can be matched."""
    try:
        return UUID(name.removeprefix("record:"))
    except ValueError:
        found = [version for kind in KINDS for version in rows(_seen(), kind).filter(local_id=name)]
    if len(found) != 1:
        raise RefusedInput(
            "E-MATCH-RECORD", f"{name!r} names {len(found) or 'no'} records that can be matched.", remedy="Give the record's id."
        )
    return UUID(str(found[0].record_uuid))  # type: ignore[attr-defined]


def register(program: typer.Typer) -> None:
    """Hang the commands on the program."""
    program.add_typer(app, name="matches")
