// openid-client: discovery, four ways to authenticate, introspection, and a scope that is not known.
import * as client from "openid-client";

const [, , url, id, secret, earlier] = process.argv;
const issuer = new URL(`${url}/auth/realms/acme`);
const options = { execute: url.startsWith("http:") ? [client.allowInsecureRequests] : [] };

async function discover(authentication) {
  return await client.discovery(issuer, id, secret, authentication, options);
}

async function grant(authentication, parameters = {}) {
  const config = await discover(authentication);
  const tokens = await client.clientCredentialsGrant(config, parameters);
  const path = "/catalogs?tenant=acme&environment=live1";
  const answer = await client.fetchProtectedResource(
    config, tokens.access_token, new URL(url + path), "GET",
  );
  const { catalogs } = await answer.json();
  return { type: tokens.token_type, expires: tokens.expires_in, catalogs: catalogs.length };
}

const config = await discover(client.ClientSecretBasic(secret));
const seen = {
  issuer: config.serverMetadata().issuer,
  basic: await grant(client.ClientSecretBasic(secret)),
  post: await grant(client.ClientSecretPost(secret)),
  introspected: await client.tokenIntrospection(config, earlier),
  wrongScope: await client
    .clientCredentialsGrant(config, { scope: "nope" })
    .catch((error) => ({ error: error.error, status: error.status })),
};
console.log(JSON.stringify(seen));
