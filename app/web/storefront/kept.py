"""Answers to the widget's question that are kept in memory for as long as they are true.

A shopper's balance is asked for with every page they open, and hardly ever is it another one. So
what was answered is kept for a minute with its stamp; the same question again costs a signature and
one statement, which says whether the stamp is still the same. Anything else goes to Flask.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import request

from app.domain.settlement import inactive_at
from app.models.stamp import stamp_query, stamps_query
from app.web.logs import log_answer
from app.web.parts import Parts, now
from app.web.storefront.views import Visit

KEPT_FOR = timedelta(minutes=1)
"""What follows from the clock alone, such as orders that leave a tier's year, or from the keys of
the shop's tools, is so late at most; points are not: their own ends are asked for."""
MOST_KEPT = 4096

_OFFER = "stamkunde.offer"
_OF_THE_MOMENT = ("timestamp=", "signature=")

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with what it was true for."""

    stamp: str
    until: datetime
    headers: Headers
    body: bytes
    etag: str


class KeptAnswers:
    """Stands in front of Flask at the widget's one address."""

    def __init__(self, flask: WSGIApplication, parts: Parts) -> None:
        self._flask = flask
        self._platform = parts.platform
        self._question = parts.database.question(stamp_query(), stamps_query())
        self._kept: dict[tuple[str, str], Kept] = {}
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer again, or let Flask answer and keep that if it says so."""
        began = perf_counter()
        asked = _asked(environ)
        kept = self._kept.get(asked) if asked is not None else None
        if kept is None:
            return self._answer_anew(asked, environ, start)
        at = now()
        shopper = self._platform.verify_shopper(environ["QUERY_STRING"].encode("latin-1"), now=at)
        if shopper is None or at >= kept.until:
            return self._answer_anew(asked, environ, start)
        domain, customer = shopper.shop_domain, shopper.customer_id
        if self._question.asked(at=at, domain=domain, customer=customer) != kept.stamp:
            return self._answer_anew(asked, environ, start)
        status = _send(kept, environ, start)
        log_answer("GET", environ["PATH_INFO"], status, began, shop=domain)
        return [kept.body] if status == 200 else []

    def _answer_anew(
        self, asked: tuple[str, str] | None, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        said: list[Any] = []

        def note(*status_and_headers: Any) -> Any:
            said[:] = status_and_headers

        answer = self._flask(environ, note)
        offer: tuple[str, datetime] | None = environ.get(_OFFER)
        # An answer to HEAD has no body to make a tag of.
        if offer is None or environ["REQUEST_METHOD"] != "GET":
            start(*said)
            return answer
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        kept = Kept(*offer, [*said[1], ("ETag", etag)], body, etag)
        if asked is not None:
            self._keep(asked, kept)
        return [body] if _send(kept, environ, start) == 200 else []

    def _keep(self, asked: tuple[str, str], kept: Kept) -> None:
        with self._lock:
            self._kept.pop(asked, None)
            self._kept[asked] = kept
            while True:
                oldest = next(iter(self._kept))
                is_over = self._kept[oldest].until <= kept.until - KEPT_FOR
                if not is_over and len(self._kept) <= MOST_KEPT:
                    return
                del self._kept[oldest]


def offer(seen: Visit, stamp: str) -> None:
    """Let the answer to this request, about what was seen, be kept while its stamp is true."""
    request.environ[_OFFER] = stamp, _true_until(seen)


def _true_until(seen: Visit) -> datetime:
    """Until when the clock alone changes none of the points that were seen."""
    ends = [seen.at + KEPT_FOR]
    expiry, member = seen.held.next_expiry, seen.member
    if expiry is not None:
        # The days that are left are shown, too.
        ends.append(expiry[0] - timedelta(days=(expiry[0] - seen.at).days))
    if member is not None and member.active_at is not None:
        over_at = inactive_at(seen.program.expiry, member.active_at, seen.shop.zone)
        ends += [over_at] if over_at is not None and over_at > seen.at else []
    return min(ends)


def _asked(environ: WSGIEnvironment) -> tuple[str, str] | None:
    """What is asked, without what differs each time; None for what cannot be kept.

    Places depend on more than a stamp says, and a cookie may hold the language that was chosen.
    """
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_COOKIE" in environ:
        return None
    words = environ.get("QUERY_STRING", "").split("&")
    if any(word.startswith("places=") for word in words):
        return None
    lasting = "&".join(word for word in words if not word.startswith(_OF_THE_MOMENT))
    return lasting, environ.get("HTTP_ACCEPT_LANGUAGE", "")


def _send(kept: Kept, environ: WSGIEnvironment, start: StartResponse) -> int:
    """Begin an answer; returns its status. Who has this very answer already is only told so."""
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    # A proxy that packs answers marks their tags as weak: W/"…".
    if kept.etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        unsent = ("Content-Type", "Content-Length")
        start("304 NOT MODIFIED", [one for one in kept.headers if one[0] not in unsent])
        return 304
    start("200 OK", kept.headers)
    return 200
