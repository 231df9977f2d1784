"""All HTTP with Shopify, and every way in which it can fail.

Whatever goes wrong becomes a PlatformError that says whether asking again can help. No redirect is
followed, since it would carry the shop's token to another host.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import requests

from app.platforms.base import PlatformError
from app.platforms.shopify.answers import next_cursor, nodes, part
from app.platforms.shopify.failures import Doubtful, TooCostly, refuse_errors, refuse_status
from app.platforms.shopify.queries import Query

CONNECT_TIMEOUT_SECONDS = 3.05
READ_TIMEOUT_SECONDS = 10.0
MOST_BYTES = 8 * 1024 * 1024

_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to a request; `body` is None when it was not a JSON object."""

    status: int
    body: Mapping[str, Any] | None
    retry_after: str | None

    def facts(self) -> Mapping[str, Any]:
        """The body of an answer that says yes; raises PlatformError for any other."""
        refuse_status(self.status, self.retry_after)
        if self.body is None:
            raise Doubtful("Shopify answered with something that is not JSON.")
        return self.body


def post(session: requests.Session, url: str, document: Mapping[str, Any]) -> Answer:
    """Send a JSON document and read the answer, whatever its status."""
    try:
        with session.post(
            url,
            data=orjson.dumps(document),
            headers=_JSON,
            timeout=(CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _json(_bytes_of(response))
            return Answer(response.status_code, body, response.headers.get("Retry-After"))
    except requests.RequestException as error:
        raise Doubtful(f"Shopify did not answer: {type(error).__name__}.") from error


class Client:
    """One shop's Admin GraphQL, spoken to with its token."""

    def __init__(self, url: str, access_token: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.headers["X-Shopify-Access-Token"] = access_token

    def ask(self, operation: Query, /, **variables: object) -> Mapping[str, Any]:
        """What an operation answers; raises PlatformError for anything but an answer."""
        document: dict[str, Any] = {"query": operation.document, "variables": variables}
        if operation.operation is not None:
            document["operationName"] = operation.operation
        body = post(self._session, self._url, document).facts()
        refuse_errors(body)
        return part(body, "data")

    def walk(
        self, operation: Query, connection: str, /, *, first: int, **variables: object
    ) -> Iterator[Mapping[str, Any]]:
        """Every node of a connection, page by page.

        What a page costs is Shopify's secret, so a page that is refused as too costly is halved.
        """
        after: str | None = None
        while True:
            try:
                data = self.ask(operation, first=first, after=after, **variables)
            except TooCostly:
                if first == 1:
                    raise
                first //= 2
                continue
            page = part(data, connection)
            yield from nodes(page)
            cursor = next_cursor(page)
            if cursor is None or cursor == after:
                return
            after = cursor


def _bytes_of(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > MOST_BYTES:
            raise PlatformError("Shopify's answer is larger than any we expect.", permanent=True)
    return bytes(body)


def _json(body: bytes) -> Mapping[str, Any] | None:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None
