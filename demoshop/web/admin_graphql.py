"""The Admin API's one address."""

import json
import re
from time import monotonic, perf_counter

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from demoshop.admin_api.caller import Caller, scopes_in
from demoshop.admin_api.run import Outcome, brief
from demoshop.host.chaos import chaos, message_number
from demoshop.host.sender import API_VERSION
from demoshop.host.tokens import accepted
from demoshop.records.call import ApiCall
from demoshop.web.here import machine, now

bp = Blueprint("admin_graphql", __name__)

VERSION = re.compile(r"\A(20\d\d-(01|04|07|10)|unstable)\Z")
UNKNOWN_CALLER = "[API] Invalid API key or access token (unrecognized login or wrong password)"


@bp.post("/admin/api/<version>/graphql.json")
def graphql(version: str) -> ResponseReturnValue:
    """Answer one request of the app. A version that is gone is served by the one we have."""
    if not VERSION.match(version):
        return {"errors": "Not Found"}, 404
    started = perf_counter()
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        return {"errors": "Bad Request"}, 400
    here, at = machine(), now()
    with here.transaction() as session:
        token = accepted(session, request.headers.get("X-Shopify-Access-Token", ""), at=at)
        if token is None:
            _log(session, Outcome({}, "?", "refused", 0), 401, asked, started)
            return {"errors": UNKNOWN_CALLER}, 401
        weather = chaos(session)
        number = message_number(session) if weather.api_errors else 0
        if weather.strikes("api", weather.api_errors, str(number)):
            _log(session, Outcome({}, "?", "chaos", 0), 500, asked, started)
            return {"errors": "Internal Server Error"}, 500
        caller = Caller(session, here.settings, scopes_in(token.scope), at)
        outcome = here.desk.answer(caller, asked, now=monotonic())
        _log(session, outcome, 200, asked, started)
    body = json.dumps(outcome.answer, ensure_ascii=False)
    return Response(
        body, content_type="application/json", headers={"X-Shopify-API-Version": API_VERSION}
    )


def _log(
    session: Session, outcome: Outcome, status: int, asked: dict[str, object], started: float
) -> None:
    session.add(
        ApiCall(
            at=now(),
            operation=outcome.operation if outcome.operation != "?" else _guess(asked),
            status=status,
            outcome=outcome.outcome,
            cost=outcome.cost,
            milliseconds=round((perf_counter() - started) * 1000),
            asked=brief(asked),
        )
    )


def _guess(asked: dict[str, object]) -> str:
    """The operation's name, from a document we did not read."""
    named = re.search(r"\b(?:query|mutation)\s+(\w+)", str(asked.get("query") or ""))
    return named.group(1) if named else "unnamed"
