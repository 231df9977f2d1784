"""What the benchmarks send is understood, in their smallest size and on SQLite."""

import orjson
import pytest

from app.loyalty.verify import verify
from app.models.member import member_of
from app.models.shop import Shop
from app.web import create_app
from benchmarks.accept import webhooks
from benchmarks.bodies import SIZES, order_body
from benchmarks.figures import Figure, write
from benchmarks.installation import installed
from benchmarks.population import customer, populate
from benchmarks.read import give_history, signed_path
from benchmarks.servers import bare_served, load
from benchmarks.settle import settle

END = b"\r\n\r\n"


@pytest.fixture(scope="module")
def installation():
    with installed("sqlite") as installation:
        yield installation


@pytest.mark.parametrize(
    ("size", "wanted"), [(size, wanted) for size, (_, wanted) in SIZES.items()]
)
def test_a_body_has_its_size_and_is_always_the_same(size, wanted):
    body = order_body(size, 1001, 7)

    assert body == order_body(size, 1001, 7)
    assert orjson.loads(body)["customer"]["id"] == 7
    assert abs(len(body) - wanted) < wanted / 20


def test_settling_is_compared_with_its_limit(installation):
    figures = settle(installation, rounds=1, orders=4)

    assert len(figures) == len(SIZES)
    assert all(figure.ratio > 0 for figure in figures)


@pytest.mark.parametrize("size", SIZES)
def test_the_webhooks_that_are_sent_are_accepted(installation, size):
    web = create_app(installation.settings, installation.tools.database).test_client()
    head, _, body = webhooks(size, installation.settings.shopify_client_secret)[0].partition(END)
    headers = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]

    answer = web.post("/webhooks", data=body, headers=headers)

    assert answer.status_code == 200


def test_the_member_who_is_read_has_a_history(installation):
    give_history(installation, others=1)
    web = create_app(installation.settings, installation.tools.database).test_client()

    answer = web.get(signed_path(installation))

    assert answer.json["member"]["balance"] > 0
    assert len(answer.json["history"]) > 10


def test_members_are_copied_with_books_that_are_right(installation):
    counted = []
    populate(installation, 7, counted.append)
    populate(installation, 12, counted.append)

    with installation.tools.database.reading() as session:
        shop = session.get_one(Shop, installation.shop_id)
        copied = member_of(session, shop.id, str(customer(11)))
        found = verify(session, shop)

    assert counted == [7, 12]
    assert copied.transfers == 10
    assert copied.available > 9 * 50
    assert found.differences == ()


def test_a_steady_rate_is_kept_whatever_the_server_does(installation):
    with bare_served(installation) as bare:
        seen = load(
            bare.port,
            [b"GET /proxy/me HTTP/1.1\r\nHost: here\r\n\r\n"],
            seconds=1,
            rate=40,
            most=20,
            prefix="",
            at=installation.folder,
        )

    assert seen["count"] == 20
    assert seen["failed"] == 0


def test_the_page_says_each_ratio(tmp_path):
    figure = Figure("read", "sqlite", "calls", ours=[10, 30], limit=[100, 100])

    write([figure], rounds=2, path=tmp_path / "results.md")

    assert "| 0.20 (0.10–0.30) |" in (tmp_path / "results.md").read_text()
