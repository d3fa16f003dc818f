"""Factories of Braze's tests: catalogs, items, fields, filters and any JSON."""

from collections.abc import Sequence
from typing import Any

import httpx
from hypothesis import strategies as st
from pydantic import BaseModel

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES
from mockalog.vendors.braze.rules.catalog_schema import CatalogSchema, catalog_schema


def make_catalog(client: httpx.Client, name: str = "shops", **fields: str) -> None:
    """Create a catalog of these fields (name to type), by default one named like each type."""
    types = fields or dict.fromkeys(FIELD_TYPE_NAMES)
    others = [field(name, kind or name) for name, kind in types.items()]
    catalog = {"name": name, "fields": [field("id"), *others]}
    answer = client.post("/catalogs", json={"catalogs": [catalog]})
    assert answer.status_code == 201, answer.text


def make_item(client: httpx.Client, catalog: str, item_id: str, **values: Any) -> None:
    """Create an item by a single call."""
    answer = client.post(f"/catalogs/{catalog}/items/{item_id}", json={"items": [values]})
    assert answer.status_code == 201, answer.text


def make_items(client: httpx.Client, catalog: str, item_ids: Sequence[str]) -> None:
    """Create items without values by bulk calls, in this order."""
    for start in range(0, len(item_ids), 50):
        items = [{"id": item_id} for item_id in item_ids[start : start + 50]]
        answer = client.post(f"/catalogs/{catalog}/items", json={"items": items})
        assert answer.status_code == 202, answer.text


def make_schema(*kinds: str, **fields: str) -> CatalogSchema:
    """Return the schema of a catalog with fields (name to type), or with one named like each type.

    Without arguments it has a field of every type.
    """
    types = fields or dict(zip(kinds, kinds, strict=True))
    types = types or dict(zip(FIELD_TYPE_NAMES, FIELD_TYPE_NAMES, strict=True))
    stored = [
        {"name": name, "token": str(token), "type": kind}
        for token, (name, kind) in enumerate([("id", "string"), *types.items()], -1)
    ]
    return catalog_schema(dumps(stored).decode(), "[]", len(types), 0)


def field(name: Any, kind: Any = "string") -> dict[str, Any]:
    """Return a field of a request."""
    return {"name": name, "type": kind}


def condition(field: Any, operator: Any, value: Any) -> dict[str, Any]:
    """Return a filter of a selection."""
    return {"field": field, "operator": operator, "value": value}


def nested(levels: int) -> dict[str, Any]:
    """Return an object with a number of levels."""
    return {} if levels == 1 else {"a": nested(levels - 1)}


def example_of(model: type[BaseModel]) -> Any:
    """Return the example of a request in the document, which is Braze's own."""
    [example] = model.model_json_schema()["examples"]
    return example


def any_json(*words: str) -> st.SearchStrategy[Any]:
    """Return a strategy of any JSON, whose keys and texts are often these words."""
    texts = st.sampled_from(words) | st.text(max_size=5)
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    return st.recursive(
        st.none() | st.booleans() | numbers | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=5),
    )
