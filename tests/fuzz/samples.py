"""Sampled values: mostly valid ones of a JSON Schema, and values that no schema expects."""

import string
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.operations import Schema

# Deeper parts of a schema are left out.
MAX_DEPTH = 7

# Texts that parsers, databases and templates treat specially.
TEXTS = (
    "",
    " ",
    "a",
    "id",
    "-1",
    "0",
    "1e400",
    "null",
    "true",
    "é",
    "\U0001f3ea",
    "e\u0301",
    "\u202e",
    "\ufeffa",
    "a\x00b",
    "\x7f",
    "\r\n",
    "a/b",
    "..",
    "%00",
    "%2F",
    "'",
    '"',
    "--",
    "{{ a | b }}",
    "{{ 'x' | repeat: 9999 }}",
    "SELECT * FROM customers; DROP TABLE customers",
    "SELECT * FROM customers WHERE (",
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION SELECT n+1 FROM c) SELECT * FROM c",
    "2024-02-30T25:61:61Z",
    "9999-12-31T23:59:59.999999Z",
    "0000-00-00",
    "* * * * *",
    "@yearly",
    "[" * 50,
    "x" * 300,
    "y" * 70_000,
)
NUMBERS = (
    0,
    -1,
    1,
    2,
    255,
    1.5,
    -0.0,
    1e-320,
    1e308,
    2**31,
    2**53 + 1,
    2**63 - 1,
    2**63,
    -(2**63),
    10**40,
)
# Any: JSON.
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": None}, {"a": {"b": [1]}})


class Sampler:
    """Draws values. `known` returns an identifier that an earlier response had, or None."""

    # Any: a JSON value.
    def __init__(self, random: Random, known: Callable[[str], Any]) -> None:
        self._random = random
        self._known = known

    def odd(self) -> Any:
        """Return a value that fits nowhere in particular."""
        return self._random.choice(self._random.choice((TEXTS, NUMBERS, OTHERS)))

    def value(self, schema: Schema, document: Schema, name: str = "", depth: int = 0) -> Any:
        """Return a value of a schema, which a validator would mostly accept."""
        schema = _resolved(schema, document)
        if (known := self._known(name)) is not None and self._random.random() < 0.5:
            return known
        if "const" in schema:
            return schema["const"]
        shown = [*schema.get("examples", ()), *([schema["example"]] if "example" in schema else ())]
        if shown and self._random.random() < 0.5:
            return self._random.choice(shown)
        if "enum" in schema:
            return self._random.choice(schema["enum"])
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self.value(self._random.choice(schema[several]), document, name, depth)
        if "allOf" in schema:
            return self.value(schema["allOf"][0], document, name, depth)
        return self._of_type(schema, document, name, depth)

    def _of_type(self, schema: Schema, document: Schema, name: str, depth: int) -> Any:
        random, kind = self._random, schema.get("type")
        kind = random.choice(kind) if isinstance(kind, list) else kind
        match kind:
            case "object":
                return self._object(schema, document, depth)
            case "array":
                count = 0 if depth > MAX_DEPTH else random.choice((0, 1, 1, 2, 3))
                items = schema.get("items", {})
                return [self.value(items, document, name, depth + 1) for _ in range(count)]
            case "string":
                return "".join(random.choices(string.ascii_letters, k=random.randint(1, 8)))
            case "integer":
                return random.choice((schema.get("minimum", 0), 1, 2, random.randint(0, 50)))
            case "number":
                return random.choice((0, 1, 2.5, random.random() * 100))
            case "boolean":
                return random.random() < 0.5
            case "null":
                return None
        return self.odd()

    def _object(self, schema: Schema, document: Schema, depth: int) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        chance = 0.0 if depth > MAX_DEPTH else 0.6
        found = {
            name: self.value(part, document, name, depth + 1)
            for name, part in schema.get("properties", {}).items()
            if name in required or self._random.random() < chance
        }
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and depth <= MAX_DEPTH:
            found[self._random.choice(("title", "Rating", "id"))] = self.value(
                more, document, "", depth + 1
            )
        return found


def _resolved(schema: Schema, document: Schema) -> Schema:
    while reference := schema.get("$ref"):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        schema = {**found, **{key: schema[key] for key in schema if key != "$ref"}}
    return schema
