"""Proofs that nobody gave: variants of a genuine one, each wrong in its own way, by a seed."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from urllib.parse import quote, urlencode

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
WRONG_SECRETS = ("", " ", "hush ", "Hush", "HUSH", "hus", "hushh", "client-1", "null")
NO_ALGORITHMS = ("none", "None", "NONE", "", "RS256", "ES256", "HS257")
OTHER_ALGORITHMS = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}
OTHER_HASHES = (hashlib.md5, hashlib.sha1, hashlib.sha384, hashlib.sha512)


def one_letter_off(random, text, *, last=True):
    """The text with another letter somewhere; not at its end, where some encodings have slack."""
    place = random.randrange(len(text) if last else max(1, len(text) - 2))
    letter = random.choice([one for one in ALPHABET if one != text[place]])
    return text[:place] + letter + text[place + 1 :]


def forged_words(random, genuine):
    """Words that are not the genuine one, however alike they look."""
    yield one_letter_off(random, genuine)
    yield genuine[: random.randrange(len(genuine))]
    yield genuine + random.choice(("=", "A", "0", ",", genuine))
    yield genuine.swapcase()
    yield genuine[::-1]
    yield random.choice(("", "null", "undefined", "none", "0", "true", "[]", "*", "%00"))


def forged_signatures(random, genuine, message):
    """Signatures as text that are not the genuine one: changed, or made the wrong way."""
    other = random.choice(WRONG_SECRETS)
    yield from forged_words(random, genuine)
    yield quote("".join(chr(0xFEE0 + ord(letter)) for letter in genuine if letter.isalnum()))
    yield hmac.new(other.encode(), message, hashlib.sha256).hexdigest()
    yield b64encode(hmac.new(other.encode(), message, hashlib.sha256).digest()).decode()
    yield hmac.new(b"hush", message, random.choice(OTHER_HASHES)).hexdigest()
    yield b64encode(hmac.new(b"hush", message, random.choice(OTHER_HASHES)).digest()).decode()
    yield hashlib.sha256(b"hush" + message).hexdigest()
    yield b64encode(hashlib.sha256(message).digest()).decode()
    yield hmac.new(b"hush", message + b" ", hashlib.sha256).hexdigest()
    if genuine.endswith("="):
        yield urlsafe_b64encode(b64decode(genuine)).decode().rstrip("=")
        yield b64decode(genuine).hex()
    else:
        yield b64encode(bytes.fromhex(genuine)).decode()


def forged_links(random, signed, name):
    """Addresses that were changed after they were signed; `name` is that of the signature."""
    message = "".join(f"{key}={signed[key]}" for key in sorted(signed) if key != name).encode()
    for signature in forged_signatures(random, signed[name], message):
        yield urlencode(signed | {name: signature})
    for key in sorted(signed.keys() - {name}):
        yield urlencode(signed | {key: one_letter_off(random, signed[key] or "7")})
        yield urlencode({other: value for other, value in signed.items() if other != key})
        yield urlencode([*signed.items(), (key, "7")])
        yield urlencode([(key, "7"), *signed.items()])
    yield urlencode({key: value for key, value in signed.items() if key != name})
    yield urlencode([*signed.items(), (name, "0" * 64)])
    yield urlencode(signed | {"extra": "1"})
    yield urlencode(signed) + "&%73hop=sydlys.myshopify.com"


def forged_cookies(random, genuine):
    """Signed values that were changed, cut, put together from others, or signed by nobody."""
    payload, middle, signature = genuine.rsplit(".", 2)
    yield f"{one_letter_off(random, payload)}.{middle}.{signature}"
    yield f"{payload}.{middle}.{one_letter_off(random, signature, last=False)}"
    yield f"{payload}.{one_letter_off(random, middle, last=False)}.{signature}"
    yield f"{payload}..{signature}"
    yield f"{payload}.{middle}."
    yield f"{payload}.{middle}"
    yield payload
    yield genuine + "A" * 4
    yield genuine[: random.randrange(1, len(genuine) - 4)]
    yield random.choice(("", ".", "..", "null", "{}", "e30.e30.", "." + genuine))
    # A token of another standard that says it needs no signature.
    yield "eyJhbGciOiJub25lIn0." + payload + "."


def forged_tokens(random, make):
    """Tokens of the admin that are not the platform's, not for us, or not of now.

    `make` signs one as the platform does, with other claims or another secret; None takes one away.
    """
    genuine = make()
    header, claims, signature = genuine.split(".")
    # A padded end, or another letter there, can be the same bytes in another spelling.
    yield from (one for one in forged_words(random, genuine) if not one.startswith(genuine[:-1]))
    yield f"{genuine}.{signature}"
    yield f"{header}.{one_letter_off(random, claims, last=False)}.{signature}"
    yield f"{header}.{claims}.{one_letter_off(random, signature, last=False)}"
    for algorithm in (*NO_ALGORITHMS, *OTHER_ALGORITHMS):
        said = _part({"alg": algorithm, "typ": "JWT"})
        hashed = OTHER_ALGORITHMS.get(algorithm, hashlib.sha256)
        right = hmac.new(b"hush", f"{said}.{claims}".encode(), hashed).digest()
        yield f"{said}.{claims}.{_base64url(right)}"
        yield f"{said}.{claims}."
    yield make(secret=random.choice(WRONG_SECRETS))
    other = "https://sydlys.myshopify.com"
    # A clock may be wrong by ten seconds, and not by eleven.
    for late in (11, random.randrange(12, 10**6)):
        yield make(exp=_at(make) - late)
        yield make(nbf=_at(make) + late)
        yield make(iat=_at(make) + late)
    yield make(dest=other)
    yield make(iss=f"{other}/admin")
    yield make(aud=random.choice(("client-2", "CLIENT-1", "", "client-1 ", "*")))
    for name in ("iss", "dest", "aud", "sub", "exp", "nbf", "iat", "jti", "sid"):
        yield make(**{name: None})
        yield make(**{name: random.choice(([], {}, True, [1], 1.5))})
    yield make(dest=f"{other}#https://nordlys.myshopify.com", iss=f"{other}/admin")
    yield make(dest="https://nordlys.myshopify.com.evil.example")


def _at(make):
    """When a token was made, by itself."""
    claims = make().split(".")[1]
    return json.loads(b64decode(claims + "=" * (-len(claims) % 4), altchars="-_"))["iat"]


def _part(document):
    return _base64url(json.dumps(document).encode())


def _base64url(raw):
    return urlsafe_b64encode(raw).decode().rstrip("=")
