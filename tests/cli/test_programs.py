"""What the commands about programs say: drafts, differences, going back, and trying out."""

import json
import re
from datetime import UTC, datetime

from app.models.audit_entry import audit_page
from app.models.program import Programs
from app.models.shop import shop_by_domain
from tests.cli.test_commands import DOMAIN, draft, install, run
from tests.source import ROOT

__all__ = ["draft", "run"]


def test_templates_are_named_and_printed_with_comments(run):
    named, printed = run("program", "templates"), run("program", "templates", "stamps")

    assert "members-club" in named.output
    assert printed.output == (ROOT / "docs/programs/stamps.json5").read_text()
    assert '"currency": "ISK"' in run("program", "templates", "stamps", "--currency", "isk").output
    assert "There is no template 'stars'" in run("program", "templates", "stars").stderr


def test_the_schema_is_printed(run):
    assert json.loads(run("program", "schema").output)["title"] == "A Stamkunde program"


def test_a_commented_draft_is_published(run, database):
    install(database)
    draft = str(ROOT / "docs/programs/stamps.json5")

    checked, published_draft = run("program", "check", draft), run("program", "publish", draft)

    assert "valid program in DKK: 1 earning rules" in checked.output
    assert "has revision 2 from now on" in published_draft.output


def test_programs_are_compared_in_plain_words(run, database, draft):
    install(database)
    run("program", "publish", draft(join_points=5))
    other = draft(join_points=7)

    revisions, files = run("program", "diff", "1", "2"), run("program", "diff", "2", other)

    assert "Join points from 0 to 5." in revisions.output
    assert files.output == "Join points from 5 to 7.\n"
    assert "the same program" in run("program", "diff", "2", "2").output
    assert "has revisions 1 to 2, not 3" in run("program", "diff", "2", "3").stderr


def test_a_program_is_published_for_later(run, database, draft):
    install(database)
    later_on = draft(join_points=5)
    until = ("program", "publish", later_on, "--effective")

    published_draft = run(*until, "2999-01-01")
    with database.reading() as session:
        programs = Programs(session, shop_by_domain(session, DOMAIN).id)
        before = programs.number_at(datetime(2998, 12, 31, 23, tzinfo=UTC))
        since = programs.number_at(datetime(2999, 1, 1, tzinfo=UTC))

    assert "has revision 2 from 2999-01-01 00:00 UTC on" in published_draft.output
    assert (before, since) == (1, 2)
    assert "a moment that has passed" in run(*until, "2001-01-01").stderr
    assert "is no date like" in run(*until, "soon").stderr


def test_a_plan_stays_until_it_is_canceled(run, database, draft):
    install(database)
    run("program", "publish", draft(join_points=5), "--effective", "2999-01-01")

    run("program", "publish", draft(guest_days=30))
    shown = json.loads(run("program", "show").output)
    with database.reading() as session:
        shop = shop_by_domain(session, DOMAIN)
        then = Programs(session, shop.id).at(datetime(2999, 1, 1, tzinfo=UTC))
    canceled, again = run("program", "cancel-planned"), run("program", "cancel-planned")

    assert (shown["join_points"], shown["guest_days"]) == (0, 30)
    assert (then.join_points, then.guest_days) == (5, 30)
    assert "canceled what was planned: 4" in canceled.output
    assert "Nothing is planned." in again.output


def test_publishing_says_what_becomes_of_each_plan(run, database, draft):
    install(database)
    told = []
    for joining, day in ((5, "2999-01-01"), (6, "2999-03-01"), (7, "2999-02-01")):
        told += [run("program", "publish", draft(join_points=joining), "--effective", day).output]
    told += [run("program", "publish", draft(guest_days=30)).output]

    plain = [" ".join(output.split()) for output in told]
    assert "What was planned" not in plain[0]
    assert "planned for 2999-01-01 00:00 UTC, revision 2, stays." in plain[1]
    assert "planned for 2999-01-01 00:00 UTC, revision 2, stays." in plain[2]
    assert "planned for 2999-03-01 00:00 UTC, revision 3, falls away." in plain[2]
    assert "planned for 2999-01-01 00:00 UTC, revision 2, keeps its day, as revision 6." in plain[3]
    assert "planned for 2999-02-01 00:00 UTC, revision 4, keeps its day, as revision 7." in plain[3]


def test_the_audit_log_tells_only_what_a_command_has_changed(run, database, draft):
    install(database)
    for _twice in range(2):
        run("program", "publish", draft(join_points=5))
        run("program", "publish", draft(join_points=9), "--effective", "2999-01-01")
        again = run("program", "publish", draft(join_points=5))
        back = run("program", "rollback", "2")

    with database.reading() as session:
        shop = shop_by_domain(session, DOMAIN)
        noted = [entry.body for entry in audit_page(session, shop.id, limit=9)]

    assert "has this program already, as revision 2" in again.output
    assert "is back at what revision 2 says, as revision 2" in back.output
    assert noted == [{"before": 2, "after": 3}, {"before": 1, "after": 2}]


def test_a_draft_of_an_old_revision_is_refused(run, database, draft):
    install(database)
    run("program", "publish", draft(join_points=5))

    stale = run("program", "publish", draft(join_points=6), "--based-on", "1")

    assert "was published while you were editing revision 1" in stale.stderr


def test_going_back_is_a_new_revision(run, database, draft):
    install(database)
    run("program", "publish", draft(join_points=5))

    back = run("program", "rollback", "1")
    shown = run("program", "show")

    assert "back at what revision 1 says, as revision 3" in back.output
    assert json.loads(shown.output)["join_points"] == 0
    assert "has revisions 1 to 3, not 9" in run("program", "rollback", "9").stderr


def test_a_draft_is_tried_out_before_it_is_published(run, database, draft):
    install(database)
    shown = run("program", "what-if", draft(live=True, join_points=30))

    assert shown.exit_code == 0, shown.stderr
    assert "1 orders of 1 members" in shown.output
    assert re.search(r"issued\W+120\W+150\W+\+30", shown.output)
    assert "Who would gain most" in shown.output
    assert "none" in shown.output
    assert "bronze" in shown.output
    assert "in EUR" in run("program", "what-if", draft(currency="EUR")).stderr


def test_a_year_is_simulated_and_verified(run):
    lived = run("simulate", "--customers", "5", "--orders", "10", "--seed", "3")

    assert lived.exit_code == 0, lived.stderr
    assert "verify found 0 differences" in lived.output
    assert re.search(r"digest [0-9a-f]{64}", lived.output)
    again = run("simulate", "--customers", "5", "--orders", "10", "--seed", "3")
    assert "is there already" in again.stderr
