"""A browser of the tour's own: cookies, redirects and forms, and a shop's control API."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

TIMEOUT_SECONDS = 15


class Unexpected(Exception):
    """A page is not what the tour needs to go on; the message says what came instead."""


@dataclass(slots=True)
class Form:
    """A form of a page: where it leads and what it carries already."""

    action: str
    method: str
    fields: dict[str, str]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", ""), given.get("method", "get"), {}))
        elif tag == "input" and self.found and given.get("name"):
            if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                return
            self.found[-1].fields[given["name"]] = given.get("value", "")


class Browser:
    """Keeps cookies and follows redirects, as a person's browser does."""

    def __init__(self) -> None:
        self._http = requests.Session()
        # Everything is on this machine; a proxy of the environment has no business with it.
        self._http.trust_env = False

    def get(self, url: str, **params: str) -> requests.Response:
        """Open a page."""
        return self._http.get(url, params=params, timeout=TIMEOUT_SECONDS)

    def send_form(self, page: requests.Response, action: str, **chosen: str) -> requests.Response:
        """Send the form of a page that leads to a path, with what it carries and what is chosen."""
        form = form_to(page, action)
        if form is None:
            raise Unexpected(f"{page.url} has no form that leads to {action}.")
        url = urljoin(page.url, form.action)
        # A browser says where a form comes from, and forms with a token are checked by it.
        return self._http.post(
            url,
            data=form.fields | chosen,
            headers={"Referer": page.url},
            timeout=TIMEOUT_SECONDS,
        )

    def post_form(self, url: str, **fields: str) -> requests.Response:
        """Send a form that needs no page before it."""
        return self._http.post(url, data=fields, timeout=TIMEOUT_SECONDS)

    def post_json(self, url: str, body: Any, **headers: str) -> requests.Response:
        """Send what a script of a page sends."""
        return self._http.post(url, json=body, headers=headers, timeout=TIMEOUT_SECONDS)


def form_to(page: requests.Response, action: str) -> Form | None:
    """The form of a page that leads to a path; None when there is none."""
    parser = _Forms()
    parser.feed(page.text)
    return next((form for form in parser.found if form.action.endswith(action)), None)


class Control:
    """The demo shop's control API."""

    def __init__(self, shop_url: str) -> None:
        self._api = f"{shop_url}/demo/api"
        self._http = requests.Session()
        self._http.trust_env = False

    def state(self, *, light: bool = False) -> dict[str, Any]:
        """Everything at a glance."""
        asked = {} if light else {"light": "0"}
        return self._answer(
            self._http.get(f"{self._api}/state", params=asked, timeout=TIMEOUT_SECONDS)
        )

    def act(self, path: str, **asked: Any) -> dict[str, Any]:
        """Do something in the shop."""
        return self._answer(
            self._http.post(f"{self._api}/{path}", json=asked, timeout=TIMEOUT_SECONDS)
        )

    def _answer(self, response: requests.Response) -> dict[str, Any]:
        if not response.ok:
            raise Unexpected(f"{response.url} answered {response.status_code}.")
        told: dict[str, Any] = response.json()
        return told
