"""The vendors' kinds of jobs, looked up without importing more vendors than needed."""

from collections.abc import Iterator, Mapping
from functools import partial

from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.late_imports import NotImportedError, import_in_thread, missing
from mockalog.kernel.vendor.vendor import Vendor


class JobKinds(Mapping[str, JobKind]):
    """Every kind of job by its name, which begins with its vendor's name."""

    def __init__(self, vendors: Mapping[str, Vendor]) -> None:
        self._vendors = vendors

    def __getitem__(self, name: str) -> JobKind:
        """Return a kind; raises `NotImportedError` while its vendor or a library is missing."""
        vendor = self._vendors[name.partition(".")[0]]
        if not vendor.is_loaded:
            raise NotImportedError(vendor.name, vendor.loaded)
        kind = vendor.api.jobs[name]
        if modules := missing(kind.imports):
            raise NotImportedError(name, partial(import_in_thread, modules))
        return kind

    def __iter__(self) -> Iterator[str]:
        """Yield the name of every kind; this imports every vendor."""
        for vendor in self._vendors.values():
            yield from vendor.api.jobs

    def __len__(self) -> int:
        """Return the number of kinds."""
        return sum(1 for _ in self)
