"""`stamkunde rebuild`: the books from the journal, to compare them or to go on with them."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.cli import main
from app.db import Database
from app.loyalty.act import enter_birthday
from app.loyalty.carry_over import BESIDE
from app.loyalty.digest import digest
from app.loyalty.erase import erase
from app.loyalty.rebuild import CannotRebuild, Rebuilding, half_named
from app.loyalty.redeem import redeem
from app.loyalty.verify import verify
from app.models.adjustment_note import AdjustmentNote
from app.models.effect import EffectRow
from app.models.fact import FactKind, FactRow
from app.models.member import Member, member_of
from app.models.rebuild_mark import RebuildMark
from app.models.redemption import Redemption
from app.models.shop import Shop, find_shop, shop_by_domain
from tests.builders import an_order, later, published, settled
from tests.databases import NOON, a_shop

DOMAIN = "nordlys.myshopify.com"


@pytest.fixture
def run(tmp_path, database_url):
    """Runs a command against a migrated database."""

    def run(*arguments, **settings):
        environment = {
            "STAMKUNDE_INSTANCE": str(tmp_path),
            "DATABASE_URL": database_url,
            "COLUMNS": "200",
            **settings,
        }
        return CliRunner().invoke(main, arguments, env=environment)

    return run


def install(database):
    """A shop with a member who has bought a code, told a birthday, and got an explanation."""
    with database.transaction() as session:
        shop = published(session, a_shop(session, DOMAIN))
        settled(session, shop, an_order())
        facts = {"reward_code": "fifty-off", "request_key": "k1", "code": "STAM-1"}
        redeem(session, shop, customer_id="7", **facts, at=NOON)
        member = member_of(session, shop.id, "7")
        enter_birthday(session, shop, member.id, 4, 30, at=NOON)
        member.synced_balance = None
        shop.look = {"color": "#204020"}
        note = {"member_id": member.id, "key": "adjust:k", "note": "Her own wish"}
        session.add(AdjustmentNote(shop_id=shop.id, **note))


def test_the_books_follow_from_the_journal(run, database):
    install(database)

    checked = run("rebuild", "--check")

    assert checked.exit_code == 0
    assert "4 facts replayed" in checked.output
    assert "the books are equal" in checked.output
    assert checked.output.count(": the digest of ") == 2


def test_books_that_do_not_follow_are_an_error(run, database, tmp_path):
    install(database)
    with database.transaction() as session:
        shop = shop_by_domain(session, DOMAIN)
        redeemed = (FactRow.shop_id == shop.id, FactRow.kind == FactKind.REDEEMED)
        session.query(FactRow).filter(*redeemed).delete()

    for arguments in (["--check"], ["--into", f"sqlite:///{tmp_path}/other.db"]):
        asked = run("rebuild", *arguments)

        assert asked.exit_code == 1
        assert "the books do not follow from the journal; go on with those in use" in asked.output
        assert "begin anew only in an empty database" in asked.output
        assert "1 of 1 shops are not rebuilt." in asked.stderr


def test_a_shop_goes_on_in_the_other_database(run, database, tmp_path):
    install(database)
    url = f"sqlite:///{tmp_path}/other.db"

    moved = run("rebuild", "--into", url)
    again = run("rebuild", "--into", url)

    assert moved.exit_code == 0
    assert again.exit_code == 1
    assert "has a shop of that name already" in again.output
    other = Database(url)
    with database.reading() as session, other.reading() as elsewhere:
        assert beside(elsewhere) == beside(session)
        for table in (Shop, Member, Redemption):
            assert rows(elsewhere, table) == rows(session, table)
    with other.transaction() as elsewhere:
        shop = shop_by_domain(elsewhere, DOMAIN)
        settled(elsewhere, shop, later(an_order(), canceled_at=NOON))
        assert verify(elsewhere, shop).holds
    other.close()
    assert run("rebuild", "--check", DATABASE_URL=url).exit_code == 0


class Killed(BaseException):
    """The process is gone."""


def dying(facts, of):
    """What dies as soon as it is told of progress."""
    raise Killed(f"after {facts} of {of}")


def test_a_rebuild_that_was_killed_goes_on_where_it_was(run, database, tmp_path):
    install(database)
    url = f"sqlite:///{tmp_path}/other.db"
    run("db", "upgrade", DATABASE_URL=url)
    other = Database(url)
    with database.reading() as session:
        shop = shop_by_domain(session, DOMAIN)
        seen = []
        begun = Rebuilding(session, shop, half_named(DOMAIN), lambda *told: seen.append(told))
        with other.transaction() as target:
            assert begun.lot(target, most=1)
        killed = Rebuilding(session, shop, half_named(DOMAIN), dying)
        with pytest.raises(Killed), other.transaction() as target:
            killed.lot(target)
    with other.reading() as elsewhere:
        assert find_shop(elsewhere, DOMAIN) is None
    other.close()

    finished = run("rebuild", "--into", url)

    assert seen == [(1, 4)]
    assert finished.exit_code == 0
    assert "going on where the last rebuild was stopped" in finished.output
    assert "4 facts replayed" in finished.output
    with database.reading() as session, other.reading() as elsewhere:
        assert beside(elsewhere) == beside(session)
        for table in (Shop, Member, Redemption):
            assert rows(elsewhere, table) == rows(session, table)
        assert elsewhere.scalars(select(RebuildMark)).all() == []
    other.close()


def test_of_two_rebuilds_at_once_one_is_told_that_the_other_is_done(database):
    install(database)
    half = half_named(DOMAIN)
    with database.reading() as session:
        shop = shop_by_domain(session, DOMAIN)
        first, second = [Rebuilding(session, shop, half, lambda *_: None) for _ in range(2)]
        for rebuilding, most in ((first, 1), (second, 1), (first, 9)):
            with database.transaction() as target:
                is_more = rebuilding.lot(target, most=most)
        assert not is_more
        with database.transaction() as target:
            rebuilt = target.get_one(Shop, first.end(target))
            assert digest(target, rebuilt) == digest(session, shop)
        for step in (second.lot, second.end):
            with pytest.raises(CannotRebuild, match="by another"), database.transaction() as target:
                step(target)
        with database.transaction() as target:
            shop_by_domain(target, half).domain = "again.example"
        for step in (second.lot, second.end):
            with pytest.raises(CannotRebuild, match="by another"), database.transaction() as target:
                step(target)
    with database.reading() as session:
        assert find_shop(session, half) is None


def test_the_longest_domain_is_not_its_own_half_name():
    longest = "a" * 255

    assert half_named(longest) != longest
    assert len(half_named(longest)) == 255


def forget_a_fact(session, shop):
    """As nobody does: a transaction that is committed late adds one."""
    first = session.scalars(select(FactRow).order_by(FactRow.number).limit(1)).one()
    session.delete(first)


def erase_the_member(session, shop):
    """The journal has as many facts as before, and one name less in each."""
    erase(session, shop, customer_id="7", email_hash=None, at=NOON)


@pytest.mark.parametrize("change", [forget_a_fact, erase_the_member])
def test_a_rebuild_does_not_go_on_with_another_journal(run, database, tmp_path, change):
    install(database)
    url = f"sqlite:///{tmp_path}/other.db"
    run("db", "upgrade", DATABASE_URL=url)
    other = Database(url)
    with database.reading() as session, other.transaction() as target:
        shop = shop_by_domain(session, DOMAIN)
        Rebuilding(session, shop, half_named(DOMAIN), lambda *_: None).lot(target, most=3)
    other.close()
    with database.transaction() as session:
        change(session, shop_by_domain(session, DOMAIN))

    refused = run("rebuild", "--into", url)

    assert refused.exit_code == 1
    assert "was changed where it was replayed already" in refused.output
    assert "begin anew, in an empty database" in refused.output


def test_a_shop_moves_to_postgresql_and_its_journal_goes_on(run, database, empty_postgres_url):
    install(database)

    assert run("rebuild", "--into", empty_postgres_url).exit_code == 0

    other = Database(empty_postgres_url)
    with other.transaction() as session:
        shop = shop_by_domain(session, DOMAIN)
        settled(session, shop, later(an_order(), canceled_at=NOON))
    other.close()
    checked = run("rebuild", "--check", DATABASE_URL=empty_postgres_url)
    assert "5 facts replayed" in checked.output
    assert checked.exit_code == 0


REPLAYED = {
    Member: {
        *("shop_id", "id", "customer_id", "email_hash", "joined_at", "guest_until", "arm"),
        *("tier", "tier_since", "tier_due_at", "entered"),
        *("floor_tier", "floor_until", "merged_into"),
        *("available", "pending", "held", "transfers", "active_at"),
        *("next_expiry_at", "next_expiry_points"),
    },
    Redemption: {
        *("shop_id", "id", "member_id", "request_key", "reward_code", "asked_points", "name"),
        *("kind", "code", "cost_points", "currency", "off_minor", "off_percent", "combines"),
        *("minimum_subtotal_minor", "limits", "tag", "checklist", "pool_id", "revision"),
        *("state", "created_at", "ends_at", "points_expire_at", "order_id", "moves"),
        *("held", "spent", "donated", "given_at", "given_ref", "entry_tier", "entry_order_id"),
    },
}
"""The columns that follow from facts; whoever adds one decides where it comes from."""


@pytest.mark.parametrize("table", [Member, Redemption])
def test_every_column_is_replayed_or_carried_over(table):
    carried = set(BESIDE[table.__tablename__])

    assert carried.isdisjoint(REPLAYED[table])
    assert set(table.__table__.columns.keys()) == REPLAYED[table] | carried


def rows(session, table):
    """The rows of a table, but for the number that the shop has."""
    key = table.id if table is Shop else table.shop_id
    query = select(*table.__table__.columns).where(key == shop_by_domain(session, DOMAIN).id)
    return [dict(row) | {key.key: None} for row in session.execute(query).mappings()]


def beside(session):
    """What a shop has beside its points, and the digest of these."""
    shop = shop_by_domain(session, DOMAIN)
    member = member_of(session, shop.id, "7")
    effects = select(EffectRow).where(EffectRow.shop_id == shop.id)
    notes = select(AdjustmentNote.note).where(AdjustmentNote.shop_id == shop.id)
    facts = select(FactRow).where(FactRow.shop_id == shop.id).order_by(FactRow.number)
    return (
        (shop.name, shop.currency, shop.state, digest(session, shop)),
        (member.id, member.birthday, member.birthday_entered_at, member.available),
        [(one.id, one.kind, one.state) for one in session.scalars(effects)],
        list(session.scalars(notes)),
        [(one.number, one.kind, one.at, one.body) for one in session.scalars(facts)],
    )


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        pytest.param(["--check"], 0, "nothing to rebuild", id="no shop"),
        pytest.param([], 2, "Say --check to compare", id="neither"),
        pytest.param(["--check", "--into", "sqlite:///x"], 2, "Say --check", id="both"),
        pytest.param(["--check", "--shop", "no.example"], 1, "no.example has not", id="unknown"),
        pytest.param(["--into", "oracle"], 1, "DATABASE_URL must begin", id="no address"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_a_sentence(run, arguments, code, sentence):
    asked = run("rebuild", *arguments)

    assert asked.exit_code == code
    assert sentence in asked.output + asked.stderr


def test_a_shop_that_is_older_than_the_journal_says_so(run, database):
    install(database)
    with database.transaction() as session:
        shop = shop_by_domain(session, DOMAIN)
        session.query(FactRow).filter(FactRow.shop_id == shop.id).delete()

    checked = run("rebuild", "--check", "--shop", DOMAIN)

    assert checked.exit_code == 1
    assert f"The journal of {DOMAIN} is empty" in checked.output
