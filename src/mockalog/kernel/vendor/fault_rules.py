"""Rules of faults, for the call that arms one and for the state document that holds one."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mockalog.kernel.errors import ApiError
from mockalog.kernel.formats.path_patterns import can_match, glob_of, normalized_path
from mockalog.kernel.formats.strings import NonEmptyText
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Headers
from mockalog.kernel.vendor.fault_responses import refusal_for
from mockalog.kernel.vendor.faults import ANY, Phase, is_of_calls
from mockalog.kernel.vendor.vendor import Vendor


class InvalidFaultError(ValueError):
    """A fault that cannot apply to a call as it is described."""


# The most names that an error lists.
SHOWN = 50

# Fields whose columns have other names.
COLUMNS = {"drop": "drops", "after": "skips"}

# More calls than any test makes, and the largest value of the column.
Calls = Annotated[int, Field(le=2**31 - 1)]


class FaultIn(BaseModel):
    """A fault to arm: its failure, the calls that it applies to, and their number."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)

    vendor: NonEmptyText
    operation: NonEmptyText = Field(
        ANY, description="An operation of the vendor's; `*`: any of them."
    )
    path: NonEmptyText | None = Field(
        None,
        pattern="^[/*]",
        max_length=2000,
        description="The path as the vendor's API has it, exactly (decoded, or as it is sent) or "
        "as a glob.",
    )
    status: int | None = Field(None, description="The status of the response; by default 500.")
    error: NonEmptyText | None = Field(None, description="The vendor's error id to answer.")
    retry_after: int | None = Field(
        None,
        ge=0,
        le=86_400,
        description="Seconds that a 429 asks its client to wait; by default until the limit's "
        "next window.",
    )
    times: Calls = Field(1, ge=1, description="The number of calls that fail.")
    after: Calls = Field(0, ge=0, description="The number of calls that pass first.")
    delay: float = Field(0, ge=0, le=3600, description="Seconds of real time before the answer.")
    phase: Phase = Field(
        "before",
        description="Before anything is done, after it in place of the answer, or in a job.",
    )
    drop: bool = Field(False, description="Whether the connection is closed without an answer.")

    @property
    def is_silent(self) -> bool:
        """Whether it has no response: it drops, only delays, or fails a job."""
        return self.drop or self.delay > 0 or not is_of_calls(self.phase)

    @model_validator(mode="after")
    def _without_contradiction(self) -> "FaultIn":
        if not is_of_calls(self.phase) and (self.drop or self.delay):
            raise ValueError("a job has no answer to drop or to delay")
        if self.drop and self.error is not None:
            raise ValueError("a dropped connection carries no error")
        answers = is_of_calls(self.phase) and not self.drop
        if self.retry_after is not None and (self.status != 429 or not answers):
            raise ValueError("retry_after goes with an answer of status 429")
        return self

    def row(self) -> dict[str, object]:
        """Return the values of its row."""
        return {COLUMNS.get(name, name): value for name, value in self.model_dump().items()}


def check_stored(row: Mapping[str, object], vendors: Mapping[str, Vendor]) -> None:
    """Raise `InvalidFaultError` for a row of `FaultIn.row` that no call could have armed."""
    values = {name: row.get(COLUMNS.get(name, name)) for name in FaultIn.model_fields}
    try:
        validated_fault(FaultIn.model_validate(values), vendors)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidFaultError(": ".join([*map(str, first["loc"]), first["msg"]])) from None


def validated_fault(
    wanted: FaultIn, vendors: Mapping[str, Vendor], exchange: Exchange | None = None
) -> dict[str, object]:
    """Return the fault's row; raises `InvalidFaultError`."""
    if wanted.vendor not in vendors:
        raise InvalidFaultError(unknown("vendor", wanted.vendor, vendors))
    vendor = vendors[wanted.vendor]
    _check_operation(wanted, vendor)
    _check_path(wanted, vendor)
    errors = vendor.api.faults.by_id
    if wanted.error is not None and wanted.error not in errors:
        raise InvalidFaultError(unknown(f"{vendor.name} error", wanted.error, errors))
    return {**wanted.row(), "status": _status(wanted, vendor, exchange or Exchange(EXAMPLE_SCOPE))}


# The scope of an imagined call, to word an error where no call is at hand.
EXAMPLE_SCOPE = {"scheme": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}


def _check_operation(wanted: FaultIn, vendor: Vendor) -> None:
    operations = {operation.name: operation for operation in vendor.api.router.operations}
    operation = operations.get(wanted.operation)
    if operation is None and wanted.operation != ANY:
        raise InvalidFaultError(unknown(f"{vendor.name} operation", wanted.operation, operations))
    scheduling = [one for one in operations.values() if one.may_schedule_jobs]
    if not is_of_calls(wanted.phase) and (
        not scheduling or (operation is not None and operation not in scheduling)
    ):
        names = ", ".join(one.name for one in scheduling) or "none does"
        raise InvalidFaultError(
            f"{wanted.operation} schedules no job; these of {vendor.name} do: {names}"
        )


def _check_path(wanted: FaultIn, vendor: Vendor) -> None:
    """Refuse a path that matches none of the operation's, or of the vendor's."""
    if wanted.path is None:
        return
    path = normalized_path(wanted.path)
    candidates = [
        one for one in vendor.api.router.operations if wanted.operation in (ANY, one.name)
    ]
    templates = list(dict.fromkeys(one.path for one in candidates))
    suffixed = [template + vendor.api.suffix for template in templates]
    if not any(can_match(path, template) for template in (*templates, *suffixed)):
        whose = vendor.name if wanted.operation == ANY else wanted.operation
        raise InvalidFaultError(
            unknown(f"path of {whose}", wanted.path, [*map(glob_of, templates)])
        )


def _status(wanted: FaultIn, vendor: Vendor, exchange: Exchange) -> int | None:
    """Return the status of the fault's response, None without one."""
    status = wanted.status
    if status is None and wanted.error is None and not wanted.is_silent:
        status = 500
    refusal = _refusal(wanted, status, vendor, exchange)
    if refusal is None and status is not None:
        worded = [n for n in range(400, 600) if _refusal(wanted, n, vendor, exchange)]
        known = ", ".join(map(str, worded))
        raise InvalidFaultError(
            f"{vendor.name} has no error for status {status} alone: "
            f"arm an error id, or one of {known}"
        )
    if refusal is not None and wanted.error is not None:
        own = vendor.api.envelope(refusal, exchange).status
        if status not in (None, own):
            raise InvalidFaultError(f"the error {wanted.error} has status {own}, not {status}")
        status = own
    if wanted.retry_after is not None and refusal is not None:
        _check_retry_after(vendor.api.envelope(refusal, exchange).headers, vendor)
    return status


def _refusal(
    wanted: FaultIn, status: int | None, vendor: Vendor, exchange: Exchange
) -> ApiError | None:
    """Return the error of the fault if it had this status."""
    failure = wanted.model_copy(update={"status": status})
    return refusal_for(vendor.api.faults, failure, exchange)


def _check_retry_after(headers: Headers, vendor: Vendor) -> None:
    """Refuse a wait that the vendor's responses have no header for."""
    if not any(name == b"retry-after" for name, _ in headers):
        raise InvalidFaultError(f"retry_after: a 429 of {vendor.name} has no such header")


def unknown(what: str, given: str, known: Collection[str]) -> str:
    """Return the text for an unknown name: the similar names, or all, fifty at most."""
    similar = get_close_matches(given, list(known)) or sorted(known)
    more = f" and {len(similar) - SHOWN} more" if len(similar) > SHOWN else ""
    return f"{what} {given!r} does not exist; use one of: {', '.join(similar[:SHOWN])}{more}"
