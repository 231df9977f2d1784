"""Whatever goes wrong in a command, no secret is in what it says, nor in what brought it down."""

import json
import traceback

import pytest
import responses
from click.testing import CliRunner
from requests.exceptions import ConnectionError as NoConnection

from app.cli import main
from app.loyalty.admit import SealedTokens, keep_tokens
from app.models.shop import Shop
from app.vault import Vault
from tests.builders import published
from tests.databases import a_shop
from tests.platforms.shopify.conftest import GRAPHQL
from tests.web.conftest import some_settings

WORD = "hush-4711"
TOKEN = "shpat_4711"
PRODUCTION = {
    "STAMKUNDE_ENV": "production",
    "STAMKUNDE_URL": "https://loyalty.example",
    "STAMKUNDE_SEAL_KEYS": some_settings().seal_keys[0],
    "STAMKUNDE_HASH_KEY": f"{WORD}-hash",
    "STAMKUNDE_SESSION_KEY": f"{WORD}-session",
    "STAMKUNDE_SHOPIFY_CLIENT_SECRET": f"{WORD}-client",
}


def run(tmp_path, *arguments, **environment):
    """Run a command; all that it says, and what an operator would see of what brought it down."""
    surroundings = {"STAMKUNDE_INSTANCE": str(tmp_path)} | environment
    ended = CliRunner().invoke(main, arguments, env=surroundings)
    failure = ended.exception
    fallen = traceback.format_exception(failure) if failure else []
    return ended.exit_code, f"{ended.output}{ended.stderr}{''.join(fallen)}"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(f"postgresql://loyal:{WORD}@127.0.0.1:1/x", id="nobody there"),
        pytest.param(f"postgresql://loyal:1/{WORD}@127.0.0.1:1/x", id="a slash in it"),
        pytest.param(f"postgresql://loyal:{WORD}@127.0.0.1:{WORD}/x", id="no port"),
        pytest.param(f"postgresql://127.0.0.1:1/x?password={WORD}", id="behind"),
        pytest.param(f"postgresql://127.0.0.1:1/x?password={WORD}&what=1", id="and nonsense"),
        pytest.param(f"postgresql://loyal:{WORD}@[::1/x", id="half an address"),
        pytest.param(f"postgresql://loyal:{WORD}@\u2100/x", id="strange letters"),
        pytest.param(f"mysql://loyal:{WORD}@127.0.0.1/x", id="another database"),
        pytest.param(WORD, id="no address"),
    ],
)
@pytest.mark.parametrize("around", [{}, PRODUCTION], ids=["demo", "production"])
def test_the_databases_password_is_never_said(tmp_path, address, around):
    code, said = run(tmp_path, "verify", **around, DATABASE_URL=address)

    assert code == 1
    assert said
    assert WORD not in said


@pytest.mark.parametrize("name", ["SEAL_KEYS", "TRUSTED_PROXIES", "URL", "LOG_LEVEL"])
def test_a_secret_in_the_place_of_another_setting_is_not_repeated(tmp_path, name):
    code, said = run(tmp_path, "verify", **PRODUCTION | {f"STAMKUNDE_{name}": WORD})

    assert code == 1
    assert f"STAMKUNDE_{name}" in said
    assert WORD not in said


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"body": NoConnection(f"{TOKEN} is wrong")}, id="no connection"),
        pytest.param({"status": 502, "body": f"<html>{TOKEN}"}, id="a page"),
        pytest.param({"json": {"errors": f"[{TOKEN}] Invalid API key"}}, id="errors"),
        pytest.param({"status": 401, "json": {"errors": TOKEN}}, id="not let in"),
    ],
)
def test_what_the_platform_repeats_is_not_repeated(tmp_path, database, database_url, answer):
    keys = {name: value for name, value in PRODUCTION.items() if name.endswith("KEYS")}
    seal = Vault([PRODUCTION["STAMKUNDE_SEAL_KEYS"]], "h").seal
    with database.transaction() as session:
        shop = published(session, a_shop(session))
        tokens = SealedTokens(seal(TOKEN.encode()), None, None, ())
        keep_tokens(session, session.get_one(Shop, shop.id), tokens)

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.post(GRAPHQL, **answer)
        code, said = run(tmp_path, "reconcile", DATABASE_URL=database_url, **keys)
        asked = [call.request.headers["X-Shopify-Access-Token"] for call in mock.calls]

    assert code == 1
    assert set(asked) == {TOKEN}
    assert TOKEN not in said
    assert TOKEN not in json.dumps(said)
