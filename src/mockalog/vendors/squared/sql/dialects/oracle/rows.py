"""ROWNUM, FETCH with ties, and joins by (+).

Source: Oracle's SQL language reference, "ROWNUM pseudocolumn", "row_limiting_clause", "Joins".
"""

from collections.abc import Iterator, Sequence

from sqlglot import exp
from sqlglot.transforms import eliminate_join_marks

from mockalog.vendors.squared.sql.dialects.rules import Rules
from mockalog.vendors.squared.sql.dialects.shared.recursion import mark_recursion
from mockalog.vendors.squared.sql.problems import QueryError


def _joins(tree: exp.Query) -> exp.Query:
    if not any(column.args.get("join_mark") for column in tree.find_all(exp.Column)):
        return tree
    result = eliminate_join_marks(tree)
    assert isinstance(result, exp.Query)
    return result


def _times(tree: exp.Query) -> exp.Query:
    """The current date has a time."""
    for node in list(tree.find_all(exp.CurrentDate)):
        node.replace(exp.CurrentTimestamp(sysdate=True))
    return tree


def _row_numbers(tree: exp.Query) -> exp.Query:
    for select in list(tree.find_all(exp.Select)):
        limits = list(_limits(select))
        if limits:
            _limit(select, min(limits))
    for column in list(tree.find_all(exp.Column)):
        if _is_row_number(column):
            if column.find_ancestor(exp.Where, exp.Having, exp.Order, exp.Join):
                raise QueryError("exact", name="this use of ROWNUM is not emulated")
            number = exp.Window(this=exp.RowNumber())
            number.type = exp.DataType.build("BIGINT")
            column.replace(number)
    return tree


def _is_row_number(node: exp.Expr) -> bool:
    is_name = isinstance(node, exp.Column | exp.Pseudocolumn)
    return is_name and node.name.upper() == "ROWNUM" and not node.this.args.get("quoted")


def _limits(select: exp.Select) -> Iterator[int]:
    """Take the conditions on ROWNUM out of a WHERE clause; yield the numbers of rows they allow."""
    where = select.args.get("where")
    if where is None:
        return
    conditions = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]
    kept = [one for one in conditions if not _names(one)]
    if len(kept) == len(conditions):
        return
    for condition in conditions:
        if _names(condition):
            yield _allowed(condition)
    select.set("where", exp.Where(this=exp.and_(*kept)) if kept else None)


def _names(node: exp.Expr) -> bool:
    """Return whether a condition compares ROWNUM itself."""
    return any(_is_row_number(child) for child in (node.this, node.args.get("expression")) if child)


def _allowed(condition: exp.Expr) -> int:
    """Return how many rows a condition on ROWNUM lets through."""
    if isinstance(condition, exp.Between):
        low, high = condition.args["low"], condition.args["high"]
        return _number(high) if _number(low) <= 1 else 0
    bound, kind = condition.args["expression"], type(condition)
    if _is_row_number(bound):
        bound, kind = condition.this, _FLIPPED.get(kind, kind)
    return _rows(kind, _number(bound))


_FLIPPED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
}
_ALL = 1_000_000


def _rows(kind: type[exp.Expr], number: int) -> int:
    if kind is exp.LTE:
        return max(number, 0)
    if kind is exp.LT:
        return max(number - 1, 0)
    if kind is exp.EQ:
        return 1 if number == 1 else 0
    if kind in (exp.GT, exp.GTE):  # the first row never gets number 2
        return _ALL if number < (1 if kind is exp.GT else 2) else 0
    raise QueryError("exact", name="this condition on ROWNUM is not emulated")


def _number(node: exp.Expr) -> int:
    if not (isinstance(node, exp.Literal) and node.name.isdigit()):
        raise QueryError("exact", name="ROWNUM beside an expression is not emulated")
    return int(node.name)


_AFTER: Sequence[str] = ("group", "order", "distinct", "having")


def _limit(select: exp.Select, rows: int) -> None:
    """Limit the rows before they are grouped and ordered."""
    grouped = any(select.args.get(name) for name in _AFTER) or any(
        one.find(exp.AggFunc, exp.Window) for one in select.expressions
    )
    if not grouped:
        select.limit(rows, copy=False)
        return
    source = select.args["from_"].this
    if select.args.get("joins") or not isinstance(source, exp.Table | exp.Subquery):
        raise QueryError("exact", name="ROWNUM with ORDER BY and joins is not emulated")
    inner = exp.select("*").from_(source.copy()).limit(rows)
    if where := select.args.get("where"):
        inner.set("where", where.copy())
        select.set("where", None)
    name = exp.TableAlias(this=exp.to_identifier(source.alias_or_name))
    source.replace(exp.Subquery(this=inner, alias=name))


def _ties(tree: exp.Query) -> exp.Query:
    for fetch in list(tree.find_all(exp.Fetch)):
        options = fetch.args.get("limit_options") or exp.LimitOptions()
        select = fetch.parent
        order = select.args.get("order") if isinstance(select, exp.Select) else None
        if options.args.get("percent") or (options.args.get("with_ties") and order is None):
            raise QueryError("exact", name="this FETCH is not emulated")
        if options.args.get("with_ties") and isinstance(select, exp.Select):
            rank = exp.Window(this=exp.Rank(), order=order.copy() if order else None)
            condition = exp.LTE(this=rank, expression=fetch.args["count"].copy())
            select.set("qualify", exp.Qualify(this=condition))
            select.set("limit", None)
    return tree


RULES = Rules(trees=(mark_recursion, _times, _joins, _row_numbers, _ties))
