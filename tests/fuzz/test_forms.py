"""Nonsense from a merchant who is signed in: typed into any form, or written as a program.

Every form is found by walking the admin's own pages, so that a new one is tried as it comes. What
is asked for is answered, the pages can still be shown, and the shopper's points still add up.
"""

import json
import re
from random import Random

import pytest

from app.loyalty.verify import verify
from app.models.shop import shop_by_domain
from tests.builders import an_order
from tests.figures import keep
from tests.fuzz.mutants import MONEY, NUMBERS, TEXTS, mutant
from tests.seeds import again, seeds
from tests.web.admin.merchant import HERE, Merchant, default_program
from tests.web.signing import SHOP, proxied

EACH = 12
"""Answers to each form for each seed."""
PROGRAMS = 40
TYPED = (*TEXTS, *MONEY, *map(str, NUMBERS), "x" * 9_000, "a\r\nb: c", "=1+1", "٣", "1e5", "on")
PAGES = re.compile(r'href="(/admin/[^"?#]*)')
FORMS = re.compile(r'<form[^>]*method="post"[^>]*>', re.IGNORECASE)
ACTION = re.compile(r'action="([^"#]*)')


@pytest.fixture
def merchant(client, database, install):
    """The merchant of a shop in which customer 7 has bought for 1200 kroner and holds a code."""
    shop = install(SHOP, an_order(total_minor=1200_00), program=default_program())
    reward = default_program().rewards[0].code
    client.post(
        proxied("/proxy/redemptions"),
        json={"reward": reward, "points": 100},
        headers={"Idempotency-Key": "k"},
    )
    return Merchant(client, database, shop)


def pages(merchant):
    """The text of every page of the admin that a link leads to."""
    found, left = {}, ["/admin/"]
    while left:
        path = left.pop()
        if path not in found:
            answer = merchant.client.get(path)
            found[path] = answer.text if answer.mimetype == "text/html" else ""
            left += PAGES.findall(found[path])
    return found


def forms(merchant):
    """Every form of the admin but what ends sessions: its page, and where it is sent."""
    return sorted(
        (path, ACTION.search(form)[1])
        for path, text in pages(merchant).items()
        for form in FORMS.findall(text)
        if ACTION.search(form) and not ACTION.search(form)[1].endswith("/sign-out")
    )


def nonsense(random, fields):
    """A form's fields with something else in some of them, and sometimes fewer or more."""
    typed = dict(fields)
    for name in random.sample(sorted(typed), min(len(typed), random.choice((1, 1, 3)))):
        typed[name] = random.choice(TYPED)
    if random.random() < 0.3:
        typed.pop(random.choice(sorted(typed)))
    if random.random() < 0.2:
        typed[random.choice(TYPED)[:50] or "x"] = random.choice(TYPED)
    return typed


def assert_all_is_well(merchant, database, replay):
    with database.reading() as session:
        assert verify(session, shop_by_domain(session, SHOP)).differences == (), replay
    assert merchant.client.get(proxied("/proxy/me")).status_code == 200, replay
    for path in pages(merchant):
        assert merchant.client.get(path).status_code < 500, (path, replay)


@pytest.mark.parametrize("seed", seeds(short=1))
def test_nonsense_in_forms_is_answered(merchant, database, seed):
    random = Random(f"forms {seed}")
    replay = again("tests/fuzz/test_forms.py", seed)
    token, found = merchant.token(), forms(merchant)

    statuses = {}
    for path, action in found:
        fields = merchant.form(path, action) if merchant.client.get(path).status_code == 200 else {}
        for _ in range(EACH):
            typed = nonsense(random, fields | {"x": ""}) | {"csrf_token": token}
            answer = merchant.client.post(action, data=typed, headers=HERE)
            statuses.setdefault(answer.status_code, (action, typed))

    assert {status: sent for status, sent in statuses.items() if status >= 500} == {}, replay
    assert len(found) >= 5, "The forms were found, or nothing was tried."
    assert_all_is_well(merchant, database, replay)
    keep("C1", "forms", sent=EACH * len(found))


@pytest.mark.parametrize("seed", seeds(short=1))
def test_nonsense_in_a_program_is_refused_or_works(merchant, database, seed):
    random = Random(f"programs {seed}")
    replay = again("tests/fuzz/test_forms.py", seed)
    path = "/admin/program/text"
    document = json.loads(merchant.form(path, path)["document"])

    statuses = {}
    for _ in range(PROGRAMS):
        written = mutant(random, document).decode(errors="replace")
        fields = merchant.form(path, path) | {"document": written, "csrf_token": merchant.token()}
        answer = merchant.client.post(path, data=fields, headers=HERE)
        statuses.setdefault(answer.status_code, written)
        shown = merchant.client.get(proxied("/proxy/me", customer="7"))
        statuses.setdefault(shown.status_code, written)

    assert {status: sent for status, sent in statuses.items() if status >= 500} == {}, replay
    assert 422 in statuses, "Some programs are wrong, or nothing was tried."
    assert_all_is_well(merchant, database, replay)
    keep("C1", "programs", sent=PROGRAMS)
