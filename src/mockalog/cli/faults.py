"""`mockalog fault …`: failures to come."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockalog.cli.target import steers

if TYPE_CHECKING:
    from mockalog.testing.steering import Steering

fault = typer.Typer(name="fault", help="Arm, list and disarm failures.", no_args_is_help=True)


@fault.command()
@steers
def add(
    steering: "Steering",
    vendor: str,
    operation: Annotated[str, typer.Argument(help="Its name, or * for all.")],
    status: Annotated[int | None, typer.Option(help="The HTTP status.")] = None,
    error: Annotated[str | None, typer.Option(help="The vendor's error id.")] = None,
    retry_after: Annotated[int | None, typer.Option(help="Seconds that a 429 asks for.")] = None,
    times: Annotated[int | None, typer.Option(help="How many calls fail.")] = None,
    after: Annotated[int | None, typer.Option(help="How many go well before.")] = None,
    delay: Annotated[float | None, typer.Option(help="Seconds before the answer.")] = None,
    phase: Annotated[str | None, typer.Option(help="before, after or job.")] = None,
    path: Annotated[str | None, typer.Option(help="Only calls of this path.")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Close the connection instead.")] = False,
) -> Any:
    """Arm a failure, in the vendor's own words."""
    return steering.faults.arm(
        vendor,
        operation,
        status=status,
        error=error,
        retry_after=retry_after,
        times=times,
        after=after,
        delay=delay,
        phase=phase,
        path=path,
        drop=drop or None,
    )


@fault.command("list")
@steers
def list_(steering: "Steering") -> Any:
    """List what is armed."""
    return steering.faults.list()


@fault.command()
@steers
def clear(steering: "Steering") -> Any:
    """Disarm all."""
    steering.faults.clear()


@fault.command()
@steers
def rm(steering: "Steering", number: int) -> Any:
    """Disarm one, by its id."""
    steering.faults.remove(number)
