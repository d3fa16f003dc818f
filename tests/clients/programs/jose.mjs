// jose: the realm's remote key set verifies a new token and one from before.
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";

const [, , url, id, secret, earlier] = process.argv;
const issuer = `${url}/auth/realms/acme`;
const keys = createRemoteJWKSet(new URL(`${issuer}/protocol/openid-connect/certs`));

async function fetchToken() {
  const body = new URLSearchParams({
    grant_type: "client_credentials", client_id: id, client_secret: secret,
  });
  const answer = await fetch(`${issuer}/protocol/openid-connect/token`, { method: "POST", body });
  return (await answer.json()).access_token;
}

async function verified(token) {
  const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer, typ: "JWT" });
  return { payload, header: protectedHeader };
}

const token = await fetchToken();
const forged = token.slice(0, token.lastIndexOf(".") + 1) + "AAAA";
const seen = {
  fresh: await verified(token),
  earlier: await verified(earlier),
  kid: decodeProtectedHeader(token).kid,
  forged: await verified(forged).catch((error) => error.code),
};
console.log(JSON.stringify(seen));
