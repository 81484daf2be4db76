// oauth4webapi against a running server: discovery, code + PKCE, client credentials, refresh, introspection, revocation.
// Usage: node flows.mjs <base URL> <user> <password>
import * as oauth from "oauth4webapi";

const [base, username, password] = process.argv.slice(2);
const options = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(base);
const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...options });
const server = await oauth.processDiscoveryResponse(issuer, found);

const check = (fine, what) => {
  if (!fine) throw new Error(what);
  console.log(`ok  ${what}`);
};

// A frontend without a secret: code + PKCE, then refresh, then revocation.
const frontend = { client_id: "frontend" };
const redirect = "http://127.0.0.1:4711/callback";
const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const ask = new URL(server.authorization_endpoint);
ask.search = new URLSearchParams({
  client_id: frontend.client_id,
  redirect_uri: redirect,
  response_type: "code",
  scope: server.scopes_supported[0],
  state,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
}).toString();
const page = await (await fetch(ask)).text();
const fields = new URLSearchParams();
for (const [, name, value] of page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) fields.append(name, value);
fields.append("username", username);
fields.append("password", password);
fields.append("decision", "allow");
const allowed = await fetch(server.authorization_endpoint, { method: "POST", body: fields, redirect: "manual" });
check(allowed.status === 303, "the page sends the person back");
const answer = oauth.validateAuthResponse(server, frontend, new URL(allowed.headers.get("location")), state);
const exchanged = await oauth.authorizationCodeGrantRequest(server, frontend, oauth.None(), answer, redirect, verifier, options);
const tokens = await oauth.processAuthorizationCodeResponse(server, frontend, exchanged);
check(tokens.token_type === "bearer" && tokens.expires_in > 0, "code and verifier are exchanged");

const refreshed = await oauth.processRefreshTokenResponse(
  server,
  frontend,
  await oauth.refreshTokenGrantRequest(server, frontend, oauth.None(), tokens.refresh_token, options),
);
check(refreshed.refresh_token !== tokens.refresh_token, "refresh tokens rotate");
const ended = await oauth.revocationRequest(server, frontend, oauth.None(), refreshed.refresh_token, options);
await oauth.processRevocationResponse(ended);
const again = await oauth.refreshTokenGrantRequest(server, frontend, oauth.None(), refreshed.refresh_token, options);
const refused = await oauth.processRefreshTokenResponse(server, frontend, again).catch((error) => error);
check(refused.error === "invalid_grant", "a revoked session is over");

// A service with a secret, by both methods.
const service = { client_id: "service" };
for (const authentication of [oauth.ClientSecretBasic("change123"), oauth.ClientSecretPost("change123")]) {
  const granted = await oauth.clientCredentialsGrantRequest(server, service, authentication, {}, options);
  const own = await oauth.processClientCredentialsResponse(server, service, granted);
  check(own.refresh_token === undefined, "a client's own token has nothing to refresh");
  const looked = await oauth.introspectionRequest(server, service, authentication, own.access_token, options);
  const live = await oauth.processIntrospectionResponse(server, service, looked);
  check(live.active === true && live.iss === server.issuer, "introspection knows a live token");
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, service, authentication, own.access_token, options));
  const dead = await oauth.processIntrospectionResponse(
    server,
    service,
    await oauth.introspectionRequest(server, service, authentication, own.access_token, options),
  );
  check(dead.active === false, "and a revoked one no longer");
}
const wrong = await oauth.clientCredentialsGrantRequest(server, service, oauth.ClientSecretBasic("wrong"), {}, options);
const error = await oauth.processClientCredentialsResponse(server, service, wrong).catch((error) => error);
check(error.cause?.[0]?.scheme === "basic" || error.error === "invalid_client", "a wrong secret is refused");

// The access token is a JWT that a resource server can judge by the published keys (RFC 9068).
const audience = base.includes("backend") ? "backend" : process.env.AUDIENCE;
const request = new Request(base, { headers: { authorization: `Bearer ${tokens.access_token}` } });
const claims = await oauth.validateJwtAccessToken(server, request, audience, options);
check(claims.client_id === frontend.client_id, "the access token verifies against the published keys");
