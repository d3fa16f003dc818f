"""`python -m tests.fuzz.queries`: hostile and random SQL, in the dialect of every source.

Queries are made of the parts of good and hostile ones, of every function that DuckDB has, and of
single wrong words. Each must give rows or an error text. None may reach a file, the machine's
date, its environment or another connector's tables, and none may be left running.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from sqlglot import exp, parse_one

from mockalog.vendors.squared.sql.process.client import QueryProcess, Tables
from mockalog.vendors.squared.sql.sources import source_of
from tests.vendors.squared.sql.comparison import CASES, DOCUMENT
from tests.vendors.squared.sql.process.attacks import FILE, FORBIDDEN

# Texts that only the machine, its environment or another connector can give.
SECRET = "only-another-connector-has-this"
CANARY = "MOCKALOG_FUZZ_CANARY"

CONNECTORS = sorted({case.source for case in CASES})
NOW = 1_743_424_245_000_000
WORDS = (
    *(
        "'",
        '"',
        "`",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ";",
        "--",
        "/*",
        "*/",
        "\\",
        "$$",
        "?",
        ":x",
        "@x",
    ),
    *("NULL", "1e400", "''", "'\x01'", "'ß'", "0x", "x'6162'", "1::text", "*", "now()", "LIMIT -1"),
)


class Finding(NamedTuple):
    """A query that broke a rule."""

    seed: int
    connector: str
    query: str
    problem: str


class Grammar:
    """Makes queries; the same seed makes the same query."""

    def __init__(self) -> None:
        self.parts: list[exp.Expr] = []
        self.texts = [(case.source, case.query) for case in CASES]
        self.texts += [("Postgresql", query) for query in FORBIDDEN.values()]
        for connector, query in self.texts:
            with suppress(Exception):
                tree = parse_one(query, read=source_of(connector).dialect)
                self.parts += [node for node in tree.walk() if isinstance(node, exp.Condition)]
        self.functions = _functions()

    def query(self, seed: int) -> tuple[str, str]:
        """Return a connector and a query."""
        chance = random.Random(seed)
        connector, query = chance.choice(self.texts)
        if chance.random() < 0.3:
            connector = chance.choice(CONNECTORS)
        changes = (self._unchanged, self._spliced, self._called, self._with_words)
        change = chance.choice(changes)
        with suppress(Exception):  # a text that does not parse stays as it is
            query = change(chance, query, source_of(connector).dialect)
        return connector, query

    def _unchanged(self, chance: random.Random, query: str, dialect: str) -> str:
        """Leave a query as it is; its connector may be another."""
        return query

    def _spliced(self, chance: random.Random, query: str, dialect: str) -> str:
        """Put parts of other queries into the places of this one's."""
        tree = parse_one(query, read=dialect)
        for _ in range(chance.randint(1, 2)):
            places = [node for node in tree.walk() if isinstance(node, exp.Condition)]
            chance.choice(places).replace(chance.choice(self.parts).copy())
        return tree.sql(dialect)

    def _called(self, chance: random.Random, query: str, dialect: str) -> str:
        """Call a function of DuckDB, as a value or as a table."""
        name = chance.choice(self.functions)
        arguments = [chance.choice(self.parts).sql(dialect) for _ in range(chance.randint(0, 3))]
        call = f"{name}({', '.join(arguments)})"
        forms = ("SELECT {} AS x", "SELECT * FROM {} AS t", "SELECT * FROM users WHERE {}")
        return chance.choice((*forms, f"WITH q AS ({query}) SELECT {{}} FROM q")).format(call)

    def _with_words(self, chance: random.Random, query: str, dialect: str) -> str:
        """Put single words into the text, or leave some out."""
        words = query.split(" ")
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(words))
            words[at : at + chance.randint(0, 1)] = [chance.choice(WORDS)]
        return " ".join(words)


def _functions() -> Sequence[str]:
    query = "SELECT DISTINCT function_name FROM duckdb_functions() ORDER BY 1"
    return [name for (name,) in duckdb.connect().execute(query).fetchall() if name.isidentifier()]


class Fuzzer:
    """Sends queries to a process, beside a connector with a secret."""

    def __init__(self) -> None:
        self.grammar = Grammar()
        self.answered = 0
        self._process = QueryProcess()
        self._tables = _tables(DOCUMENT["tables"])

    def run(self, seed: int) -> Iterator[Finding]:
        """Run the query of a seed and yield each rule that it broke."""
        connector, query = self.grammar.query(seed)
        hidden = _tables({"users": {"primary_key": None, "columns": {"id": "string"}, "rows": []}})
        other = Tables(hidden.described, {"users": json.dumps([{"id": SECRET}])})
        self._process.run("SELECT 1", connector, NOW, other)
        given = self._process.run(query, connector, NOW, self._tables)
        self.answered += not isinstance(given, str)
        for problem in _problems(given, query):
            yield Finding(seed, connector, query, problem)

    def stop(self) -> None:
        """End the process."""
        self._process.stop()


def _tables(document: Any) -> Tables:
    described = {
        name: {"primary_key": table["primary_key"], "columns": table["columns"]}
        for name, table in document.items()
    }
    return Tables(described, {name: json.dumps(table["rows"]) for name, table in document.items()})


def _problems(given: object, query: str) -> Iterator[str]:
    text = json.dumps(given, default=str)
    if given == "":
        yield "an empty error text"
    if isinstance(given, str):
        # An error text may repeat what the query says.
        text = ""
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    for foreign in (SECRET, today, "root:x:0", os.environ.get(CANARY, CANARY)):
        if foreign in text and foreign not in query:
            yield f"it shows {foreign!r}"
    if Path(FILE).exists():
        yield "it wrote a file"


def main() -> None:
    """Run many queries and print the findings."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.queries", description=__doc__)
    parser.add_argument("--queries", type=int, default=10_000, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the first query (%(default)s)")
    wanted = parser.parse_args()
    os.environ[CANARY] = "only-the-environment-has-this"
    fuzzer, began, found = Fuzzer(), time.monotonic(), 0
    for seed in range(wanted.seed, wanted.seed + wanted.queries):
        for finding in fuzzer.run(seed):
            found += 1
            print(*finding, sep=" | ", flush=True)
    fuzzer.stop()
    seconds = time.monotonic() - began
    print(
        f"{wanted.queries} queries, {fuzzer.answered} answered, {found} findings, {seconds:.0f} s"
    )
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
