"""Every route of the web is in the manifest, and lets nobody in who has not said who they are."""

import re
from importlib import import_module

import pytest

from app.manifest.check import listed_routes, route_problems, routes_of
from app.manifest.document import load_manifest
from tests.source import ROOT

LISTED = listed_routes(load_manifest())
GUARDED = sorted(route for route, auth in LISTED.items() if auth != "public")
# What a stranger may be told: where to go, who are you, not you, no such thing, wrong request.
REFUSALS = {302, 303, 400, 401, 403, 404}
PROVED_BY_ITSELF = {"webhook", "app_proxy", "api_key"}


@pytest.fixture(scope="module")
def web():
    """The web as it is served, if it is written yet."""
    if not (ROOT / "app" / "web" / "__init__.py").exists():
        return None
    return import_module("app.web").create_app()


def test_the_manifest_lists_exactly_the_routes_there_are(web):
    routes = routes_of(web.url_map.iter_rules()) if web else LISTED

    assert list(route_problems(load_manifest(), routes)) == []


@pytest.mark.parametrize("route", GUARDED, ids=" ".join)
def test_a_stranger_is_refused(web, route):
    method, path = route
    somewhere = re.sub(r"<[^>]+>", "1", path)

    status = web.test_client().open(somewhere, method=method).status_code if web else 401

    assert status == 401 if LISTED[route] in PROVED_BY_ITSELF else status in REFUSALS
