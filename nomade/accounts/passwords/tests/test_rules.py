"""What is refused because it is easy to guess, and what must never be."""

from __future__ import annotations

import itertools
import random
import string
import time
from collections.abc import Iterator

import pytest

from nomade.accounts.passwords import lists
from nomade.accounts.passwords.rules import PLACE, Limits, Verdict, Words, assess, lexicon

LIMITS = Limits(minimum=15, kinds=3, units=8, passphrase=20, passphrase_units=12, maximum=256)
WORDS = Words(
    common=lists.common(),
    here=lexicon(dict.fromkeys(("villedeparis", "paris", "deve"), PLACE)),
    own=frozenset({"camille", "durand", "0451234", "12051984"}),
)


def judged(password: str) -> Verdict:
    return assess(password, LIMITS, WORDS)


@pytest.mark.parametrize(
    "password",
    [
        "Motdepasse12345!",
        "Marseille13!2026",
        "VilleDeParis2026!",
        "Azertyuiop12345!",
        "JardinierParis75!",
        "P@ssw0rd12345678",
        "M0td3p@sse!2026!",
        "Bonjour2026!2026",
        "Soleil2026!Soleil",
        "Jetaimemaman2026!",
        "MairieDeParis2026",
        "Qwertyuiop123456!",
        "Printemps2026!!!!",
        "Motdepasse-Nomade1",
        "Administrateur75!",
        "Marseille13013!Om",
        "Liberte.Egalite1",
    ],
)
def test_a_weak_french_password_that_has_the_length_and_the_kinds_is_refused(password: str) -> None:
    verdict = judged(password)
    assert verdict.long_enough and verdict.varied_enough
    assert not verdict.hard_to_guess, verdict.units


def _words(text: str) -> list[str]:
    return text.split()


def _common_ones() -> Iterator[str]:
    """What people write when they are told « 15 characters, three kinds »."""
    firsts = _words(
        "motdepasse bonjour soleil jetaime doudou chouchou nicolas camille marseille paris toulouse football azerty "
        "iloveyou loulou princesse chocolat coucou amour vacances printemps automne liberte france bretagne jardin"
    )
    seconds = _words("soleil lune maman papa bebe chat chien amour paris lyon nomade agent france etoile")
    years = [str(year) for year in range(1950, 2030, 4)]
    ends = ("!", "!!", "*", "?", ".", "123!", "1234", "***")
    for first, second, year, end in itertools.product(firsts, seconds, years, ends):
        for text in (first.capitalize() + second.capitalize() + year + end, first.capitalize() + year + second + end):
            if len(text) >= 15:
                yield text
    for first, year, end in itertools.product(firsts, years, ends):
        shout = (first.capitalize() + year) * 2 + end
        if len(shout) >= 15:
            yield shout


def test_five_thousand_common_passwords_that_match_the_policy_are_all_refused() -> None:
    chosen = random.Random(20261123).sample(sorted(set(_common_ones())), 5000)
    accepted = [password for password in chosen if judged(password).good]
    assert all(len(password) >= 15 for password in chosen)
    assert not accepted, accepted[:20]


def test_leet_spelling_hides_nothing() -> None:
    assert judged("M0td3p@ss3").units == judged("Motdepasse").units


def test_three_thousand_random_passwords_of_fifteen_characters_are_all_accepted() -> None:
    drawn = random.Random(7)
    signs = string.ascii_letters + string.digits + "!#$%&*+-.:;=?@_"
    passwords = ["".join(drawn.choice(signs) for _sign in range(15)) for _one in range(3000)]
    mixed = [password for password in passwords if judged(password).varied_enough]
    assert len(mixed) > 2900
    assert [password for password in mixed if not judged(password).good] == []


def test_the_score_costs_less_than_a_fifth_of_a_millisecond() -> None:
    fastest = min(_time_of("Vélo-Quai-Platane-42") for _round in range(20))
    assert fastest < 0.0002


def _time_of(password: str) -> float:
    start = time.perf_counter()
    for _time in range(20):
        judged(password)
    return (time.perf_counter() - start) / 20


def test_a_monstrous_password_costs_little_time() -> None:
    start = time.perf_counter()
    judged("motdepasse" * 5000)
    assert time.perf_counter() - start < 0.1


def test_every_phrase_that_the_portal_offers_is_good() -> None:
    phrases = [lists.five_words(LIMITS, WORDS) for _time in range(500)]
    assert len(set(phrases)) == 500
    assert all(judged(phrase).good and len(set(phrase.split())) == 5 for phrase in phrases)


def test_a_phrase_that_the_policy_refuses_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    few = ("girafe", "menthe", "tunnel", "orage", "velours", "cerise", "boussole", "marmite", "camille")
    monkeypatch.setattr(lists, "_offered", lambda: few)
    phrases = [lists.five_words(LIMITS, WORDS) for _time in range(20)]
    assert {word for phrase in phrases for word in phrase.split()} == set(few) - {"camille"}


def test_a_phrase_of_lower_case_words_needs_no_other_kind() -> None:
    assert judged("girafe menthe tunnel orage velours").good
    assert not judged("girafe menthe tun").varied_enough
    assert not judged("bonjour bonjour bonjour").hard_to_guess


@pytest.mark.parametrize(("length", "enough"), [(14, False), (15, True), (64, True), (128, True), (256, True)])
def test_from_fifteen_to_two_hundred_and_fifty_six_characters_are_accepted(length: int, enough: bool) -> None:
    drawn = random.Random(length)
    password = "aZ3!" + "".join(drawn.choice(string.ascii_letters + string.digits) for _sign in range(length - 4))
    assert judged(password).good is enough


def test_beyond_the_longest_it_is_said_and_never_cut() -> None:
    assert judged("aZ3!" * 65).too_long


@pytest.mark.parametrize(
    "password",
    [
        "Xk7#Camille-pqz!Vw",
        "Xk7#C4m1lle-pqz!Vw",
        "Xk7#CÀMÏLLE-pqz!Vw",
        "Xk7#c.a.m.i.l.l.e-pqz!",
        "Xk7#0451234-pqz!Vw",
        "Xk7#12051984-pqz!Vw",
    ],
)
def test_ones_own_name_matricule_or_birth_date_is_refused_however_it_is_written(password: str) -> None:
    verdict = judged(password)
    assert verdict.own_words and not verdict.good


def test_the_words_of_the_place_are_worth_one_each() -> None:
    assert judged("VilleDeParis").units == 1
    assert judged("NomadeMessagerie").units == 2
    assert judged("75012").units == 1


def test_a_keyboard_row_a_repetition_and_a_year_are_worth_one_each() -> None:
    assert judged("azertyuiop").units == judged("poiuytreza").units == judged("zzzzzzzzzz").units == 1
    assert judged("1984").units == judged("2026").units == 1
    assert judged("14071989").units == judged("14/07/1989").units == 2
