"""The worked cases of training, read from tests/domain/cas-de-calcul.csv."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from nomade.training.rules.account import gained, most_usable
from nomade.training.rules.circuits import CircuitRow, answer_before

FILE = Path(__file__).parents[3] / "tests" / "domain" / "cas-de-calcul.csv"
Facts = dict[str, str]


def _cases(domain: str) -> list[tuple[str, Facts, Facts]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["domaine"] == domain]
    return [(row["id"], _facts(row["entrees"]), _facts(row["attendu"])) for row in rows]


def _facts(cell: str) -> Facts:
    return dict(part.split("=", 1) for part in cell.split("|"))


@pytest.mark.parametrize(("key", "given", "expected"), _cases("cpf.alimentation"))
def test_hours_gained_on_the_personal_account(key: str, given: Facts, expected: Facts) -> None:
    below = given["profil"] == "C_sans_niveau_3"
    share = int(given.get("temps_non_complet", "100"))
    assert gained(int(given["annees"]), below_level_3=below, share=share) == int(expected["heures"]), key


@pytest.mark.parametrize(("key", "given", "expected"), _cases("cpf.anticipation"))
def test_hours_that_may_be_used_ahead(key: str, given: Facts, expected: Facts) -> None:
    most = most_usable(int(given["solde"]))
    assert most == int(expected["maximum_mobilisable"]), key
    assert (int(given["besoin"]) <= most) == (expected["decision"] == "recevable_avec_accord"), key


@pytest.mark.parametrize(("key", "given", "expected"), _cases("delai.cpf"))
def test_a_request_of_the_personal_account_is_answered_in_time(key: str, given: Facts, expected: Facts) -> None:
    row = CircuitRow("", Decimal(0), Decimal(0), asks_supervisor=True, asks_office=True, promised_days=15)
    asked, limit = date.fromisoformat(given["depot"]), date.fromisoformat(expected["reponse_au_plus_tard"])
    assert answer_before(asked, row, is_account=True) == limit, key
    slower = CircuitRow("cpf", Decimal(0), Decimal(0), asks_supervisor=True, asks_office=True, promised_days=90)
    assert answer_before(asked, slower, is_account=True) == limit, key


def test_the_file_has_cases_of_each_kind() -> None:
    counts = [len(_cases(domain)) for domain in ("cpf.alimentation", "cpf.anticipation", "delai.cpf")]
    assert counts == [4, 1, 1]
