"""Argon2id by libsodium: the same hashes as the reference code, in both directions."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from argon2.low_level import Type, hash_secret, verify_secret
from django.contrib.auth.hashers import check_password, make_password
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from nomade.accounts.hashers import Argon2idHasher

WORDS = "Vélo-Quai-Platane-42"


def _by_the_reference(password: str, salt: bytes, *, memory: int = 19_456, passes: int = 2, lanes: int = 1) -> str:
    return "argon2" + hash_secret(password.encode(), salt, passes, memory, lanes, 32, Type.ID).decode()


@pytest.mark.parametrize("lanes", [1, 8])
@pytest.mark.parametrize("salt", [b"0123456789abcdef", b"0123456789abcdefghijkl"], ids=["16 bytes", "22, Django's"])
def test_a_hash_of_the_reference_code_opens_as_before(salt: bytes, lanes: int) -> None:
    kept = _by_the_reference(WORDS, salt, memory=1024, lanes=lanes)
    assert Argon2idHasher().verify(WORDS, kept)
    assert not Argon2idHasher().verify(WORDS.lower(), kept)


def test_a_password_kept_since_before_is_not_hashed_again() -> None:
    updated: list[str] = []
    assert check_password(WORDS, _by_the_reference(WORDS, b"0123456789abcdefghijkl"), updated.append)
    assert check_password(WORDS, make_password(WORDS), updated.append)
    assert not updated
    assert check_password(WORDS, _by_the_reference(WORDS, b"0123456789abcdefghijkl", passes=3), updated.append)
    assert updated == [WORDS]


@limits(max_examples=12, deadline=None)
@given(st.text(min_size=1, max_size=256))
def test_what_libsodium_hashes_the_reference_code_verifies_and_only_that(password: str) -> None:
    kept = make_password(password)
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert verify_secret(kept.removeprefix("argon2").encode(), password.encode(), Type.ID)
    assert check_password(password, kept)
    assert not check_password(password + "x", kept)
    assert not check_password("x" + password, kept)


def test_two_hashes_of_one_password_share_no_salt() -> None:
    salts = {make_password(WORDS).split("$")[4] for _ in range(4)}
    assert len(salts) == 4
    assert {len(salt) for salt in salts} == {22}  # 16 bytes


@pytest.mark.parametrize("kept", ["argon2$", "argon2$argon2id$v=19$m=19456,t=2,p=1$", "argon2$argon2id$" + "A" * 90])
def test_a_broken_hash_opens_nothing(kept: str) -> None:
    assert not Argon2idHasher().verify(WORDS, kept)


def test_the_cost_of_a_hash_is_that_of_the_settings(settings: Any) -> None:
    settings.NOMADE = dataclasses.replace(settings.NOMADE, argon2_memory_kib=12_288, argon2_passes=3)
    assert make_password(WORDS).startswith("argon2$argon2id$v=19$m=12288,t=3,p=1$")
