// A frontend developer's first hour: types from the document, a login, three resources. Exits with 1 when an answer is
// not what its type says.
import createClient from "openapi-fetch";
import type { paths } from "./storefront.js";

declare const process: { argv: string[] };
const [, , base, username, password] = process.argv;
const api = createClient<paths>({ baseUrl: base });
const jsonApi = { "Content-Type": "application/vnd.api+json" } as const;

function sure<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`no ${what}`);
  return value;
}

const login = await api.POST("/access-tokens", {
  headers: jsonApi,
  body: { data: { type: "access-tokens", attributes: { username: sure(username, "name"), password: sure(password, "password") } } },
});
const token = sure(login.data?.data.attributes.accessToken, "access token");
api.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
});

const stores = await api.GET("/stores");
const currencies: string[] = sure(stores.data, "stores").data.flatMap((store) => store.attributes.currencies?.map((of) => of.code) ?? []);
sure(currencies[0], "currency");

const created = await api.POST("/wishlists", {
  headers: jsonApi,
  body: { data: { type: "wishlists", attributes: { name: "Typed" } } },
});
const list = sure(created.data, "wishlist").data;
const lists = await api.GET("/wishlists", {
  params: { query: { "page[offset]": 0, "page[limit]": 5, sort: "-name", include: "wishlist-items" } },
});
sure(sure(lists.data, "wishlists").data.find((other) => other.id === list.id), "list among the lists");
const renamed = await api.PATCH("/wishlists/{wishlistId}", {
  params: { path: { wishlistId: list.id }, header: { "If-Match": sure(created.response.headers.get("etag"), "entity tag") } },
  headers: jsonApi,
  body: { data: { type: "wishlists", attributes: { name: "Typed again" } } },
});
if (renamed.data?.data.attributes.name !== "Typed again") throw new Error("not renamed");
const removed = await api.DELETE("/wishlists/{wishlistId}", { params: { path: { wishlistId: list.id } } });
if (removed.response.status !== 204) throw new Error("not removed");
const gone = await api.GET("/wishlists/{wishlistId}", { params: { path: { wishlistId: list.id } } });
if (gone.error?.errors[0]?.code !== "201") throw new Error("still there");

const me = sure((await api.GET("/customers")).data, "customer").data[0];
const customerId = sure(me?.id, "customer's id");
const address = await api.POST("/customers/{customerId}/addresses", {
  params: { path: { customerId } },
  headers: jsonApi,
  body: {
    data: {
      type: "addresses",
      attributes: {
        salutation: "Ms", firstName: "Ada", lastName: "Typed", address1: "Way", address2: "1", zipCode: "10115",
        city: "Berlin", iso2Code: "DE", isDefaultShipping: false, isDefaultBilling: false,
      },
    },
  },
});
if (sure(address.data, "address").data.attributes.country !== "Germany") throw new Error("another country");
console.log(`walked as ${customerId}`);
