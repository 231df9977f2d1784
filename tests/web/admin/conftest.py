"""What a test of the admin may ask for: a merchant of a shop with a program and orders."""

import io

import pytest

from app.jobs.hauls import Hauls
from app.jobs.tools import Tools
from app.models.member import member_of
from app.platforms.shopify.platform import Shopify
from tests.builders import an_order
from tests.databases import NOON
from tests.platforms.shopify.conftest import a_registration
from tests.web.admin.merchant import HERE, Merchant, default_program
from tests.web.signing import SHOP


@pytest.fixture
def merchant(client, database, install):
    """The merchant of a shop in which customer 7 has bought for 1200 kroner."""
    shop = install(SHOP, an_order(total_minor=1200_00), program=default_program())
    return Merchant(client, database, shop)


@pytest.fixture
def member(database, merchant):
    """Customer 7, with 1200 points."""
    with database.reading() as session:
        return member_of(session, merchant.shop.id, "7")


@pytest.fixture
def work(database, vault):
    """Have a worker do what exports and imports have waiting, at noon."""
    tools = Tools(database, vault, Shopify(a_registration()), "https://app.stamkunde.example")

    def work(at=NOON):
        hauls = Hauls(tools, lambda: at)
        while hauls.work():
            pass

    return work


@pytest.fixture
def bring(merchant):
    """Bring a file as a merchant does; the path of its page."""

    def bring(text, name="members.csv", status=303, by=merchant):
        body = text if isinstance(text, bytes) else text.encode()
        sent = {"csrf_token": by.token(), "file": (io.BytesIO(body), name)}
        answer = by.client.post("/admin/imports", data=sent, headers=HERE)
        assert answer.status_code == status
        return answer.location if status == 303 else answer.text

    return bring


@pytest.fixture
def compare(merchant, work, bring):
    """Bring a file and have it compared as it was guessed, or with some columns said otherwise."""

    def compare(text, **changes):
        path = bring(text)
        changes = {"label": "Smile.io"} | changes
        merchant.sends_form(path, f"{path}/columns", **changes)
        work()
        return path

    return compare
