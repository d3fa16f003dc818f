"""Squared's refusals, their envelopes, and those that a test can arm."""

from mockalog.vendors.squared.errors.envelopes import JSON, NULL_BYTE, envelope, headers
from mockalog.vendors.squared.errors.faults import FAULTS, STATUSES, failure_text
from mockalog.vendors.squared.errors.refusals import (
    AccountLocked,
    BadRequest,
    Bare,
    Declined,
    Invalid,
    InvalidLogin,
    Missing,
    NoWorkspace,
    SourceFailed,
    not_found,
)

__all__ = [
    "FAULTS",
    "JSON",
    "NULL_BYTE",
    "STATUSES",
    "AccountLocked",
    "BadRequest",
    "Bare",
    "Declined",
    "Invalid",
    "InvalidLogin",
    "Missing",
    "NoWorkspace",
    "SourceFailed",
    "envelope",
    "failure_text",
    "headers",
    "not_found",
]
