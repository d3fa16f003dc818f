"""The vendors' job handlers by kind, found without importing a vendor that has yet to be called."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from mockalog.kernel.vendor import Vendor, VendorApi

H = TypeVar("H")


class NotImported(Exception):  # noqa: N818 - no malfunction
    """The vendor of a kind has yet to be imported: `await vendor.loaded()` and ask again.

    An import within a transaction would keep every other call waiting.
    """

    def __init__(self, vendor: Vendor) -> None:
        super().__init__(vendor.name)
        self.vendor = vendor


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
        return self._pick(vendor.api)[kind]

    def __iter__(self) -> Iterator[str]:
        """Yield every kind, importing every vendor."""
        for vendor in self._vendors.values():
            yield from self._pick(vendor.api)

    def __len__(self) -> int:
        """Return the number of kinds."""
        return sum(1 for _ in self)
