"""The pages of `docs/reference` that are made from the program itself: `python -m clearland.cli.docs docs/reference`.

`data-dictionary.md` comes from the dictionary, `checks.md` from the registry of rules, `command-line.md` from the
commands' own help. A test compares them with what is committed.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from clearland.checks import document as checks_document
from clearland.cli.main import app
from clearland.dictionary.document import render_markdown
from clearland.dictionary.loader import builtin

_INTRODUCTION = """# Command line

Made from the program's own help by `make docs`; edit the help in `src/clearland/cli`, not this page.

`clearland` works on the programme that `--programme DIR` or `CLEARLAND_PROGRAMME` names, `./programme` otherwise; with
`CLEARLAND_DATABASE_URL` its tables are on a PostgreSQL server. It exits with 0 when done, 1 when something was found or
refused, 2 when it was called wrongly. Errors are a code, a sentence, a place and what to do: see [errors](errors.md).
"""


def pages() -> dict[str, str]:
    """File name to content of every generated page."""
    return {
        "data-dictionary.md": render_markdown(builtin()), "command-line.md": command_line(),
        "checks.md": checks_document.render_markdown(),
    }  # fmt: skip


def command_line() -> str:
    """All commands with arguments and options, in the order in which the program lists them."""
    root = typer.main.get_command(app)
    return "\n".join([_INTRODUCTION, *(_section(name, command) for name, command in _commands(root, "clearland"))])


# Typer carries click inside itself or beside itself, by version: what they share is not a type but the names of things.
def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The commands below a command, with their full names; one with others below it is only a name."""
    if not hasattr(command, "commands"):
        yield name, command
        return
    for part, below in command.commands.items():
        yield from _commands(below, f"{name} {part}")


def _section(name: str, command: Any) -> str:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option" and each.name != "help"]
    usage = " ".join([name, *(["[OPTIONS]"] if options else []), *(_placeholder(each) for each in arguments)])
    lines = [f"## {name}", "", (command.help or "").strip(), "", "```", usage, "```", ""]
    rows = [(f"`{_placeholder(each)}`", _help(each)) for each in arguments]
    rows += [(f"`{_option(each)}`", _help(each)) for each in options]
    if rows:
        lines += ["| | |", "| --- | --- |", *(f"| {left} | {right} |" for left, right in rows), ""]
    return "\n".join(lines)


def _placeholder(argument: Any) -> str:
    name = argument.name.upper() + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _option(option: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    return names if option.is_flag else f"{names} {option.name.upper()}"


def _help(parameter: Any) -> str:
    text, given = (getattr(parameter, "help", "") or "").strip(), parameter.default
    if parameter.param_type_name == "option" and parameter.required:
        text += " Required."
    elif not isinstance(given, bool) and isinstance(given, str | int) and given != "":
        text += f" Default: `{given}`."
    return text.replace("|", "\\|").strip()


def main(folder: Path) -> None:
    """Write every page into a folder."""
    for name, content in pages().items():
        (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
