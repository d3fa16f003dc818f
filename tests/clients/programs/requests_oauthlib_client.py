"""requests-oauthlib: a token by Basic and by the form, and the call of the API with it."""

import json
import sys

from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

_, URL, CLIENT, SECRET, EARLIER = sys.argv
TOKENS = f"{URL}/auth/realms/acme/protocol/openid-connect/token"


def catalogs(session):
    """Return the number of catalogs that the API shows."""
    answer = session.get(f"{URL}/catalogs?tenant=acme&environment=live1")
    return len(answer.json()["catalogs"])


def fetch(scope=None, **credentials):
    """Fetch a token, and call the API with it."""
    session = OAuth2Session(client=BackendApplicationClient(CLIENT, scope=scope))
    try:
        token = session.fetch_token(TOKENS, **credentials)
    except OAuth2Error as error:
        return [error.error, error.status_code]
    return [token["token_type"], catalogs(session)]


earlier = OAuth2Session(token={"access_token": EARLIER, "token_type": "Bearer"})
seen = {
    "basic": fetch(auth=HTTPBasicAuth(CLIENT, SECRET)),
    "form": fetch(client_secret=SECRET, include_client_id=True),
    "earlier": catalogs(earlier),
    "wrong_scope": fetch(scope=["nope"], client_secret=SECRET, include_client_id=True),
}
print(json.dumps(seen))
