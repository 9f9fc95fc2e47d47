"""One's own cases, found by the portal's search."""

from __future__ import annotations

import pytest

from nomade.cases.searching import written
from nomade.people.factories import make_agent
from nomade.questions import access
from nomade.questions.factories import make_question


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("bloquée", "(bloquée:* | bloquee:*)"),
        ("l’écran noir", "(l) & (écran | ecran) & (noir:*)"),
        ("  !!! ", ""),
    ],
)
def test_words_are_written_for_the_base_as_typed_and_without_accents(typed: str, asked: str) -> None:
    assert written(typed) == asked


def test_every_word_counts_and_anothers_cases_are_never_found(db: None) -> None:
    me, other = make_agent(), make_agent("Mehdi", "Benali")
    mine = make_question(me, "Mon badge est bloqué à l’entrée")
    make_question(me, "Combien de jours me reste-t-il ?")
    make_question(other, "Un badge bloqué lui aussi")
    assert access.FOUND.of(me.pk, "badge bloque") == [mine]
    assert access.FOUND.of(me.pk, "badge perdu") == []
    assert access.FOUND.of(me.pk, "’") == []


def test_a_case_is_found_by_its_number_by_its_owner_alone(db: None) -> None:
    me, other = make_agent(), make_agent("Mehdi", "Benali")
    mine = make_question(me)
    assert access.FOUND.of(me.pk, f" {mine.reference.lower()} ") == [mine]
    assert access.FOUND.of(other.pk, mine.reference) == []
