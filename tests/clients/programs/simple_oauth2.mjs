// simple-oauth2: a token with the credentials in the header (form-encoded), then in the body.
import { ClientCredentials } from "simple-oauth2";

const [, , url, id, secret] = process.argv;
const auth = { tokenHost: url, tokenPath: "/auth/realms/acme/protocol/openid-connect/token" };

async function fetchToken(options, scope) {
  const client = new ClientCredentials({ client: { id, secret }, auth, options });
  const { token } = await client.getToken(scope ? { scope } : {});
  const answer = await fetch(`${url}/catalogs?tenant=acme&environment=live1`, {
    headers: { authorization: `Bearer ${token.access_token}` },
  });
  return { type: token.token_type, catalogs: (await answer.json()).catalogs.length };
}

const seen = {
  header: await fetchToken({ authorizationMethod: "header" }),
  body: await fetchToken({ authorizationMethod: "body" }),
  wrongScope: await fetchToken({}, "nope").catch((error) => error.data.payload.error),
};
console.log(JSON.stringify(seen));
