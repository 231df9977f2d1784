"""A merchant who comes from the platform to our admin, and fills in the forms they are shown."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

from app.domain.templates import points_and_tiers
from app.jobs.hosts import SCOPES
from app.loyalty.admit import SealedTokens, keep_tokens
from app.models.shop import Shop
from tests.web.signing import link

HERE = {"Referer": "https://app.stamkunde.example/admin/"}


class _Fields(HTMLParser):
    """Everything that a browser would send of the form with an id, but no button."""

    def __init__(self, action):
        super().__init__()
        self.sent, self._action, self._inside = {}, action, False
        self._select = self._text = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._inside = attrs.get("action", "") == self._action
        if not self._inside:
            return
        name = attrs.get("name")
        is_box = attrs.get("type") in ("checkbox", "radio")
        if tag == "input" and name and (not is_box or "checked" in attrs):
            self.sent[name] = attrs.get("value", "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in attrs:
            self.sent[self._select] = attrs["value"]
        elif tag == "textarea":
            self._text = name
            self.sent[name] = ""

    def handle_data(self, data):
        if self._text:
            self.sent[self._text] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._inside = False


class Merchant:
    """A browser that is signed in to one shop's admin."""

    def __init__(self, client, database, shop):
        with database.transaction() as session:
            tokens = SealedTokens(b"sealed", None, None, SCOPES)
            keep_tokens(session, session.get_one(Shop, shop.id), tokens)
        self.client, self.shop = client, shop
        signed_at = int(datetime.now(UTC).timestamp())
        answer = client.get(link("/", shop=shop.domain, timestamp=signed_at))
        assert answer.location == "/admin/"

    def sees(self, path, status=200, **query):
        """The text of a page."""
        answer = self.client.get(path, query_string=query or None)
        assert (path, answer.status_code) == (path, status)
        return answer.text

    def form(self, path, action):
        """What the form on a page would send as it stands."""
        fields = _Fields(action)
        fields.feed(self.sees(path))
        return fields.sent

    def token(self):
        """A token against forged forms, as every page with a form has it."""
        return re.search(r'name="csrf_token" value="([^"]+)"', self.sees("/admin/members"))[1]

    def sends(self, path, status=303, **fields):
        """The answer to a form, sent from our own pages."""
        fields.setdefault("csrf_token", self.token())
        answer = self.client.post(path, data=fields, headers=HERE)
        assert (path, answer.status_code) == (path, status)
        return answer

    def sends_form(self, path, action, status=303, **changes):
        """The answer to the form on a page after some changes; None takes a field away."""
        fields = self.form(path, action) | changes
        fields = {name: value for name, value in fields.items() if value is not None}
        return self.sends(action, status, **fields)


def default_program(**changes):
    """The program that a Danish shop begins with, live."""
    return replace(points_and_tiers("DKK"), **{"live": True} | changes)
