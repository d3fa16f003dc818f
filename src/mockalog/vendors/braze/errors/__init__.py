"""Braze's errors: the catalogue, the envelope and the errors that a test can arm."""

from mockalog.vendors.braze.errors.catalogue import (
    CATALOGUE,
    BrazeError,
    Problem,
    braze_error,
    problem,
)
from mockalog.vendors.braze.errors.envelope import envelope, headers
from mockalog.vendors.braze.errors.faults import FAULTS, STATUSES

__all__ = [
    "CATALOGUE",
    "FAULTS",
    "STATUSES",
    "BrazeError",
    "Problem",
    "braze_error",
    "envelope",
    "headers",
    "problem",
]
