"""The source of a document: JSON, or the part of YAML that corresponds to JSON.

Tags, dates and merge keys of YAML are not supported, so no text of a document is executed. Only
`true` and `false` are Booleans, and `NO` is a text.
"""

import codecs
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import yaml

from mockalog.kernel.documents.errors import InvalidDocumentError, Path
from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import MAX_DEPTH, loads
from mockalog.kernel.formats.large_json import dismantle, loads_large

# The most values of a YAML document. Values of an alias count at each of its uses.
MAX_VALUES = 5_000_000

# The most bytes of a document in which the line of an error is searched.
MAX_SEARCHED = 4_000_000

# The C parser, if PyYAML has it, is twenty times as fast.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_PLAIN = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


class DocumentSource:
    """The text of a document, with its value and the lines of its parts.

    `source` is the name of the document in errors, such as the name of its file.
    """

    def __init__(self, body: bytes, source: str, *, is_yaml: bool) -> None:
        self._body = _utf8(body)
        self._source = source
        self._is_yaml = is_yaml

    @cached_property
    def _text(self) -> str:
        """The text; bytes that are not UTF-8 become surrogates, which `value` refuses."""
        return self._body.decode("utf-8", "surrogateescape")

    def value(self) -> object:
        """Return the value of the text; call it in a thread if the text may be long.

        Raises `InvalidDocumentError` for invalid syntax, too many values or too deep nesting.
        """
        if not self._is_yaml:
            try:
                return loads_large(self._body)
            except MalformedBodyError as error:
                raise InvalidDocumentError(f"not JSON: {error}") from None
        root = self._compose()
        if root is None:
            return None
        try:
            if _count_values(root, {}, 0) > MAX_VALUES:
                raise InvalidDocumentError(f"more than {MAX_VALUES:,} values")
            return _value(root, ())
        finally:
            dismantle(root)

    @contextmanager
    def locating(self) -> Iterator[None]:
        """Add the line and the source to an `InvalidDocumentError` of the block."""
        try:
            yield
        except InvalidDocumentError as error:
            self.locate(error)
            raise

    def locate(self, error: InvalidDocumentError) -> None:
        """Add the line and the source to an error; it takes a second for a long text."""
        error.source = self._source
        if error.line is None and error.path:
            error.line = self.line(error.path)

    def line(self, path: Path) -> int | None:
        """Return the line of a path, or of its innermost part that exists. None: it is unknown."""
        if len(self._body) > MAX_SEARCHED:
            return None
        try:
            node = self._compose()
        except InvalidDocumentError:  # JSON that is no YAML, such as JSON with tabs
            return None
        line = None if node is None else node.start_mark.line + 1
        for part in path:
            if (found := _child(node, part)) is None:
                break
            node, line = found
        return line

    def _compose(self) -> Any:
        try:
            _check_depth(self._text)
            return yaml.compose(self._text, Loader=_Loader)
        except (yaml.YAMLError, UnicodeEncodeError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "it cannot be read"
            line = None if mark is None else mark.line + 1
            raise InvalidDocumentError(f"not YAML: {problem}", line=line) from None


def _utf8(body: bytes) -> bytes:
    """Return a document as UTF-8 without a byte order mark, as the control calls' bodies.

    Python's JSON reader finds the encoding: UTF-8, UTF-16 or UTF-32. Bytes that do not fit it
    stay as they are, and `value` refuses them.
    """
    encoding = json.detect_encoding(body)
    if encoding == "utf-8":
        return body
    try:
        return body.decode(encoding).encode()
    except UnicodeError:
        return body.removeprefix(codecs.BOM_UTF8)


def _check_depth(text: str) -> None:
    """Refuse nesting beyond `MAX_DEPTH`, before the document is composed.

    libyaml composes recursively on the C stack, so a short text of many brackets ends the process.
    """
    depth = 0
    events: Any = yaml.parse(text, Loader=_Loader)
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise InvalidDocumentError(
                f"more than {MAX_DEPTH} levels", line=event.start_mark.line + 1
            )


def _count_values(node: Any, known: dict[int, int], depth: int) -> int:
    """Return the number of values in a node, those of aliases at each use.

    A node that contains itself is refused as too deep. `known` has the counts by id of the node.
    """
    if depth > MAX_DEPTH:
        raise InvalidDocumentError(f"more than {MAX_DEPTH} levels")
    count = known.get(id(node))
    if count is None:
        count = 1 + sum(_count_values(child, known, depth + 1) for child in _children(node))
        known[id(node)] = count
    return count


def _children(node: Any) -> list[Any]:
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _value(node: Any, path: Path) -> Any:
    """Return the node as a value of JSON."""
    if node.tag not in _PLAIN:
        raise InvalidDocumentError(f"the tag {node.tag} is not supported", path)
    if isinstance(node, yaml.MappingNode):
        return dict(_members(node, path))
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, n)) for n, child in enumerate(node.value)]
    return _scalar(node, path)


def _members(node: Any, path: Path) -> Iterator[tuple[str, Any]]:
    seen = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in seen:
            raise InvalidDocumentError("each key must be a text, and unique", path)
        seen.add(key.value)
        yield key.value, _value(value, (*path, key.value))


def _scalar(node: Any, path: Path) -> Any:
    text: str = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return _number(text, path)
    return text


def _number(text: str, path: Path) -> Any:
    try:
        return loads(text)
    except MalformedBodyError:
        raise InvalidDocumentError(f"the number {text[:40]} is out of range", path) from None


def _child(node: Any, part: str | int) -> tuple[Any, int] | None:
    """Return a part of a node and the line on which it begins. A value begins with its key."""
    found = None
    if isinstance(node, yaml.MappingNode):
        found = next(((value, key) for key, value in node.value if key.value == part), None)
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found = node.value[part], node.value[part]
    return None if found is None else (found[0], found[1].start_mark.line + 1)
