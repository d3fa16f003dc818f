"""The vendors' job handlers by kind, found without importing a vendor that has yet to be called."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from mockalog.kernel.late_imports import import_in_thread, missing
from mockalog.kernel.vendor import Vendor, VendorApi

H = TypeVar("H")
T = TypeVar("T")


class NotImported(Exception):  # noqa: N818 - no malfunction
    """A vendor, or libraries, have yet to be imported: `await arrival()` and ask again.

    An import within a transaction would keep every other call waiting.
    """

    def __init__(self, vendor: Vendor, modules: Sequence[str] = ()) -> None:
        super().__init__(vendor.name, *modules)
        self._vendor = vendor
        self._modules = modules

    async def arrival(self) -> None:
        """Import the vendor and the libraries."""
        await self._vendor.loaded()
        await import_in_thread(self._modules)


async def after_imports(action: Callable[[], Awaitable[T]]) -> T:
    """Do what may need a handler, again after each import; it undoes itself if it fails."""
    while True:
        try:
            return await action()
        except NotImported as late:
            await late.arrival()


class Handlers(Mapping[str, H]):
    """What `pick` takes from each vendor, by kind; a kind begins with its vendor's name."""

    def __init__(
        self, vendors: Mapping[str, Vendor], pick: Callable[[VendorApi], Mapping[str, H]]
    ) -> None:
        self._vendors = vendors
        self._pick = pick

    def __getitem__(self, kind: str) -> H:
        """Return the handler of a kind; raises `NotImported`."""
        vendor = self._vendors[kind.partition(".")[0]]
        if not vendor.is_loaded:
            raise NotImported(vendor)
        if modules := missing(vendor.api.job_imports.get(kind, ())):
            raise NotImported(vendor, modules)
        return self._pick(vendor.api)[kind]

    def __iter__(self) -> Iterator[str]:
        """Yield every kind, importing every vendor."""
        for vendor in self._vendors.values():
            yield from self._pick(vendor.api)

    def __len__(self) -> int:
        """Return the number of kinds."""
        return sum(1 for _ in self)
