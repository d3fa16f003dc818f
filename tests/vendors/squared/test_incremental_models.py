"""A model that reads the last week, in a real sync: the sandbox's clock is the source's."""

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import make_model, make_sync, make_sync_parts
from tests.vendors.squared.requests import list_records, schedule_sync
from tests.vendors.squared.steering import load_tables

ROWS = [
    {"id": day, "email": f"{day}@x.io", "updated_at": f"2026-03-{day:02} 23:59:59"}
    for day in range(1, 21)
]

LAST_WEEK = {
    "Postgresql": "updated_at::date >= CURRENT_DATE - 7",
    "Redshift": "updated_at::date >= DATEADD(day, -7, TRUNC(SYSDATE))",
    "Snowflake": "updated_at::date >= DATEADD('day', -7, CURRENT_DATE())",
    "Bigquery": "DATE(updated_at) >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY)",
    "MariaDB": "DATE(updated_at) >= CURDATE() - INTERVAL 7 DAY",
    "Databricks": "to_date(updated_at) >= date_sub(current_date(), 7)",
    "Oracle": "TRUNC(updated_at) >= TRUNC(SYSDATE) - 7",
    "AwsAthena": "CAST(updated_at AS date) >= current_date - interval '7' day",
}
# Sources that give their names without quotes in upper case.
UPPER_CASE = ("Oracle", "Snowflake")


@pytest.mark.parametrize("connector", LAST_WEEK)
def test_a_sync_moves_the_rows_of_the_week(
    emulation: Emulation, squared: httpx.Client, connector: str
) -> None:
    """Day after day, as the clock advances (amendment squared A15)."""
    make_sync_parts(emulation, squared, connector_name=connector)
    load_tables(emulation, squared, {"users": ROWS})
    key = "ID" if connector in UPPER_CASE else "id"
    query = f"SELECT * FROM users WHERE {LAST_WEEK[connector]}"
    make_model(squared, name="Week", query=query, primary_key=key)
    sandbox = emulation.sandbox(squared)
    sandbox.settings["squared.sync_delay"] = 0
    sandbox.clock.freeze("2026-03-10T12:00:00Z")
    mapping = {"from": key, "to": "id", "mapping_type": "standard"}
    make_sync(squared, model_id=2, sync_mode="full_refresh", configuration=[mapping])

    moved = []
    for run in (1, 2, 3):
        schedule_sync(squared)
        records = list_records(squared, run)
        moved.append(sorted(int(record["record"][key]) for record in records))
        sandbox.clock.advance(86_400)

    assert moved == [list(range(first, 21)) for first in (3, 4, 5)]
