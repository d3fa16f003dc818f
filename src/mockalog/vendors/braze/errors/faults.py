"""Errors that a test can arm at Braze, beside those of every vendor."""

from collections.abc import Mapping
from functools import partial

from mockalog.kernel.errors import BodyTooLargeError, UnknownOperationError
from mockalog.kernel.vendor.fault_responses import ErrorFactory
from mockalog.vendors.braze.errors.catalogue import CATALOGUE, BrazeError, braze_error


def armed_error(error_id: str, parameters: Mapping[str, str]) -> BrazeError:
    """Return the error of an armed fault; `parameters` are the values of the path by name."""
    names = CATALOGUE[error_id].parameters
    return braze_error(error_id, *(parameters[name] for name in names if name in parameters))


# By Braze's error id, and by a status alone.
FAULTS = {error_id: partial(armed_error, error_id) for error_id in CATALOGUE if "." not in error_id}
STATUSES: dict[int, ErrorFactory] = {
    400: partial(armed_error, "arbitrary-error"),
    404: lambda parameters: UnknownOperationError(),
    413: lambda parameters: BodyTooLargeError(0),
}
