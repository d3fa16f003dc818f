"""The vendors' job handlers by kind, looked up without importing more vendors than needed."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeVar

from mockalog.kernel.late_imports import NotImportedError, import_in_thread, missing
from mockalog.kernel.vendor.vendor import Vendor, VendorApi

H = TypeVar("H")


class JobHandlers(Mapping[str, H]):
    """The handlers that `pick` takes from each vendor; a kind begins with its vendor's name."""

    def __init__(
        self, vendors: Mapping[str, Vendor], pick: Callable[[VendorApi], Mapping[str, H]]
    ) -> None:
        self._vendors = vendors
        self._pick = pick

    def __getitem__(self, kind: str) -> H:
        """Return the handler of a kind; raises `NotImportedError`."""
        vendor = self._vendors[kind.partition(".")[0]]
        if not vendor.is_loaded:
            raise NotImportedError(vendor.name, vendor.loaded)
        if modules := missing(vendor.api.job_imports.get(kind, ())):
            raise NotImportedError(kind, partial(import_in_thread, modules))
        return self._pick(vendor.api)[kind]

    def __iter__(self) -> Iterator[str]:
        """Yield every kind; this imports every vendor."""
        for vendor in self._vendors.values():
            yield from self._pick(vendor.api)

    def __len__(self) -> int:
        """Return the number of kinds."""
        return sum(1 for _ in self)
