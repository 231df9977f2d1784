"""What is planned is told beside the program in force, and ends only when a merchant cancels it."""

import json
import re
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.calendar import midnight
from app.loyalty.publish import publish
from app.models.program import Programs, latest_number
from app.models.shop import Shop
from tests.databases import NOON
from tests.web.admin.merchant import HERE, Merchant, default_program
from tests.web.admin.test_program import FORM, TEXT

CANCEL = "/admin/program/cancel-planned"
DAY = NOON + timedelta(hours=1)
PLAN = default_program(join_points=9)


def plan(database, shop, program=PLAN, *, day=DAY):
    """Have a program planned for a day."""
    with database.transaction() as session:
        found = session.get_one(Shop, shop.id)
        return publish(session, found, program, author="Anna", effective_at=day, at=NOON)


@pytest.fixture
def planning(client, database, install):
    """A merchant whose program gives nine points for joining from a day on."""
    merchant = Merchant(client, database, install(program=default_program()))
    plan(database, merchant.shop)
    return merchant


def in_force(database, merchant, *moments):
    """The programs in force at some moments."""
    with database.reading() as session:
        programs = Programs(session, merchant.shop.id)
        return [programs.at(moment) for moment in moments]


@pytest.mark.parametrize("page", [FORM, TEXT])
def test_the_program_begins_with_what_is_in_force_and_tells_what_is_planned(planning, page, noon):
    seen = planning.sees(page)

    assert "Revision 1 is in force" in seen
    assert "Planned for Jun 1, 2026, 1:00:00\u202fPM: revision 2." in seen
    assert "Join points from 0 to 9." in seen
    noon.shift(timedelta(hours=1))
    seen = planning.sees(page)
    assert "Revision 2 is in force" in seen
    assert CANCEL not in seen


def test_what_is_published_in_the_form_leaves_the_plan_its_day(database, planning):
    form = planning.form(FORM, FORM)
    assert form["join_points"] == "0"

    for _twice in range(2):
        planning.sends_form(FORM, FORM, do="publish", earn_points="3")

    now, then = in_force(database, planning, NOON, DAY)
    assert (now.earning[0].points, now.join_points) == (3, 0)
    assert then == replace(now, join_points=9)


def test_what_is_published_as_text_leaves_the_plan_its_day(database, planning):
    document = json.loads(planning.form(TEXT, TEXT)["document"])
    assert document["join_points"] == 0

    planning.sends_form(TEXT, TEXT, document=json.dumps(document | {"guest_days": 30}))

    now, then = in_force(database, planning, NOON, DAY)
    assert (now.guest_days, now.join_points) == (30, 0)
    assert then == replace(now, join_points=9)


def test_a_plan_that_is_published_early_still_ends_on_its_day(database, planning):
    ends = DAY + timedelta(days=3)
    plan(database, planning.shop, default_program(), day=ends)

    told = "What was planned for Jun 1, 2026, 1:00:00\u202fPM would change nothing any more"
    seen = []
    for _twice in range(2):
        planning.sends(TEXT, **planning.form(f"{TEXT}?revision=2", TEXT))
        seen.append(planning.sees(TEXT))

    assert [told in page for page in seen] == [True, False]
    assert in_force(database, planning, NOON, DAY, ends) == [PLAN, PLAN, default_program()]
    assert "Planned for Jun 4, 2026, 1:00:00\u202fPM: revision 5." in seen[-1]
    assert "Join points from 9 to 0." in seen[-1]


def test_a_plan_that_would_change_nothing_any_more_is_told(planning):
    told = "would change nothing any more, so it is no longer planned."
    planning.sends_form(FORM, FORM, do="publish", earn_points="3")
    assert told not in planning.sees(FORM)

    planning.sends_form(FORM, FORM, do="publish", join_points="9")

    seen = planning.sees(FORM)
    assert told in seen
    assert CANCEL not in seen


@pytest.mark.parametrize(("page", "told"), [(FORM, "came into force"), (TEXT, "has published")])
def test_a_form_from_before_the_plans_day_is_not_published(planning, database, noon, page, told):
    form = planning.form(page, page) | {"do": "publish"}
    noon.shift(timedelta(hours=1))

    answer = planning.sends(page, status=409, **form)

    assert told in answer.text
    assert in_force(database, planning, DAY) == [PLAN]


def test_a_change_that_the_plan_does_not_fit_is_told_and_not_published(client, database, install):
    program = default_program()
    merchant = Merchant(client, database, install(program=program))
    bronze, silver, gold = program.tiers.ladder
    ladder = (bronze, replace(silver, entry_reward="fifty-off"), gold)
    plan(database, merchant.shop, replace(program, tiers=replace(program.tiers, ladder=ladder)))

    document = json.loads(merchant.form(TEXT, TEXT)["document"])
    kept = [reward for reward in document["rewards"] if reward["code"] != "fifty-off"]
    changed = json.dumps(document | {"rewards": kept})
    answer = merchant.sends_form(TEXT, TEXT, status=422, document=changed)

    assert "Cancel the planned change first." in answer.text
    assert in_force(database, merchant, NOON) == [program]


def test_a_plan_is_canceled_once_and_stays_among_the_revisions(database, planning):
    form = planning.form(FORM, CANCEL)

    planning.sends(CANCEL, **form)
    assert "Canceled. The program goes on as it is." in planning.sees(FORM)
    planning.sends(CANCEL, **form)
    assert "Nothing is planned any more." in planning.sees(FORM)

    assert in_force(database, planning, DAY) == [default_program()]
    with database.reading() as session:
        assert latest_number(session, planning.shop.id) == 3
    assert "Go back to this revision" in planning.sees("/admin/program/revisions/2")
    log = planning.sees("/admin/settings/audit")
    assert log.count("Canceled what was planned: revision 2") == 1


def test_a_plan_that_nobody_saw_is_not_canceled(database, planning):
    form = planning.form(FORM, CANCEL)
    plan(database, planning.shop, default_program(join_points=20), day=DAY)

    planning.sends(CANCEL, **form)

    assert "What is planned was changed meanwhile" in planning.sees(FORM)
    assert in_force(database, planning, DAY) == [default_program(join_points=20)]


def test_revisions_say_which_is_in_force_and_which_are_planned(planning):
    seen = planning.sees(FORM)

    assert seen.count("In force</span>") == 1
    assert "Planned for Jun 1, 2026</span>" in seen
    assert "In force</span>" in planning.sees("/admin/program/revisions/1")
    assert "Planned for Jun 1, 2026" in planning.sees("/admin/program/revisions/2")
    text = planning.sees(f"{TEXT}?revision=2")
    assert "revision 2, which is planned" in text
    assert "&#34;join_points&#34;: 9" in text


def from_a_day(merchant, day, page=FORM, status=303, **changes):
    """The answer to a form that asks for a program from a day on."""
    wish = {"do": "publish", "when": "day", "from_day": day} | changes
    return merchant.sends_form(page, page, status, **wish).text


@pytest.mark.parametrize("page", [FORM, TEXT])
def test_a_program_is_planned_for_the_start_of_a_day_by_the_shops_clock(
    client, database, install, page
):
    merchant = Merchant(client, database, install(program=default_program()))
    with database.transaction() as session:
        session.get_one(Shop, merchant.shop.id).timezone = "Europe/Copenhagen"
    changed = default_program(join_points=9)
    document = json.loads(merchant.form(TEXT, TEXT)["document"]) | {"join_points": 9}
    wish = {"join_points": "9"} if page == FORM else {"document": json.dumps(document)}

    for told in ("Planned for Jun 3, 2026 as revision 2.", "Nothing was changed."):
        from_a_day(merchant, "2026-06-03", page, **wish)
        seen = merchant.sees(page)
        assert told in seen

    begins = datetime(2026, 6, 2, 22, tzinfo=UTC)
    just_before = begins - timedelta(seconds=1)
    assert in_force(database, merchant, NOON, just_before, begins) == [
        default_program(),
        default_program(),
        changed,
    ]
    assert "Planned for Jun 3, 2026: revision 2." in seen
    assert "Join points from 0 to 9." in seen
    log = merchant.sees("/admin/settings/audit")
    assert log.count("Planned from 2026-06-03 on: revision 1 → 2") == 1


def test_of_two_who_plan_the_same_at_once_one_is_noted(database, merchant):
    typed = merchant.form(FORM, FORM) | {"do": "publish", "join_points": "9"}
    typed |= {"when": "day", "from_day": "2026-06-05"}

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            shop = session.get_one(Shop, merchant.shop.id)
            begins = midnight(date(2026, 6, 5), shop.zone)
            publish(session, shop, PLAN, author="Anna", effective_at=begins, at=NOON)
            asked = pool.submit(merchant.client.post, FORM, data=typed, headers=HERE)
            # It is let in, and waits for the shop until this transaction ends.
            wait([asked], timeout=0.5)
        assert asked.result().status_code == 303

    assert "Nothing was changed." in merchant.sees(FORM)
    assert "Planned from 2026-06-05 on" not in merchant.sees("/admin/settings/audit")
    assert in_force(database, merchant, NOON + timedelta(days=5)) == [PLAN]


def test_what_is_planned_already_keeps_its_day_beside_a_new_plan(database, planning):
    from_a_day(planning, "2026-06-05", guest_days="30")

    before, then = in_force(database, planning, DAY, NOON + timedelta(days=5))
    assert before == PLAN
    assert then == replace(PLAN, guest_days=30)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("", "Choose a day from Jun 2, 2026 to Jun 8, 2036."),
        ("soon", "Choose a day from"),
        ("2026-05-31", "Choose a day from"),
        ("2026-06-01", "Choose a day from"),
        ("9999-12-31", "Choose a day from"),
    ],
)
@pytest.mark.parametrize("page", [FORM, TEXT])
def test_a_day_that_is_none_or_not_to_come_is_told_beside_it(database, merchant, page, day, told):
    answer = from_a_day(merchant, day, page, status=422)

    assert re.search(rf'id="from_day-error">{told}', answer)
    assert f'value="{day}"' in answer
    assert re.search(r'value="day" checked', answer)
    with database.reading() as session:
        assert latest_number(session, merchant.shop.id) == 1


def test_a_wrong_day_and_a_wrong_field_are_told_at_once(merchant):
    answer = from_a_day(merchant, "soon", status=422, join_points="many")

    assert 'id="from_day-error"' in answer
    assert 'id="join_points-error"' in answer


def test_a_day_beside_at_once_is_asked_about(database, merchant):
    answer = from_a_day(merchant, "2026-06-05", status=422, when="now", join_points="9")

    assert "Choose “From a day”, or empty the day." in answer
    assert 'name="join_points" value="9"' in answer
    with database.reading() as session:
        assert latest_number(session, merchant.shop.id) == 1
