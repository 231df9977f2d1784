"""No forged proof lets anybody in: webhooks, proxy, links, cookies, forms, keys, metrics token.

For each way in, the genuine proof is accepted first, so that a refusal says something; then every
forgery of the seed is refused, and nothing was stored or signed for it.
"""

import json
from itertools import islice
from random import Random
from urllib.parse import parse_qsl, urlencode

import pytest
from sqlalchemy import func, select

from app.jobs.hosts import SCOPES
from app.loyalty.admit import SealedTokens, keep_tokens
from app.models.delivery import Delivery
from app.models.queue import ALL_SHOPS
from app.models.shop import Shop
from app.web import create_app
from app.web.guards import Auth
from tests.figures import keep
from tests.fuzz.forgeries import (
    forged_cookies,
    forged_links,
    forged_signatures,
    forged_tokens,
    forged_words,
)
from tests.seeds import again, seeds
from tests.web.api.tool import Tool
from tests.web.conftest import some_settings
from tests.web.signing import OTHER_SHOP, delivery_headers, link, proxied, session_token

NEW_SHOP = "nytlys.myshopify.com"
EACH = 60
"""Forgeries of each kind for each seed."""
REFUSED = {400, 401, 403, 429}
TOKEN = "of-the-monitor"


@pytest.fixture
def asks(database, noon, install):
    """Ask the web from another address each time, with nothing that was not said; the answer."""
    shop = install()
    install(OTHER_SHOP)
    with database.transaction() as session:
        tokens = SealedTokens(b"sealed", None, None, SCOPES)
        keep_tokens(session, session.get_one(Shop, shop.id), tokens)
    web = create_app(some_settings(metrics_token=TOKEN), database)
    client = web.test_client(use_cookies=False)
    asked = iter(range(1, 2**20))

    def ask(method, path, **how):
        number = next(asked)
        environ = {
            "wsgi.url_scheme": "https",
            "HTTP_HOST": "app.stamkunde.example",
            "REMOTE_ADDR": f"192.0.{number // 250 % 250}.{number % 250 + 1}",
        }
        return client.open(path, method=method, environ_overrides=environ, **how)

    ask.key = str(Tool(client, database, shop).key)
    return ask


def webhooks(random, ask):
    """The platform's signature of a body."""
    body = json.dumps({"id": random.randrange(10**9)}).encode()
    genuine = delivery_headers(body, key=f"genuine {random.random()}")
    yield lambda: ask("POST", "/webhooks", data=body, headers=genuine)
    name = "X-Shopify-Hmac-Sha256"
    while True:
        for forged in forged_signatures(random, genuine[name], body):
            yield lambda headers=genuine | {name: forged}: ask(
                "POST", "/webhooks", data=body, headers=headers
            )
        yield lambda: ask("POST", "/webhooks", data=body + b" ", headers=genuine)


def _signed_addresses(path, signed, name):
    def forgeries(random, ask):
        address = signed(path)
        yield lambda: ask("GET", address)
        given = dict(parse_qsl(address.partition("?")[2], keep_blank_values=True))
        stale = dict(parse_qsl(signed(path, timestamp="1780315000").partition("?")[2]))
        while True:
            for query in (*forged_links(random, given, name), urlencode(stale)):
                yield lambda query=query: ask("GET", f"{path}?{query}")

    return forgeries


def sessions(random, ask):
    """The cookie of a merchant who is signed in."""
    genuine = _cookie(ask("GET", link("/")), "__Host-stamkunde")
    yield lambda: ask("GET", "/admin/", headers={"Cookie": f"__Host-stamkunde={genuine}"})
    while True:
        for forged in forged_cookies(random, genuine):
            cookie = {"Cookie": f"__Host-stamkunde={forged}"}
            yield lambda cookie=cookie: ask("GET", "/admin/", headers=cookie)


def tokens(random, ask):
    """The admin's token of who is signed in there, which every request of its frame brings."""

    def bearing(token):
        return lambda: ask("GET", "/admin/", headers={"Authorization": f"Bearer {token}"})

    yield bearing(session_token())
    while True:
        for forged in forged_tokens(random, session_token):
            yield bearing(forged)


def forms(random, ask):
    """The token against forged forms, in the browser of a merchant who is signed in."""
    signed_in = _cookie(ask("GET", link("/")), "__Host-stamkunde")
    page = ask("GET", "/admin/members", headers={"Cookie": f"__Host-stamkunde={signed_in}"})
    session = _cookie(page, "__Host-stamkunde") or signed_in
    genuine = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    headers = {
        "Cookie": f"__Host-stamkunde={session}",
        "Referer": "https://app.stamkunde.example/admin/",
    }

    def send(token, headers=headers):
        return ask("POST", "/admin/pause", data={"csrf_token": token}, headers=headers)

    yield lambda: send(genuine)
    while True:
        for forged in forged_cookies(random, genuine):
            yield lambda forged=forged: send(forged)
        yield lambda: send(genuine, headers | {"Referer": "https://evil.example/admin/"})
        yield lambda: send(genuine, headers | {"Referer": ""})


def answers_to_questions(random, ask):
    """The answer to a question that this browser was never sent away with."""
    asked = ask("GET", link("/", shop=NEW_SHOP))
    kept = _cookie(asked, "__Host-stamkunde-install")
    yield lambda: asked
    while True:
        for forged in forged_cookies(random, kept):
            state = random.choice(("", "0" * 32, forged[:32]))
            address = link("/install/callback", shop=NEW_SHOP, code="c", state=state)
            cookie = {"Cookie": f"__Host-stamkunde-install={forged}"}
            yield lambda address=address, cookie=cookie: ask("GET", address, headers=cookie)


def _bearers(path, genuine_of):
    """The word of who may ask: a monitor's token, or the key of a shop's tool."""

    def forgeries(random, ask):
        def bearing(word):
            return lambda: ask("GET", path, headers={"Authorization": f"Bearer {word}"})

        genuine = genuine_of(ask)
        yield bearing(genuine)
        while True:
            for forged in forged_words(random, genuine):
                yield bearing(forged)

    return forgeries


def _cookie(answer, name):
    for written in answer.headers.getlist("Set-Cookie"):
        given, _, rest = written.partition("=")
        if given == name:
            return rest.partition(";")[0]
    return None


KINDS = {
    "webhook": webhooks,
    "app_proxy": _signed_addresses("/proxy/me", proxied, "signature"),
    "app_home": _signed_addresses("/agreement", link, "hmac"),
    "oauth_callback": answers_to_questions,
    "session": sessions,
    "a session token": tokens,
    "a form": forms,
    "the metrics token": _bearers("/metrics", lambda ask: TOKEN),
    "api_key": _bearers("/api/v1/actions", lambda ask: ask.key),
}


def stored(database):
    """How many deliveries there are."""
    with database.reading() as session:
        query = select(func.count()).select_from(Delivery)
        return session.scalar(query.execution_options(**ALL_SHOPS))


@pytest.mark.parametrize("seed", seeds(short=1))
@pytest.mark.parametrize("kind", KINDS)
def test_no_forgery_is_accepted(asks, database, kind, seed):
    random = Random(f"forgeries {kind} {seed}")
    proofs = KINDS[kind](random, asks)
    replay = again("tests/fuzz/test_forgeries.py", seed)

    genuine = next(proofs)()
    before = stored(database)
    answers = [ask() for ask in islice(proofs, EACH)]

    assert genuine.status_code < 400, "The genuine proof is accepted, or nothing was tried."
    assert {answer.status_code for answer in answers} <= REFUSED, replay
    assert stored(database) == before, replay
    keep("C3", kind, forged=len(answers))


def test_every_way_in_has_its_forgeries():
    assert {kind.value for kind in Auth} - KINDS.keys() == {"public"}
