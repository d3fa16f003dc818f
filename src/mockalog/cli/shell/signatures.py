"""Signatures of commands that are made at run time; Typer makes the options from a signature."""

import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import reduce
from operator import or_
from os import PathLike
from typing import Annotated, Union, get_args, get_origin

import typer
from typing_extensions import Doc

# The members of a union that the command line cannot give.
_ONLY_IN_PYTHON = (date, timedelta, Mapping, PathLike)


def with_signature(
    command: Callable[..., None], parameters: Iterable[inspect.Parameter]
) -> Callable[..., None]:
    """Return a command with these parameters as its signature and its annotations."""
    named = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    command.__signature__ = inspect.Signature(named)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in named}
    return command


def parameters_of(method: Callable[..., object]) -> list[inspect.Parameter]:
    """Return a method's parameters as arguments and options of a command.

    Keyword-only parameters become options. `**more` and `self` are left out.
    """
    _, *own = inspect.signature(method, eval_str=True).parameters.values()
    return [_parameter(one) for one in own if one.kind is not inspect.Parameter.VAR_KEYWORD]


def _parameter(one: inspect.Parameter) -> inspect.Parameter:
    declared, text = _without_doc(one.annotation)
    wanted = _type_of_option(declared)
    if one.kind is not inspect.Parameter.KEYWORD_ONLY:
        return one.replace(annotation=Annotated[wanted, typer.Argument(help=text)])
    # A flag that is not given leaves the default to the server.
    names = (f"--{one.name.replace('_', '-')}",) if _is_flag(wanted) else ()
    return one.replace(annotation=Annotated[wanted, typer.Option(*names, help=text)])


def _without_doc(annotation: object) -> tuple[object, str | None]:
    if get_origin(annotation) is not Annotated:
        return annotation, None
    declared, *metadata = get_args(annotation)
    texts = [one.documentation for one in metadata if isinstance(one, Doc)]
    return declared, " ".join(texts) or None


def _type_of_option(annotation: object) -> object:
    """Return a type that the command line can give: unions lose dates and the like."""
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    kept = [one for one in get_args(annotation) if (get_origin(one) or one) not in _ONLY_IN_PYTHON]
    return reduce(or_, kept)


def _is_flag(annotation: object) -> bool:
    return bool in (annotation, *get_args(annotation))
