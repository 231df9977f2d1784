"""Requests that nobody signed, or not like this: some two thousand ways to be refused.

Each says which of Shopify's libraries is known to let it pass; we let none pass. The odd bits are
drawn from a fixed seed, so that a failure comes back.
"""

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from tests.contracts.judges import CLIENT_ID, SECRET
from tests.contracts.signed import BODY, SHOP, link, proxied, timestamp, token, webhook

WRONG_SECRETS = ("", SECRET.upper(), f"{SECRET} ", CLIENT_ID)
HMAC_HEADER = "X-Shopify-Hmac-Sha256"
LAX = {
    # It lets a query live for a day, and is handed only the last of two equal names.
    "an old time": {"python"},
    "another value in front": {"python"},
}
LOOKALIKES = str.maketrans("0123456789abcdef", "０１２３４５６７８９ａｂｃｄｅｆ")


@dataclass(frozen=True)
class Forgery:
    """A forged request, what is wrong with it, and who is known to believe it."""

    wrong: str
    question: dict[str, Any]
    passes: frozenset[str] = frozenset()


def forgeries() -> Iterator[Forgery]:
    """All of them."""
    chance = random.Random(20261122)
    yield from _webhooks()
    yield from _queries(link, "hmac", chance, lax=LAX)
    yield from _queries(proxied, "signature", chance)
    yield from _proxy_alone()
    yield from _tokens(chance)


def _webhooks() -> Iterator[Forgery]:
    honest = webhook()
    signature = base64.b64decode(honest["headers"][HMAC_HEADER])
    for place in range(len(BODY)):
        for bit in (1, 2, 4, 8, 16):
            changed = chr(ord(BODY[place]) ^ bit)
            forged = BODY[:place] + changed + BODY[place + 1 :]
            yield Forgery(f"bit {bit} of letter {place}", honest | {"body": forged})
    for place in range(256):
        flipped = bytearray(signature)
        flipped[place // 8] ^= 1 << place % 8
        yield _webhook(f"bit {place} of the signature", base64.b64encode(flipped).decode())
    good = honest["headers"][HMAC_HEADER]
    yield _webhook("in hex", signature.hex())
    yield _webhook("url-safe, unpadded", base64.urlsafe_b64encode(signature).decode().rstrip("="))
    yield _webhook("the padding's idle bits", good[:-2] + chr(ord(good[-2]) + 1) + "=")
    yield _webhook("cut short", good[:-4])
    yield _webhook("twice in a row", f"{good},{good}")
    yield _webhook("look-alike letters", good.translate(LOOKALIKES))
    yield _webhook("in lower case", good.lower())
    yield _webhook("nothing", "")
    yield _webhook("with a prefix", f"sha256={good}")
    for secret in (*WRONG_SECRETS, f"{SECRET}\n", SHOP):
        yield Forgery(f"signed with {secret!r}", webhook(secret=secret))
    for name in ("utf-16-le", "utf-8-sig", "latin-1"):
        digest = hmac.new(SECRET.encode(), BODY.encode(name), hashlib.sha256).digest()
        yield _webhook(f"the body in {name}", base64.b64encode(digest).decode())
    for other in (f"{BODY} ", f"{BODY}\n", BODY.replace(" ", ""), "{}", f"[{BODY}]"):
        yield Forgery("another body", honest | {"body": other})


def _webhook(wrong: str, signature: str) -> Forgery:
    return Forgery(f"webhook signature: {wrong}", webhook(**{HMAC_HEADER: signature}))


def _queries(
    signed: Any, name: str, chance: random.Random, lax: dict[str, set[str]] | None = None
) -> Iterator[Forgery]:
    """A signed query string with anything changed; `name` is the parameter of its signature."""
    query = signed()["query"]
    pairs = parse_qsl(query, keep_blank_values=True)
    digest = dict(pairs)[name]
    forged = partial(_query, signed()["kind"], lax or {})
    for place in range(256):
        flipped = bytearray(bytes.fromhex(digest))
        flipped[place // 8] ^= 1 << place % 8
        yield forged(f"bit {place} of the signature", _with(pairs, name, flipped.hex()))
    for index, (key, value) in enumerate(pairs):
        if key == name:
            continue
        for _ in range(24):
            letters = list(value or "0")
            place = chance.randrange(len(letters))
            letters[place] = chr(ord(letters[place]) ^ (1 << chance.randrange(5)))
            changed = [*pairs]
            changed[index] = (key, "".join(letters))
            yield forged(f"a bit of {key}", urlencode(changed))
        yield forged(f"without {key}", urlencode([one for one in pairs if one[0] != key]))
        yield forged("another value in front", f"{key}=1&{query}")
        yield forged(f"{key} doubled behind", f"{query}&{key}=1")
        yield forged(f"{key} as a list", query.replace(f"{key}=", f"{key}[]=", 1))
        yield forged(f"{key} escaped twice", _with(pairs, key, f"{quote(value, safe='')}%00"))
    yield forged("one more parameter", f"{query}&extra=1")
    yield forged("upper case", _with(pairs, name, digest.upper()))
    yield forged("look-alike digits", _with(pairs, name, digest.translate(LOOKALIKES)))
    yield forged("no signature", urlencode([one for one in pairs if one[0] != name]))
    yield forged("an empty signature", _with(pairs, name, ""))
    yield forged("in base64", _with(pairs, name, base64.b64encode(bytes.fromhex(digest)).decode()))
    for secret in WRONG_SECRETS:
        yield forged(f"signed with {secret!r}", signed(secret=secret)["query"])
    for ago in range(100, 4000, 300):
        yield forged("an old time", signed(timestamp=timestamp(ago))["query"])
    for ago in range(100_000, 900_000, 50_000):
        yield forged("a time of other days", signed(timestamp=timestamp(ago))["query"])


def _query(kind: str, lax: dict[str, set[str]], wrong: str, query: str) -> Forgery:
    question = {"kind": kind, "query": query}
    return Forgery(f"{kind}: {wrong}", question, frozenset(lax.get(wrong, ())))


def _with(pairs: list[tuple[str, str]], name: str, value: str) -> str:
    return urlencode([(key, value if key == name else old) for key, old in pairs])


def _proxy_alone() -> Iterator[Forgery]:
    """Parameters run into each other: the signed text of a guest that reads as a customer's.

    The text has nothing between its parameters, so Shopify's Node library cannot tell them apart.
    """
    guest = dict(parse_qsl(proxied(logged_in_customer_id="", extra="1")["query"]))
    at = guest["timestamp"]
    for victim in range(1, 40):
        # What was signed: extra=1logged_in_customer_id=VICTIM, chosen by the guest as one value.
        lured = f"1logged_in_customer_id={victim}"
        honest = dict(
            parse_qsl(
                proxied(logged_in_customer_id="", extra=lured, timestamp=at)["query"],
                keep_blank_values=True,
            )
        )
        moved = honest | {
            "extra": "1",
            "logged_in_customer_id": f"{victim}logged_in_customer_id=",
        }
        yield Forgery(
            "proxy: a customer out of another parameter",
            {"kind": "proxy", "query": urlencode(moved)},
            frozenset({"node"}),
        )


def _tokens(chance: random.Random) -> Iterator[Forgery]:
    honest = token()["token"]
    parts = [_decoded(part) for part in honest.split(".")]
    for number, part in enumerate(parts):
        bits = range(256) if number == 2 else sorted(chance.sample(range(len(part) * 8), 120))
        for place in bits:
            flipped = bytearray(part)
            flipped[place // 8] ^= 1 << place % 8
            changed = [*parts]
            changed[number] = bytes(flipped)
            yield _token(f"bit {place} of part {number}", ".".join(map(_encoded, changed)))
    yield from _other_algorithms(parts, honest)
    for secret in (*WRONG_SECRETS, "none"):
        yield Forgery(f"token: signed with {secret!r}", token(secret=secret))
    yield from _other_claims()
    for cut in (honest[:-1], honest.rpartition(".")[0], f"{honest}.", "", "a.b.c", "Bearer"):
        yield _token("cut", cut)


def _other_algorithms(parts: list[bytes], honest: str) -> Iterator[Forgery]:
    for name in ("none", "None", "NONE", "nOnE", "", "HS256 ", "hs256", "RS256", "ES256", "EdDSA"):
        head = _encoded(json.dumps({"alg": name, "typ": "JWT"}).encode())
        for signature in ("", honest.rpartition(".")[2]):
            yield _token(f"alg {name!r}", f"{head}.{_encoded(parts[1])}.{signature}")
    for name, digest in (("HS384", hashlib.sha384), ("HS512", hashlib.sha512)):
        head = _encoded(json.dumps({"alg": name, "typ": "JWT"}).encode())
        message = f"{head}.{_encoded(parts[1])}"
        made = hmac.new(SECRET.encode(), message.encode(), digest).digest()
        yield _token(f"alg {name}", f"{message}.{_encoded(made)}")


def _other_claims() -> Iterator[Forgery]:
    now = int(timestamp())
    both, node, python = {"node", "python"}, {"node"}, {"python"}
    for late in range(11, 4000, 133):
        yield _said("expired", exp=now - late - 1)
        yield _said("not begun", nbf=now + late + 60)
    yield _said("of the future", passes=node, iat=now + 3600)
    for wrong in ("client-2", "CLIENT-1", "client-1 ", "", SHOP):
        yield _said(f"for {wrong!r}", aud=wrong)
    yield _said("for nobody", aud=None)
    yield _said("for several", passes=python, aud=[CLIENT_ID, "client-2"])
    for other in ("https://sydlys.myshopify.com", "https://evil.example"):
        yield _said("of another shop inside", passes=node, dest=other)
        yield _said("of another shop's admin", passes=node, iss=f"{other}/admin")
    yield _said(
        "of no shop", passes=node, iss="https://evil.example/admin", dest="https://evil.example"
    )
    yield _said("of a path", passes=both, dest=f"https://{SHOP}/x")
    yield _said("by plain http", passes=node, dest=f"http://{SHOP}")
    yield _said("issued elsewhere in the shop", passes=both, iss=f"https://{SHOP}/apps")
    for name in ("iss", "dest", "sub", "jti", "sid"):
        yield _said(f"without {name}", passes=node, **{name: None})
    for name in ("exp", "nbf", "iat"):
        yield _said(f"without {name}", passes=both, **{name: None})
        yield _said(f"{name} as text", passes=python, **{name: str(now)})


def _said(wrong: str, passes: set[str] | None = None, **changes: Any) -> Forgery:
    return Forgery(f"token: {wrong}", token(**changes), frozenset(passes or ()))


def _token(wrong: str, text: str) -> Forgery:
    return Forgery(f"token: {wrong}", {"kind": "session_token", "token": text})


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
