"""How many decimal places each `numeric` prints: PostgreSQL keeps them with the value.

Source: `select_div_scale` and its neighbours in PostgreSQL's numeric.c; measured.
"""

from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from mockalog.vendors.squared.sql.dialects.postgres.types.marks import INTEGERS, pg, typed
from mockalog.vendors.squared.sql.dialects.postgres.types.wrapped import Wrapped, is_aggregate
from mockalog.vendors.squared.sql.dialects.rules import call, text

_HIDDEN = "_scale_"
_FIELDS = {"EPOCH": 6, "SECOND": 6, "SECONDS": 6, "MILLISECONDS": 3, "MILLISECOND": 3}
_WHOLE = ("ceil", "ceiling", "floor", "sign", "div", "factorial", "gcd", "lcm")
_OF_ROWS = ("lag", "lead", "first_value", "last_value", "nth_value", "any_value")


def number(value: int) -> exp.Expr:
    """Return a number of places."""
    return exp.Literal.number(value)


class Scales:
    """Builds the expression of the places of a number."""

    def __init__(self, scopes: dict[int, Scope]) -> None:
        self._scopes = scopes

    # Any: any kind of node.
    def of(self, node: Any, scope: Scope) -> exp.Expr:
        """Return the places of a number."""
        found = self._known(node, scope)
        return call("_pg_scale", node.copy()) if found is None else found

    def _known(self, node: Any, scope: Scope) -> exp.Expr | None:
        if pg(node) in INTEGERS:
            return number(0)
        if isinstance(node, exp.Alias | exp.Paren | exp.Neg):
            return self.of(node.this, scope)
        if isinstance(node, exp.Literal):
            return number(_written(node.name))
        if isinstance(node, exp.Column):
            return self._of_column(node, scope)
        if isinstance(node, exp.Cast) and node.meta.get("done"):
            return self.of(node.this, scope)
        if isinstance(node, exp.Cast):
            return self._of_cast(node, scope)
        if isinstance(node, exp.Add | exp.Sub | exp.Mod):
            return self._largest(node, scope)
        if isinstance(node, exp.Mul) and node.meta.get("rounded"):
            return call("error", text("a product of so many decimal places is not supported"))
        if isinstance(node, exp.Mul):
            left, right = self.of(node.this, scope), self.of(node.expression, scope)
            return exp.Add(this=left, expression=right)
        if isinstance(node, exp.Extract):
            return number(_FIELDS.get(node.this.name.upper(), 0))
        if isinstance(node, exp.Subquery):
            return self._of_subquery(node)
        return self._of_choice(node, scope)

    def _largest(self, node: Any, scope: Scope) -> exp.Expr:
        return call("greatest", self.of(node.this, scope), self.of(node.expression, scope))

    def _of_cast(self, node: exp.Cast, scope: Scope) -> exp.Expr | None:
        if (places := node.this.meta.get("places")) is not None and not node.to.expressions:
            return number(places)
        sizes = node.to.expressions
        if sizes:
            return number(int(sizes[1].name) if len(sizes) > 1 else 0)
        given = pg(node.this)
        if given == "numeric":
            return self.of(node.this, scope)
        if given == "text":
            return self._grouped(call("_pg_text_scale", node.this.copy()), node, scope)
        return None

    def _of_choice(self, node: Any, scope: Scope) -> exp.Expr | None:
        if isinstance(node, exp.Coalesce | exp.Greatest | exp.Least):
            choices = [node.this, *node.expressions]
            case = exp.Case(ifs=[])
            for one in choices:
                chosen = (
                    exp.Is(this=one.copy(), expression=exp.Null(), negate=True)
                    if isinstance(node, exp.Coalesce)
                    else exp.EQ(this=one.copy(), expression=node.copy())
                )
                case.append("ifs", exp.If(this=chosen, true=self.of(one, scope)))
            return case
        if isinstance(node, exp.Case):
            return self._of_case(node, scope)
        if isinstance(node, exp.Nullif):
            return self.of(node.this, scope)
        if isinstance(node, exp.Pow):
            return call("_pg_power_scale", node.copy())
        return self._of_call(Wrapped(node), node, scope)

    def _of_case(self, node: exp.Case, scope: Scope) -> exp.Expr:
        case = node.copy()
        for copied, one in zip(case.args["ifs"], node.args["ifs"], strict=True):
            copied.set("true", self._of_branch(one.args["true"], scope))
        if node.args.get("default") is not None:
            case.set("default", self._of_branch(node.args["default"], scope))
        return case

    def _of_branch(self, node: Any, scope: Scope) -> exp.Expr:
        return exp.Null() if isinstance(node, exp.Null) else self.of(node, scope)

    def _of_call(self, one: Wrapped, node: Any, scope: Scope) -> exp.Expr | None:
        given, name = one.arguments, one.name
        if name == "_pg_quotient":
            return call("_pg_quotient_scale", *(part.copy() for part in one.call.expressions))
        if name in ("_pg_variance", "_pg_deviation"):
            top, bottom, _, places, _ = one.call.expressions
            return call("_pg_variance_scale", top.copy(), bottom.copy(), places.copy())
        if name in ("round", "trunc"):
            return call("greatest", given[1].copy(), number(0)) if len(given) > 1 else number(0)
        if name == "to_number":
            return number(len(given[1].name.upper().replace("D", ".").partition(".")[2].strip("S")))
        if name == "power" or (name == "log" and len(given) > 1):
            return call("_pg_power_scale", one.call.copy())
        if name == "sqrt":
            return call("greatest", call("_pg_root_scale", given[0].copy()),
                        self.of(given[0], scope))  # fmt: skip
        if name in ("exp", "ln", "log", "log10"):
            return call("error", text(f"{name} of numeric is not supported"))
        if name in _WHOLE:
            return number(0)
        if name in ("abs", "_pg_product"):
            return self.of(given[0], scope)
        if name == "mod":
            return call("greatest", self.of(given[0], scope), self.of(given[1], scope))
        if name == "sum":
            return one.again("max", self.of(given[0], scope))  # type: ignore[no-any-return]
        if name in ("min", "max"):
            return one.around(call(f"arg_{name}", self.of(given[0], scope), given[0].copy()))  # type: ignore[no-any-return]
        if name in _OF_ROWS:
            rest = [self.of(given[2], scope)] if len(given) > 2 and name != "nth_value" else []
            offset = [given[1].copy()] if len(given) > 1 else []
            return one.around(call(name, self.of(given[0], scope), *offset, *rest))  # type: ignore[no-any-return]
        return None

    def _of_subquery(self, node: exp.Subquery) -> exp.Expr | None:
        inner = node.this
        scope = self._scopes.get(id(inner))
        if not isinstance(inner, exp.Select) or scope is None or inner.args.get("distinct"):
            return None
        places = self.of(inner.selects[0].unalias(), scope)
        copied = node.copy()
        copied.this.set("expressions", [places])
        return copied

    def _of_column(self, node: exp.Column, scope: Scope) -> exp.Expr | None:
        at: Scope | None = scope
        while at is not None and node.table not in at.sources:
            at = at.parent
        source = at.sources[node.table] if at is not None else None
        if not isinstance(source, Scope):
            return self._grouped(call("_pg_scale", node.copy()), node, scope)
        query = source.expression
        if not isinstance(query, exp.Select) or query.args.get("distinct") or _is_renamed(query):
            return self._grouped(call("_pg_scale", node.copy()), node, scope)
        return self._of_derived(node, query, source, scope)

    def _of_derived(
        self, node: exp.Column, query: exp.Select, source: Scope, scope: Scope
    ) -> exp.Expr | None:
        hidden = _HIDDEN + node.name.lower()
        name = node.name.lower()
        inner = next(one for one in query.selects if one.alias_or_name.lower() == name)
        if hidden not in query.named_selects:
            places = self.of(inner.unalias(), source)
            if isinstance(places, exp.Literal):
                return places
            query.append("expressions", exp.alias_(places, hidden, quoted=True))
        column = exp.column(exp.to_identifier(hidden, quoted=True), node.table)
        return self._grouped(column, node, scope)

    def _grouped(self, places: exp.Expr, node: exp.Expr, scope: Scope) -> exp.Expr:
        """Return the places of one row of a group, where a query has groups."""
        if not is_grouped(scope.expression):
            return places
        parent: Any = node
        while parent is not None and parent is not scope.expression:
            if is_aggregate(parent) or is_key(parent):
                return places
            if isinstance(parent, exp.Where | exp.Join | exp.Group):
                return places
            parent = parent.parent
        return call("any_value", places)


_KEY = "key"


def mark_keys(query: exp.Expr) -> None:
    """Mark the columns by which a query groups its rows, and orders them."""
    group = query.args.get("group")
    if group is None:
        return
    keys = {one.sql().lower() for one in group.expressions}
    for at, one in enumerate(query.args["expressions"], 1):
        names = {str(at), one.alias_or_name.lower(), one.unalias().sql().lower()}
        one.meta[_KEY] = bool(names & keys)
        keys |= names if one.meta[_KEY] else set()
    for one in query.args["order"].expressions if query.args.get("order") else ():
        one.meta[_KEY] = one.this.sql().lower() in keys


def is_key(node: exp.Expr) -> bool:
    """Return whether rows are grouped by a column of the select list."""
    return bool(node.meta.get(_KEY))


def is_grouped(query: exp.Expr) -> bool:
    """Return whether the rows of a query are groups."""
    if query.args.get("group") or query.args.get("having"):
        return True
    return any(
        is_aggregate(node)
        for one in query.args.get("expressions") or ()
        for node in one.find_all(exp.Anonymous)
        if node.find_ancestor(exp.Select) is query
    )


def _is_renamed(query: exp.Select) -> bool:
    parent = query.parent
    alias = parent.args.get("alias") if parent is not None else None
    return isinstance(alias, exp.TableAlias) and bool(alias.args.get("columns"))


def _written(name: str) -> int:
    digits, _, exponent = name.lower().partition("e")
    return max(0, len(digits.partition(".")[2]) - int(exponent or 0))


# Any: any kind of node.
def quotient(left: Any, right: Any, *places: exp.Expr) -> exp.Expr:
    """Return a division of numbers of these places, to as many as PostgreSQL's."""
    return typed(call("_pg_quotient", left, right, *places), "numeric")  # type: ignore[no-any-return]
