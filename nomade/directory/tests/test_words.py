"""Comparing what is typed with names."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nomade.directory.words import MOST_WORDS, national, query_of, searched_words, sound, sounds_of, words_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Éloïse D’Arc", ["eloise", "d", "arc"]),
        ("  DURAND   camille ", ["durand", "camille"]),
        ("Jean-Noël Œuvray", ["jean", "noel", "oeuvray"]),
        ("01 42 76 40 40", ["0142764040"]),
        ("+33 1 42 76 40 40", ["0142764040"]),
        ("46.40", ["4640"]),
        ("", []),
        ("’’ !!", []),
    ],
)
def test_what_is_typed_becomes_words(typed: str, words: list[str]) -> None:
    assert searched_words(typed) == words


@pytest.mark.parametrize(
    "alike",
    [
        ("Lefebvre", "Lefèvre", "Lefaivre"),
        ("Durand", "Durant", "Durrand"),
        ("Philippe", "Filipe"),
        ("Schmitt", "Chmit"),
        ("Benoît", "Benoit"),
        ("Cyrille", "Sirile"),
        ("Guérin", "Guerrin"),
    ],
)
def test_spellings_that_sound_alike_are_alike(alike: tuple[str, ...]) -> None:
    assert len({sound(name) for name in alike}) == 1


def test_names_that_sound_apart_stay_apart() -> None:
    assert len({sound(name) for name in ("Durand", "Martin", "Petit", "Bernard", "Moreau", "Benali")}) == 6


@given(st.text(max_size=200))
def test_whatever_is_typed_a_query_holds_letters_and_digits_only(typed: str) -> None:
    words = searched_words(typed)
    assert len(words) <= MOST_WORDS
    allowed = set(string.ascii_lowercase + string.digits + "':*& ")
    assert set(query_of([*words, *sounds_of(words)])) <= allowed


def test_a_pasted_page_is_cut() -> None:
    assert len(searched_words("mot " * 10_000 + " ".join(f"m{rank}" for rank in range(500)))) == MOST_WORDS
    assert len(words_of("x" * 10_000)[0]) == 40


def test_a_foreign_number_keeps_its_prefix() -> None:
    assert national("+44 20 7946 0958") == "442079460958"
