"""`mockalog credentials …`: the registered credentials, which a strict server needs."""

from typing import TYPE_CHECKING, Annotated

import typer

from mockalog.cli.commands.groups import group_of
from mockalog.cli.shell.connection import control_command
from mockalog.testing.controls.credentials import Credentials

if TYPE_CHECKING:
    from mockalog.testing.controls.controls import Controls

group = group_of(
    "credentials", "Register, list and remove credentials.", "credentials", Credentials
)


# Not made from `Credentials.add`: `--token` and `--sandbox` are options of every command.
@group.command()
@control_command
def add(
    controls: "Controls",
    vendor: str,
    credential: Annotated[str, typer.Argument(help="The token that the client sends.")],
    permission: Annotated[
        list[str] | None, typer.Option(help="A permission, may be repeated; by default all.")
    ] = None,
    opens: Annotated[str | None, typer.Option(help="The sandbox that it opens.")] = None,
) -> object:
    """Register a credential."""
    return controls.credentials.add(
        vendor, credential, permissions=permission or ["*"], sandbox=opens
    )
