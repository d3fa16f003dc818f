"""Methods of the controls that are commands of the CLI too."""

from collections.abc import Callable, Iterator
from typing import TypeVar

Method = TypeVar("Method", bound=Callable[..., object])

_NAME = "cli_command"


def command(name: str) -> Callable[[Method], Method]:
    """Mark a method as a command of its class's CLI group, such as `mockalog fault add`.

    The CLI takes arguments and options from the signature: keyword-only parameters are options,
    and a `Doc` in an `Annotated` type is the help text. The first paragraph of the docstring is
    the help of the command, and the CLI prints the return value.
    """

    def mark(method: Method) -> Method:
        setattr(method, _NAME, name)
        return method

    return mark


def commands_of(controls: type) -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield the name and the method of each marked method, in the order of the class."""
    for method in vars(controls).values():
        name = getattr(method, _NAME, None)
        if isinstance(name, str):
            yield name, method
