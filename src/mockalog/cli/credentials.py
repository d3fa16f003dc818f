"""`mockalog credentials …`: what a strict server takes."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockalog.cli.target import steers

if TYPE_CHECKING:
    from mockalog.testing.steering import Steering

group = typer.Typer(
    name="credentials", help="Register, list and forget credentials.", no_args_is_help=True
)


@group.command()
@steers
def add(
    steering: "Steering",
    vendor: str,
    credential: Annotated[str, typer.Argument(help="What the client sends.")],
    permission: Annotated[list[str] | None, typer.Option(help="Again for more; else all.")] = None,
    opens: Annotated[str | None, typer.Option(help="The sandbox that it opens.")] = None,
) -> Any:
    """Register a credential."""
    return steering.credentials.add(
        vendor, credential, permissions=permission or ["*"], sandbox=opens
    )


@group.command("list")
@steers
def list_(steering: "Steering") -> Any:
    """List what is registered; never in clear."""
    return steering.credentials.list()


@group.command()
@steers
def rm(steering: "Steering", number: int) -> Any:
    """Forget a credential, by its id."""
    steering.credentials.remove(number)
