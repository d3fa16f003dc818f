"""What the commands print: JSON, or lines for people; and that something takes its time."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# What a command that returns nothing says in JSON.
DONE = {"status": "done"}


class Document(dict[str, Any]):
    """What people too read as JSON."""


def kept(document: dict[str, Any], file: Path | None) -> Document | None:
    """Write a document to a file; without one, or for `-`, return it to be printed."""
    if file is None or str(file) == "-":
        return Document(document)
    text = json.dumps(document, ensure_ascii=False, indent=2)
    file.write_text(text + "\n", encoding="utf-8")
    return None


def show(answer: Any, *, as_json: bool) -> None:
    """Print what a command returns; of an iterator each as it comes."""
    if isinstance(answer, Iterator):
        _show_each(answer, as_json=as_json)
    elif as_json:
        print(json.dumps(DONE if answer is None else answer, ensure_ascii=False))
    elif isinstance(answer, Document):
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    elif answer is not None:
        for line in _lines(answer):
            print(line)


def _show_each(answers: Iterator[Any], *, as_json: bool) -> None:
    """Print a line for each, until there are no more, Ctrl-C, or nobody reads on."""
    try:
        for one in answers:
            lines = [json.dumps(one, ensure_ascii=False)] if as_json else _table([one])
            print(*lines, sep="\n", flush=True)
    except KeyboardInterrupt:
        pass
    except BrokenPipeError:
        # What is left in the buffer shall not be tried again at the interpreter's end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _lines(answer: Any) -> Iterator[str]:
    if isinstance(answer, Mapping):
        yield from (f"{name}  {_cell(value)}" for name, value in answer.items())
    elif isinstance(answer, Sequence) and not isinstance(answer, str):
        yield from _table(answer)
    else:
        yield str(answer)


def _table(rows: Sequence[Any]) -> Iterator[str]:
    """Yield rows in columns as wide as what is in them."""
    cells = [[_cell(value) for value in getattr(row, "summary", row).values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(_cell, value))
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


@contextmanager
def busy() -> Iterator[None]:
    """Show a bar that moves until the block ends, if somebody looks and it takes long."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TimeElapsedColumn

    console = Console(stderr=True)
    with Progress(BarColumn(), TimeElapsedColumn(), console=console, transient=True) as progress:
        progress.add_task("", total=None)
        yield
