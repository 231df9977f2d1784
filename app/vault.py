"""What is sealed at rest, and the keyed hash that stands for an e-mail address.

Sealing uses AES-GCM with any number of keys: the first one seals, all of them open, so a key can be
changed without stopping. One key is good for four billion seals: that is where random nonces could
begin to meet. What was sealed before that was Fernet's, and is still opened. The hash has a key of
its own that never changes, since guests are recognized by it.
"""

import hmac
import os
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256, sha512

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.key_text import LENGTH, LETTERS

GCM = b"\x01"
"""What bytes sealed by AES-GCM begin with; Fernet's begin with a letter."""

NONCE_BYTES = 12


class Vault:
    """Seals and opens what may not lie about in the clear."""

    def __init__(self, seal_keys: Sequence[str], hash_key: str) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in seal_keys])
        self._boxes = [AESGCM(_cipher_key(key)) for key in seal_keys]
        self._hash_key = hash_key.encode()

    def seal(self, plain: bytes) -> bytes:
        """Bytes that only somebody with the key can read."""
        nonce = os.urandom(NONCE_BYTES)
        return GCM + nonce + self._boxes[0].encrypt(nonce, plain, GCM)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises cryptography's InvalidToken when no key of ours did it."""
        if not sealed.startswith(GCM):
            return self._fernet.decrypt(sealed)
        start = len(GCM) + NONCE_BYTES
        for box in self._boxes:
            try:
                return box.decrypt(sealed[len(GCM) : start], sealed[start:], GCM)
            except (InvalidTag, ValueError):
                continue
        raise InvalidToken

    def sealed_anew(self, sealed: bytes) -> bytes | None:
        """The same under the newest key; None for what has that already.

        Raises cryptography's InvalidToken when no key of ours sealed it.
        """
        start = len(GCM) + NONCE_BYTES
        if sealed.startswith(GCM):
            with suppress(InvalidTag, ValueError):
                self._boxes[0].decrypt(sealed[len(GCM) : start], sealed[start:], GCM)
                return None
        return self.seal(self.open(sealed))

    def fingerprint(self, shop_domain: str, email: str) -> str:
        """The keyed hash of an e-mail address: the same person differs from shop to shop."""
        message = f"{shop_domain}\n{email.strip().casefold()}".encode()
        return hmac.new(self._hash_key, message, sha256).hexdigest()

    def key_hash(self, key: str) -> str:
        """The keyed hash by which a tool's key is recognized."""
        return hmac.new(self._hash_key, f"api key\n{key}".encode(), sha256).hexdigest()

    def key_letters(self, wish: str) -> tuple[str, str]:
        """The public and the secret part of a key, always the same for one wish.

        Who knows the wish cannot tell them without the key of the hash, and the other way round.
        """
        digest = hmac.new(self._hash_key, f"api key wish\n{wish}".encode(), sha512).digest()
        number = int.from_bytes(digest)
        secret = []
        for _ in range(LENGTH):
            number, rest = divmod(number, len(LETTERS))
            secret.append(LETTERS[rest])
        return self.code_letters(f"api key\n{wish}"), "".join(secret)

    def code_letters(self, purpose: str) -> str:
        """Ten letters and digits that nobody can guess, always the same for one purpose."""
        return letters_of(hmac.new(self._hash_key, purpose.encode(), sha256).digest())


CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 letters and digits without those that are mistaken for each other: ten make 50 bits."""


def letters_of(digest: bytes) -> str:
    """Ten letters and digits that a digest comes to."""
    return "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in digest[:10])


def _cipher_key(seal_key: str) -> bytes:
    """A key of its own for AES-GCM, made from one that Fernet uses otherwise."""
    return hmac.new(urlsafe_b64decode(seal_key), b"stamkunde AES-GCM", sha256).digest()
