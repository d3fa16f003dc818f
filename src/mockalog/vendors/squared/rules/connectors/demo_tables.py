"""The demo tables, which a source reads until a test loads other ones.

They are the same on every start and contain no data of real persons.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from mockalog.vendors.squared.rules.connectors.source_tables import (
    Column,
    LoadedTable,
    Row,
    Table,
    infer_columns,
)

CUSTOMERS, ORDERS, PRODUCTS = 36, 48, 24

_FIRST = (
    "Ada", "José", "Zoë", "Mia", "Øyvind", "Łukasz", "Siân", "Nguyễn", "Björn", "愛", "Иван",
    "Aïda",
)  # fmt: skip
_LAST = ("García", "Müller", "O'Brien", "Smith", "Kowalska", "山田", "Nilsson", "D'Angelo", "Weiß")
_COUNTRIES = ("DE", "FR", "GB", "US", "JP", "PL", "SE")
_PLANS = ("free", "pro", "business")
_THINGS = ("Notebook", "Pencil", "Café mug", "Backpack", "Lamp", "Teapot")
_COLOURS = ("red", "green", "blue", "naïve white")
_STATUSES = ("paid", "shipped", "pending", "refunded", "cancelled")

# In a database's text format; a fixed day, so that the tables never change.
_START = datetime(2025, 1, 6, 8, 0, 0)  # noqa: DTZ001 - a text of the table, no instant


def _stamp(hours: int) -> str:
    return (_START + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")


def _customer(number: int) -> Row:
    first, last = _FIRST[number % len(_FIRST)], _LAST[number % len(_LAST)]
    return {
        "id": number + 1,
        "name": f"{first} {last}",
        "email": f"customer{number + 1}@example.com",
        "phone": None if number % 4 == 3 else f"+49 30 5550{number:03}",
        "country": _COUNTRIES[number % len(_COUNTRIES)],
        "plan": _PLANS[number % len(_PLANS)],
        "active": number % 5 != 4,
        "created_at": _stamp(number * 31),
    }


def _product(number: int) -> Row:
    return {
        "id": number + 1,
        "sku": f"SKU-{number + 1:04}",
        "title": f"{_THINGS[number % len(_THINGS)]}, {_COLOURS[number // len(_THINGS)]}",
        "price": round(3.5 + number * 2.25, 2),
        "stock": None if number % 6 == 5 else number * 7 % 50,
    }


def _order(number: int) -> Row:
    product = _product(number * 5 % PRODUCTS)
    quantity = 1 + number % 3
    return {
        "id": 1001 + number,
        "customer_id": 1 + number * 7 % CUSTOMERS,
        "product_id": product["id"],
        "quantity": quantity,
        "total": round(quantity * product["price"], 2),
        "status": _STATUSES[number % len(_STATUSES)],
        "note": "gift ✓" if number % 8 == 0 else None,
        "ordered_at": _stamp(900 + number * 17),
    }


# A constant, cached because it takes a millisecond to make; callers must not change it.
@cache
def demo_tables() -> list[LoadedTable]:
    """Return the tables of a shop: customers, orders and products."""
    made = {
        "customers": [_customer(number) for number in range(CUSTOMERS)],
        "orders": [_order(number) for number in range(ORDERS)],
        "products": [_product(number) for number in range(PRODUCTS)],
    }
    return [
        LoadedTable(Table(name, infer_columns(rows), "id"), rows) for name, rows in made.items()
    ]


# Any: a catalog is JSON, in the format of the data file.
def initial_tables(kind: str, catalog: Mapping[str, Any] | None) -> list[LoadedTable]:
    """Return the tables of a connector before anything is loaded or written.

    A source has the demo tables, a destination the same without rows. A connector with a fixed
    `catalog` has an empty table for each stream of it.
    """
    if catalog is not None:
        return [LoadedTable(_of_stream(stream), []) for stream in catalog["streams"]]
    if kind == "source":
        return demo_tables()
    return [LoadedTable(loaded.table, []) for loaded in demo_tables()]


def _of_stream(stream: Mapping[str, Any]) -> Table:
    names: Sequence[str] = list(stream["json_schema"].get("properties", ()))
    return Table(stream["name"], {name: Column("json", nullable=True) for name in names})
