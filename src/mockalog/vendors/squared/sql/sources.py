"""The kinds of sources: SQL dialects, types of values and error texts.

PostgreSQL's are measured or its own documented texts (docs/vendors/squared.md#87-query-a-source);
the other engines' are inferred from what their drivers print.
"""

from collections.abc import Mapping
from typing import NamedTuple


class ErrorTexts(NamedTuple):
    """Templates of error texts: `{name}` is a name of the query, `{near}` the wrong word."""

    column: str
    table: str
    syntax: str
    function: str
    ambiguous: str
    forbidden: str
    timeout: str
    other: str


class Source(NamedTuple):
    """One kind of source."""

    # sqlglot's name of the SQL dialect.
    dialect: str
    error_texts: ErrorTexts
    # Whether every value is a text (measured for PostgreSQL).
    has_text_values: bool = False
    # Whether `LIKE` distinguishes upper and lower case.
    exact_like: bool = True
    # The texts of true and false.
    boolean_texts: tuple[str, str] = ("t", "f")


_POSTGRES = ErrorTexts(
    column='ERROR:  column "{name}" does not exist{line}',
    table='ERROR:  relation "{name}" does not exist{line}',
    syntax='ERROR:  syntax error at or near "{near}"{line}',
    function=(
        "ERROR:  function {name}(unknown) does not exist{line}HINT:  No function matches the given"
        " name and argument types. You might need to add explicit type casts.\n"
    ),
    ambiguous='ERROR:  column reference "{name}" is ambiguous{line}',
    forbidden="ERROR:  cannot execute {name} in a read-only transaction\n",
    timeout="ERROR:  canceling statement due to statement timeout\n",
    other="ERROR:  {name}\n",
)
_SNOWFLAKE = ErrorTexts(
    column="SQL compilation error:\ninvalid identifier '{name}'",
    table="SQL compilation error:\nObject '{name}' does not exist or not authorized.",
    syntax="SQL compilation error:\nsyntax error unexpected '{near}'.",
    function="SQL compilation error:\nUnknown function {name}",
    ambiguous="SQL compilation error:\nambiguous column name '{name}'",
    forbidden="SQL access control error:\nInsufficient privileges to execute {name}",
    timeout="Statement reached its statement or warehouse timeout and was canceled.",
    other="SQL execution error: {name}",
)
_BIGQUERY = ErrorTexts(
    column="invalidQuery: Unrecognized name: {name}",
    table="notFound: Not found: Table {name} was not found",
    syntax='invalidQuery: Syntax error: Unexpected "{near}"',
    function="invalidQuery: Function not found: {name}",
    ambiguous="invalidQuery: Column name {name} is ambiguous",
    forbidden="accessDenied: Access Denied: {name} is not allowed",
    timeout="stopped: Job execution was cancelled: Job timed out",
    other="invalidQuery: {name}",
)
_MYSQL = ErrorTexts(
    column="Unknown column '{name}' in 'field list'",
    table="Table '{name}' doesn't exist",
    syntax=(
        "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB"
        " server version for the right syntax to use near '{near}' at line 1"
    ),
    function="FUNCTION {name} does not exist",
    ambiguous="Column '{name}' in field list is ambiguous",
    forbidden="Cannot execute statement in a READ ONLY transaction",
    timeout="Query execution was interrupted (max_statement_time exceeded)",
    other="{name}",
)
_DATABRICKS = ErrorTexts(
    column="[UNRESOLVED_COLUMN] A column with name `{name}` cannot be resolved.",
    table="[TABLE_OR_VIEW_NOT_FOUND] The table or view `{name}` cannot be found.",
    syntax="[PARSE_SYNTAX_ERROR] Syntax error at or near '{near}'.",
    function="[UNRESOLVED_ROUTINE] Cannot resolve routine `{name}`.",
    ambiguous="[AMBIGUOUS_REFERENCE] Reference `{name}` is ambiguous.",
    forbidden="[INSUFFICIENT_PERMISSIONS] Insufficient privileges to execute {name}.",
    timeout="[QUERY_EXECUTION_TIMEOUT_EXCEEDED] Query execution timed out.",
    other="[INTERNAL_ERROR] {name}",
)
_ORACLE = ErrorTexts(
    column='ORA-00904: "{name}": invalid identifier',
    table="ORA-00942: table or view does not exist",
    syntax="ORA-00933: SQL command not properly ended",
    function='ORA-00904: "{name}": invalid identifier',
    ambiguous="ORA-00918: column ambiguously defined",
    forbidden="ORA-01456: may not perform insert/delete/update operation inside a READ ONLY"
    " transaction",
    timeout="ORA-01013: user requested cancel of current operation",
    other="ORA-00600: {name}",
)
_ATHENA = ErrorTexts(
    column="COLUMN_NOT_FOUND: Column '{name}' cannot be resolved",
    table="TABLE_NOT_FOUND: Table '{name}' does not exist",
    syntax="mismatched input '{near}'",
    function="FUNCTION_NOT_FOUND: Function '{name}' not registered",
    ambiguous="AMBIGUOUS_NAME: Column '{name}' is ambiguous",
    forbidden="PERMISSION_DENIED: Cannot execute {name}",
    timeout="Query timeout",
    other="GENERIC_USER_ERROR: {name}",
)
_CLICKHOUSE = ErrorTexts(
    column="Code: 47. DB::Exception: Unknown identifier: {name}. (UNKNOWN_IDENTIFIER)",
    table="Code: 60. DB::Exception: Table {name} does not exist. (UNKNOWN_TABLE)",
    syntax="Code: 62. DB::Exception: Syntax error: failed at '{near}'. (SYNTAX_ERROR)",
    function="Code: 46. DB::Exception: Unknown function {name}. (UNKNOWN_FUNCTION)",
    ambiguous="Code: 207. DB::Exception: {name} is ambiguous. (AMBIGUOUS_IDENTIFIER)",
    forbidden="Code: 164. DB::Exception: Cannot execute query in readonly mode. (READONLY)",
    timeout="Code: 159. DB::Exception: Timeout exceeded. (TIMEOUT_EXCEEDED)",
    other="Code: 36. DB::Exception: {name}. (BAD_ARGUMENTS)",
)
# DuckDB's texts: it reads the files.
_FILES = ErrorTexts(
    column='Binder Error: Referenced column "{name}" not found in FROM clause!',
    table="Catalog Error: Table with name {name} does not exist!",
    syntax='Parser Error: syntax error at or near "{near}"',
    function="Catalog Error: Scalar Function with name {name} does not exist!",
    ambiguous='Binder Error: Ambiguous reference to column name "{name}"',
    forbidden='Invalid Input Error: Cannot execute statement of type "{name}" in read-only mode!',
    timeout="INTERRUPT Error: Interrupted!",
    other="Invalid Input Error: {name}",
)
_SOQL = ErrorTexts(
    column="INVALID_FIELD: No such column '{name}' on entity",
    table="INVALID_TYPE: sObject type '{name}' is not supported.",
    syntax="MALFORMED_QUERY: unexpected token: '{near}'",
    function="MALFORMED_QUERY: unknown function: {name}",
    ambiguous="MALFORMED_QUERY: ambiguous field: {name}",
    forbidden="MALFORMED_QUERY: unexpected token: '{name}'",
    timeout="QUERY_TIMEOUT: Your query request was running for too long.",
    other="MALFORMED_QUERY: {name}",
)

_WORDS = ("true", "false")
_OTHER = Source("postgres", _POSTGRES, has_text_values=True)

_SOURCES: Mapping[str, Source] = {
    "Postgresql": _OTHER,
    "AISDataStore": _OTHER,
    "Redshift": Source("redshift", _POSTGRES, has_text_values=True),
    "Snowflake": Source("snowflake", _SNOWFLAKE),
    "Bigquery": Source("bigquery", _BIGQUERY),
    "MariaDB": Source("mysql", _MYSQL, exact_like=False),
    # Its API sends every value as text, like Athena's (inferred).
    "Databricks": Source("databricks", _DATABRICKS, has_text_values=True, boolean_texts=_WORDS),
    "Oracle": Source("oracle", _ORACLE),
    "AwsAthena": Source("athena", _ATHENA, has_text_values=True, boolean_texts=_WORDS),
    "WatsonxData": Source("presto", _ATHENA),
    "Clickhouse": Source("clickhouse", _CLICKHOUSE),
    "AmazonS3": Source("duckdb", _FILES),
    "Sftp": Source("duckdb", _FILES),
    "GoogleDrive": Source("duckdb", _FILES),
    "SalesforceConsumerGoodsCloud": Source("", _SOQL, exact_like=False),
    "IntuitQuickBooks": Source("", _SOQL),
}

DIALECTS = frozenset(source.dialect for source in _SOURCES.values()) - {""}
"""sqlglot's names of the dialects of all sources."""


def source_of(connector_name: str) -> Source:
    """Return the kind of a connector; an unknown one counts as PostgreSQL."""
    return _SOURCES.get(connector_name, _OTHER)


def driver_value(value: object, source: Source) -> object:
    """Return a value in the type of the source's driver."""
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if value is None or not source.has_text_values or isinstance(value, str):
        return value
    if isinstance(value, bool):
        true, false = source.boolean_texts
        return true if value else false
    # PostgreSQL prints 3.0 as 3.
    return repr(value).removesuffix(".0")
