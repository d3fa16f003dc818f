"""The contracts of queries to sources and of payloads to models.

Sources: docs/vendors/squared.md#87-query-a-source and docs/vendors/squared.md#88-execute-a-model.
"""

from collections.abc import Mapping
from typing import NamedTuple

from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import loads
from mockalog.vendors.squared.errors import ApplicationError, ContractError, undefined_method
from mockalog.vendors.squared.rules.connectors.connectors import AI_MODEL
from mockalog.vendors.squared.rules.connectors.rows import ConnectorRow
from mockalog.vendors.squared.rules.validation import Key, require_no_errors, validate

DEFAULT_LIMIT = 50


class SourceQuery(NamedTuple):
    """A query to a source; `limit` is not validated, because it is inserted into the query.

    To Ruby 0 and "" are limits, null and false are none.
    """

    connector_id: int
    query: str
    limit: object


def source_query(body: Mapping[str, object], connector_id: str) -> SourceQuery:
    """Return the query of a request; raises `ContractError`."""
    contract = {"id": Key("integer"), "query": Key("string")}
    values, errors = validate({**body, "id": connector_id}, contract)
    require_no_errors(errors)
    limit = body.get("limit")
    nothing = limit is None or limit is False
    return SourceQuery(values["id"], values["query"], DEFAULT_LIMIT if nothing else limit)


def model_payload(body: Mapping[str, object], connector_id: str) -> tuple[int, object]:
    """Return a connector's id and the payload for its model; raises `ContractError`."""
    contract = {"id": Key("integer"), "payload": Key("string")}
    values, errors = validate({**body, "id": connector_id}, contract)
    require_no_errors(errors)
    try:
        return values["id"], loads(values["payload"])
    except MalformedBodyError:
        raise ContractError({"payload": ["must be a valid JSON string"]}) from None


def check_source(connector: ConnectorRow) -> None:
    """Raise `ApplicationError` for a destination: only sources have queries."""
    if connector.connector_type != "source":
        raise ApplicationError(422, "Connector is not a source")


def check_model(connector: ConnectorRow) -> None:
    """Raise `ApplicationError` for a connector that is no AI model (wording inferred)."""
    check_source(connector)
    if connector.category != AI_MODEL:
        client = f"Multiwoven::Integrations::Source::{connector.connector_name}::Client"
        raise ApplicationError(422, undefined_method("run_model", f"an instance of {client}"))


def model_response(connector: ConnectorRow, payload: object) -> dict[str, object]:
    """Return a model's response without a network (inferred).

    It is the example in the configuration's `response_format`, otherwise the payload.
    """
    example = loads(connector.configuration).get("response_format")
    try:
        response = loads(example) if isinstance(example, str) else None
    except MalformedBodyError:
        response = None
    return response if isinstance(response, dict) and response else {"payload": payload}
