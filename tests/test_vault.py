"""The vault: what is sealed opens with any of our keys, and with nothing else."""

import pytest
from cryptography.fernet import Fernet, InvalidToken

from app.vault import Vault

OLD, NEW, STRANGE = (Fernet.generate_key().decode() for _ in range(3))


def test_what_is_sealed_opens_and_is_sealed_differently_each_time():
    vault = Vault([NEW], "hash")

    sealed = [vault.seal(b"who bought what") for _ in range(2)]

    assert [vault.open(one) for one in sealed] == [b"who bought what"] * 2
    assert sealed[0] != sealed[1]
    assert b"bought" not in sealed[0]


def test_an_older_key_still_opens_what_it_sealed():
    sealed = Vault([OLD], "hash").seal(b"x")

    assert Vault([NEW, OLD], "hash").open(sealed) == b"x"


def test_what_fernet_sealed_before_still_opens():
    assert Vault([NEW, OLD], "hash").open(Fernet(OLD).encrypt(b"x")) == b"x"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]), id="changed at the end"),
        pytest.param(lambda sealed: sealed[:1] + bytes(12) + sealed[13:], id="another nonce"),
        pytest.param(lambda sealed: sealed[:9], id="cut off"),
        pytest.param(lambda sealed: sealed[:1], id="nothing but the mark"),
        pytest.param(lambda sealed: b"", id="nothing"),
        pytest.param(lambda sealed: Vault([STRANGE], "hash").seal(b"x"), id="a key of others"),
        pytest.param(lambda sealed: Fernet(STRANGE).encrypt(b"x"), id="a Fernet key of others"),
    ],
)
def test_what_none_of_our_keys_sealed_is_refused(spoil):
    vault = Vault([NEW, OLD], "hash")

    with pytest.raises(InvalidToken):
        vault.open(spoil(vault.seal(b"x")))
