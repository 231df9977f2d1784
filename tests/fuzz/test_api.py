"""Whatever docs/openapi.json says can be asked is asked, in thousands of ways, rightly and wrongly.

Schemathesis makes the cases from the document: one alone, or several in a row, where what an answer
names is used in the next question. Each answer has to be one that the document promises.
"""

import json
from collections import Counter
from copy import deepcopy
from io import BytesIO
from urllib.parse import parse_qsl

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from werkzeug.wrappers import Request

from app.domain.rules import ActionRule
from app.loyalty.verify import verify
from app.manifest.check import listed_routes
from app.manifest.document import load_manifest
from app.models.shop import shop_by_domain
from app.web.storefront.wishes import counter_of
from tests.builders import an_order
from tests.figures import keep
from tests.fuzz.test_webhooks import carried_out
from tests.seeds import again, seeds
from tests.source import ROOT
from tests.web.admin.merchant import default_program
from tests.web.api.tool import Tool
from tests.web.signing import SHOP, delivery_headers, proxied

DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS = sorted(
    (method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
)
EACH = 20
"""Cases of each kind for each operation and seed."""
STORIES, STEPS = 8, 10
"""Rows of questions for each seed, and how many are in each at most."""
# Of what is made up nobody knows anything: half of it is somebody and something that there is.
THERE_IS = {"customer_id": ["7", "99"], "action": ["review", "dance"]}
PROMISED = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.missing_required_header,
    checks.unsupported_method,
]
# What people open with a browser, and what a page loads, is no question of a program.
FOR_PEOPLE = {
    "/proxy/",
    "/proxy/page.css",
    "/proxy/page/birthday",
    "/proxy/page/redemptions",
    "/proxy/page/cancellations",
    "/welcome",
    "/widget.js",
}


class Platform:
    """What stands between the asker and the app: it proves whatever comes and counts answers."""

    def __init__(self, web, key):
        self.web, self.key, self.answers = web, key, Counter()

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        # Nobody is refused for how often we ask.
        counter_of(self.web).storage.reset()
        environ |= {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "https"}
        if path.startswith("/proxy/"):
            asked = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
            asked.pop("signature", None)
            environ["QUERY_STRING"] = proxied(path, **asked).partition("?")[2]
        elif path == "/webhooks":
            body = Request(environ).get_data()
            environ["wsgi.input"] = BytesIO(body)
            signed = delivery_headers(body, key=f"case-{self.answers.total()}")
            headers = {name.upper().replace("-", "_"): value for name, value in signed.items()}
            environ |= {f"HTTP_{name}": value for name, value in headers.items()}
        elif path.startswith("/api/"):
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self.key}"

        def answer(status, headers, *failure):
            self.answers[int(status[:3])] += 1
            return start_response(status, headers, *failure)

        return self.web(environ, answer)


@pytest.fixture
def platform(web, client, database, install):
    """The platform of a shop in which customer 7 has points enough for many codes."""
    order = an_order(total_minor=90_000_00)
    program = default_program(actions=(ActionRule(code="review", points=5),))
    shop = install(SHOP, order, program=program)
    return Platform(web, Tool(client, database, shop).key)


@pytest.fixture
def api(platform):
    """The document, and the app behind it."""
    api = schemathesis.openapi.from_dict(_with_what_there_is(DOCUMENT))
    api.app = platform
    return api


def _with_what_there_is(document):
    """The document, in which tools ask for members and actions that they could know of."""
    narrowed = deepcopy(document)
    schemas = narrowed["components"]["schemas"]
    for fields in (schemas[name]["properties"] for name in ("Deed", "Adjustment")):
        for name in fields.keys() & THERE_IS.keys():
            fields[name] = {"enum": THERE_IS[name]}
    *_, parameter = narrowed["paths"]["/api/v1/members/{customer_id}"]["get"]["parameters"]
    parameter["schema"] = {"enum": THERE_IS["customer_id"]}
    return narrowed


def kinds_of_cases(method, path):
    """Whether a question can be asked wrongly, too: not when it says nothing."""
    operation = DOCUMENT["paths"][path][method.lower()]
    says_something = operation.keys() & {"parameters", "requestBody"}
    return list(GenerationMode) if says_something else [GenerationMode.POSITIVE]


def as_many(cases, **more):
    """Settings of a run: so many cases, none of them remembered or made smaller."""
    return settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **more,
    )


def assert_all_is_well(platform, database, tools, replay):
    """Nobody was answered with a mistake of ours, and the books agree."""
    carried_out(tools)
    with database.reading() as session:
        assert verify(session, shop_by_domain(session, SHOP)).differences == (), replay
    assert {status for status in platform.answers if status >= 500} == set(), replay


@pytest.mark.parametrize("number", seeds(short=1))
def test_every_question_is_answered_as_the_document_says(api, platform, database, tools, number):
    replay = again("tests/fuzz/test_api.py", number)

    for method, path in OPERATIONS:
        for mode in kinds_of_cases(method, path):

            @seed(number)
            @as_many(EACH)
            @given(case=api[path][method].as_strategy(generation_mode=mode))
            def asked(case):
                case.validate_response(case.call(), checks=PROMISED)

            asked()

    assert len(platform.answers) > 3, "There are answers of several kinds, or nothing was tried."
    assert_all_is_well(platform, database, tools, replay)
    keep("C1", "API, alone", cases=platform.answers.total())


@pytest.mark.parametrize("number", seeds(short=1))
def test_questions_that_follow_from_answers_are_answered(api, platform, database, tools, number):
    replay = again("tests/fuzz/test_api.py", number)

    class Story(api.as_state_machine()):
        def validate_response(self, response, case, **_how):
            case.validate_response(response, checks=PROMISED)

    Story.TestCase.settings = as_many(STORIES, stateful_step_count=STEPS)
    seed(number)(Story).run(settings=as_many(STORIES, stateful_step_count=STEPS))

    assert platform.answers[201], "Somebody has redeemed, or nothing was tried."
    assert_all_is_well(platform, database, tools, replay)
    keep("C1", "API, in rows", cases=platform.answers.total())


def test_every_route_of_programs_is_in_the_document():
    asked_by_programs = {
        (method, path.replace("<", "{").replace(">", "}"))
        for (method, path), auth in listed_routes(load_manifest()).items()
        if auth in ("public", "app_proxy", "webhook", "api_key")
        and path not in FOR_PEOPLE
        and "/static/" not in path
    }

    assert set(OPERATIONS) == asked_by_programs
