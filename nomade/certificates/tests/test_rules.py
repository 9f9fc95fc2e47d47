"""Codes that resist guessing and mistyping, texts that interpret nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nomade.certificates.facts import shipped_texts
from nomade.certificates.models import Kind
from nomade.certificates.rules import (
    ALPHABET,
    CODE_LENGTH,
    FIELDS,
    code_from,
    filled,
    grouped,
    is_blocked,
    typed_code,
    unknown_fields,
)
from nomade.kernel.clock import PARIS


@given(st.binary(min_size=10, max_size=10))
def test_a_code_carries_eighty_bits_and_comes_back_however_it_is_typed(random: bytes) -> None:
    code = code_from(random)
    assert len(code) == CODE_LENGTH
    assert int("".join(f"{ALPHABET.index(sign):05b}" for sign in code), 2) == int.from_bytes(random, "big")
    assert typed_code(f" {grouped(code).lower()} ") == code


def test_signs_that_look_alike_are_read_as_what_was_printed() -> None:
    assert typed_code("OIL0-1111-2222-3333") == "0110111122223333"
    assert typed_code("ABCD") == typed_code("é" * 16) == ""
    with pytest.raises(ValueError, match="10 bytes"):
        code_from(b"short")


def test_a_text_is_filled_and_nothing_else_of_it_is_interpreted() -> None:
    text = "{employeur} #emph[x] {{ 7*7 }}\n\n$ 1+1 $"
    assert filled(text, {"employeur": "Ville {date}"}) == ["Ville {date} #emph[x] {{ 7*7 }}", "$ 1+1 $"]


@pytest.mark.parametrize(("text", "unknown"), [("{salaire}", ["salaire"]), ("{", ["{"]), ("{date}", []), ("{}", [""])])
def test_a_field_that_does_not_exist_is_named(text: str, unknown: list[str]) -> None:
    assert unknown_fields(text) == unknown


def test_every_kind_has_a_shipped_text_whose_fields_exist() -> None:
    assert set(shipped_texts()) == {kind.value for kind in Kind}
    for text in shipped_texts().values():
        assert unknown_fields(text.body) == []
    assert "date_entree" in FIELDS


def test_an_attestation_of_employment_holds_no_health_family_nor_pay_data() -> None:
    words = shipped_texts()["emploi"].body.lower()
    assert not any(word in words for word in ("salaire", "enfant", "santé", "marié", "congé"))


def test_an_address_is_blocked_for_the_window_only() -> None:
    since = datetime(2026, 11, 27, 9, tzinfo=PARIS)
    window = timedelta(minutes=15)
    assert is_blocked(10, since, since + timedelta(minutes=14), most=10, window=window)
    assert not is_blocked(10, since, since + window, most=10, window=window)
    assert not is_blocked(9, since, since, most=10, window=window)
