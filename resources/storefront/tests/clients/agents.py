"""A client that openapi-generator makes of the document does the same, and sets no header by itself."""

import sys

import shop

host, username, password, client, secret = sys.argv[1:]
api = shop.ApiClient(shop.Configuration(host=host))
attributes = shop.CreateAgentAccessToken(username=username, password=password)
body = shop.CreateAgentAccessTokenResource(type="agent-access-tokens", attributes=attributes)
login = shop.AgentAccessTokensApi(api).create_agent_access_tokens(shop.CreateAgentAccessTokenDocument(data=body))
token = login.data.attributes.access_token

agent = shop.ApiClient(shop.Configuration(host=host, access_token=token))
search = shop.AgentCustomerSearchApi(agent).get_collection_of_agent_customer_search(q="sonia")
assert search.data[0].attributes.customers[0].customer_reference == "DE--21", search

service = shop.ApiClient(shop.Configuration(host=host, username=client, password=secret))
assert shop.IntrospectionApi(service).create_introspection(token=token).active is True
print("an agent searched, and a client asked")
