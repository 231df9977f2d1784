"""The review app as a browser has it, and what Stamkunde answers it."""

import json
import re
from html import unescape

from tests.demoshop.an_app import APP

API = f"{APP}/api/v1"
ACTIONS = {"actions": [{"action": "told-us", "kind": "review", "points": 20}]}
GIVEN = {"points": 20, "again": False, "reason": None}
WAITING = "Tell what has given nothing"


def write(client, product="fjord-cup", stars="4", text="Holds much coffee."):
    return client.post(f"/products/{product}/reviews", data={"stars": stars, "text": text})


def page(client, path="/admin/reviews"):
    return unescape(client.get(path).get_data(as_text=True))


def page_after(client, path):
    """What the review app's page says once a button has been pressed."""
    return unescape(client.post(path, follow_redirects=True).get_data(as_text=True))


def number_in(text):
    """The number of the review that a page begins with."""
    return re.search(r"/admin/reviews/(\d+)/tell", text)[1]


def deeds(network):
    """The deeds that were told, and under which key of their own each was."""
    told = [call.request for call in network.calls if call.request.method == "POST"]
    return [(one.headers["Idempotency-Key"], json.loads(one.body)) for one in told]
