"""Through the pages, on a server with UIDPLUS, MOVE and IDLE and nothing else: each thing works, or is explained."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from mailkit.imap import Session
from mailkit.imap.arguments import quoted
from mailkit.tests.exchange_level import exchange_level
from nomade.accounts.directories import oidc
from nomade.accounts.directories.testing import oidc_provider
from nomade.accounts.models import Account
from nomade.kernel.testing import count_queries
from nomade.mail import gateway
from nomade.mail.factories import letter_form, raw_letter
from nomade.mail.models import Label, OutgoingMessage, OutgoingState
from nomade.mail.testing import Box
from nomade.mail.tests.servers import servers_without_master
from nomade.mail.tests.test_own_keys import BACK, enter_by_directory, of_directory
from nomade.mail.writing.delivery import deliver

LATE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session", params=["exchange"])
def mail_server(request: pytest.FixtureRequest, dovecot: Any) -> Any:
    """This level alone; the same things on the others are beside."""
    with exchange_level(dovecot.imap_port) as port:
        yield replace(dovecot, imap_port=port, sieve_port=0)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def shown(box: Box, query: str = "") -> list[str]:
    found = page(box.client, f"/messagerie/{query}")
    return re.findall(r'class="mail-line__subject">(?:<span[^>]*>[^<]*</span> ?)*([^<]+)</span>', found)


def act(box: Box, verb: str, keys: list[str], query: str = "", **more: str) -> str:
    answer = box.client.post(f"/messagerie/actions/{query}", {"action": verb, "choix": keys, **more})
    assert answer.status_code == 303
    return page(box.client, answer["Location"])


def letters(box: Box, *subjects: str) -> list[str]:
    return box.receive(*[raw_letter(box.agent.login, subject=subject) for subject in subjects])


def test_the_server_is_as_poor_as_it_is_said_to_be(box: Box) -> None:
    able = box.run(lambda session: {name for name in ("SORT", "THREAD", "NAMESPACE", "QUOTA", "ACL", "LIST-STATUS",
                                                      "SPECIAL-USE", "CONDSTORE", "ESEARCH", "UIDPLUS", "MOVE", "IDLE")
                                    if session.wire.has(name)})  # fmt: skip
    assert able == {"UIDPLUS", "MOVE", "IDLE"}


def test_folders_have_their_french_names_and_counts_without_special_use(box: Box) -> None:
    letters(box, "un", "deux")
    with count_queries(12):
        tree = page(box.client, "/messagerie/")
    for name in ("Boîte de réception", "Brouillons", "Envoyés", "Archives", "Indésirables", "Corbeille"):
        assert name in tree
    assert '<span class="mail-tree__count">2' in tree


def test_french_folder_names_are_understood_where_the_server_names_them_so(box: Box) -> None:
    def named(session: Session) -> None:
        for old, new in (("Trash", "Éléments supprimés"), ("Sent", "Éléments envoyés")):
            session.wire.command("RENAME", quoted(old), quoted(_utf7(new)), answers="RENAME")
        session.memory.folders = None

    box.run(named)
    (key,) = letters(box, "à jeter")
    assert "Le message est dans la corbeille." in act(box, "supprimer", [key])
    assert box.subjects("Éléments supprimés") == ["à jeter"]


def _utf7(name: str) -> str:
    return name.replace("É", "&AMk-").replace("é", "&AOk-")


def test_folders_are_made_moved_hidden_emptied_and_deleted(box: Box) -> None:
    letters(box, "un")
    for name, parent in (("Projets", ""), ("Été", "Projets")):
        assert box.client.post("/messagerie/dossiers/", {"name": name, "parent": parent}).status_code == 303
    (inner,) = [name for name in box.run(lambda s: [f.name for f in s.folders()]) if name.endswith("Été")]
    edit = f"/messagerie/dossiers/dossier/?dossier={inner}"
    assert box.client.post(edit, {"name": "Été 2027", "parent": ""}).status_code == 303
    acts = "/messagerie/dossiers/actions/?dossier=Été 2027"
    act(box, "deplacer", box.receive(), vers="Été 2027")
    for verb in ("tout-lire", "masquer", "afficher", "vider", "supprimer"):
        assert box.client.post(acts, {"action": verb}).status_code == 303, verb
    assert box.subjects(box.folder("trash")) == ["un"]
    assert "Été 2027" not in box.run(lambda session: [folder.name for folder in session.folders()])


@pytest.mark.parametrize(
    ("order", "first"), [("objet&sens=1", "a"), ("taille", "b"), ("date", "c"), ("de&sens=1", "c")]
)
def test_a_list_is_sorted_without_sort(box: Box, order: str, first: str) -> None:
    box.receive(raw_letter(box.agent.login, subject="a", text="court"))
    box.receive(raw_letter(box.agent.login, subject="b", text="long " * 900))
    box.receive(raw_letter(box.agent.login, subject="c", text="x" * 9, sender="aaa@paris.fr", sent_at=LATE))
    assert shown(box, f"?tri={order}")[0] == first


def test_conversations_are_made_without_thread_with_ones_own_answers(box: Box) -> None:
    def work(session: Session) -> None:
        parent = ""
        for number, folder in ((1, "INBOX"), (2, "Sent"), (3, "INBOX")):
            head = f"From: a@b.fr\r\nSubject: fil {number}\r\nMessage-ID: <f{number}@x>\r\n{parent}\r\ntexte\r\n"
            session.append(folder, head.encode(), flags=())
            parent = f"In-Reply-To: <f{number}@x>\r\nReferences: <f1@x> <f{number}@x>\r\n"

    box.run(work)
    assert shown(box, "?fil=1") == ["fil 3"]
    key = box.receive()[0]
    assert page(box.client, f"/messagerie/message/{key}/conversation/").count("fil ") >= 3


def test_quick_filters_and_a_search_without_accents_work(box: Box) -> None:
    keys = letters(box, "Réunion d’été", "Congés")
    act(box, "suivre", keys[:1])
    act(box, "lire", keys[1:])
    assert shown(box, "?filtre=suivis") == ["Congés"]
    assert shown(box, "?filtre=nonlus") == ["Congés"]
    assert shown(box, "?q=reunion+ete") == ["Réunion d’été"]
    found = page(box.client, "/messagerie/recherche/?q=texte%3Abonjour+dans%3Atout")
    assert "Recherche terminée" in found
    assert found.count("mail-line__link") == 2


def test_what_was_done_to_many_is_undone(box: Box) -> None:
    letters(box, *[f"lot {number}" for number in range(55)], "autre")
    done = act(box, "archiver", [], "?q=objet%3Alot", tout="1")
    assert "55 messages sont archivés." in done
    (undo,) = re.findall(r'action="(/messagerie/actions/[0-9a-f-]+/annuler/)', done)
    assert "C’est annulé" in box.client.post(undo, follow=True).content.decode()
    assert box.run(lambda session: session.select("INBOX").exists) == 56


def test_labels_are_explained_where_no_keyword_is_kept(box: Box) -> None:
    (key,) = letters(box, "un")
    Label.objects.create(agent=box.agent, keyword="a_traiter", name="À traiter")
    answer = box.client.post("/messagerie/actions/", {"action": "etiqueter", "etiquette": "a_traiter", "choix": key})
    assert answer.status_code == 422
    assert "il ne garde pas les étiquettes" in answer.content.decode()
    assert box.subjects() == ["un"]


def test_spam_is_moved_though_nothing_can_be_written_on_it(box: Box) -> None:
    keys = letters(box, "Gagnez un jambon")
    act(box, "indesirable", keys)
    junk = box.folder("junk")
    assert box.subjects(junk) == ["Gagnez un jambon"]
    act(box, "legitime", box.receive(folder=junk), f"?dossier={junk}")
    assert box.subjects() == ["Gagnez un jambon"]


def test_room_and_shared_mailboxes_are_explained(box: Box) -> None:
    found = page(box.client, "/messagerie/dossiers/")
    assert "ne dit pas la place qu’il vous donne" in found
    assert "Personne ne partage de boîte avec vous sur ce serveur, ou il ne le dit pas" in found
    assert "mail-room" not in page(box.client, "/messagerie/")


@pytest.mark.parametrize(
    ("address", "words"),
    [("regles", "Pas de règles sur ce serveur"), ("absence", "Pas de réponse automatique sur ce serveur")],
)
def test_rules_and_absence_are_explained_without_managesieve(box: Box, address: str, words: str) -> None:
    assert words in page(box.client, f"/messagerie/{address}/")


def test_a_letter_is_kept_sent_and_found_in_sent(box: Box, make_box: Callable[[], Box]) -> None:
    other = make_box()
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login, subject="Par Exchange"))
    letter = OutgoingMessage.objects.get(agent=box.agent)
    deliver(letter.pk)
    letter.refresh_from_db()
    assert letter.state == OutgoingState.SENT
    assert (other.subjects(), box.subjects(box.folder("sent"))) == (["Par Exchange"], ["Par Exchange"])


def test_the_same_server_opens_with_a_token_in_xoauth2(box: Box, settings: Any) -> None:
    """Exchange takes nothing else; the servers of `test_own_keys` check the token with whoever issued it."""
    account = Account.objects.get(agent=box.agent)
    gateway.close_connections()
    oidc.forget()
    with (
        oidc_provider(BACK) as issuer,
        servers_without_master(issuer) as servers,
        exchange_level(servers.settings.imap_port, auth=b"XOAUTH2") as port,
    ):
        settings.NOMADE = replace(
            settings.NOMADE, imap_url=f"imap://127.0.0.1:{port}", smtp_url=servers.settings.smtp_url,
            mail_auth="xoauth2", mail_master_password="", **of_directory(issuer),
        )  # fmt: skip
        client = enter_by_directory(account)
        assert "Boîte de réception" in page(client, "/messagerie/")
        gateway.close_connections()
    oidc.forget()
