"""First calls of a server that each need a part that no start imports."""

from typing import Any

import httpx

TENANCY = {"tenant": "acme", "environment": "live1"}
ACCOUNT = {"email": "ann@acme.test", "password": "Abcdef1!"}
NEW_ACCOUNT = {
    **ACCOUNT,
    "name": "Ann",
    "company_name": "Acme",
    "password_confirmation": ACCOUNT["password"],
}
GRANT = {"grant_type": "client_credentials", "client_id": "shop", "client_secret": "secret"}
CONFIGURATION = {
    "data_type": "structured",
    "host": "db",
    "port": "5432",
    "database": "shop",
    "schema": "public",
    "credentials": {"auth_type": "username/password", "username": "u", "password": "p"},
}
SOURCE = {
    "name": "warehouse",
    "connector_type": "source",
    "connector_name": "Postgresql",
    "configuration": CONFIGURATION,
}
TARGET = {
    "name": "mails",
    "connector_type": "destination",
    "connector_name": "Klaviyo",
    "configuration": {"public_api_key": "a", "private_api_key": "b"},
}
MODEL = {
    "connector_id": 1,
    "name": "people",
    "query_type": "raw_sql",
    "query": "SELECT * FROM customers",
    "primary_key": "id",
}
SYNC = {
    "source_id": 1,
    "model_id": 1,
    "destination_id": 2,
    "name": "people to mails",
    "schedule_type": "cron_expression",
    "cron_expression": "0 0 * * *",
    "stream_name": "profile",
    "sync_mode": "full_refresh",
    "configuration": [
        {"from": "{{ email | upcase }}", "to": "data.attributes.email", "mapping_type": "template"}
    ],
}
SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}
SEED = "mockalog: 1\nbraze:\n  catalogs: []\n"


def send_all(client: httpx.Client) -> None:
    """Send the calls, each of which must be a success."""
    client.headers.update({"Authorization": "Bearer late", "Workspace-Id": "1"})

    def send(method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = client.request(method, path, json=body, **options)
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        return answer

    send("POST", "/braze/catalogs", SHOP)
    send("POST", "/braze/catalogs/shop/items", {"items": [{"id": "a"}]})
    send("GET", "/attraqt/catalogs", params=TENANCY)
    send("POST", "/attraqt/locale/en_GB", params=TENANCY)
    send("POST", "/attraqt/auth/realms/acme/protocol/openid-connect/token", data=GRANT)
    send("PATCH", "/_mockalog/settings", {"squared.dialect": "server", "rate_limits": "off"})
    for connector in (SOURCE, TARGET):
        send("POST", "/squared/api/v1/connectors", {"connector": connector})
    query = {"query": "SELECT count(*) FROM customers"}
    send("POST", "/squared/api/v1/connectors/1/query_source", query)
    for number in (1, 2):
        send("GET", f"/squared/api/v1/connectors/{number}/discover")
    send("POST", "/squared/api/v1/models", {"model": MODEL})
    send("POST", "/squared/api/v1/syncs", {"sync": SYNC})
    send("POST", "/_mockalog/clock/advance", {"seconds": 100_000})
    send("GET", "/squared/api/v1/syncs/1/sync_runs")
    send("POST", "/squared/api/v1/signup", NEW_ACCOUNT)
    send("POST", "/squared/api/v1/login", ACCOUNT)
    for path in ("info", "requests", "requests/unmatched", "requests/har", "state", "openapi.json"):
        send("GET", f"/_mockalog/{path}")
    for vendor in ("attraqt", "braze", "squared"):
        send("GET", f"/_mockalog/{vendor}/openapi.json")
    send("GET", "/_mockalog/braze/docs")
    seed = {"content": SEED, "headers": {"Content-Type": "application/yaml"}}
    send("POST", "/_mockalog/seed", **seed)
    send("POST", "/_mockalog/faults", {"vendor": "braze", "status": 500})
    send("PUT", "/_mockalog/snapshots/late")
    send("POST", "/_mockalog/reset")
