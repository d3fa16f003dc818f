"""The environment variables by which programs find the three vendors.

Braze's are those of its documentation and of public clients' examples. The other two vendors have
no usual ones; theirs follow the same pattern (inferred).
"""

from collections.abc import Mapping
from pathlib import Path

from mockalog.testing.handles.sandbox import Sandbox
from mockalog.testing.handles.squared import SquaredHandle


def variables_of(sandbox: Sandbox, vendor: str | None = None) -> dict[str, str]:
    """Return the addresses and credentials of a sandbox, by default of all three vendors."""
    vendors = {"squared": _squared, "braze": _braze, "attraqt": _attraqt}
    chosen = vendors if vendor is None else {vendor: vendors[vendor]}
    variables = {"MOCKALOG_URL": sandbox.urls["mockalog"], "MOCKALOG_TOKEN": sandbox.token}
    for name, variables_of_vendor in chosen.items():
        variables[f"MOCKALOG_{name.upper()}_URL"] = sandbox.urls[name]
        variables |= variables_of_vendor(sandbox)
    return variables


def _squared(sandbox: Sandbox) -> dict[str, str]:
    # Without the handle, which would call the server: it need not run yet.
    return {
        "SQUARED_API_URL": sandbox.urls["squared"],
        "SQUARED_API_TOKEN": sandbox.token,
        "SQUARED_WORKSPACE_ID": str(SquaredHandle.workspace_id),
    }


def _braze(sandbox: Sandbox) -> dict[str, str]:
    handle = sandbox.braze
    return {
        **dict.fromkeys(("BRAZE_REST_ENDPOINT", "BRAZE_API_URL"), handle.url),
        **dict.fromkeys(("BRAZE_API_KEY", "BRAZE_REST_API_KEY"), handle.api_key),
    }


def _attraqt(sandbox: Sandbox) -> dict[str, str]:
    handle = sandbox.attraqt
    return {
        "ATTRAQT_API_URL": handle.url,
        "ATTRAQT_TOKEN_URL": handle.token_url,
        "ATTRAQT_TOKEN": handle.token,
        "ATTRAQT_CLIENT_ID": handle.client_id,
        "ATTRAQT_CLIENT_SECRET": handle.client_secret,
        "ATTRAQT_TENANT": handle.tenant,
        "ATTRAQT_ENVIRONMENT": handle.environment,
    }


def certificate_variables(files: Mapping[str, Path]) -> dict[str, str]:
    """Return the variables that make common clients trust the files of `write_certificates`.

    Node adds the file to the authorities that it trusts. The other clients trust only the given
    file, so it holds the public authorities too.
    """
    bundle = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    return {"NODE_EXTRA_CA_CERTS": str(files["ca"]), **dict.fromkeys(bundle, str(files["bundle"]))}
