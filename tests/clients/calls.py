"""A call of each tag of each document, in an order in which they work."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Api(NamedTuple):
    """A vendor in one of its dialects."""

    vendor: str
    dialect: str = ""

    @property
    def package(self) -> str:
        """Return the name of its generated client."""
        return "_".join(filter(None, (self.vendor, self.dialect, "client")))


class Asked(NamedTuple):
    """A call: `tag.operation`, its arguments, and the status of its answer."""

    operation: str
    arguments: Mapping[str, Any]
    status: int


_SHOP = {"catalog_name": "shop"}
_NEW_SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}
_CITY = {"fields": [{"name": "City", "type": "string"}]}
_ULM = {"items": [{"City": "Ulm"}]}
_BONN = {"items": [{"id": "b", "City": "Bonn"}]}

BRAZE = (
    Asked("catalogs.create_catalog", {"body": _NEW_SHOP}, 201),
    Asked(
        "fields.create_fields",
        {**_SHOP, "body": _CITY},
        202,
    ),
    Asked("items.create_item", {**_SHOP, "item_id": "a", "body": _ULM}, 201),
    Asked(
        "items_in_bulk.create_items",
        {**_SHOP, "body": _BONN},
        202,
    ),
    Asked("items.list_items", _SHOP, 200),
    Asked("selections.create_selection", {**_SHOP, "body": {"selection": {"name": "all"}}}, 202),
)

_TENANCY = {"tenant": "acme", "environment": "live1"}
_SCHEMA = {"name": "product", "attributes": [{"name": "title", "type": "TEXT"}]}
_TREE = {"name": "shop", "localizedNames": [{"name": "Shop", "locale": "en_GB"}]}
_CATALOG = {"catalogItemSchemas": [{"name": "product", "version": 1}]}
_GRANT = {"grant_type": "client_credentials", "client_id": "shop", "client_secret": "secret"}
_PRODUCT = {"id": "a", "type": "product", "catalogVersion": 1, "attributes": {"title": "A"}}

ATTRAQT = (
    Asked("tokens.create_token", {"tenant": "acme", "body": _GRANT}, 200),
    Asked("item_schemas.create_item_schema", {**_TENANCY, "body": _SCHEMA}, 200),
    Asked("category_trees.create_category_tree", {**_TENANCY, "body": _TREE}, 200),
    Asked("catalogs.create_catalog", {**_TENANCY, "body": _CATALOG}, 200),
    Asked("catalogs.list_catalogs", _TENANCY, 200),
    Asked("items.upsert_items", {**_TENANCY, "body": [_PRODUCT]}, 200),
    Asked("batch_imports.create_batch_import", _TENANCY, 200),
    Asked("locale.set_locale", {**_TENANCY, "locale": "en_GB"}, 200),
    Asked("feedback.list_creations", _TENANCY, 200),
)

_SOURCE = {
    "name": "shop",
    "connector_type": "source",
    "connector_name": "Postgresql",
    "configuration": {
        "data_type": "structured",
        "host": "db.example.com",
        "port": "5432",
        "database": "shop",
        "schema": "public",
        "credentials": {"auth_type": "username/password", "username": "u", "password": "p"},
    },
}
_DESTINATION = {
    "name": "Klaviyo",
    "connector_type": "destination",
    "connector_name": "Klaviyo",
    "configuration": {"public_api_key": "a", "private_api_key": "b"},
}
_STREAM = {"connector_id": 2, "catalog": {"json_schema": {"type": "object"}}}
_MODEL = {
    "connector_id": 1,
    "name": "customers",
    "query": "SELECT * FROM customers",
    "query_type": "raw_sql",
    "primary_key": "id",
}
_SYNC = {
    "source_id": 1,
    "destination_id": 2,
    "model_id": 1,
    "schedule_type": "manual",
    "sync_mode": "incremental",
    "stream_name": "Klaviyo",
    "configuration": [{"from": "email", "to": "email", "mapping_type": "standard"}],
}


def squared(dialect: str) -> tuple[Asked, ...]:
    """Return the calls of a dialect of Squared: the server asks for the workspace."""
    server = dialect == "server"
    here = {"workspace_id": "1"}
    made = 201 if server else 200
    return (
        Asked("workspaces.list_workspaces", {}, 200),
        Asked("accounts.get_me", here, 200),
        Asked("connectors.create_connector", {**here, "body": {"connector": _SOURCE}}, 201),
        Asked("connectors.create_connector", {**here, "body": {"connector": _DESTINATION}}, 201),
        Asked("connector_definitions.list_definitions", here, 200),
        Asked("catalogs.create_catalog", {**here, "body": _STREAM}, made),
        Asked("models.create_model", {**here, "body": {"model": _MODEL}}, 201),
        Asked("syncs.create_sync", {**here, "body": {"sync": _SYNC}}, made),
        Asked("sync_runs.schedule_sync", {**here, "body": {"sync_id": 1}}, 200),
        Asked("sync_runs.list_sync_runs", {**here, "sync_id": "1"}, 200),
        Asked("reports.get_report", {**here, "type_": "workspace_activity"}, 200),
    )


APIS = {
    Api("braze"): BRAZE,
    Api("attraqt"): ATTRAQT,
    Api("squared", "docs"): squared("docs"),
    Api("squared", "server"): squared("server"),
}
