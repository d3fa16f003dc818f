"""The sandbox's clock is the only clock of a query."""

import re
import time
from datetime import UTC, datetime

import pytest

from mockalog.vendors.squared.sql.translation.clock import NAMES
from tests.vendors.squared.sql.comparison import CASES
from tests.vendors.squared.sql.emulated import NOW, Emulated

CONNECTORS = sorted({case.source for case in CASES} | {"Clickhouse", "AmazonS3", "WatsonxData"})
OTHERS = (
    *("'now'::timestamp", "'now'::date", "'today'::date", "'tomorrow'::date", "'yesterday'::date"),
    *("CAST('now' AS TIMESTAMP)", "CURRENT_TIMESTAMP(3)", "LOCALTIMESTAMP(0)", "CURRENT_TIME(0)"),
    *("GETUTCDATE()", "SYSDATETIMEOFFSET()", "CONVERT_TZ(NOW(), '+00:00', '+00:00')"),
    *("UNIX_TIMESTAMP()", "UNIX_SECONDS(CURRENT_TIMESTAMP())", "to_unixtime(now())"),
    *("extract(epoch from now())", "date_part('epoch', now())", "YEAR(CURDATE())"),
    *("age(DATE '2020-01-01')", "age(timestamp '2020-01-01 00:00:00')", "uuidv7()", "uuid()"),
    *("FORMAT_TIMESTAMP('%F', CURRENT_TIMESTAMP())", "DATE_FORMAT(NOW(), '%Y-%m-%d')"),
    *("TO_CHAR(SYSDATE, 'YYYY-MM-DD')", "date_trunc('day', now())", "DATE('now')"),
    *("current_timestamp AT TIME ZONE 'UTC'", "now() AT TIME ZONE 'America/New_York'"),
    *("TRUNC(SYSDATE)", "ADD_MONTHS(SYSDATE, 1)", "DATEADD(day, -1, GETDATE())", "SYSDATE - 1"),
    *("timeofday()", "clock_timestamp()", "statement_timestamp()", "pg_postmaster_start_time()"),
    *("get_current_timestamp()", "current_localtimestamp()", "txid_current()", "today()"),
)
SPELLINGS = sorted({*NAMES, *(f"{name}()" for name in NAMES), *OTHERS})


@pytest.fixture(scope="module")
def sources() -> Emulated:
    """Every kind of source, at a time that is not the machine's."""
    return Emulated({"t": [{"id": 1}]})


@pytest.mark.parametrize("connector", CONNECTORS)
def test_no_spelling_shows_the_machines_time(sources: Emulated, connector: str) -> None:
    """It shows the sandbox's, or the source does not know it."""
    shown = 0
    for spelling in SPELLINGS:
        given = sources.answer(f"SELECT {spelling} AS x FROM t", connector)
        if isinstance(given, str):
            continue
        shown += 1
        text = str([list(row.values()) for row in given])
        assert f"{datetime.now(UTC):%Y-%m-%d}" not in text, spelling
        epochs = [float(number) for number in re.findall(r"\d{10}(?:\.\d+)?", text)]
        assert not any(abs(epoch - time.time()) < 1e6 for epoch in epochs), spelling
    assert shown > 5


@pytest.mark.parametrize(
    ("connector", "spelling"),
    [
        ("Postgresql", "now()"),
        ("Redshift", "GETDATE()"),
        ("Snowflake", "CURRENT_TIMESTAMP()"),
        ("Bigquery", "CURRENT_TIMESTAMP()"),
        ("MariaDB", "NOW()"),
        ("Databricks", "current_timestamp()"),
        ("Oracle", "SYSDATE"),
        ("AwsAthena", "now()"),
    ],
)
def test_each_source_shows_the_sandboxs_time(
    sources: Emulated, connector: str, spelling: str
) -> None:
    """To the second."""
    [row] = sources.rows(f"SELECT {spelling} AS x FROM t", connector)
    [value] = row.values()
    assert str(value).startswith(f"{NOW:%Y-%m-%d %H:%M:%S}")
