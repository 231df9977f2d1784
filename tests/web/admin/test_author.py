"""Who published a revision: the signed-in user where the platform names one, else the shop."""

from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import SHOP, session_token

PROGRAM = "/admin/program"


def published_by(client, database, install, token=None):
    merchant = Merchant(client, database, install(program=default_program(live=False)))
    if token is not None:
        client.get("/admin/", headers={"Authorization": f"Bearer {token}"})
    merchant.sends("/admin/live")
    return merchant.sees(PROGRAM), merchant.sees(f"{PROGRAM}/revisions/2")


def test_inside_the_platforms_admin_it_is_the_user(client, database, install):
    listed, shown = published_by(client, database, install, session_token(sub="91"))

    assert "<td>User 91 of the shop</td>" in listed
    assert "Published by User 91 of the shop on" in shown


def test_by_itself_it_is_the_shop(client, database, install):
    listed, shown = published_by(client, database, install)

    assert f"<td>{SHOP}</td>" in listed
    assert f"Published by {SHOP} on" in shown
