"""What a catalog may be and what is made of it.

Sources: docs/vendors/squared.md#91-create-a-catalog and
docs/vendors/squared.md#92-update-a-catalog.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.rules.registry import Rates
from mockalog.vendors.squared.rules.validation import Key, checked, require

_CONTRACT = {
    "connector_id": Key("integer"),
    "catalog": Key(keys={"json_schema": Key("hash")}),
}


class NewCatalog(NamedTuple):
    """A catalog as requested; `posted` is the whole of what was sent as `catalog`."""

    connector_id: int
    json_schema: dict[str, Any]
    posted: dict[str, Any]


def new_catalog(body: Mapping[str, Any]) -> NewCatalog:
    """Return the catalog to create; raises `Invalid`."""
    values, errors = checked(body, _CONTRACT)
    require(errors)
    return _catalog(values, body)


def changed_catalog(body: Mapping[str, Any], catalog_id: str) -> tuple[int, NewCatalog]:
    """Return an id and the catalog that takes its place; raises `Invalid`."""
    contract = {"id": Key("integer"), **_CONTRACT}
    values, errors = checked({**body, "id": catalog_id}, contract)
    require(errors)
    return values["id"], _catalog(values, body)


def _catalog(values: Mapping[str, Any], body: Mapping[str, Any]) -> NewCatalog:
    return NewCatalog(
        values["connector_id"], values["catalog"]["json_schema"], dict(body["catalog"])
    )


def streams(name: str, json_schema: Any, rates: Rates) -> tuple[str, str]:
    """Return the catalog to store as JSON text, and its hash.

    It has one stream, named after the connector. The hash is a SHA-1 as the server's is, though not
    over Ruby's way to print (docs/vendors/squared.md#91-create-a-catalog).
    """
    stream = {
        "name": name,
        "url": "unknown",
        "json_schema": json_schema,
        "batch_support": False,
        "batch_size": 0,
        "request_method": "POST",
    }
    catalog = {
        "streams": [stream],
        "request_rate_concurrency": rates.concurrency,
        "request_rate_limit": rates.limit,
        "request_rate_limit_unit": rates.unit,
    }
    return packed(catalog)


def packed(catalog: Mapping[str, Any]) -> tuple[str, str]:
    """Return a catalog as it is stored, and its hash."""
    text = dumps(catalog)
    return text.decode(), hashlib.sha1(text, usedforsecurity=False).hexdigest()
