"""The errors that a test can arm.

Source: docs/vendors/attraqt.md#12-error-body.
"""

from collections.abc import Mapping
from functools import partial

from mockalog.kernel.vendor.fault_responses import ErrorFactory
from mockalog.vendors.attraqt.errors.catalogue import (
    CATALOG_FHR_FAILED,
    CATALOGUE,
    INVALID_ARGUMENT,
    NOT_FOUND,
    UNAVAILABLE,
    AttraqtError,
    Category,
)


def _error_of(category: Category, parameters: Mapping[str, str]) -> AttraqtError:
    """Return the error of a category; the parameters of the path change nothing."""
    return AttraqtError(category)


FAULTS: dict[str, ErrorFactory] = {
    error_id: partial(_error_of, category) for error_id, category in CATALOGUE.items()
}
# The errors that a test can arm by their status alone.
STATUSES: dict[int, ErrorFactory] = {
    400: partial(_error_of, INVALID_ARGUMENT),
    404: partial(_error_of, NOT_FOUND),
    409: partial(_error_of, CATALOG_FHR_FAILED),
    503: partial(_error_of, UNAVAILABLE),
}
