"""Letters on paper: one, and those of a roll-out in one tagged PDF."""

from __future__ import annotations

import io
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pikepdf
import pypdfium2
import pytest
import time_machine
from django.core.management import CommandError, call_command

from nomade.accounts.actions import open_account
from nomade.accounts.factories import make_account
from nomade.accounts.letters import batches
from nomade.accounts.letters.joining import Joiner
from nomade.accounts.letters.making import print_one
from nomade.accounts.letters.typesetting import Letter, Sender, sign_in_address, typeset
from nomade.accounts.models import Account, ProvisionalPassword
from nomade.accounts.testing import client_on
from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Assignment

SENDER = Sender("Ville de Paris", "https://nomades.ville.localhost:8443", "Une difficulté ? Appelez le 01 42 76 00 00.")


def _letter(name: str) -> Letter:
    return Letter(
        name=name,
        address=("3 rue des Lilas", "75015 Paris"),
        unit="Espaces verts",
        login="ana.petit@paris.fr",
        code="ABCD-EFGH-JKMN-PQRS",
        conditions=("Ce code ne sert qu’une fois, avant le 26 janvier 2027.",),
        day="27 novembre 2026",
    )


def _texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def _code_in(text: str) -> str:
    return next(word for word in text.split() if word.count("-") == 3 and len(word) == 19)


def _elements_of(pdf: pikepdf.Pdf, page: pikepdf.Page) -> list[Any]:
    """What the parent tree says of a page: the elements of its marked content."""
    key = int(page.obj.StructParents)
    for leaf in pdf.Root.StructTreeRoot.ParentTree.Kids:
        low, high = (int(bound) for bound in leaf.Limits)
        if low <= key <= high:
            numbers = list(leaf.Nums)
            return list(dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))[key])
    raise AssertionError(f"no leaf holds {key}")


def test_a_letter_is_one_tagged_page_that_says_whose_it_is_and_what_to_do() -> None:
    made = typeset(SENDER, [_letter("Mme Ana Petit")])
    [text] = _texts(made)
    for words in ("Mme Ana Petit", "75015 Paris", "ABCD-EFGH-JKMN-PQRS", "ana.petit@paris.fr", "01 42 76 00 00"):
        assert words in text
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang).startswith("fr")
        assert "pdfuaid:part" in bytes(pdf.Root.Metadata.read_bytes()).decode()
        tagged = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item]
        assert {"/H1", "/H2", "/L", "/Figure"} <= {str(item.S) for item in tagged}
        [figure] = [item for item in tagged if item.S == "/Figure"]
        assert "Code à lire avec un téléphone" in str(figure.Alt)


def test_the_square_carries_login_and_code_after_a_hash_that_no_server_receives() -> None:
    parts = urlsplit(sign_in_address("https://portail.fr", "ana+1@paris.fr", "ABCD-EFGH-JKMN-PQRS"))
    assert (parts.path, parts.query) == ("/premiere-connexion/", "")
    assert parse_qs(parts.fragment) == {"login": ["ana+1@paris.fr"], "code": ["ABCD-EFGH-JKMN-PQRS"]}


def test_joined_parts_keep_their_pages_their_tags_and_a_bookmark_a_unit(tmp_path: Path) -> None:
    names = [f"Agent {number}" for number in range(7)]
    path = tmp_path / "lettres.pdf"
    with path.open("wb") as file:
        joiner = Joiner(file)
        for start in (0, 3, 6):
            part = names[start : start + 3]
            joiner.add(typeset(SENDER, [_letter(name) for name in part]), [(0, f"Unité é{start}")])
        joiner.close()
    assert [name in text for name, text in zip(names, _texts(path.read_bytes()), strict=True)] == [True] * 7
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert "pdfuaid:part" in bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert len(pdf.Root.StructTreeRoot.K) == 3
        for page in pdf.pages:
            elements = _elements_of(pdf, page)
            assert elements and all(one.Pg.objgen == page.obj.objgen for one in elements if "/Pg" in one)
        assert len({int(page.obj.StructParents) for page in pdf.pages}) == 7
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Unité é0", "Unité é3", "Unité é6"]


def test_a_pdf_without_a_part_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a page"):
        Joiner(io.BytesIO()).close()


@pytest.mark.django_db
def test_the_letter_of_the_office_says_both_ways_it_may_arrive() -> None:
    account = make_account(make_agent("Ana", "Petit", address="3 rue des Lilas, 75015 Paris"))
    with time_machine.travel(date(2026, 11, 27), tick=False):
        [text] = _texts(print_one(account, actor=None, handed_over=False))
    told = " ".join(text.split())
    assert "dans les 7 jours qui suivent la remise" in told and "jusqu’au 26 janvier 2027" in told
    account.refresh_from_db()
    assert account.check_password(_code_in(text))


def _closed(first_name: str, unit: Any, **details: Any) -> Account:
    return open_account(make_agent(first_name, "Petit", unit=unit, **details))


def _write(path: Path, **options: Any) -> None:
    call_command("activation_letters", batch="rentrée", out=path, **options)


@pytest.mark.django_db
def test_a_roll_out_gives_each_agent_a_letter_that_opens_sorted_by_unit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "A_PART", 2)
    parks, schools = make_unit("DEVE", "Espaces verts"), make_unit("DASCO", "Affaires scolaires")
    for name, unit in (("Zoé", parks), ("Ana", parks), ("Léo", schools)):
        _closed(name, unit, birth_date=date(1984, 5, 12))
    Assignment.objects.filter(agent__first_name="Ana").update(valid_to=date(2100, 1, 1))
    known = make_account(make_agent("Paul", "Connu"))
    path = tmp_path / "lettres.pdf"
    _write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and not list(tmp_path.glob("*.part"))
    texts = _texts(path.read_bytes())
    assert [text.split("Petit")[0].split()[-1] for text in texts] == ["Léo", "Ana", "Zoé"]
    assert ["Affaires scolaires" in text for text in texts] == [True, False, False]
    assert ["Espaces verts" in text for text in texts] == [False, True, True]
    assert all("Votre date de naissance vous sera demandée aussi." in text for text in texts)
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Affaires scolaires", "Espaces verts"]
    ana = Account.objects.get(agent__first_name="Ana")
    form = {"login": ana.login, "password": _code_in(texts[1])}
    assert client_on("portal").post("/connexion/", form)["Location"] == "/"
    given = ProvisionalPassword.objects.get(account=ana)
    assert given.batch == "rentrée" and given.handed_over_at is None
    assert given.expires_at - given.made_at == timedelta(days=60)
    assert AuditEvent.objects.filter(event="password.provisional").count() == 3
    known.refresh_from_db()
    assert not known.password_is_provisional


@pytest.mark.django_db
def test_a_second_roll_out_leaves_letters_alone_unless_they_are_made_again(tmp_path: Path) -> None:
    account = _closed("Ana", make_unit("DEVE", "Espaces verts"))
    _write(tmp_path / "un.pdf")
    first = _code_in(_texts((tmp_path / "un.pdf").read_bytes())[0])
    with pytest.raises(CommandError, match="Aucun agent n’attend"):
        _write(tmp_path / "deux.pdf")
    _write(tmp_path / "trois.pdf", again=True)
    second = _code_in(_texts((tmp_path / "trois.pdf").read_bytes())[0])
    account.refresh_from_db()
    assert account.check_password(second) and not account.check_password(first)
    assert ProvisionalPassword.objects.filter(account=account).count() == 1


@pytest.mark.django_db
def test_one_unit_only_and_what_depends_on_it(tmp_path: Path) -> None:
    _closed("Ana", make_unit("DEVE/J15", "Secteur 15"))
    _closed("Léo", make_unit("DASCO", "Affaires scolaires"))
    _write(tmp_path / "un.pdf", unit="DEVE")
    [text] = _texts((tmp_path / "un.pdf").read_bytes())
    assert "Ana Petit" in text


@pytest.mark.django_db
def test_a_roll_out_that_fails_gives_no_code_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = _closed("Ana", make_unit("DEVE", "Espaces verts"))

    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Joiner, "close", full)
    with pytest.raises(CommandError, match="Aucun code n’est donné"):
        _write(tmp_path / "lettres.pdf")
    account.refresh_from_db()
    assert not account.password_is_provisional and not ProvisionalPassword.objects.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_whoever_chose_a_password_meanwhile_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = _closed("Ana", make_unit("DEVE", "Espaces verts"))
    close = Joiner.close

    def meanwhile(joiner: Joiner) -> None:
        account.set_password("Vingt-Petits-Tilleuls-7")
        account.save()
        close(joiner)

    monkeypatch.setattr(Joiner, "close", meanwhile)
    outcome = batches.write_letters(tmp_path / "un.pdf", [account.pk], "essai", processes=1)
    assert (outcome.letters, outcome.overtaken) == (1, 1)
    account.refresh_from_db()
    assert account.check_password("Vingt-Petits-Tilleuls-7") and not account.password_is_provisional


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "said"),
    [({"unit": "INCONNUE"}, "chemin d’aucune unité"), ({"batch": " "}, "de 1 à 80 signes")],
)
def test_a_wrong_option_is_said_in_a_sentence(tmp_path: Path, options: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("activation_letters", **{"batch": "essai", "out": tmp_path / "un.pdf", **options})


@pytest.mark.django_db
def test_a_file_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "un.pdf"
    path.write_text("autre chose")
    with pytest.raises(CommandError, match="existe déjà"):
        _write(path)
    assert path.read_text() == "autre chose"
