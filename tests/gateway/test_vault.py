"""The vault: each thing under its own key, bound to what it is."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.vault import CannotOpen, Vault, unwrap, wrap

LOOKUP = bytes(32)


@pytest.fixture
def vault() -> Vault:
    return Vault(LOOKUP, {1: os.urandom(32)})


@given(plain=st.binary(max_size=2000), about=st.binary(max_size=60))
def test_what_is_sealed_opens_again(plain: bytes, about: bytes) -> None:
    vault = Vault(LOOKUP, {1: bytes(range(32))})
    key = vault.new()
    sealed = key.seal(plain, about)
    assert vault.key(key.wrapped).open(sealed, about) == plain
    assert len(plain) < 8 or plain not in sealed


def test_the_same_words_are_sealed_differently_each_time(vault: Vault) -> None:
    keys = [vault.new() for _ in range(50)]
    assert len({key.wrapped for key in keys}) == 50
    assert len({keys[0].seal(b"Banjir", b"") for _ in range(50)}) == 50


def test_it_opens_only_as_what_it_is(vault: Vault) -> None:
    key = vault.new()
    with pytest.raises(CannotOpen):
        key.open(key.seal(b"Banjir", b"report\0r-1"), b"report\0r-2")


def test_each_flipped_byte_is_noticed(vault: Vault) -> None:
    key = vault.new()
    sealed = key.seal(b"Banjir", b"about")
    for kept, opened in ((sealed, lambda kept: key.open(kept, b"about")), (key.wrapped, vault.key)):
        for index in range(len(kept)):
            with pytest.raises(CannotOpen):
                opened(kept[:index] + bytes([kept[index] ^ 1]) + kept[index + 1 :])


@pytest.mark.parametrize("kept", [b"", b"\0", bytes(13), bytes(40)])
def test_what_is_cut_short_does_not_open(vault: Vault, kept: bytes) -> None:
    with pytest.raises(CannotOpen):
        vault.key(kept)
    with pytest.raises(CannotOpen):
        vault.new().open(kept, b"")


def test_what_older_epochs_wrapped_opens_and_new_keys_are_of_the_newest() -> None:
    first, second = os.urandom(32), os.urandom(32)
    old, new = Vault(LOOKUP, {1: first}), Vault(LOOKUP, {1: first, 2: second})
    assert new.key(old.new().wrapped).wrapped
    with pytest.raises(CannotOpen):
        old.key(new.new().wrapped)


def test_pseudonyms_are_the_same_for_the_same_and_depend_on_the_key(vault: Vault) -> None:
    names = {vault.pseudonym("message", "sms", "1"), vault.pseudonym("message", "sms", "2")}
    names |= {
        vault.pseudonym("message\0sms", "1"[:0], "1"),
        Vault(bytes([1]) * 32, {1: bytes(32)}).pseudonym("message"),
    }
    assert len(names) == 4
    assert vault.pseudonym("message", "sms", "1") in names
    assert len(vault.pseudonym("\ud800")) == 32


def test_a_key_opens_only_with_the_master_key_that_wrapped_it() -> None:
    master, secret = os.urandom(32), os.urandom(32)
    assert unwrap(master, wrap(master, secret, b"lookup"), b"lookup") == secret
    with pytest.raises(CannotOpen):
        unwrap(os.urandom(32), wrap(master, secret, b"lookup"), b"lookup")
