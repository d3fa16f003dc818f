"""The kinds of sources: how each reads SQL, orders, names and prints.

PostgreSQL's and MariaDB's are measured, the others' are documented
(docs/vendors/squared.md#87-query-a-source).
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

# How a source changes the case of names without quotes.
Case = Literal["lower", "upper", "kept"]
# The words by which a source prints true and false; "json" has booleans, "number" 1 and 0.
Booleans = Literal["t", "true", "json", "number"]


class Source(NamedTuple):
    """One kind of source."""

    name: str
    # sqlglot's name of the SQL dialect.
    dialect: str
    # Whether every value is a text.
    has_text_values: bool = False
    # The case of column names in results, and of names without quotes.
    case: Case = "kept"
    booleans: Booleans = "json"
    # Whether texts are compared without case and accents.
    ignores_case: bool = False
    # Whether a division by zero is null.
    divides_by_zero: bool = False
    # Whether names in quotes fold like others.
    folds_quoted: bool = True
    # Whether a number of a table is a binary floating-point number, not a decimal one.
    has_doubles: bool = False
    # Whether an empty text is null.
    empty_is_null: bool = False


POSTGRES = Source("postgres", "postgres", True, "lower", "t", folds_quoted=False)
REDSHIFT = Source("redshift", "redshift", True, "lower", "t")
SNOWFLAKE = Source("snowflake", "snowflake", case="upper", folds_quoted=False)
BIGQUERY = Source("bigquery", "bigquery")
MARIADB = Source(
    "mariadb",
    "mysql",
    booleans="number",
    ignores_case=True,
    divides_by_zero=True,
    has_doubles=True,
)
# Its API sends every value as text, like Athena's (inferred).
DATABRICKS = Source("databricks", "databricks", True, booleans="true", has_doubles=True)
ORACLE = Source(
    "oracle", "oracle", case="upper", folds_quoted=False, booleans="number", empty_is_null=True
)
ATHENA = Source("athena", "athena", True, "lower", "true", has_doubles=True)
PRESTO = Source("presto", "presto", case="lower", has_doubles=True)
CLICKHOUSE = Source("clickhouse", "clickhouse", divides_by_zero=True)
FILES = Source("files", "duckdb")
SOQL = Source("soql", "", ignores_case=True)

_SOURCES: Mapping[str, Source] = {
    "Postgresql": POSTGRES,
    "AISDataStore": POSTGRES,
    "Redshift": REDSHIFT,
    "Snowflake": SNOWFLAKE,
    "Bigquery": BIGQUERY,
    "MariaDB": MARIADB,
    "Databricks": DATABRICKS,
    "Oracle": ORACLE,
    "AwsAthena": ATHENA,
    "WatsonxData": PRESTO,
    "Clickhouse": CLICKHOUSE,
    "AmazonS3": FILES,
    "Sftp": FILES,
    "GoogleDrive": FILES,
    "SalesforceConsumerGoodsCloud": SOQL,
    "IntuitQuickBooks": SOQL,
}

DIALECTS = frozenset(source.dialect for source in _SOURCES.values()) - {""}
"""sqlglot's names of the dialects of all sources."""


def source_of(connector_name: str) -> Source:
    """Return the kind of a connector; an unknown one counts as PostgreSQL."""
    return _SOURCES.get(connector_name, POSTGRES)


def folded(name: str, source: Source) -> str:
    """Return a name without quotes as the source keeps it."""
    return {"lower": name.lower(), "upper": name.upper()}.get(source.case, name)
