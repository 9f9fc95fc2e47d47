"""Each fault names its line, its column, the value and what is expected; and nothing is imported."""

from __future__ import annotations

import io

import openpyxl
import pytest

from nomade.people.importing.faults import Fault, Faulty
from nomade.people.importing.plan import Source
from nomade.people.models import Agent, OrgUnit
from nomade.people.tests.csvs import agents_csv, do_import, row, units_csv

pytestmark = pytest.mark.django_db


def faults_of(agents: Source | None, units: Source | None = None, **options: object) -> list[Fault]:
    with pytest.raises(Faulty) as caught:
        do_import(agents, units, **options)
    assert not Agent.objects.exists()
    assert not OrgUnit.objects.exists()
    return caught.value.faults


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("unite", "DEVE/J16", "cette unité n’existe pas"),
        ("date_entree", "31/02/2020", "une date qui existe"),
        ("date_entree", "", "ne peut pas être vide"),
        ("date_naissance", "12-05-85", "une date qui existe"),
        ("date_naissance", "2014-01-01", "quatorze ans"),
        ("date_sortie", "2010-01-01", "pas avant celle d’entrée"),
        ("statut", "fonctionnaire", "titulaire, stagiaire"),
        ("categorie", "D", "A, B, C"),
        ("indice_majore", "trois cents", "entre 100 et 2000"),
        ("quotite", "180", "un pourcentage"),
        ("quotite", "0", "un pourcentage"),
        ("cycle", "0000000", "sept signes"),
        ("cycle", "11x1100", "sept signes"),
        ("duree_hebdo", "390", "une durée en heures"),
        ("duree_hebdo", "37:75", "une durée en heures"),
        ("messagerie", "peut-être", "« oui » ou « non »"),
        ("courriel_personnel", "ana(at)exemple.fr", "une adresse électronique"),
        ("mobile", "appeler le matin", "un numéro de téléphone"),
        ("matricule", "00 00", "un matricule"),
        ("login", "ana petit@paris.fr", "un identifiant"),
        ("nom", "", "ne peut pas être vide"),
        ("civilite", "Docteur", "« Mme », « M. »"),
        ("superieur", "00000099", "le matricule d’un agent"),
        ("superieur", "00000002", "quelqu’un d’autre"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line_column_value_and_what_is_expected(
    column: str, value: str, expected: str
) -> None:
    faults = faults_of(agents_csv(row(1), row(2, **{column: value})), units_csv())
    assert [(fault.line, fault.column, fault.value) for fault in faults] == [(3, column, value)]
    assert expected in faults[0].expected
    assert str(faults[0]).startswith("agents.csv, ligne 3, colonne « " + column)


def test_two_rows_of_one_matricule_or_login_name_the_first() -> None:
    faults = faults_of(agents_csv(row(1), row(2, matricule="00000001"), row(3, login="AGENT1@paris.fr")), units_csv())
    assert [(fault.line, fault.column) for fault in faults] == [(3, "matricule"), (4, "login")]
    assert "déjà à la ligne 2" in faults[0].expected


def test_the_login_of_somebody_who_is_not_in_the_file_is_refused() -> None:
    do_import(agents_csv(row(1)), units_csv())
    with pytest.raises(Faulty) as caught:
        do_import(agents_csv(row(2, login="agent1@paris.fr")))
    assert "matricule 00000001" in caught.value.faults[0].expected


def test_a_loop_of_supervisors_is_shown_whole() -> None:
    faults = faults_of(
        agents_csv(row(1, superieur="00000002"), row(2, superieur="00000003"), row(3, superieur="00000001")),
        units_csv(),
    )
    assert [(fault.line, fault.column) for fault in faults] == [(2, "superieur")]
    assert "00000001 → 00000002 → 00000003 → 00000001" in faults[0].expected


def test_a_loop_closed_by_somebody_already_in_the_base_is_found() -> None:
    do_import(agents_csv(row(1), row(2, superieur="00000001")), units_csv())
    with pytest.raises(Faulty) as caught:
        do_import(agents_csv(row(1, superieur="00000002")))
    assert "une boucle" in caught.value.faults[0].expected


def test_a_loop_of_units_is_shown_whole() -> None:
    text = "code;libelle;parent\nA;Un;C\nB;Deux;A\nC;Trois;B\n"
    faults = faults_of(None, units_csv(text))
    assert faults[0].line == 2 and faults[0].column == "parent"
    assert "A → C → B → A" in faults[0].expected


def test_a_unit_put_under_one_of_its_own_is_a_loop() -> None:
    do_import(None, units_csv())
    with pytest.raises(Faulty) as caught:
        do_import(None, units_csv("code;libelle;parent\nDEVE;Espaces verts;J15\n"))
    assert "une boucle" in caught.value.faults[0].expected


def test_an_unknown_parent_or_head_of_a_unit_is_named() -> None:
    faults = faults_of(None, units_csv("code;libelle;parent;type;responsable\nJ15;Jardins;DEVE;;00000007\n"))
    assert [(fault.line, fault.column, fault.value) for fault in faults] == [(2, "parent", "DEVE")]
    faults = faults_of(None, units_csv("code;libelle;parent;type;responsable\nJ15;Jardins;;;00000007\n"))
    assert [(fault.line, fault.column, fault.value) for fault in faults] == [(2, "responsable", "00000007")]


def test_a_code_that_two_units_share_asks_for_the_path() -> None:
    text = "code;libelle;parent\nA;A;\nB;B;\nX;Sous A;A\nX;Sous B;B\nY;Sous quel X;X\n"
    faults = faults_of(None, units_csv(text))
    assert [(fault.line, fault.column) for fault in faults] == [(6, "parent")]
    assert "chemin entier" in faults[0].expected


def test_a_file_of_windows_is_named_with_the_line_of_its_first_accent() -> None:
    latin = Source("agents.csv", agents_csv(row(1), row(2, prenom="Zoé")).content.decode().encode("cp1252"))
    faults = faults_of(latin)
    assert faults[0].line == 2  # « Jardinière » comes before « Zoé »
    assert "Windows-1252" in faults[0].expected and "Jardinière" in faults[0].value
    assert "UTF-16" in faults_of(Source("a.csv", "matricule;login".encode("utf-16")))[0].expected


@pytest.mark.parametrize(("sign", "word"), [(",", "virgule"), ("\t", "tabulation")])
def test_a_wrong_separator_is_named(sign: str, word: str) -> None:
    faults = faults_of(Source("agents.csv", agents_csv(row()).content.replace(b";", sign.encode())))
    assert [fault.line for fault in faults] == [1] and word in faults[0].expected


def test_missing_and_doubled_columns_are_named() -> None:
    faults = faults_of(agents_csv(row(), columns=("matricule", "login", "nom", "nom", "prenom", "unite", "statut")))
    assert [(fault.line, fault.column) for fault in faults] == [(1, "date_entree"), (1, "nom")]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"matricule;login\x00"])
def test_an_empty_or_binary_file_is_refused(content: bytes) -> None:
    assert faults_of(Source("agents.csv", content))


def test_a_row_that_is_cut_short_or_too_long_is_named() -> None:
    whole = agents_csv(row(1), row(2)).content.decode()
    cut = whole.rstrip("\n").rsplit(";", 5)[0]
    assert faults_of(Source("agents.csv", cut.encode()), units_csv())[0].line == 3
    assert faults_of(Source("agents.csv", (whole.rstrip("\n") + ";de trop\n").encode()), units_csv())[0].line == 3


def test_an_unclosed_quote_is_named() -> None:
    broken = agents_csv(row(1, emploi='"Jardinière')).content
    assert "guillemets" in faults_of(Source("agents.csv", broken), units_csv())[0].expected


def test_every_fault_of_a_file_is_reported_at_once() -> None:
    faults = faults_of(agents_csv(row(1, quotite="0", categorie="Z"), row(2, statut="?")), units_csv())
    assert [(fault.line, fault.column) for fault in faults] == [(2, "categorie"), (2, "quotite"), (3, "statut")]


def test_a_file_that_only_looks_like_a_spreadsheet_is_refused() -> None:
    assert "XLSX" in faults_of(Source("agents.xlsx", b"PK\x03\x04 not a zip"))[0].expected


def test_a_fault_of_a_spreadsheet_gives_its_row() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    good = row(1)
    sheet.append(list(good))
    sheet.append(list(good.values()))
    sheet.append([*list(row(2, statut="?").values())])
    stream = io.BytesIO()
    book.save(stream)
    faults = faults_of(Source("agents.xlsx", stream.getvalue()), units_csv())
    assert [(fault.line, fault.column) for fault in faults] == [(3, "statut")]


def test_a_complete_file_that_would_send_away_most_of_the_staff_is_refused() -> None:
    do_import(agents_csv(*(row(number) for number in range(1, 31))), units_csv())
    with pytest.raises(Faulty) as caught:
        do_import(agents_csv(row(1)), complete=True)
    assert "29 agents sur 30" in caught.value.faults[0].expected


def test_a_unit_where_somebody_works_cannot_be_closed() -> None:
    do_import(agents_csv(row(1)), units_csv())
    with pytest.raises(Faulty) as caught:
        do_import(None, units_csv("code;libelle;parent\nDEVE;Espaces verts;\n"), complete=True)
    assert caught.value.faults[0].column == "DEVE/J15" and "00000001" in caught.value.faults[0].expected
