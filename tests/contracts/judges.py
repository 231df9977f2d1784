"""Three judges of one request: Shopify's Node library, its Python library, and us.

The libraries read the clock themselves, so these are the only tests that take it as it is. A judge
says True for what it believes and False for what it refuses, in whatever way it does so; None where
it has no opinion, since the Python library knows neither webhooks nor the proxy.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from shopify import Session as ShopifySession
from shopify import session_token

from app.platforms.shopify.platform import Shopify
from app.platforms.shopify.registration import Registration
from tests.parts import JUDGES
from tests.source import ROOT

CLIENT_ID = "client-1"
SECRET = "as long as the secrets of real apps are"
SCRIPT = ROOT / "tests" / "contracts" / "node" / "judge.mjs"

Question = Mapping[str, Any]


class NodeJudge:
    """Shopify's Node library, in a process of its own that answers line by line."""

    name = "node"

    def ask(self, questions: Iterable[Question]) -> list[Any]:
        """What it says to each question, in their order."""
        asked = "".join(f"{json.dumps(question)}\n" for question in questions)
        command = ["node", str(SCRIPT), str(JUDGES), SECRET, CLIENT_ID]
        told = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in told.stdout.splitlines()]


class PythonJudge:
    """Shopify's Python library."""

    name = "python"

    def ask(self, questions: Iterable[Question]) -> list[Any]:
        """What it says to each question, in their order."""
        ShopifySession.setup(api_key=CLIENT_ID, secret=SECRET)
        return [self._ruling(question) for question in questions]

    def _ruling(self, question: Question) -> bool | None:
        try:
            if question["kind"] == "link":
                return ShopifySession.validate_params(dict(_pairs(question["query"])))
            if question["kind"] == "session_token":
                header = f"Bearer {question['token']}"
                return bool(session_token.decode_from_header(header, CLIENT_ID, SECRET))
        except (session_token.SessionTokenError, ValueError):
            return False
        return None


class OurJudge:
    """Our own verifiers."""

    name = "ours"

    def __init__(self) -> None:
        registration = Registration(client_id=CLIENT_ID, client_secret=SECRET, scopes=())
        self._shopify = Shopify(registration)

    def ask(self, questions: Iterable[Question]) -> list[Any]:
        """What we say to each question, in their order."""
        now = datetime.now(UTC)
        return [self._ruling(question, now) is not None for question in questions]

    def _ruling(self, question: Question, now: datetime) -> object:
        match question:
            case {"kind": "webhook", "headers": headers, "body": body}:
                return self._shopify.verify_delivery(headers, body.encode())
            case {"kind": "link", "query": query}:
                return self._shopify.verify_admin(query.encode(), now=now)
            case {"kind": "proxy", "query": query}:
                return self._shopify.verify_shopper(query.encode(), now=now)
            case {"kind": "session_token", "token": token}:
                return self._shopify.verify_merchant(token, now=now)
        raise AssertionError(question)


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)
