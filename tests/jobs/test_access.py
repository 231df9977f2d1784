"""Tokens: refreshed once, and never put in the place of newer ones."""

from datetime import timedelta

import pytest

from app.jobs.access import connection_to, seal_tokens
from app.jobs.tools import Tools
from app.loyalty.admit import admit, dismiss
from app.models.shop import Credential, shop_by_domain
from app.platforms.base import Tokens, Unauthorized
from tests.jobs.conftest import DOMAIN, HOURLY


class Host:
    """A platform to which something happens while it answers."""

    def __init__(self, meanwhile):
        self.meanwhile = meanwhile

    def refresh(self, _domain, _token, *, now):
        self.meanwhile()
        return Tokens("shpat_late", ("read_orders",), now + timedelta(hours=1), "r_late")

    def connect(self, _domain, tokens, _fingerprint):
        return tokens.access


def shop_of(world):
    with world.database.reading() as session:
        return shop_by_domain(session, DOMAIN)


def connection(world, meanwhile):
    world.connect(HOURLY)
    tools = Tools(world.database, world.tools.vault, Host(meanwhile), "https://app.example")
    shop = shop_of(world)
    return connection_to(tools, shop.id, now=HOURLY.expires_at)


def access_of(world):
    shop = shop_of(world)
    with world.database.reading() as session:
        credential = session.get(Credential, shop.id)
    return credential and world.tools.vault.open(credential.access_sealed).decode()


def test_tokens_of_a_new_consent_outlive_a_refresh_of_the_old_ones(world):
    def come_back():
        tokens = seal_tokens(world.tools.vault, Tokens("shpat_new", ("read_orders",)))
        with world.database.transaction() as session:
            admit(session, platform="shopify", domain=DOMAIN, tokens=tokens, at=world.clock())

    assert connection(world, come_back) == "shpat_new"
    assert access_of(world) == "shpat_new"


def test_a_shop_that_leaves_during_a_refresh_leaves_no_tokens(world):
    def leave():
        with world.database.transaction() as session:
            dismiss(session, shop_by_domain(session, DOMAIN), at=world.clock())

    with pytest.raises(Unauthorized):
        connection(world, leave)
    assert access_of(world) is None
