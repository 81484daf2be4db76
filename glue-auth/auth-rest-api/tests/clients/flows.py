"""Authlib and requests-oauthlib against a running server. Usage: flows.py <base URL> <user> <password>"""
import re
import sys
import urllib.parse

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session as Authlib
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient
from requests_oauthlib import OAuth2Session as Oauthlib

base, username, password = sys.argv[1:]
meta = requests.get(f"{base}/.well-known/oauth-authorization-server").json()
redirect = "http://127.0.0.1:4711/callback"


def check(fine, what):
    if not fine:
        raise SystemExit(f"failed: {what}")
    print("ok ", what)


def allow(url):
    """What a person does in a browser: reads the page, logs in, is sent back."""
    page = requests.get(url).text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page))
    fields.update(username=username, password=password, decision="allow")
    answer = requests.post(meta["authorization_endpoint"], data=fields, allow_redirects=False)
    check(answer.status_code == 303, "the page sends the person back")
    return answer.headers["location"]


def dead(token):
    answer = requests.post(meta["introspection_endpoint"], data={"token": token}, auth=("service", "change123"))
    return answer.json() == {"active": False}


# Authlib: code + PKCE for a frontend, then refresh and revocation.
verifier = generate_token(48)
client = Authlib("frontend", redirect_uri=redirect, scope=meta["scopes_supported"][0],
                 code_challenge_method="S256", token_endpoint_auth_method="none")
url, state = client.create_authorization_url(meta["authorization_endpoint"], code_verifier=verifier)
token = client.fetch_token(meta["token_endpoint"], authorization_response=allow(url), state=state, code_verifier=verifier)
check(token["access_token"], "Authlib exchanges code and verifier")
rotated = client.refresh_token(meta["token_endpoint"], token["refresh_token"])
check(rotated["refresh_token"] != token["refresh_token"], "Authlib refreshes")
check(client.revoke_token(meta["revocation_endpoint"], rotated["refresh_token"]).status_code == 200, "Authlib revokes")
check(requests.post(meta["token_endpoint"], data={"grant_type": "refresh_token", "refresh_token": rotated["refresh_token"],
      "client_id": "frontend"}).json()["error"] == "invalid_grant", "and the session is over")

# Authlib: password and client credentials for a service, by both methods, introspection and revocation.
for method in ("client_secret_basic", "client_secret_post"):
    client = Authlib("service", "change123", token_endpoint_auth_method=method,
                     revocation_endpoint_auth_method=method, introspection_endpoint_auth_method=method)
    token = client.fetch_token(meta["token_endpoint"], username=username, password=password, grant_type="password")
    live = client.introspect_token(meta["introspection_endpoint"], token["access_token"]).json()
    check(live["active"] and live["iss"] == meta["issuer"], f"Authlib logs in and asks, {method}")
    client.revoke_token(meta["revocation_endpoint"], token["refresh_token"])
    check(dead(token["access_token"]) and dead(token["refresh_token"]), "and what it revokes is dead")
    own = client.fetch_token(meta["token_endpoint"], grant_type="client_credentials")
    check("refresh_token" not in own, f"Authlib acts for itself, {method}")

# requests-oauthlib: password, client credentials, code + PKCE, refresh.
client = Oauthlib(client=LegacyApplicationClient("service"))
token = client.fetch_token(meta["token_endpoint"], username=username, password=password,
                           client_id="service", client_secret="change123")
check(client.refresh_token(meta["token_endpoint"], auth=("service", "change123"))["access_token"] != token["access_token"],
      "requests-oauthlib logs in and refreshes")
client = Oauthlib(client=BackendApplicationClient("service"))
check(client.fetch_token(meta["token_endpoint"], auth=("service", "change123"))["access_token"],
      "requests-oauthlib acts for itself")
client = Oauthlib("frontend", redirect_uri=redirect, scope=[meta["scopes_supported"][0]], pkce="S256")
url, state = client.authorization_url(meta["authorization_endpoint"])
back = allow(url)
check(urllib.parse.parse_qs(urllib.parse.urlsplit(back).query)["iss"] == [meta["issuer"]], "the answer names its issuer")
token = client.fetch_token(meta["token_endpoint"], authorization_response=back, include_client_id=True)
check(token["scope"] == [meta["scopes_supported"][0]], "requests-oauthlib exchanges code and verifier")
