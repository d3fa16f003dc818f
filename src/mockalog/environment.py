"""The variables that set the settings of a server."""

import os
import re
from collections.abc import Iterable
from typing import Any

# The value that Kubernetes and Docker give the variable `<NAME>_PORT` of a linked service. For
# services named `mockalog`, `mockalog-braze` and so on, that is the variable of a port of ours.
# https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
# https://docs.docker.com/engine/network/links/#environment-variables
_SERVICE_LINK = re.compile(r"(tcp|udp|sctp)://[^/\s]+:\d+")


# Any: the type of a setting, into which Pydantic turns the text.
def environment_of(settable: Iterable[str]) -> dict[str, Any]:
    """Return the settings that variables set; an empty one and a service's link set nothing."""
    found = {name: os.environ.get(f"MOCKALOG_{name.upper()}") for name in settable}
    return {name: value for name, value in found.items() if value and not _is_link(name, value)}


def _is_link(name: str, value: str) -> bool:
    """Return whether the value of a variable is the link to a service, and no port."""
    return name.endswith("port") and _SERVICE_LINK.fullmatch(value) is not None
