"""The command that opens an account again for whoever has the machine itself."""

from typing import Annotated

import typer

from clearland.cli.books import opened
from clearland.cli.output import out
from clearland.work import accounts


def password(username: Annotated[str, typer.Argument(help="Name to sign in with.")]) -> None:
    """Give an account a new password, shown once; second step off, lock lifted, sessions ended."""
    opened()
    out.print(f"{username}   password: {accounts.recover(username)}   (shown this once)", markup=False)


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    app.command()(password)
