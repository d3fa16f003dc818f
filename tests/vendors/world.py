"""A world with something of everything in it, and every call that reads it."""

from typing import Any
from urllib.parse import parse_qsl

import httpx

from mockalog.kernel.sandboxes.credentials import digest
from mockalog.vendors import BY_NAME
from tests.emulation import Emulation

TENANCY = {"tenant": "acme", "environment": "live1"}
PASSWORD = "Abcdef1!"
MAPPING = [{"from": "email", "to": "data.attributes.email", "mapping_type": "standard"}]

SEED: dict[str, Any] = {
    "mockalog": 1,
    "settings": {"rate_limits": "off", "squared.email_verification": True},
    "clock": {"mode": "frozen", "now": "2024-10-14T10:28:01.123456Z"},
    "braze": {
        "catalogs": [
            {
                "name": "restaurants",
                "description": "My Restaurants",
                "fields": [
                    {"name": "id", "type": "string"},
                    {"name": "Rating", "type": "number"},
                    {"name": "City", "type": "string"},
                ],
                "items": [
                    {"id": f"r{n}", "Rating": n / 10, "City": f"Ort {n} é"} for n in range(120)
                ],
                "selections": [
                    {
                        "name": "good",
                        "description": "",
                        "external_id": "x",
                        "filters": [
                            {"field": "Rating", "operator": "greater than", "value": 3},
                        ],
                        "results_limit": 10,
                        "sort_field": "Rating",
                        "sort_order": "desc",
                    }
                ],
            },
            {"name": "empty", "fields": [{"name": "id", "type": "string"}]},
        ]
    },
    "attraqt": {
        "tenancies": [
            {
                **TENANCY,
                "locale": "en_GB",
                "schemas": [{"name": "product", "attributes": [{"name": "title", "type": "TEXT"}]}],
                "trees": [
                    {"name": "shop", "localizedNames": [{"name": "Shop", "locale": "en_GB"}]}
                ],
                "catalogs": [
                    {
                        "trees": [],
                        "items": [
                            {"id": f"A{n}", "type": "product", "attributes": {"title": f"T{n}"}}
                            for n in range(9)
                        ],
                        "active": True,
                    },
                    {
                        "trees": [],
                        "items": [{"id": "B", "type": "product", "attributes": {"title": "b"}}],
                    },
                ],
            }
        ]
    },
    "squared": {
        "workspaces": [{"name": "second", "description": "the other"}],
        "connectors": [
            {
                "workspace": "second",
                "name": f"warehouse {n}",
                "connector_type": "source",
                "connector_name": "Snowflake",
                "configuration": {"host": "h", "credentials": {"password": "secret"}},
                **({"json_schema": {"type": "object"}} if n else {}),
            }
            for n in range(3)
        ]
        + [
            {
                "workspace": "second",
                "name": "shop",
                "connector_type": "source",
                "connector_name": "Postgresql",
                "configuration": {"host": "db"},
                "tables": {"users": [{"id": n, "email": f"é{n}@x.io"} for n in range(3)]},
            },
            {
                "workspace": "second",
                "name": "letters",
                "connector_type": "destination",
                "connector_name": "Klaviyo",
                "configuration": {"public_api_key": "a", "private_api_key": "b"},
            },
        ],
        "models": [
            {
                "workspace": "second",
                "connector": "shop",
                "name": "buyers",
                "query": "SELECT * FROM users",
                "query_type": "raw_sql",
                "primary_key": "id",
            }
        ],
        "syncs": [
            {
                "workspace": "second",
                "model": "buyers",
                "destination": "letters",
                "stream_name": "profile",
                "configuration": MAPPING,
            },
            {
                "workspace": "second",
                "model": "buyers",
                "destination": "letters",
                "stream_name": "profile",
                "configuration": MAPPING,
                "schedule_type": "interval",
                "sync_interval": 10,
                "sync_interval_unit": "minutes",
            },
        ],
        "users": [{"name": "Mia", "email": "mia@x.io", "password": PASSWORD}],
    },
}

UPDATES = "/feedback/catalog-version/1/updates"

# Every operation that a vendor answers a GET with, and what to ask it.
READS: dict[str, dict[str, list[str]]] = {
    "braze": {
        "list_catalogs": ["/catalogs"],
        "list_items": [
            "/catalogs/restaurants/items",
            "/catalogs/restaurants/items?cursor=c2tpcDo1MA==",
            "/catalogs/restaurants/items?cursor=c2tpcDoxMDA=",
            "/catalogs/empty/items",
            "/catalogs/none/items",
        ],
        "get_item": [
            "/catalogs/restaurants/items/r7",
            "/catalogs/restaurants/items/r3",
            "/catalogs/restaurants/items/none",
        ],
        "list_selected_items": ["/selections/restaurants/good/items"],
    },
    "attraqt": {
        "list_catalogs": ["/catalogs"],
        "get_active_catalog": ["/catalogs/active"],
        "list_item_schemas": ["/item-schemas"],
        "get_item_schema": ["/item-schemas/product/1", "/item-schemas/product/2"],
        "list_category_trees": ["/category-trees", "/category-trees?nameSearchPattern=SHO"],
        "get_category_tree": ["/category-trees/shop/1"],
        "list_batch_imports": ["/batch-imports"],
        "list_ingestions": ["/batch-imports/ingestions"],
        "get_ingestion": ["/batch-imports/ingestions/{ingestion}"],
        "get_locale": ["/locale"],
        "list_creations": ["/feedback/catalog-version", "/feedback/catalog-version?page=1&size=1"],
        "get_statistics": ["/feedback/catalog-version/1/full/statistics"],
        "count_recent_updates": [f"{UPDATES}/statistics/summary/relative?lookback=24"],
        "count_updates": [f"{UPDATES}/statistics/summary/absolute"],
        "count_recent_updates_in_state": [f"{UPDATES}/statistics/summary/SUCCESS/relative"],
        "count_updates_in_state": [f"{UPDATES}/statistics/summary/SUCCESS/absolute"],
        "list_recent_updates": [f"{UPDATES}/statistics/details/SUCCESS/relative"],
        "list_updates": [
            f"{UPDATES}/statistics/details/SUCCESS/absolute",
            f"{UPDATES}/statistics/details/SUCCESS/absolute?page=1&size=3",
        ],
        "get_update": [f"{UPDATES}/{{receipt}}"],
        "list_items": ["/items?catalogVersion=1", "/items?catalogVersion=2"],
    },
    "squared": {
        "get_me": ["/api/v1/users/me"],
        "verify_user": ["/api/v1/verify_user?confirmation_token=none"],
        "list_workspaces": ["/api/v1/workspaces"],
        "get_workspace": ["/api/v1/workspaces/2", "/api/v1/workspaces/9"],
        "list_roles": ["/enterprise/api/v1/roles"],
        "list_connectors": ["/api/v1/connectors", "/api/v1/connectors?page=2&per_page=1"],
        "get_connector": ["/api/v1/connectors/1", "/api/v1/connectors/3"],
        "list_definitions": ["/api/v1/connector_definitions"],
        "get_definition": ["/api/v1/connector_definitions/Snowflake?type=source"],
        "list_mails": ["/outbox"],
        "discover": ["/api/v1/connectors/5/discover", "/api/v1/connectors/4/discover"],
        "list_models": ["/api/v1/models", "/api/v1/models?query_type=dbt"],
        "get_model": ["/api/v1/models/1", "/api/v1/models/2"],
        "list_syncs": ["/api/v1/syncs"],
        "get_sync": ["/api/v1/syncs/1", "/api/v1/syncs/2", "/api/v1/syncs/3"],
        "get_configurations": ["/api/v1/syncs/configurations"],
        "list_sync_runs": ["/api/v1/syncs/1/sync_runs", "/api/v1/syncs/2/sync_runs"],
        "get_sync_run": ["/api/v1/syncs/1/sync_runs/1"],
        "list_sync_records": ["/api/v1/syncs/1/sync_runs/1/sync_records"],
        "get_report": ["/api/v1/reports?type=workspace_activity"],
        "show_tables": ["/connectors/4/tables", "/connectors/5/tables"],
        "show_table": ["/connectors/5/tables/profile"],
    },
}

# What differs from call to call, whatever is stored.
_FLEETING = ("x-request-id", "x-runtime", "x-ratelimit-", "ratelimit-", "date")

# Status, body and headers; and those of every call by vendor and operation.
Answer = tuple[int, bytes, list[tuple[str, str]]]
Answers = dict[str, list[Answer]]


class World:
    """A sandbox of one server, opened by one token."""

    def __init__(self, emulation: Emulation, token: str) -> None:
        self.emulation = emulation
        self.token = token
        self.braze = emulation.client("/braze", token=token)
        self.attraqt = emulation.client("/attraqt", token=token, params=TENANCY)
        self.squared = emulation.client(
            "/squared", token=token, headers={"workspace-id": "2", "accept": "*/*"}
        )
        self.control = emulation.control(self.braze)
        self.sandbox = emulation.sandbox(self.braze)
        self.names: dict[str, str] = {}

    def make(self) -> None:
        """Fill it: by a seed, and with what only calls leave behind."""
        self.sandbox.seed(SEED)
        self._change_braze()
        self._change_attraqt()
        self._change_squared()

    def _change_braze(self) -> None:
        items = "/catalogs/restaurants/items"
        assert self.braze.delete(f"{items}/r3").status_code == 202
        assert self.braze.put(f"{items}/new", json={"items": [{"Rating": 9}]}).is_success
        field = {"fields": [{"name": "Late", "type": "boolean"}]}
        assert self.braze.post("/catalogs/restaurants/fields", json=field).is_success
        self.sandbox.settings["braze.async_delay"] = 60
        late = {"items": [{"id": "late", "Rating": 1}]}
        assert self.braze.post(items, json=late).status_code == 202

    def _change_attraqt(self) -> None:
        batch = self.attraqt.post("/batch-imports").json()["id"]
        more = [{"id": "C", "type": "product", "attributes": {"title": "c"}}]
        self.attraqt.post("/batch-imports/items", json=more, params={"batch_id": batch})
        self.sandbox.settings["attraqt.ingestion_delay"] = 120
        wanted = {"catalogVersion": 2, "batchImportId": batch}
        started = self.attraqt.post("/batch-imports/ingestions", json=wanted).json()
        listed = self.attraqt.get(f"{UPDATES}/statistics/details/SUCCESS/absolute").json()
        self.names = {
            "ingestion": started["id"],
            "receipt": listed["updates"][4]["receiptId"],
        }
        assert self.attraqt.delete("/item-schemas/product/9").status_code == 404

    def _change_squared(self) -> None:
        assert self.squared.delete("/api/v1/connectors/2").status_code == 204
        here = {"x-mockalog-sandbox": digest(self.token)}
        mail = self.squared.post(
            "/api/v1/forgot_password", json={"email": "mia@x.io"}, headers=here
        )
        assert mail.status_code == 200, mail.text
        # The first look at a connector stores what it sees.
        assert self.squared.get("/api/v1/connectors/4/discover").is_success
        run = {"schedule_sync": {"sync_id": 1}}
        assert self.squared.post("/api/v1/schedule_syncs", json=run).is_success
        renamed = {"connector": {"name": "renamed"}}
        assert self.squared.put("/api/v1/connectors/3", json=renamed).is_success

    def reads(self) -> Answers:
        """Return the response of every reading call."""
        clients = {"braze": self.braze, "attraqt": self.attraqt, "squared": self.squared}
        return {
            f"{vendor} {operation}": [
                self._read(self._client(clients[vendor], vendor, operation), path) for path in paths
            ]
            for vendor, operations in READS.items()
            for operation, paths in operations.items()
        }

    def ask(
        self, client: httpx.Client, path: str, method: str = "GET", **headers: str
    ) -> httpx.Response:
        """Return the response of one reading call."""
        for name, value in self.names.items():
            path = path.replace(f"{{{name}}}", value)
        bare, _, query = path.partition("?")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.request(method, bare, params=dict(parse_qsl(query)), headers=sent)

    def _read(self, client: httpx.Client, path: str) -> Answer:
        answer = self.ask(client, path)
        headers = [(k, v) for k, v in answer.headers.multi_items() if not k.startswith(_FLEETING)]
        return answer.status_code, answer.content, headers

    def _client(self, client: httpx.Client, vendor: str, operation: str) -> httpx.Client:
        """Return the vendor's client, or the control plane's for what it adds there."""
        found = BY_NAME[vendor].api.control_routes.operations
        if operation not in {route.name for route in found}:
            return client
        control = self.emulation.control(client)
        control.base_url = control.base_url.join(f"/_mockalog/{vendor}")
        control.params = client.params
        return control
