"""The worked cases of the personal file, and what their rules must hold for any number."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nomade.leave.tests.domain_cases import Case, each
from nomade.personnel_file.models import Subject
from nomade.personnel_file.rules import iban, nir
from nomade.personnel_file.rules.archives import file_ends_on
from nomade.personnel_file.rules.children import openings
from nomade.personnel_file.rules.pay import a_month_later, pay_month
from nomade.personnel_file.subjects import in_words

GOOD = "FR7630006000011234567890189"
DIGITS = st.text(string.digits, min_size=11, max_size=11)


@each("identifiant.nir")
def test_the_key_of_a_nir(case: Case) -> None:
    typed = case.given.get("nir13") or case.given["nir15"]
    if case.expected["valide"] == "oui":
        assert nir.checked(typed) == typed + case.expected["cle"]
    else:
        with pytest.raises(nir.NirFault, match="46"):
            nir.checked(typed)


@each("identifiant.iban")
def test_the_checksum_of_an_iban(case: Case) -> None:
    typed = case.given["iban"]
    if "reste_mod97" in case.expected:
        assert iban.remainder(typed) == int(case.expected["reste_mod97"])
    if case.expected["valide"] == "oui":
        assert iban.checked(typed) == typed
    else:
        with pytest.raises(iban.IbanFault) as fault:
            iban.checked(typed)
        assert fault.value.reason == case.expected.get("motif", "cle")


@each("archivage.dossier")
def test_a_file_is_kept_eighty_years_from_birth(case: Case) -> None:
    assert file_ends_on(case.given.day("date_naissance")) == case.expected.day("fin_dua")
    assert int(case.expected["traces_consultation_ans"]) == 3


@pytest.mark.parametrize(
    ("typed", "key"),
    [("1841276451089", "46"), ("255082A999999", "92"), ("255082B999999", "22")],
)
def test_corsica_counts_as_nineteen_and_eighteen(typed: str, key: str) -> None:
    assert nir.key_of(typed) == key


def test_a_nir_is_never_shown_in_full() -> None:
    assert nir.masked("184127645108946").replace("\N{NO-BREAK SPACE}", " ") == "1 84 •• •• ••• ••• ••"


@pytest.mark.parametrize("typed", ["", "184", "384127645108946", "184137645108946", "18412764510894X"])
def test_what_is_no_nir_is_refused_and_never_repeated_in_the_reason(typed: str) -> None:
    with pytest.raises(nir.NirFault) as fault:
        nir.checked(typed)
    assert not typed or typed not in str(fault.value)


def test_the_key_of_a_rib_counts_letters() -> None:
    assert iban.rib_key("20041", "01005", "0500013M026") == "06"
    assert iban.rib_key("30006", "00001", "12345678901") == "89"


@given(DIGITS)
def test_any_french_account_has_one_iban_that_is_taken(account: str) -> None:
    bban = "3000600001" + account + iban.rib_key("30006", "00001", account)
    right = [key for key in range(2, 99) if iban.remainder(f"FR{key:02d}{bban}") == 1]
    assert len(right) == 1 and iban.checked(f"FR{right[0]:02d}{bban}")


@given(st.integers(4, 26), st.sampled_from(string.digits))
def test_one_wrong_digit_is_never_taken(place: int, digit: str) -> None:
    wrong = GOOD[:place] + digit + GOOD[place + 1 :]
    if wrong != GOOD:
        with pytest.raises(iban.IbanFault):
            iban.checked(wrong)


@given(st.text(max_size=40))
def test_anything_typed_gets_a_sentence(typed: str) -> None:
    with pytest.raises(iban.IbanFault) as fault:
        iban.checked(typed)
    assert fault.value.message.endswith(".") and all(1 <= group <= 10 for group in fault.value.groups)


@pytest.mark.parametrize(
    ("typed", "reason", "pointed"),
    [
        ("FR7630006000011234567809189", "cle", (5, 6)),  # 89 and 01: two digits exchanged
        ("FR7630006000011234567890188", "cle", (7,)),  # the last digit: the key of the RIB
        ("FR7730006000011234567890189", "cle", (1,)),  # the key of the IBAN
        ("FR76300060000112345678901", "longueur", (7,)),
        ("FR763000O000011234567890189", "signe", (3,)),  # a letter O for a zero
        ("ZZ7630006000011234567890189", "pays", (1,)),
        ("AE070331234567890123456", "zone", (1,)),
    ],
)
def test_the_wrong_group_is_pointed_at(typed: str, reason: str, pointed: tuple[int, ...]) -> None:
    with pytest.raises(iban.IbanFault) as fault:
        iban.checked(typed)
    assert (fault.value.reason, fault.value.groups) == (reason, pointed)


@pytest.mark.parametrize(
    "typed",
    ["DE89370400440532013000", "BE68539007547034", "ES9121000418450200051332", "iban: lu28 0019 4006 4475 0000"],
)
def test_accounts_of_the_sepa_zone_are_taken(typed: str) -> None:
    assert iban.checked(typed)


@pytest.mark.parametrize(
    ("holder", "same"),
    [
        ("MME CAMILLE DURAND", True),
        ("M. ou Mme Benoît et Camille Durand", True),
        ("Camille Morel", True),
        ("Camille Dupont", False),
        ("Durandal SARL", False),
        ("", False),
    ],
)
def test_a_rib_is_in_the_name_of_the_agent(holder: str, same: bool) -> None:
    assert iban.same_holder(holder, ("Durand", "Morel")) is same


def test_a_change_after_the_cut_off_enters_the_next_pay() -> None:
    assert pay_month(date(2026, 11, 10), date(2026, 11, 1), 10) == date(2026, 11, 1)
    assert pay_month(date(2026, 11, 11), date(2026, 11, 1), 10) == date(2026, 12, 1)
    assert pay_month(date(2026, 12, 11), date(2026, 12, 1), 10) == date(2027, 1, 1)
    assert pay_month(date(2026, 11, 10), date(2027, 2, 15), 10) == date(2027, 2, 1)


def test_a_month_ends_on_its_last_day_when_the_next_is_shorter() -> None:
    assert a_month_later(date(2026, 1, 31)) == date(2026, 2, 28)
    assert a_month_later(date(2026, 12, 15)) == date(2027, 1, 15)


def test_what_a_child_opens_follows_age_and_charge() -> None:
    born, day = date(2012, 2, 29), date(2026, 6, 1)
    full = openings(born, charged=True, shared=False, day=day)
    assert [(one.label, one.until) for one in full] == [
        ("Supplément familial de traitement", date(2028, 2, 29)),
        ("Jours pour enfant malade", date(2028, 2, 29)),
    ]
    assert "moitié" in openings(born, charged=True, shared=True, day=day)[0].condition
    older = openings(date(2008, 1, 1), charged=True, shared=False, day=day)
    assert len(older) == 1 and "scolarité" in older[0].condition
    assert not openings(date(2000, 1, 1), charged=True, shared=False, day=day)
    assert not openings(born, charged=False, shared=False, day=day)


def test_a_recognition_without_an_end_says_so() -> None:
    told = in_words(Subject.DISABILITY, {"recognised_on": "2025-03-01", "recognised_until": ""})
    assert told == [("Reconnue le", "01/03/2025"), ("Valable jusqu’au", "sans limite")]
