"""`stamkunde privacy export`: what is held on a person, in a file that only its owner can read."""

import json

from app.loyalty.privacy import note_request
from app.models.privacy_request import PrivacyKind, request_of
from app.models.shop import shop_by_domain
from tests.cli.test_commands import DOMAIN, install, run
from tests.databases import NOON

__all__ = ["run"]


def test_an_export_is_its_owners_alone_also_in_a_file_that_was_there(run, database, tmp_path):
    install(database)
    with database.transaction() as session:
        shop = shop_by_domain(session, DOMAIN)
        asked = {"kind": PrivacyKind.EXPORT, "customer_id": "7", "email_hash": None, "at": NOON}
        note_request(session, shop, delivery_id="d/1", **asked)
        request_id = request_of(session, shop.id, "d/1").id
    new, old = tmp_path / "new.json", tmp_path / "old.json"
    old.write_text("what was here before")
    old.chmod(0o644)

    for path in (new, old):
        told = run("privacy", "export", DOMAIN, str(request_id), "--to", str(path))
        assert told.exit_code == 0, told.output

    assert [path.stat().st_mode & 0o777 for path in (new, old)] == [0o600, 0o600]
    assert json.loads(old.read_bytes())["member"][0]["customer_id"] == "7"
