"""Tables: a query sees those of its connector, its own WITH clauses, and DUAL."""

from sqlglot import exp

from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.sources import Source
from mockalog.vendors.squared.sql.tables import Tables


def resolve_tables(tree: exp.Query, source: Source, tables: Tables) -> None:
    """Point each table at the connector's; raises `QueryError` for an unknown one."""
    known = {name.lower(): name for name in tables.columns}
    clauses = {clause.alias_or_name.lower() for clause in tree.find_all(exp.CTE)}
    for table in list(tree.find_all(exp.Table)):
        name = table.name.lower()
        if isinstance(table.this, exp.Func):
            continue
        if name in clauses and not table.db:
            continue
        if name == "dual" and name not in known and isinstance(table.parent, exp.From):
            row = exp.alias_(exp.Literal.string("X"), "DUMMY", quoted=True)
            alias = exp.TableAlias(this=exp.to_identifier(table.alias_or_name))
            table.replace(exp.Subquery(this=exp.select(row), alias=alias))
            continue
        if name not in known:
            raise QueryError("table", name=_shown(table), schema=table.db)
        if not table.alias:
            table.set("alias", exp.TableAlias(this=table.this.copy()))
        table.set("this", exp.to_identifier(known[name], quoted=True))
        table.set("db", exp.to_identifier(tables.schema))
        table.set("catalog", None)


def _shown(table: exp.Table) -> str:
    return ".".join(part.name for part in table.parts)
