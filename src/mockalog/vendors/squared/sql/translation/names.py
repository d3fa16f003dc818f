"""Names of columns: which ones a source finds, and what it calls the columns of a result."""

import re
from collections.abc import Sequence
from typing import Any

from sqlglot import exp
from sqlglot.errors import ErrorLevel

from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.sources import Source, folded
from mockalog.vendors.squared.sql.tables import Schema
from mockalog.vendors.squared.sql.translation.spark_names import mark_names, spark_name
from mockalog.vendors.squared.sql.translation.written import written

# Sources that name a column without a name of its own by its text in the query.
_WRITTEN = ("mysql", "oracle", "snowflake")


def check_quoted(tree: exp.Expr, source: Source, columns: Schema) -> None:
    """Raise `QueryError` for a quoted column that a source finds only without quotes."""
    if source.folds_quoted:
        return
    stored = {name for types in columns.values() for name in types}
    names = {_kept(name, source) for name in stored}
    names |= {
        one.name
        for one in tree.find_all(exp.Identifier)
        if isinstance(one.parent, exp.Alias | exp.TableAlias)
    }
    for column in tree.find_all(exp.Column):
        name = column.this
        quoted = isinstance(name, exp.Identifier) and name.args.get("quoted")
        if quoted and name.name not in names and name.name.lower() in map(str.lower, stored):
            raise QueryError("column", name=name.name)


def _kept(name: str, source: Source) -> str:
    """Return a stored name as the source has it: one in lower case was made without quotes."""
    return folded(name, source) if name == name.lower() else name


def result_names(tree: exp.Query, source: Source, query: str = "") -> Sequence[str]:
    """Return the names of the columns of a result, "" for those of a star."""
    first = _first(tree)
    if source.dialect == "databricks":
        mark_names(first, query)
    anonymous = 0
    shown: list[str] = []
    nodes = first.expressions if isinstance(first, exp.Select) else []
    texts = written(query, source.dialect) if source.dialect in _WRITTEN else []
    for at, node in enumerate(nodes):
        name = _name_of(node, source)
        if len(texts) == len(nodes) and _is_expression(node, source):
            name = _written_name(texts[at], source)
        if name is None:
            name = {"bigquery": f"f{anonymous}_", "athena": f"_col{len(shown)}"}[source.dialect]
            anonymous += 1
        shown.append(name)
    return shown


def _written_name(text: str, source: Source) -> str:
    name = folded(text, source)
    return re.sub(r"\s+", "", name) if source.dialect == "oracle" else name


def _is_expression(node: exp.Expr, source: Source) -> bool:
    """Return whether a column of a result is named by its text in the query."""
    if source.dialect == "mysql" and isinstance(node, exp.Literal):
        return False
    return not (isinstance(node, exp.Alias | exp.Column | exp.Dot) or node.is_star)


def _first(tree: exp.Expr) -> exp.Expr:
    while isinstance(tree, exp.SetOperation | exp.Subquery):
        tree = tree.this
    return tree


def _name_of(node: exp.Expr, source: Source) -> str | None:
    if isinstance(node, exp.Alias):
        alias = node.args["alias"]
        return alias.name if _keeps_quoted(alias, source) else folded(alias.name, source)
    if node.is_star:
        return ""
    if isinstance(node, exp.Column) and _keeps_quoted(node.this, source):
        return str(node.name)
    if isinstance(node, exp.Column | exp.Dot):
        return folded(node.name, source)
    return _expression_name(node, source)


def _keeps_quoted(name: exp.Expr, source: Source) -> bool:
    """Return whether a name in quotes keeps its case."""
    return bool(name.args.get("quoted")) and not (source.folds_quoted and source.case == "lower")


def _expression_name(node: exp.Expr, source: Source) -> str | None:
    if source.dialect in ("postgres", "redshift"):
        return _postgres_name(node, source)
    if source.dialect in ("bigquery", "athena"):
        return None
    if source.dialect == "databricks":
        return spark_name(node)
    if isinstance(node, exp.Literal) and source.dialect == "mysql":
        return node.name
    text = node.sql(source.dialect or None, unsupported_level=ErrorLevel.IGNORE)
    if source.dialect == "oracle":
        return text.upper().replace(" ", "")
    return folded(text, source)


def _postgres_name(node: exp.Expr, source: Source) -> str:
    """Return the name of a function or of a cast column, otherwise `?column?`."""
    while isinstance(node, exp.Paren | exp.Filter | exp.Window | exp.WithinGroup | exp.Bracket):
        node = node.this
    if isinstance(node, exp.Column):
        return str(node.name)
    if isinstance(node, exp.Cast):
        inner = _postgres_name(node.this, source)
        return inner if inner != "?column?" else _type_name(node)
    if isinstance(node, exp.Case):
        return "case"
    if isinstance(node, exp.Subquery):
        [first, *_] = result_names(node.this, source) or ["?column?"]
        return first
    if isinstance(node, exp.Array):
        return "array"
    if isinstance(node, exp.Exists):
        return "exists"
    if isinstance(node, exp.Boolean):
        return "?column?" if source.dialect == "postgres" else "bool"
    if isinstance(node, exp.Trim):
        sides = {"LEADING": "ltrim", "TRAILING": "rtrim"}
        return sides.get(str(node.args.get("position")), "btrim")
    if isinstance(node, exp.Interval):
        return "interval"
    if isinstance(node, exp.Func) and not isinstance(node, exp.Binary):
        text = node.sql(source.dialect, unsupported_level=ErrorLevel.IGNORE)
        return text.lstrip("(").split("(")[0].split(" ")[0].lower()
    return "?column?"


_TYPE_NAMES = {
    "bigint": "int8",
    "boolean": "bool",
    "double precision": "float8",
    "int": "int4",
    "integer": "int4",
    "real": "float4",
    "smallint": "int2",
    "decimal": "numeric",
}


def _type_name(node: exp.Cast) -> str:
    name = node.to.sql("postgres").lower().partition("(")[0]
    return _TYPE_NAMES.get(name, name)


def set_names(tree: exp.Query, shown: Sequence[str], source: Source) -> None:
    """Give the columns of a result their names; those of stars fold."""
    # Any: a query without a select list cannot be read.
    first: Any = _first(tree)
    expanded: list[Any] = first.expressions
    if source.dialect == "bigquery" and "" in shown:
        _swap_unpivoted(first)
        expanded = first.expressions
    names: Sequence[str] = shown if len(expanded) == len(shown) else _spread(shown, expanded)
    for node, name in zip(list(expanded), names, strict=True):
        if node.is_star:
            continue
        inner = node.this if isinstance(node, exp.Alias) else node
        alias = exp.alias_(inner.copy(), name or _star_name(node, source), quoted=True)
        _rename_order(tree, node.alias, alias.alias)
        node.replace(alias)
    if source.dialect == "bigquery":
        _check_unique(first)


def _swap_unpivoted(select: exp.Select) -> None:
    """BigQuery's stars have the values of UNPIVOT before their names."""
    shown = [one.alias_or_name.lower() for one in select.expressions]
    for pivot in select.find_all(exp.Pivot):
        if pivot.args.get("unpivot"):
            pair = pivot.args["fields"][0].this.name.lower(), pivot.expressions[0].name.lower()
            if all(name in shown for name in pair):
                columns = list(select.expressions)
                first, second = map(shown.index, pair)
                columns[first], columns[second] = columns[second], columns[first]
                select.set("expressions", columns)


def _check_unique(select: exp.Select) -> None:
    """Raise `QueryError` if two columns of a result have the same name."""
    names = [name.lower() for name in select.named_selects]
    if twice := [name for name in names if names.count(name) > 1 and name != "*"]:
        raise QueryError(
            "exact",
            name="invalidQuery: Duplicate column names in the result are not supported."
            f" Found duplicate(s): {twice[0]}",
        )


def _star_name(node: exp.Expr, source: Source) -> str:
    """Return the name of a column of a star: one in quotes keeps its case."""
    alias = node.args.get("alias")
    is_quoted = isinstance(alias, exp.Identifier) and alias.args.get("quoted")
    if is_quoted and not source.folds_quoted and source.case == "upper":
        return node.alias
    return folded(node.alias_or_name, source)


def _rename_order(tree: exp.Query, old: str, new: str) -> None:
    """Rename a column where the query is ordered by its position or by its name."""
    order = tree.args.get("order")
    if order is None or not old or old == new:
        return
    for column in order.find_all(exp.Column):
        if column.name == old and not column.table:
            column.set("this", exp.to_identifier(new, quoted=True))


def _spread(shown: Sequence[str], expanded: Sequence[Any]) -> Sequence[str]:
    """Return a name for each column after stars were expanded: theirs are empty."""
    stars = [at for at, name in enumerate(shown) if not name]
    if len(stars) != 1:
        return [""] * len(expanded)
    more = len(expanded) - len(shown) + 1
    return [*shown[: stars[0]], *[""] * more, *shown[stars[0] + 1 :]]
