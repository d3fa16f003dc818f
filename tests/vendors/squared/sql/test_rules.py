"""The rules of a dialect: replacements that never fail with an error of Python."""

import pytest
from sqlglot import exp, parse_one

from mockalog.vendors.squared.sql.dialects.rules import Rules
from mockalog.vendors.squared.sql.problems import QueryError


def _failing(_: exp.Expr) -> exp.Expr:
    raise KeyError("argument")


def test_a_rule_that_misses_an_argument_reports_the_parameters_of_its_function() -> None:
    """A function with too few arguments is the query's fault."""
    rules = Rules(functions={"f": _failing})
    with pytest.raises(QueryError) as raised:
        rules.apply(parse_one("SELECT f(1)", into=exp.Select))
    assert (raised.value.kind, raised.value.values) == ("parameters", {"name": "f"})


def test_a_change_of_a_query_that_misses_a_part_reports_the_syntax() -> None:
    """A clause without its parts is the query's fault."""
    rules = Rules(trees=(_failing,))  # type: ignore[arg-type]
    with pytest.raises(QueryError) as raised:
        rules.prepare(parse_one("SELECT 1", into=exp.Select), {})
    assert raised.value.kind == "syntax"
