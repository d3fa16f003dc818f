"""Nodes that the emulator refuses in several sources."""

from collections.abc import Mapping

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rewrite
from mockalog.vendors.squared.sql.problems import QueryError


def refuse(name: str) -> Rewrite:
    """Return a rule that refuses a function as one that does not exist."""

    def raise_error(_: exp.Expr) -> exp.Expr:
        raise QueryError("function", name=name)

    return raise_error


def _sample(_: exp.TableSample) -> exp.Expr:
    raise QueryError("exact", name="samples of tables are not emulated")


# The user and the session are DuckDB's; a sample is of random rows.
REFUSED: Mapping[type[exp.Expr], Rewrite] = {
    exp.CurrentUser: refuse("CURRENT_USER"),
    exp.SessionUser: refuse("SESSION_USER"),
    exp.Soundex: refuse("SOUNDEX"),
    exp.TableSample: _sample,
}
