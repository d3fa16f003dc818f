"""Liquid templates of a sync's mappings, with limits of time and memory.

Sources: docs/vendors/squared.md#112-other-sync-calls for variables and filters; the open-source
server for `cast` and `regex_replace`. Loops, includes and ranges are not supported: the time of
the other tags is proportional to the template. A template beyond a limit fails its record.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property, wraps
from math import prod
from time import thread_time
from typing import Any

from mockalog.kernel.clock import to_datetime

# Characters of a template, of a filter's value and result, and of its arguments. A filter may
# insert an argument once for each character of the value.
MAX_TEMPLATE = 10_000
MAX_TEXT = 10_000
MAX_ARGUMENT = 1_000
MAX_BITS = 256
# Bytes of a rendered text.
MAX_OUTPUT = 100_000
# Seconds of processor time for all mappings of a run, because they run in the event loop. The
# maximum of twenty thousand rows needs a sixth of it with one template each. The rest is for slow
# machines and for the garbage collector, which takes half a second in a large process.
MAX_SECONDS = 2.0
# Regular expressions of a template, and the seconds that each may search.
MAX_SEARCHES = 10
MAX_SEARCHING = 0.02
# The product of an expression's repeat counts: the library expands them.
MAX_REPEATS = 1_000

_TAGS = (
    "content",
    "output",
    "illegal",
    "comment",
    "#",
    "assign",
    "if",
    "unless",
    "case",
)
_FILTERS = (
    *("append", "prepend", "replace", "replace_first", "replace_last"),
    *("remove", "remove_first", "remove_last", "split", "join", "first", "last", "size", "slice"),
    *("upcase", "downcase", "capitalize", "strip", "lstrip", "rstrip", "squish"),
    *("truncate", "truncatewords", "default", "escape", "escape_once"),
    *("url_encode", "url_decode", "base64_encode", "base64_decode"),
    *("plus", "minus", "times", "divided_by", "modulo", "abs", "ceil", "floor", "round"),
    *("at_least", "at_most"),
)
# Filters that insert their argument once.
_ADDING = ("append", "prepend", "default")

_TOO_LARGE = "a template makes or takes a value that is too large"

_FALSE = ("false", "f", "0", "off", "")
_LEADING_NUMBER = re.compile(
    r"\s*[+-]?(?:\d{1,300}(?:\.\d{1,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?"
)
_DIRECTIVE = re.compile(r"%(-?)([a-zA-Z%])")
_COUNT = re.compile(r"\{(\d{0,6})(?:,(\d{0,6}))?\}")
# Syntax that Ruby has not: recursion, calls, fuzzy matching and its flags. A brace without a count
# means fuzzy matching, except in a property.
_FOREIGN = re.compile(
    r"\(\?(?:R|&|P>|[+-]?\d|[a-z]*[be])|(?<!\\)(?<!\\[pPgk])\{(?!\d{0,6}(?:,\d{0,6})?\})"
)
_FLAGS = {"i": "(?i)", "m": "(?s)", "x": "(?x)"}


class TemplateError(Exception):
    """A template is invalid, too large or too slow; the text gives the reason."""


class Renderer:
    """Renders the templates of one run; `now` is the value of `'now'`, in microseconds."""

    def __init__(self, now: int) -> None:
        self._now = to_datetime(now)
        self._end = thread_time() + MAX_SECONDS
        self._parsed: dict[str, Any] = {}
        self._searches = 0

    def check(self) -> None:
        """Raise `TemplateError` if the run's time for mappings is over."""
        if thread_time() > self._end:
            raise TemplateError("the mappings of this run take too long")

    def render(self, text: str, row: Mapping[str, object]) -> str:
        """Return the text of a template for a row; raises `TemplateError`."""
        self._searches = 0
        self.check()
        try:
            return str(self._template(text).render(row))
        except TemplateError:
            raise
        except Exception as error:  # noqa: BLE001 - the library raises many kinds
            # The first line; in the next lines the library shows the place in the template.
            text = str(error).partition("\n")[0] or type(error).__name__
            raise TemplateError(f"Liquid error: {text}") from None

    def _template(self, text: str) -> Any:
        if len(text) > MAX_TEMPLATE:
            raise TemplateError(f"a template of more than {MAX_TEMPLATE} characters")
        if text not in self._parsed:
            self._parsed[text] = self._parse(text)
        return self._parsed[text]

    def _parse(self, text: str) -> Any:
        from liquid import RenderContext
        from liquid.builtin.expressions.primitive import RangeLiteral

        template = self._environment.from_string(text)
        found = _expressions(template.nodes, RenderContext(template))
        if any(isinstance(expression, RangeLiteral) for expression in found):
            raise TemplateError("a template with a range")
        return template

    @cached_property
    def _environment(self) -> Any:
        """The Liquid environment; imported with the first template, which takes 250 ms."""
        from liquid import Environment

        environment = Environment(strict_filters=False)
        # On the instance: the class's limits are those of other environments too.
        vars(environment)["output_stream_limit"] = MAX_OUTPUT
        environment.tags = {name: environment.tags[name] for name in _TAGS}
        known: dict[str, Any] = {name: environment.filters[name] for name in _FILTERS}
        own: dict[str, Any] = {
            "date": self._date,
            "cast": _cast,
            "regex_replace": self._regex_replace,
        }
        environment.filters = {name: _bounded(name, one) for name, one in {**known, **own}.items()}
        return environment

    def _date(self, value: Any, form: Any = None) -> str:
        """Return an instant in a strftime format, with Ruby's `%L` and `%s`."""
        moment = self._moment(value)
        if moment is None or not isinstance(form, str):
            return str(value)
        return _DIRECTIVE.sub(lambda match: _directive(moment, match[1], match[2]), form)

    def _moment(self, value: Any) -> datetime | None:
        if value in ("now", "today"):
            return self._now
        if isinstance(value, int):
            return datetime.fromtimestamp(value, UTC)
        from dateutil import parser

        try:
            moment: datetime = parser.parse(str(value)[:100])
        except (ValueError, OverflowError):
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _regex_replace(self, value: Any, pattern: Any, by: Any = "", flags: Any = "") -> str:
        """Return the value with every match replaced."""
        import regex

        self._searches += 1
        if self._searches > MAX_SEARCHES:
            raise TemplateError(f"more than {MAX_SEARCHES} regular expressions")
        prefix = "".join(form for flag, form in _FLAGS.items() if flag in str(flags))
        _check_pattern(str(pattern))
        compiled = regex.compile(prefix + str(pattern))
        try:
            return _replaced(compiled, str(value), str(by))
        except TimeoutError:
            raise TemplateError("a regular expression that searches too long") from None


def _check_pattern(pattern: str) -> None:
    """Raise `TemplateError` for an expression that needs much time or memory to compile."""
    if _FOREIGN.search(pattern):
        raise TemplateError("a regular expression with more than Ruby's means")
    counts = [int(most or least or 0) for least, most in _COUNT.findall(pattern)]
    if prod(max(count, 1) for count in counts) > MAX_REPEATS:
        raise TemplateError("a regular expression that repeats too often")


def _replaced(pattern: Any, text: str, by: str) -> str:
    """Replace match by match, so that the size is checked meanwhile."""
    parts, size, end = [], 0, 0
    for match in pattern.finditer(text, timeout=MAX_SEARCHING):
        part = text[end : match.start()] + match.expand(by)
        parts.append(part)
        size, end = size + len(part), match.end()
        if size > MAX_TEXT:
            raise TemplateError(_TOO_LARGE)
    return "".join(parts) + text[end:]


def _expressions(nodes: Any, context: Any) -> Iterator[Any]:
    """Yield every expression of a template, nested ones included."""
    for node in nodes:
        inner = list(node.expressions())
        while inner:
            expression = inner.pop()
            yield expression
            inner.extend(expression.children())
        yield from _expressions(node.children(context, include_partials=False), context)


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter with limits for its value, arguments and result."""

    most = MAX_TEXT if name in _ADDING else MAX_ARGUMENT

    @wraps(function)
    def bounded(value: object, *arguments: object, **named: object) -> object:
        for argument in arguments:
            _check_size(argument, most)
        return _check_size(function(_check_size(value), *arguments, **named))

    return bounded


def _check_size(value: Any, most: int = MAX_TEXT) -> Any:
    if isinstance(value, int):
        large = value.bit_length() > MAX_BITS
    elif isinstance(value, list | tuple):
        large = sum(len(str(one)) + 1 for one in value) > most
    else:
        large = isinstance(value, str) and len(value) > most
    if large:
        raise TemplateError(_TOO_LARGE)
    return value


def _cast(value: Any, kind: Any = "") -> Any:
    """Return the value as a string, a float or a boolean, unchanged for another kind."""
    if kind == "string":
        return value if isinstance(value, str) else _text(value)
    if kind == "number":
        match = _LEADING_NUMBER.match(_text(value))
        return float(match[0]) if match else 0.0
    if kind == "boolean":
        return _text(value).lower() not in _FALSE
    return value


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _directive(moment: datetime, flag: str, letter: str) -> str:
    if letter == "L":
        return f"{moment.microsecond // 1000:03d}"
    if letter == "s":
        return str(int(moment.timestamp()))
    text = moment.strftime(f"%{letter}")
    return (text.lstrip("0 ") or "0") if flag else text
