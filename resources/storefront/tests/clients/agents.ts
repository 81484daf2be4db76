// An SDK that is made of the document calls what an agent may and what a client may, and sets no header by itself. Exits
// with 1 when an answer is not what its type says.
import { client } from "./sdk/client.gen.js";
import { createAgentAccessTokens, createIntrospection, getCollectionOfAgentCustomerSearch } from "./sdk/sdk.gen.js";

declare const process: { argv: string[] };
const [, , baseUrl, username, password, credentials] = process.argv;
const tokens: { agent?: string | undefined } = {};
client.setConfig({
  baseUrl: baseUrl ?? "",
  throwOnError: true,
  auth: (scheme) => (scheme.scheme === "basic" ? credentials : scheme.scheme === "bearer" ? tokens.agent : undefined),
});

const login = await createAgentAccessTokens({
  body: { data: { type: "agent-access-tokens", attributes: { username: username ?? "", password: password ?? "" } } },
  throwOnError: true,
});
tokens.agent = login.data.data.attributes.accessToken;
if (!tokens.agent) throw new Error("no token");

const search = await getCollectionOfAgentCustomerSearch({ query: { q: "sonia" }, throwOnError: true });
const found = search.data.data[0]?.attributes.customers?.[0]?.customerReference;
if (found !== "DE--21") throw new Error(`another customer: ${found}`);

const worth = await createIntrospection({ body: { token: tokens.agent }, throwOnError: true });
if (worth.data.active !== true) throw new Error("the token is worth nothing");
console.log(`an agent found ${found}`);
