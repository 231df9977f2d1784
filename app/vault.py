"""What is sealed at rest, and the keyed hash that stands for an e-mail address.

Sealing uses Fernet with any number of keys: the first one seals, all of them open, so a key can be
changed without stopping. The hash has a key of its own that never changes, since guests are
recognized by it.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet


class Vault:
    """Seals and opens what may not lie about in the clear."""

    def __init__(self, seal_keys: Sequence[str], hash_key: str) -> None:
        self._box = MultiFernet([Fernet(key) for key in seal_keys])
        self._hash_key = hash_key.encode()

    def seal(self, plain: bytes) -> bytes:
        """Bytes that only somebody with the key can read."""
        return self._box.encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises cryptography's InvalidToken when no key of ours did it."""
        return self._box.decrypt(sealed)

    def fingerprint(self, shop_domain: str, email: str) -> str:
        """The keyed hash of an e-mail address: the same person differs from shop to shop."""
        message = f"{shop_domain}\n{email.strip().casefold()}".encode()
        return hmac.new(self._hash_key, message, sha256).hexdigest()

    def code_letters(self, purpose: str) -> str:
        """Ten letters and digits that nobody can guess, always the same for one purpose."""
        digest = hmac.new(self._hash_key, purpose.encode(), sha256).digest()
        return "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in digest[:10])


CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 letters and digits without those that are mistaken for each other: ten make 50 bits."""
