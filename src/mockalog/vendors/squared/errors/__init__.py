"""Squared's errors, their envelopes and the faults that a test can arm."""

from mockalog.vendors.squared.errors.catalogue import (
    AccountLockedError,
    ApplicationError,
    BadRequestError,
    ContractError,
    InvalidLoginError,
    NoWorkspaceError,
    PlainError,
    RunNotFoundError,
    SourceError,
    UndefinedMethodError,
    not_found,
    undefined_method,
)
from mockalog.vendors.squared.errors.envelope import JSON, NULL_BYTE, envelope, headers
from mockalog.vendors.squared.errors.faults import FAULTS, STATUSES, failure_text

__all__ = [
    "FAULTS",
    "JSON",
    "NULL_BYTE",
    "STATUSES",
    "AccountLockedError",
    "ApplicationError",
    "BadRequestError",
    "ContractError",
    "InvalidLoginError",
    "NoWorkspaceError",
    "PlainError",
    "RunNotFoundError",
    "SourceError",
    "UndefinedMethodError",
    "envelope",
    "failure_text",
    "headers",
    "not_found",
    "undefined_method",
]
