"""What the tests of fields and selections ask for, and what they look at."""

from typing import Any

import httpx
from hypothesis import strategies as st

from tests.emulation import Emulation
from tests.vendors.braze.making import catalog_of

ID = ("id", "-1", "string")


def json_of(*words: str) -> st.SearchStrategy[Any]:
    """Return any JSON, whose keys and texts are often these words."""
    texts = st.sampled_from(words) | st.text(max_size=5)
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    return st.recursive(
        st.none() | st.booleans() | numbers | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=5),
    )


def field(name: Any, kind: Any = "string") -> dict[str, Any]:
    """Return a field."""
    return {"name": name, "type": kind}


def add(client: httpx.Client, *fields: Any, catalog: str = "shops") -> httpx.Response:
    """Ask for new fields."""
    return client.post(f"/catalogs/{catalog}/fields", json={"fields": fields})


def delete(client: httpx.Client, name: str, catalog: str = "shops") -> httpx.Response:
    """Ask for a field to be deleted."""
    return client.delete(f"/catalogs/{catalog}/fields/{name}")


def fields_of(client: httpx.Client, catalog: str = "shops") -> list[tuple[str, str, str]]:
    """Return name, token and type of a catalog's fields as they are listed."""
    return [tuple(shown.values()) for shown in catalog_of(client, catalog)["fields"]]


def mark(emulation: Emulation, client: httpx.Client, **marks: bool) -> httpx.Response:
    """Mark the field `Rating` as the dashboard does."""
    path = "/braze/catalogs/shops/fields/Rating"
    return emulation.control(client).patch(path, json=marks)


def wanted(field: Any, operator: Any, value: Any) -> dict[str, Any]:
    """Return a filter of a selection."""
    return {"field": field, "operator": operator, "value": value}


def select(
    client: httpx.Client, name: Any = "best", catalog: str = "shops", **parts: Any
) -> httpx.Response:
    """Ask for a new selection."""
    body = {"selection": {"name": name, **parts}}
    return client.post(f"/catalogs/{catalog}/selections", json=body)


def deselect(client: httpx.Client, name: str = "best", catalog: str = "shops") -> httpx.Response:
    """Ask for a selection to be deleted."""
    return client.delete(f"/catalogs/{catalog}/selections/{name}")


def selections_of(client: httpx.Client, catalog: str = "shops") -> list[str]:
    """Return the names of a catalog's selections as they are listed."""
    return [selection["name"] for selection in catalog_of(client, catalog)["selections"]]


# Parameters and their values, by error id.
Told = dict[str, tuple[list[str], list[Any]]]


def told(answer: httpx.Response) -> Told:
    """Return what an answer's errors speak of."""
    errors = answer.json()["errors"]
    return {error["id"]: (error["parameters"], error["parameter_values"]) for error in errors}
