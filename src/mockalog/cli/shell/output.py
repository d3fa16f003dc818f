"""The output of commands: JSON, or lines for people; and a progress bar."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

# The JSON of a command that returns nothing.
DONE = {"status": "done"}


class Document(dict[str, object]):
    """A document, which is always printed as JSON."""


def written(document: Mapping[str, object], file: Path | None) -> Document | None:
    """Write a document to a file; without a file, or for `-`, return it to be printed."""
    if file is None or str(file) == "-":
        return Document(document)
    text = json.dumps(document, ensure_ascii=False, indent=2)
    file.write_text(text + "\n", encoding="utf-8")
    return None


def tell(text: str) -> None:
    """Print a line for people to stderr, so that stdout holds the result alone."""
    print(f"mockalog: {text}", file=sys.stderr)


def show(response: object, *, as_json: bool) -> None:
    """Print a command's result; print each item of an iterator as soon as it comes."""
    if isinstance(response, Iterator):
        _show_each(response, as_json=as_json)
    elif as_json:
        print(json.dumps(DONE if response is None else response, ensure_ascii=False))
    elif isinstance(response, Document):
        print(json.dumps(response, ensure_ascii=False, indent=2))
    elif response is not None:
        for line in _lines(response):
            print(line)


def _show_each(responses: Iterator[object], *, as_json: bool) -> None:
    """Print a line for each, until the end, Ctrl-C, or the end of the reading program."""
    try:
        for one in responses:
            lines = [json.dumps(one, ensure_ascii=False)] if as_json else _table([one])
            print(*lines, sep="\n", flush=True)
    except KeyboardInterrupt:
        pass
    except BrokenPipeError:
        # Otherwise the interpreter would try to flush the buffer at its exit, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _lines(response: object) -> Iterator[str]:
    if isinstance(response, Mapping):
        yield from (f"{name}  {_cell(value)}" for name, value in response.items())
    elif isinstance(response, Sequence) and not isinstance(response, str):
        yield from _table(response)
    else:
        yield str(response)


def _table(rows: Sequence[object]) -> Iterator[str]:
    """Yield rows with columns as wide as their widest cell."""
    cells = [[_cell(value) for value in _summary(row).values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _summary(row: object) -> Mapping[str, object]:
    """Return the values of a row's line: an exchange has a summary of its own."""
    summary = getattr(row, "summary", row)
    assert isinstance(summary, Mapping)
    return summary


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(_cell, value))
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


@contextmanager
def progress_bar() -> Iterator[None]:
    """Show a moving bar until the block ends, if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TimeElapsedColumn

    console = Console(stderr=True)
    with Progress(BarColumn(), TimeElapsedColumn(), console=console, transient=True) as progress:
        progress.add_task("", total=None)
        yield
