"""The contracts of catalogs and their stored format.

Sources: docs/vendors/squared.md#91-create-a-catalog and
docs/vendors/squared.md#92-update-a-catalog.
"""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.rules.connectors.registry import Rates
from mockalog.vendors.squared.rules.validation import Key, Values, require_no_errors, validate

_CONTRACT = {
    "connector_id": Key("integer"),
    "catalog": Key(keys={"json_schema": Key("hash")}),
}


class NewCatalog(NamedTuple):
    """The catalog of a request; `posted` is the complete `catalog` parameter."""

    connector_id: int
    json_schema: dict[str, object]
    posted: dict[str, object]


def new_catalog(body: Mapping[str, object]) -> NewCatalog:
    """Return the new catalog of a request; raises `ContractError`."""
    values, errors = validate(body, _CONTRACT)
    require_no_errors(errors)
    return _catalog(values, body)


def changed_catalog(body: Mapping[str, object], catalog_id: str) -> tuple[int, NewCatalog]:
    """Return an id and the new content of its catalog; raises `ContractError`."""
    contract = {"id": Key("integer"), **_CONTRACT}
    values, errors = validate({**body, "id": catalog_id}, contract)
    require_no_errors(errors)
    return values["id"], _catalog(values, body)


def _catalog(values: Values, body: Values) -> NewCatalog:
    return NewCatalog(
        values["connector_id"], values["catalog"]["json_schema"], dict(body["catalog"])
    )


def schema_catalog(name: str, json_schema: object, rates: Rates) -> tuple[str, str]:
    """Return a catalog with one stream of a JSON Schema, as JSON text, and its hash.

    The stream has the connector's name. The hash is a SHA-1 of the JSON text; the server's is one
    of Ruby's text of the catalog (docs/vendors/squared.md#91-create-a-catalog).
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
    return pack_catalog(catalog)


def pack_catalog(catalog: Mapping[str, object]) -> tuple[str, str]:
    """Return the JSON text that is stored of a catalog, and its hash."""
    text = dumps(catalog)
    return text.decode(), hashlib.sha1(text, usedforsecurity=False).hexdigest()
