"""What is sealed opens whole, for its own object alone, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nomade.config.environment import EncryptionKey
from nomade.kernel.encryption import DecryptionFailed, key_version, seal, unseal

OLD, NEW = EncryptionKey("2025", b"a" * 32), EncryptionKey("2026", b"b" * 32)


def use(settings: Any, *keys: EncryptionKey) -> None:
    settings.NOMADE = replace(settings.NOMADE, encryption_keys=keys)


@given(st.binary(max_size=2000), st.binary(max_size=60))
def test_what_is_sealed_opens_again_and_never_shows(plain: bytes, context: bytes) -> None:
    sealed = seal(plain, context=context)
    assert unseal(sealed, context=context) == plain
    assert len(plain) < 4 or plain not in sealed


def test_one_bit_changed_anywhere_opens_nothing() -> None:
    sealed = seal(b"net 2 107,14", context=b"slip 1")
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(DecryptionFailed):
            unseal(bytes(altered), context=b"slip 1")


def test_a_value_cut_short_opens_nothing() -> None:
    sealed = seal(b"net 2 107,14", context=b"slip 1")
    for length in range(len(sealed)):
        with pytest.raises(DecryptionFailed):
            unseal(sealed[:length], context=b"slip 1")


def test_a_value_put_in_the_place_of_another_opens_nothing() -> None:
    with pytest.raises(DecryptionFailed):
        unseal(seal(b"hers", context=b"slip 1 agent 1"), context=b"slip 1 agent 2")


def test_halves_of_two_values_never_make_a_third() -> None:
    one, other = seal(b"one one", context=b"c"), seal(b"two two", context=b"c")
    key_end = len(one) - len(b"one one") - 16 - 12
    with pytest.raises(DecryptionFailed):
        unseal(one[:key_end] + other[key_end:], context=b"c")


def test_the_same_value_is_never_sealed_alike_twice() -> None:
    assert len({seal(b"same", context=b"c") for _ in range(50)}) == 50


def test_after_a_rotation_the_old_is_read_and_the_new_key_writes(settings: Any) -> None:
    use(settings, OLD)
    before = seal(b"old", context=b"c")
    use(settings, NEW, OLD)
    assert unseal(before, context=b"c") == b"old"
    assert (key_version(before), key_version(seal(b"new", context=b"c"))) == ("2025", "2026")
    use(settings, NEW)
    with pytest.raises(DecryptionFailed, match="2025"):
        unseal(before, context=b"c")


def test_another_key_under_the_same_name_opens_nothing(settings: Any) -> None:
    use(settings, OLD)
    sealed = seal(b"old", context=b"c")
    use(settings, EncryptionKey("2025", b"z" * 32))
    with pytest.raises(DecryptionFailed):
        unseal(sealed, context=b"c")
