"""What the benchmarks send is understood, in their smallest size and on SQLite."""

from contextlib import closing

import orjson
import pytest
from sqlalchemy import select

from app.loyalty.verify import verify
from app.models.books import wrong_members
from app.models.delivery import Delivery
from app.models.member import Member, member_of
from app.models.order import OrderRecord
from app.models.queue import State
from app.models.shop import Shop
from app.models.sums import size_of_ledger
from app.web import create_app
from benchmarks.accept import webhooks
from benchmarks.bodies import PAID, SIZES, order_body
from benchmarks.figures import Figure, write
from benchmarks.installation import installed
from benchmarks.limit import SHOP as LIMIT
from benchmarks.limit import Limit
from benchmarks.mix import mixed
from benchmarks.population import GIFTS, customer, populate
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


def test_the_limit_of_settling_writes_what_a_ledger_needs(database, database_url):
    sent = mixed("6 KB", 1_000_000, 60)
    orders = [body for topic, body in sent if topic == PAID]
    with closing(Limit(database_url)) as limit:
        # The second part gives back what came in the first.
        for part in (sent[:45], sent[45:]):
            limit.receive(part, str(len(part)))
            limit.work()

    with database.reading() as session:
        members = session.scalars(select(Member).where(Member.shop_id == LIMIT)).all()
        records = session.scalars(select(OrderRecord).where(OrderRecord.shop_id == LIMIT)).all()
        wrong = list(wrong_members(session, LIMIT))
        states = set(session.scalars(select(Delivery.state).where(Delivery.shop_id == LIMIT)))
    assert (len(records), states) == (len(orders), {State.DONE})
    assert wrong == []
    assert sum(one.transfers for one in members) == len(sent)
    assert sum(one.posted_available for one in records) == sum(one.available for one in members)
    returned = [one for one in records if one.facts["refunds"]]
    assert len(returned) == len(sent) - len(orders) == 4
    assert all(one.posted_reversed > 0 for one in returned)


def test_settling_by_rules_of_all_kinds_is_compared_with_its_limit(installation):
    figures = settle(installation, rounds=1, orders=40)

    assert len(figures) == len(SIZES)
    assert all(figure.ratio > 0 for figure in figures)
    with installation.tools.database.reading() as session:
        query = select(OrderRecord).where(OrderRecord.shop_id == installation.shop_id)
        records = session.scalars(query).all()
    given = {code for record in records for code, _ in record.award.rules}
    assert given == {"spend", "pieces", "large"}
    assert {code for record in records for code, _ in record.award.campaigns} == {"weekend"}
    assert any(record.posted_reversed > 0 for record in records)


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
    assert copied.available > sum(GIFTS)
    assert copied.next_expiry_at is not None
    assert found.differences == ()


def test_a_kept_shop_is_there_again_and_grows_on(tmp_path):
    counted = []
    with installed("sqlite", tmp_path / "kept") as before:
        populate(before, 3, counted.append)

    with installed("sqlite", tmp_path / "kept") as after:
        populate(after, 3, counted.append)
        populate(after, 5, counted.append)
        with after.tools.database.reading() as session:
            found = size_of_ledger(session, after.shop_id)

    assert after.shop_id == before.shop_id
    assert counted == [3, 5]
    assert found == (5, 50)


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
