"""Commands about minefield records: how well what was handed over agrees with the ground."""

from typing import Annotated

import typer

from clearland.cli.books import given_day, opened
from clearland.cli.output import out, print_findings, print_json, print_table
from clearland.figures.minefields import Assessed, Minefields, minefield, minefields, record_json
from clearland.land.minefields.accounting import Account
from clearland.land.minefields.scores import SCORES, Score
from clearland.ledger.snapshot import snapshot


def show(
    record: Annotated[str, typer.Argument(help="Local id of one record; all of them and the totals when left out.")] = "",
    as_known: Annotated[str, typer.Option("--as-known", help="Date of knowledge, YYYY-MM-DD; now when left out.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print records, readings, scores and totals as JSON.")] = False,
) -> None:
    """Lay out minefield records under each datum and north that may apply, and score them by what was found."""
    opened()
    shot = snapshot(as_known=given_day(as_known) if as_known else None)
    known = {"as_known": as_known or None, "head": shot.head}
    if record:
        one = minefield(shot, record)
        if as_json:
            print_json({**record_json(one), **known})
        else:
            _print_record(one)
        return
    made = minefields(shot)
    if as_json:
        print_json({**made.as_json(), **known})
        return
    _print_all(made)
    out.print(f"Head {shot.head[:12]}.", markup=False)


def _print_all(made: Minefields) -> None:
    print_table(
        "", ["record", "custody", "claimed", "found", "detonated", "removed", "missing"],
        ([each.sheet.local_id, each.sheet.custody.replace("_", " "), *_numbers(each)] for each in made.records),
    )  # fmt: skip
    out.print("\nScores from 0 to 1 with the number compared, under the reading that agrees best:", markup=False)
    print_table(
        "", ["record", "reading", *SCORES],
        ([each.sheet.local_id, each.best.rebuilt.reading.name, *(_score(each.best.scores[name]) for name in SCORES)]
         for each in made.records if each.best),
    )  # fmt: skip
    whole = made.totals
    custody = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in whole.by_custody.items())
    out.print(f"{whole.records} records ({custody or 'none'}), {whole.drawn} with an outline.", markup=False)
    out.print(f"Mines claimed {whole.claimed:,}, located {whole.located:,}{_share(whole.located_share)}.", markup=False)
    covered = f"{whole.covered_m2:,.0f} of {whole.hazard_m2:,.0f} m²{_share(whole.covered_share)}"
    out.print(f"Ground recorded as hazardous that lies inside a record: {covered}.", markup=False)
    out.print(
        f"Outside every record: accidents {whole.accidents_outside} of {whole.accidents}{_share(whole.accidents_outside_share)}, "
        f"mines found {whole.mines_outside} of {whole.mines_found}{_share(whole.mines_outside_share)}.", markup=False,
    )  # fmt: skip


def _numbers(each: Assessed) -> list[object]:
    whole = each.best.whole if each.best else None
    if whole is None:
        return [each.sheet.claimed, None, None, None, None]
    return [whole.claimed, whole.found, whole.detonated, whole.removed, whole.missing]


def _print_record(one: Assessed) -> None:
    sheet = one.sheet
    out.print(f"{sheet.local_id} · {sheet.number} · {sheet.custody.replace('_', ' ')}", markup=False)
    if one.stated:
        how = one.stated.method or "no method given"
        out.print(f"Stated accuracy {one.stated.percent:g} % by {one.stated.by} ({how}): a statement, no score.", markup=False)
    print_table(
        "", ["reading", "area m²", "closing m", "shift m", "searched %", *SCORES],
        (
            [each.rebuilt.reading.name, each.outline_m2, max((one.error_m for one in each.rebuilt.closings), default=None),
             each.shift.metres if each.shift else None,
             None if each.searched_share is None else 100 * each.searched_share, *(_score(each.scores[name]) for name in SCORES)]
            for each in one.readings
        ),
    )  # fmt: skip
    chosen = one.best
    if chosen:
        out.print(f"Account under {chosen.rebuilt.reading.name}:", markup=False)
        print_table("", ["category", "claimed", "found", "destroyed", "detonated", "removed", "missing"],
                    (_account(each) for each in (*chosen.accounts, chosen.whole)))
    print_findings([*one.problems, *(problem for each in one.readings for problem in each.rebuilt.problems)])


def _account(account: Account) -> list[object]:
    counted = [account.found, account.destroyed, account.detonated, account.removed]
    return [account.category, account.claimed, *counted, account.missing]


def _score(score: Score) -> str:
    return "not known" if score.value is None else f"{score.value:.2f} ({score.n})"


def _share(value: float | None) -> str:
    return "" if value is None else f" ({100 * value:.1f} %)"


def register(app: typer.Typer) -> None:
    """Hang the command of this module on the program."""
    app.command(name="minefields")(show)
