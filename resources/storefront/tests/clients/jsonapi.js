// Holds the storefront's success documents against the JSON:API schema of the registry. The one difference that a
// success can show is named here and in ARCHITECTURE.md: a resource without an id carries `"id": null`.
import { createRequire } from "node:module";

const { Validator } = createRequire(import.meta.url)("jsonapi-validator");
const validator = new Validator();
const [, , base, username, password] = process.argv;
let token;
let checked = 0;

async function call(method, path, attributes) {
  const headers = { accept: "application/vnd.api+json", "content-type": "application/vnd.api+json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const type = path.split("?")[0].split("/").filter((_, place) => place % 2 === 1).pop();
  const body = attributes && JSON.stringify({ data: { type, attributes } });
  const answer = await fetch(base + path, { method, headers, body });
  if (answer.headers.get("content-type") !== "application/vnd.api+json") throw new Error(`${path}: another media type`);
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
  const named = [json.data].flat().map((resource) => ({ ...resource, id: resource.id ?? "none" }));
  const strict = { ...json, data: Array.isArray(json.data) ? named : named[0] };
  try {
    validator.validate(strict);
  } catch (error) {
    throw new Error(`${method} ${path}: ${JSON.stringify(error.errors.map((one) => one.dataPath + " " + one.message))}`);
  }
  checked += 1;
  return json.data;
}

token = (await call("POST", "/access-tokens", { username, password })).attributes.accessToken;
await call("GET", "/stores");
await call("GET", "/stores/DE");
const list = await call("POST", "/wishlists", { name: "Valid" });
await call("PATCH", `/wishlists/${list.id}`, { name: "Valid again" });
await call("GET", `/wishlists/${list.id}?include=wishlist-items`);
await call("GET", "/wishlists?include=wishlist-items&page[offset]=0&page[limit]=1&fields[wishlists]=name");
await call("GET", "/wishlists?filter[wishlists.name]=nothing");
const [me] = await call("GET", "/customers");
await call("GET", `/customers/${me.id}?include=wishlists,wishlist-items,addresses`);
await call("GET", `/customers/${me.id}/addresses`);
console.log(`${checked} documents are JSON:API`);
