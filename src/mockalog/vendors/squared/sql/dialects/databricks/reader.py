"""How sqlglot reads Databricks' SQL, with what it leaves out."""

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.databricks import Databricks
from sqlglot.parsers.databricks import DatabricksParser


def _difference(arguments: Sequence[Any]) -> exp.Expr:
    """`datediff(a, b)` counts days, `datediff(unit, a, b)` counts whole units."""
    if len(arguments) == 3:
        unit, earlier, later = arguments
        return exp.TimestampDiff(this=later, expression=earlier, unit=exp.var(unit.name))
    return exp.DateDiff(this=arguments[0], expression=arguments[1], unit=exp.var("DAY"))


class Reader(Databricks):
    """A doubled quote is a quote (Spark 4), and `datediff` has two meanings."""

    class Tokenizer(Databricks.Tokenizer):
        """A quote, a double quote or a backslash escapes within a text."""

        STRING_ESCAPES: ClassVar[list[str]] = ["\\", "'", '"']

    class Parser(DatabricksParser):
        """Builds the two forms of `datediff`."""

        FUNCTIONS: ClassVar[dict[str, Any]] = {
            **DatabricksParser.FUNCTIONS,
            "DATEDIFF": _difference,
            "DATE_DIFF": _difference,
        }
