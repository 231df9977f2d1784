"""Every route, asked with what belongs to another shop: nothing of it is told, nothing changes.

The routes are those of the web itself, so that a new one is tried on the day it is written.
"""

import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.manifest.check import routes_of
from app.models import Base
from app.models.effect import EffectRow
from app.models.member import member_of
from app.models.redemption import Redemption
from app.web import create_app
from app.web.guards import auth_by_endpoint
from tests.builders import an_order
from tests.databases import OF_A_SHOP
from tests.figures import keep
from tests.web.admin.merchant import HERE, Merchant, default_program
from tests.web.api.tool import Tool
from tests.web.conftest import some_settings
from tests.web.signing import OTHER_SHOP, SHOP, link, proxied

SECRET_CUSTOMER, SECRET_ORDER = "770077007", "880088008"
SECRETS = (SECRET_CUSTOMER, SECRET_ORDER, OTHER_SHOP, "Hemmelig")
# What asks for the other shop by name, in every way in which a request can say something.
CLAIMS = {"shop": OTHER_SHOP, "shop_id": "2", "shop_domain": OTHER_SHOP, "id": SECRET_CUSTOMER}
HEADERS = HERE | {"X-Shopify-Shop-Domain": OTHER_SHOP, "X-Forwarded-Host": OTHER_SHOP}


@dataclass(frozen=True)
class Others:
    """What belongs to the other shop."""

    shop_id: int
    member_id: str
    redemption_id: str
    effect_id: str

    def filled(self, path):
        """A route's path with the other shop's ids in it; a number is one that only it has."""
        known = {"redemption_id": self.redemption_id, "effect_id": self.effect_id}
        known["customer_id"] = SECRET_CUSTOMER

        def fill(found):
            kind, _, name = found[1].rpartition(":")
            return "2" if kind == "int" else known.get(name, self.member_id)

        return re.sub(r"<([^>]+)>", fill, path)


@pytest.fixture
def others(client, database, install):
    """Another shop with a member, an order, a redemption, an effect and a second revision."""
    order = an_order(SECRET_ORDER, customer_id=SECRET_CUSTOMER, total_minor=1200_00)
    shop = install(OTHER_SHOP, order, program=default_program(), name="Hemmelig")
    answer = client.post(
        proxied("/proxy/redemptions", customer=SECRET_CUSTOMER, shop=OTHER_SHOP),
        json={"reward": default_program().rewards[0].code, "points": 100},
        headers={"Idempotency-Key": "secret"},
    )
    assert answer.status_code == 201
    with database.reading() as session:
        member = member_of(session, shop.id, SECRET_CUSTOMER)
        redemption = session.scalars(select(Redemption).where(Redemption.shop_id == shop.id)).one()
        effects = session.scalars(select(EffectRow).where(EffectRow.shop_id == shop.id))
        return Others(shop.id, str(member.id), str(redemption.id), str(effects.first().id))


def rows_of(database, shop_id):
    """Everything that is recorded of a shop."""
    with database.reading() as session:
        return {
            table.name: sorted(
                map(repr, session.execute(select(table).where(table.c.shop_id == shop_id)))
            )
            for table in Base.metadata.sorted_tables
            if table.name in OF_A_SHOP
        }


def routes():
    """Every route with the one way in which it knows its caller."""
    web = create_app(some_settings(database_url="sqlite://"))
    return sorted(routes_of(web.url_map.iter_rules(), auth_by_endpoint(web)).items())


def test_another_shop_is_neither_seen_nor_changed(client, database, install, others):
    mine = install(SHOP, an_order(total_minor=1200_00), program=default_program())
    merchant = Merchant(client, database, mine)
    token = {"csrf_token": merchant.token()}
    tool = Tool(client, database, mine)
    before = rows_of(database, others.shop_id)

    leaks, questions = [], 0
    for (method, path), auth in routes():
        for claims in ({}, CLAIMS, {"shop": SHOP}):
            address = others.filled(path)
            if auth == "api_key":
                answer = tool_asks(tool, method, address, claims)
            else:
                answer = ask(client, method, address, auth, claims, token)
            told = [secret for secret in SECRETS if secret in f"{answer.headers}{answer.text}"]
            if told or answer.status_code >= 500 or rows_of(database, others.shop_id) != before:
                leaks.append((method, path, claims, answer.status_code, told))
            questions += 1

    assert leaks == []
    assert questions >= 90
    keep("C4", database.url.get_backend_name(), routes=questions // 3, questions=questions)


def ask(client, method, address, auth, claims, token):
    """The answer to our own merchant or shopper, who asks for what is another shop's."""
    if auth == "app_proxy":
        claims = {name: value for name, value in claims.items() if name != "shop"}
        return client.open(
            proxied(address, **claims),
            method=method,
            json={"reward": "fifty-off"} | claims if method == "POST" else None,
            headers={"Idempotency-Key": "k", "X-Shopify-Shop-Domain": OTHER_SHOP},
        )
    if auth in ("app_home", "oauth_callback"):
        others_claims = {name: value for name, value in claims.items() if name != "shop"}
        return client.get(link(address, **others_claims))
    if method == "GET":
        return client.get(address, query_string=claims, headers=HEADERS)
    return client.post(address, data=token | claims | {"points": "5"}, headers=HEADERS)


def tool_asks(tool, method, address, claims):
    """The answer to a tool of our own shop, which asks for the other one's customer."""
    asked = {"customer_id": SECRET_CUSTOMER, "action": "review", "points": 5, "note": "x"}
    headers = tool.headers | HEADERS | {"Idempotency-Key": "secret"}
    body = (asked | claims) if method == "POST" else None
    return tool.client.open(address, method=method, json=body, query_string=claims, headers=headers)
