"""Exports and imports in steps: whoever dies is gone on for, and changes nothing afterwards."""

import io
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from cryptography.fernet import Fernet

from app.domain.errors import ImportClosed
from app.domain.imports.lines import Reading
from app.jobs.hauls import Hauls
from app.jobs.importing import import_step
from app.jobs.reading import read_table
from app.jobs.steps import LEASE, Overtaken, ours
from app.loyalty.digest import digest
from app.loyalty.erase import erase
from app.loyalty.forget_hauled import LINES_AT_ONCE, prune_hauls
from app.loyalty.steer_import import open_import, read_as, run_it, undo_it
from app.loyalty.verify import verify
from app.models.export_run import ExportRun, ask_for_export, drop_exports
from app.models.import_line import ImportLine
from app.models.import_run import ImportRun, Stage
from app.models.queue import State, end, take
from app.models.shop import shop_by_domain
from app.models.stored_file import StoredPiece, drop_all_files, store
from app.models.transfer import TransferRow
from app.vault import Vault
from tests.jobs.conftest import DOMAIN

PEOPLE = 450
TABLE = "customer_id,points\n" + "".join(f"{number},10\n" for number in range(PEOPLE))


@pytest.fixture
def bring(world):
    """Have a table brought, and its columns named."""

    def bring(table=TABLE):
        with world.database.transaction() as session:
            shop = shop_by_domain(session, DOMAIN)
            stream = io.BytesIO(table.encode())
            facts = {"name": "t.csv", "by": "test", "at": world.clock()}
            run = open_import(session, shop, stream, seal=world.tools.vault.seal, **facts)
            read_as(session, shop.id, run.id, Reading.of(run.reading), "Smile.io", at=world.clock())
        return run.id

    return bring


@pytest.fixture
def hauls(world):
    return Hauls(world.tools, world.clock)


def the_run(world, table=ImportRun):
    [run] = world.all_of(table)
    return run


def to_the_end(hauls):
    while hauls.work():
        pass


def ask_to_run(world, import_id):
    with world.database.transaction() as session:
        run_it(session, shop_by_domain(session, DOMAIN).id, import_id, at=world.clock())


def ask_to_undo(world, import_id):
    with world.database.transaction() as session:
        undo_it(session, shop_by_domain(session, DOMAIN).id, import_id, at=world.clock())


def forget_some(world):
    with world.database.transaction() as session:
        return prune_hauls(session, shop_by_domain(session, DOMAIN).id, at=world.clock())


def ran(world, bring, hauls, people):
    """An import that has brought so many people 10 points each."""
    import_id = bring("customer_id,points\n" + "".join(f"{one},10\n" for one in range(people)))
    to_the_end(hauls)
    ask_to_run(world, import_id)
    to_the_end(hauls)
    return import_id


def taken(world, table=ImportRun):
    """What a worker holds that has just taken the work, and is about to die."""
    with world.database.transaction() as session:
        [run] = take(session, table, limit=1, lease=LEASE, now=world.clock())
    return run


def books(world):
    with world.database.reading() as session:
        shop = shop_by_domain(session, DOMAIN)
        assert verify(session, shop).differences == ()
        return digest(session, shop)


def test_a_worker_that_dies_at_any_step_is_gone_on_for(world, bring, hauls):
    import_id = bring()
    died = 0
    while the_run(world).stage != Stage.DONE:
        # One takes a step and is never heard of again; only the lease tells.
        dead = taken(world)
        assert hauls.work() == 0
        world.clock.move(minutes=5)
        hauls.work()
        with pytest.raises(Overtaken):
            import_step(world.tools, dead, world.clock)
        died += 1
        if the_run(world).stage == Stage.CHECKED:
            ask_to_run(world, import_id)

    assert died > 6
    assert len(world.all_of(TransferRow)) == PEOPLE
    assert sum(row.points for row in world.all_of(TransferRow)) == 10 * PEOPLE
    books(world)


def test_a_file_that_was_read_half_is_read_on(world, bring, hauls):
    bring("customer_id,points\n" + "".join(f"{number},10\n" for number in range(4500)))
    dead = taken(world)

    class Dying(Exception):
        pass

    beats = iter(range(2))

    def clock():
        if next(beats, None) is None:
            raise Dying
        return world.clock()

    with pytest.raises(Dying):
        read_table(world.tools, dead, clock)
    half = len(world.all_of(ImportLine))
    world.clock.move(minutes=5)
    to_the_end(hauls)

    assert 0 < half < 4500
    assert len(world.all_of(ImportLine)) == 4500
    assert the_run(world).counts["new"] == 4500


def test_somebody_who_is_forgotten_before_the_run_does_not_come(world, bring, hauls):
    import_id = bring("customer_id,points\n7,10\n8,10\n")
    to_the_end(hauls)
    with world.database.transaction() as session:
        shop = shop_by_domain(session, DOMAIN)
        erase(session, shop, customer_id="7", email_hash=None, at=world.clock())
    ask_to_run(world, import_id)
    to_the_end(hauls)

    assert world.member("7") is None
    assert world.member("8").available == 10


def test_an_export_goes_on_after_a_worker_died_again_and_again(world, hauls):
    with world.database.transaction() as session:
        shop = shop_by_domain(session, DOMAIN)
        ask_for_export(session, shop.id, by="test", at=world.clock())
    for _death in range(10):
        taken(world, ExportRun)
        world.clock.move(minutes=5)

    to_the_end(hauls)

    assert the_run(world, ExportRun).state == State.DONE


def test_a_file_that_no_key_opens_is_put_off_and_the_worker_goes_on(world, bring):
    bring()
    vault = Vault([Fernet.generate_key().decode()], "h")
    other = Hauls(replace(world.tools, vault=vault), world.clock)

    for _again in range(5):
        assert other.work() == 1
        world.clock.move(days=1)

    assert the_run(world).stage == Stage.FAILED


def test_failures_are_forgiven_when_a_step_is_done(world, bring, hauls):
    import_id = bring()
    to_the_end(hauls)
    ask_to_run(world, import_id)
    with world.database.transaction() as session:
        session.merge(the_run(world)).failures = 4

    hauls.work()

    assert (the_run(world).done, the_run(world).failures) == (200, 0)


def test_an_export_that_is_stored_while_somebody_is_forgotten_is_erased(world):
    with world.database.transaction() as session:
        shop_id = shop_by_domain(session, DOMAIN).id
        ask_for_export(session, shop_id, by="test", at=world.clock())
    run = taken(world, ExportRun)

    def forget():
        with world.database.transaction() as session:
            drop_exports(session, shop_id, at=world.clock())

    forgetting = Thread(target=forget)
    with world.database.transaction() as session:
        row = ours(session, run)
        facts = {"name": "e", "kept_until": world.clock() + timedelta(days=3)}
        file = store(session, shop_id, io.BytesIO(b"x"), seal=world.tools.vault.seal, **facts)
        row.file_id, row.kept_until = file.id, file.kept_until
        end(row, State.DONE, now=world.clock())
        session.flush()
        forgetting.start()
        forgetting.join(timeout=1)
    forgetting.join()

    assert world.all_of(StoredPiece) == []
    assert the_run(world, ExportRun).file_id is None


def test_a_file_that_is_gone_is_told(world, bring, hauls):
    bring()
    with world.database.transaction() as session:
        drop_all_files(session, shop_by_domain(session, DOMAIN).id)
    assert world.all_of(StoredPiece) == []

    to_the_end(hauls)

    run = the_run(world)
    assert run.stage == Stage.FAILED
    assert run.counts["failure"]["pattern"] == "The file is no longer kept. Bring it again."


def test_two_workers_share_what_there_is(world, bring):
    import_id = bring()
    two = [Hauls(world.tools, world.clock) for _ in range(2)]
    for stage in (Stage.CHECKED, Stage.DONE):
        while the_run(world).stage != stage:
            for hauls in two:
                hauls.work()
            world.clock.move(seconds=1)
        if stage == Stage.CHECKED:
            ask_to_run(world, import_id)

    assert len(world.all_of(TransferRow)) == PEOPLE


def test_what_is_past_its_end_is_erased_by_the_chore(world, bring, hauls):
    bring()
    world.clock.move(days=2)
    world.worker.drain()
    assert world.all_of(StoredPiece) == []
    world.clock.move(days=90)
    world.worker.drain()

    assert world.all_of(ImportRun) == world.all_of(ImportLine) == []


def test_a_large_import_is_forgotten_bit_by_bit(world, bring, hauls):
    lines = LINES_AT_ONCE + 1
    import_id = bring("customer_id,points\n" + "".join(f"{one},10\n" for one in range(lines)))
    hauls.work()
    world.clock.move(days=90)

    left = []
    for stage in (Stage.CHECKED, Stage.DONE):
        with world.database.transaction() as session:
            session.merge(the_run(world)).stage = stage
        assert forget_some(world)
        left.append((len(world.all_of(ImportRun)), len(world.all_of(ImportLine))))
        if stage == Stage.CHECKED:
            # What has lost some of its lines is neither run nor undone by the others.
            with pytest.raises(ImportClosed):
                ask_to_run(world, import_id)

    assert left == [(1, 1), (0, 0)]


def test_an_import_that_is_forgotten_in_part_is_not_undone_in_part(world, bring, hauls):
    import_id = ran(world, bring, hauls, LINES_AT_ONCE + 1)
    world.clock.move(days=90)
    forget_some(world)

    with pytest.raises(ImportClosed):
        ask_to_undo(world, import_id)
    to_the_end(hauls)

    assert the_run(world).stage == Stage.DONE
    assert world.member("7").available == 10


def test_an_import_that_is_being_undone_on_its_last_day_is_undone_whole(world, bring, hauls):
    import_id = ran(world, bring, hauls, 2)
    world.clock.move(days=90, seconds=-1)
    ask_to_undo(world, import_id)
    world.clock.move(seconds=1)
    forget_some(world)
    to_the_end(hauls)

    assert the_run(world).stage == Stage.UNDONE
    assert [world.member(customer).available for customer in "01"] == [0, 0]
