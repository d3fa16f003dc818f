"""Groups of commands: the marked methods of the controls, and commands beside them."""

import typer

from mockalog.cli.shell.connection import method_command
from mockalog.testing.controls.commands import commands_of


def group_of(name: str, text: str, attribute: str, controls: type) -> typer.Typer:
    """Return a group with a command for each method that `@command` marks.

    `attribute` is the attribute of `Controls` that holds an object of the class.
    """
    group = typer.Typer(name=name, help=text, no_args_is_help=True)
    for command_name, method in commands_of(controls):
        group.command(command_name)(method_command(attribute, method))
    return group
