"""Error texts: PostgreSQL's with the line and a mark, and a text of every source for each."""

import pytest

from mockalog.vendors.squared.rules.connectors.registry import load_registry
from mockalog.vendors.squared.sql.errors.error_text import error_text
from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.sources import source_of
from tests.vendors.squared.sql.emulated import Emulated
from tests.vendors.squared.sql.test_queries import TABLES


@pytest.fixture(scope="module")
def sources() -> Emulated:
    """Every kind of source, with the tables."""
    return Emulated(TABLES)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (
            "SELECT nope FROM users LIMIT 50",
            'ERROR:  column "nope" does not exist\n'
            "LINE 1: SELECT nope FROM users LIMIT 50\n"
            "               ^\n",
        ),
        (
            "SELECT id,\n  u.nope\nFROM users u",
            "ERROR:  column u.nope does not exist\nLINE 2:   u.nope\n          ^\n",
        ),
        (
            'SELECT "nope" FROM users',
            'ERROR:  column "nope" does not exist\n'
            'LINE 1: SELECT "nope" FROM users\n'
            "               ^\n",
        ),
        (
            "SELECT * FROM shop.nope",
            'ERROR:  relation "shop.nope" does not exist\n'
            "LINE 1: SELECT * FROM shop.nope\n"
            "                      ^\n",
        ),
        (
            "SELECT * FROM information_schema.tables",
            'ERROR:  relation "information_schema.tables" does not exist\n'
            "LINE 1: SELECT * FROM information_schema.tables\n"
            "                      ^\n",
        ),
        (
            "SELECT * FORM users",
            'ERROR:  syntax error at or near "users"\nLINE 1: SELECT * FORM users\n'
            "                      ^\n",
        ),
        (
            "SELEC 1",
            'ERROR:  syntax error at or near "SELEC"\nLINE 1: SELEC 1\n        ^\n',
        ),
        (
            "SELECT id FROM",
            "ERROR:  syntax error at end of input\nLINE 1: SELECT id FROM\n"
            "                      ^\n",
        ),
        ("SELECT", "ERROR:  syntax error at end of input\nLINE 1: SELECT\n              ^\n"),
        ("", "ERROR:  syntax error at end of input\nLINE 1: \n        ^\n"),
        (
            "SELECT 'x",
            "ERROR:  syntax error at end of input\nLINE 1: SELECT 'x\n                 ^\n",
        ),
        (
            "SELECT nope(1)",
            "ERROR:  function nope(integer) does not exist\nLINE 1: SELECT nope(1)\n"
            "               ^\nHINT:  No function matches the given name and argument types. You"
            " might need to add explicit type casts.\n",
        ),
        (
            "SELECT id FROM users a, users b",
            'ERROR:  column reference "id" is ambiguous\n'
            "LINE 1: SELECT id FROM users a, users b\n"
            "               ^\n",
        ),
        ("DROP TABLE users", "ERROR:  cannot execute DROP in a read-only transaction\n"),
        (
            "SELECT 1; SELECT 2",
            "ERROR:  cannot execute multiple commands in a read-only transaction\n",
        ),
        (
            "SELECT ?",
            'ERROR:  syntax error at or near "?"\nLINE 1: SELECT ?\n               ^\n',
        ),
        # Measured.
        ("SELECT 1 LIMIT -1", "ERROR:  LIMIT must not be negative\n"),
        ("SELECT 1 OFFSET -1", "ERROR:  OFFSET must not be negative\n"),
        ("SELECT 1 LIMIT 9223372036854775808", "ERROR:  bigint out of range\n"),
        (
            "SELECT 1 LIMIT true",
            "ERROR:  argument of LIMIT must be type bigint, not type boolean\n",
        ),
        ("SELECT id / (id - 1) FROM users", "ERROR:  division by zero\n"),
        ("SELECT 1 % 0", "ERROR:  division by zero\n"),
        (
            "SELECT id FROM users WHERE active = 'o'",
            'ERROR:  invalid input syntax for type boolean: "o"\n'
            "LINE 1: SELECT id FROM users WHERE active = 'o'\n"
            "                                            ^\n",
        ),
        (
            "SELECT left('a', 'x')",
            'ERROR:  invalid input syntax for type integer: "x"\n'
            "LINE 1: SELECT left('a', 'x')\n                         ^\n",
        ),
        ("SELECT split_part('a', 'b', 0)", "ERROR:  field position must not be zero\n"),
        # Functions and tables that DuckDB has, and PostgreSQL has not.
        (
            "SELECT quote('a', 1)",
            "ERROR:  function quote(unknown, integer) does not exist\n"
            "LINE 1: SELECT quote('a', 1)\n               ^\n"
            "HINT:  No function matches the given name and argument types. You might need to add"
            " explicit type casts.\n",
        ),
    ],
)
def test_error_texts(sources: Emulated, query: str, text: str) -> None:
    """The texts are the source's own, with the line and a mark below the place (8.7)."""
    assert sources.failure(query) == text


def test_every_source_has_a_text_for_every_failure(sources: Emulated) -> None:
    """No text is empty, and none has a gap."""
    names = [definition.record["name"] for definition in load_registry().of_type("source")]
    for name in names:
        for query in (
            "SELECT nope FROM users",
            "SELECT * FROM nope",
            "SELECT * FORM users",
            "SELECT nope(1)",
            "SELECT id FROM users a, users b",
            "DROP TABLE users",
            "SELECT quote(1, 2, 3)",
        ):
            text = sources.failure(query, name)
            assert text
            assert "{" not in text
        assert error_text(QueryError("timeout"), "SELECT 1", source_of(name))
