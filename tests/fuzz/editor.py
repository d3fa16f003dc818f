"""Random edits of state documents, as a person or a script may make them by mistake."""

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

# Values of every type, and those at and beyond the limits of columns, clocks and formats.
INTEGERS = (0, 1, -1, 2, 7, 2**31 - 1, 2**31, 2**53, 2**63 - 1, 2**63 - 2, 2**63, -(2**63), 10**30)
TEXTS = ("", " ", "x", "é", "𝄞", "\0", "a\0b", "\ud800", "NaN", "null", "0", "-1", "[]", "{}", "*")
LONG = "y" * 300
# Any: JSON of every type.
OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    0.5,
    1e308,
    -0.0,
    [],
    {},
    [[]],
    {"a": 1},
    [None],
    ["x"],
)


class Editor:
    """Makes random edits from a seed, and names them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.edits: list[str] = []
        self._tables: Any = {}

    # Any: a state document holds values of every type.
    def edited(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return an edited copy of a document of one sandbox."""
        copy = deepcopy(document)
        self.edits = []
        for _ in range(self._random.choice((1, 1, 1, 2, 4))):
            kinds: list[Callable[[Any], str]] = [self._table] * 12 + [self._section]
            try:
                self.edits.append(self._random.choice(kinds)(copy))
            except (AttributeError, LookupError, TypeError):  # an earlier edit left no such part
                self.edits.append("an impossible edit")
        return copy

    def _section(self, document: dict[str, Any]) -> str:
        """Change a part of the document outside of its tables."""
        part = {key: document[key] for key in document if key != "tables"}
        said = self._node(part)
        for key in [key for key in document if key != "tables"]:
            del document[key]
        document.update(part)
        return f"document: {said}"

    def _table(self, document: dict[str, Any]) -> str:
        tables = document.get("tables")
        if not isinstance(tables, dict) or not tables:
            return "no tables"
        self._tables = tables
        name = self._random.choice(list(tables))
        kinds: list[Callable[[dict[str, Any], str], str]] = [
            *[self._cell] * 6,
            *[self._json] * 5,
            *[self._copied] * 3,
            *[self._row] * 4,
            self._column,
            self._whole,
        ]
        table = tables[name]
        usable = isinstance(table, dict) and table.get("rows") and table.get("columns")
        if not usable:
            return f"{name} is unusable"
        return f"{name}: {self._random.choice(kinds)(tables, name)}"

    def _whole(self, tables: dict[str, Any], name: str) -> str:
        other, way = self._random.choice(list(tables)), self._random.randrange(6)
        match way:
            case 0:
                del tables[name]
                return "dropped"
            case 1:
                tables[name], tables[other] = tables[other], tables[name]
                return f"swapped with {other}"
            case 2:
                tables[name + "_"] = tables.pop(name)
                return "renamed"
            case 3:
                tables[name]["rows"] = []
                return "emptied"
            case 4:
                tables[name]["rows"] = tables[other]["rows"]
                return f"with the rows of {other}"
        tables[name] = self._value(tables[name])
        return "replaced"

    def _column(self, tables: dict[str, Any], name: str) -> str:
        table = tables[name]
        place, way = self._random.randrange(len(table["columns"])), self._random.randrange(4)
        column = table["columns"][place]
        match way:
            case 0:
                table["columns"].pop(place)
                for row in table["rows"]:
                    row.pop(place)
                return f"without {column}"
            case 1:
                table["columns"][place] = self._random.choice(table["columns"])
                return f"{column} renamed to another"
            case 2:
                value = self._value(table["rows"][0][place])
                for row in table["rows"]:
                    row[place] = value
                return f"{column} = {value!r} in all rows"
        table["columns"].pop(place)
        return f"the name of {column} dropped"

    def _row(self, tables: dict[str, Any], name: str) -> str:
        rows, way = tables[name]["rows"], self._random.randrange(4)
        place = self._random.randrange(len(rows))
        match way:
            case 0 | 1:
                rows.pop(place)
                return f"without row {place}"
            case 2:
                rows.append(list(rows[place]))
                return f"row {place} twice"
        rows[place].append(None)
        return f"row {place} longer"

    def _place(self, table: dict[str, Any]) -> tuple[list[Any], int]:
        row = self._random.choice(table["rows"])
        return row, self._random.randrange(min(len(row), len(table["columns"])))

    def _cell(self, tables: dict[str, Any], name: str) -> str:
        row, place = self._place(tables[name])
        row[place] = self._value(row[place])
        return f"{tables[name]['columns'][place]} = {row[place]!r:.80}"

    def _copied(self, tables: dict[str, Any], name: str) -> str:
        """Copy a value of another cell, so that a reference names another row."""
        row, place = self._place(tables[name])
        source = tables[name]
        if self._random.random() < 0.5:
            other = tables[self._random.choice(list(tables))]
            source = other if isinstance(other, dict) and other.get("rows") else source
        row[place] = self._random.choice(self._random.choice(source["rows"]))
        return f"{tables[name]['columns'][place]} = {row[place]!r:.80}, copied"

    def _json(self, tables: dict[str, Any], name: str) -> str:
        """Change a part of JSON that a cell holds."""
        cells = [
            (row, place)
            for row in tables[name]["rows"]
            for place, value in enumerate(row)
            if isinstance(value, str) and value[:1] in ("{", "[")
        ]
        if not cells:
            return self._cell(tables, name)
        row, place = self._random.choice(cells)
        try:
            value = json.loads(row[place])
        except ValueError:
            return self._cell(tables, name)
        holder = [value]
        said = self._node(holder if self._random.random() < 0.05 else value)
        row[place] = json.dumps(holder[0])
        return f"{tables[name]['columns'][place]}: {said}"

    def _node(self, value: Any) -> str:
        """Change a random part of an object or an array in place."""
        path = ""
        while isinstance(value, dict | list) and value:
            keys = list(value) if isinstance(value, dict) else list(range(len(value)))
            key = self._random.choice(keys)
            child = value[key]
            if isinstance(child, dict | list) and child and self._random.random() < 0.75:
                value, path = child, f"{path}.{key}"
                continue
            return f"{path}.{key} {self._edit(value, key)}"
        return "nothing to change"

    # Any: an object or an array of JSON, and a key or an index of it.
    def _edit(self, holder: Any, key: Any) -> str:
        way = self._random.randrange(6)
        if way == 0:
            del holder[key]
            return "dropped"
        if way == 1 and isinstance(holder, list):
            holder.append(deepcopy(holder[key]))
            return "twice"
        if way == 1:
            holder[self._random.choice(TEXTS)] = holder.pop(key)
            return "renamed"
        holder[key] = self._value(holder[key])
        return f"= {holder[key]!r:.80}"

    def _value(self, value: Any) -> Any:
        """Return another value: often of the same type."""
        if self._random.random() < 0.25:
            return self._random.choice((*INTEGERS, *TEXTS, *OTHERS))
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            near = (value + 1, value - 1, -value, value * 10)
            return self._random.choice((*INTEGERS, *near, *near))
        if isinstance(value, str):
            return self._text(value)
        return self._random.choice((*INTEGERS, *TEXTS, *OTHERS))

    def _text(self, value: str) -> str:
        """Return another text: another name, a part of it, or one that no format allows."""
        if value[:1] == "[" and self._random.random() < 0.3:  # the name of a series
            return value.replace('"', '"x', 1)
        words = ("pending", "ACTIVE", "interval", "cron_expression", "raw_sql", "9999-12-31")
        near = (value + "x", value[:-1], value.upper(), value * 2, LONG, *words)
        return self._random.choice((*TEXTS, *near, *near))
