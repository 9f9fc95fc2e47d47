"""Mailboxes that others share: what the server grants is shown, used and never overstepped. Quotas beside."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from mailkit.imap import Session
from mailkit.imap.arguments import quoted
from nomade.kernel.testing import count_queries
from nomade.mail import gateway, shared
from nomade.mail.models import OutgoingMessage, OutgoingState
from nomade.mail.testing import Box
from nomade.mail.writing.delivery import deliver

pytestmark = pytest.mark.django_db
LETTER = b"From: usager@dehors.fr\r\nTo: %s\r\nSubject: Un arbre\r\nMessage-ID: <arbre@dehors.fr>\r\n\r\nBonjour\r\n"


@pytest.fixture(scope="session")
def mail_server(dovecot: Any) -> Any:
    """Only Dovecot has rights to grant; what the poorer servers answer is in their contract."""
    return dovecot


@pytest.fixture
def shared_box(make_box: Callable[[], Box], box: Box) -> Callable[[str], str]:
    """`shared_box(rights)`: another mailbox grants them on its inbox, Sent and Trash; the name of its inbox."""

    def share(rights: str) -> str:
        other = make_box()
        login = other.agent.mail_address
        other.receive(LETTER % login.encode())

        def grant(session: Session) -> None:
            for name in ("INBOX", "Sent", "Trash"):
                session.wire.command("SETACL", quoted(name), quoted(box.agent.mail_address), quoted(rights),
                                     answers="SETACL")  # fmt: skip

        other.run(grant)
        # Dovecot looks for new shares once a connection.
        gateway.close_connections()
        return f"shared/{login}"

    return share


def page(box: Box, name: str, folder: str = "", *args: str, **query: str) -> str:
    asked = {"dossier": folder, **query} if folder else query
    answer = box.client.get(reverse(f"mail:{name}", args=args) + (f"?{urlencode(asked)}" if asked else ""))
    assert answer.status_code == 200
    return answer.content.decode()


def keys_of(box: Box, folder: str) -> list[str]:
    def work(session: Session) -> list[str]:
        found = session.page(folder)
        return [f"{found.uidvalidity}-{line.ref.uid}" for line in found.envelopes]

    return box.run(work)  # type: ignore[no-any-return]


def act(box: Box, folder: str, verb: str, key: str, **more: str) -> Any:
    asked = {"action": verb, "choix": key, **more}
    return box.client.post(f"{reverse('mail:act')}?{urlencode({'dossier': folder})}", asked)


def test_a_shared_mailbox_is_shown_apart_and_read(box: Box, shared_box: Callable[[str], str]) -> None:
    folder = shared_box("lrwstipe")
    address = folder.removeprefix("shared/")
    with count_queries(at_most=12):
        shown = page(box, "index")
    assert f"{address}<span" in shown.replace("\n", "")
    inside = page(box, "index", folder)
    assert "Un arbre" in inside
    assert "Vous y lisez, rangez et supprimez comme dans la vôtre." in inside
    assert f"?de={address.replace('@', '%40')}" in inside
    with count_queries(at_most=12):
        opened = page(box, "message", folder, keys_of(box, folder)[0])
    assert "Bonjour" in opened


def test_what_is_deleted_goes_to_the_shared_trash_and_comes_back(box: Box, shared_box: Callable[[str], str]) -> None:
    folder = shared_box("lrwstipe")
    answer = act(box, folder, "supprimer", keys_of(box, folder)[0])
    assert answer.status_code == 303
    assert box.subjects(folder) == []
    assert box.subjects(f"{folder}/Trash") == ["Un arbre"]
    done = re.search(r"fait=([0-9a-f-]{36})", answer["Location"])
    assert done is not None
    assert box.client.post(reverse("mail:undo", args=[done[1]])).status_code == 303
    assert box.subjects(folder) == ["Un arbre"]


@pytest.mark.parametrize("verb", ["supprimer", "archiver", "suivre", "nonlire"])
def test_a_mailbox_shared_for_reading_offers_and_allows_nothing_else(
    box: Box, shared_box: Callable[[str], str], verb: str
) -> None:
    folder = shared_box("lr")
    key = keys_of(box, folder)[0]
    shown = page(box, "message", folder, key)
    assert "Vous pouvez y lire les messages, rien d’autre." in shown
    assert f'id="{verb}"' not in shown
    assert f'id="bulk-{verb}"' not in shown
    assert 'class="mail-line__star"' not in shown
    answer = act(box, folder, verb, key)
    assert answer.status_code == 422
    assert "ne vous donne pas ce droit" in answer.content.decode()
    assert box.subjects(folder) == ["Un arbre"]


def test_a_search_reaches_a_shared_mailbox_by_its_name(box: Box, shared_box: Callable[[str], str]) -> None:
    folder = shared_box("lrws")
    owner = folder.removeprefix("shared/")
    for typed in (owner, owner.partition("@")[0], f"{owner} / boîte de réception"):
        answer = box.client.get(reverse("mail:search"), {"q": f'arbre dans:"{typed}"'})
        assert urlencode({"dossier": folder}) in answer["Location"], typed
    assert (
        urlencode({"dossier": f"{folder}/Sent"})
        in box.client.get(reverse("mail:search"), {"q": f'dans:"{owner} / envoyés"'})["Location"]
    )
    own = box.client.get(reverse("mail:search"), {"q": "dans:envoyés"})["Location"]
    assert "shared" not in own, "one's own come before those of others"


def test_nothing_is_put_where_one_may_only_read(box: Box, shared_box: Callable[[str], str]) -> None:
    folder = shared_box("lr")
    key = box.receive(LETTER % b"moi@paris.fr")[0]
    answer = act(box, "INBOX", "deplacer", key, vers=folder)
    assert answer.status_code == 422
    assert f'value="{folder}"' not in page(box, "index")
    assert box.subjects() == ["Un arbre"]


def test_a_mailbox_that_shares_nothing_is_absent(box: Box, make_box: Callable[[], Box]) -> None:
    other = make_box()
    other.receive(LETTER % b"x@paris.fr")
    address = reverse("mail:index") + "?" + urlencode({"dossier": f"shared/{other.agent.mail_address}"})
    assert box.client.get(address).status_code == 404


def write(box: Box, **more: str) -> OutgoingMessage:
    """Writes and sends, as the page does; the letter as it then is."""
    token = more.pop("token", "6f0e1a5e-8a7c-4b57-9f38-3c9a3d0e7f11")
    form = {"form_token": token, "to": box.agent.mail_address, "subject": "Réponse", "text": "Oui", "faire": "envoyer",
            "revision": "0", **more}  # fmt: skip
    answer = box.client.post(reverse("mail:new"), form)
    assert answer.status_code == 303, answer.content.decode()[-4000:]
    letter = OutgoingMessage.objects.get(agent=box.agent, token=token)
    deliver(letter.pk)
    letter.refresh_from_db()
    return letter


def test_a_letter_leaves_in_the_name_of_the_mailbox_and_is_kept_there(
    box: Box, shared_box: Callable[[str], str]
) -> None:
    folder = shared_box("lrwstipe")
    address = folder.removeprefix("shared/")
    answering = page(box, "reply", folder, keys_of(box, folder)[0])
    assert f'<option value="={address}" selected>' in answering
    assert f"au nom de la boîte partagée {address}" in answering
    assert address not in re.findall(r'name="to"[^>]*value="([^"]*)"', answering)[0]
    letter = write(box, identity=f"={address}")
    assert letter.state == OutgoingState.SENT
    assert box.subjects(f"{folder}/Sent") == ["Réponse"]
    assert box.subjects("Sent") == []

    def source(session: Session) -> bytes:
        return session.source(session.page(f"{folder}/Sent").envelopes[0].ref, limit=4000)

    raw = box.run(source).decode()
    assert re.search(rf"^From: .*<{re.escape(address)}>\r$", raw, re.MULTILINE)
    assert re.search(rf"^Sender: .*<{re.escape(box.agent.mail_address)}>\r$", raw, re.MULTILINE)


@pytest.mark.parametrize("rights", ["lrwstie", "lr"])
def test_without_the_right_to_post_nobody_writes_in_its_name(
    box: Box, shared_box: Callable[[str], str], rights: str
) -> None:
    address = shared_box(rights).removeprefix("shared/")
    assert f'value="={address}"' not in page(box, "new")
    form = {"form_token": "6f0e1a5e-8a7c-4b57-9f38-3c9a3d0e7f12", "to": box.agent.mail_address, "subject": "x",
            "text": "x", "identity": f"={address}", "faire": "envoyer", "revision": "0"}  # fmt: skip
    answer = box.client.post(reverse("mail:new"), form)
    assert answer.status_code == 422
    assert not OutgoingMessage.objects.exclude(state=OutgoingState.DRAFT).exists()


def test_a_right_taken_away_before_the_letter_leaves_stops_it(box: Box, shared_box: Callable[[str], str]) -> None:
    folder = shared_box("lrwstipe")
    address = folder.removeprefix("shared/")
    page(box, "new")
    other = replace(box, agent=type(box.agent).objects.get(login=address))
    other.run(
        lambda session: session.wire.command(
            "DELETEACL", quoted("INBOX"), quoted(box.agent.mail_address), answers="DELETEACL"
        )
    )
    gateway.close_connections()
    letter = write(box, identity=f"={address}")
    assert letter.state == OutgoingState.REFUSED
    assert "le droit d’écrire au nom de" in letter.problem


def test_the_city_may_let_nobody_write_for_a_shared_mailbox(
    box: Box, shared_box: Callable[[str], str], settings: Any
) -> None:
    settings.NOMADE = replace(settings.NOMADE, mail_send_as="never")
    shared_box("lrwstipe")
    assert [found.may_send for found in shared.of(box.agent)] == [False]


def test_a_shared_folder_is_neither_renamed_nor_deleted(box: Box, shared_box: Callable[[str], str]) -> None:
    folder = f"{shared_box('lrwstipekx')}/Sent"
    shown = page(box, "folder", folder)
    assert "supprimer-dossier" not in shown
    assert "renommer-dossier" not in shown
    answer = box.client.post(f"{reverse('mail:folder-act')}?{urlencode({'dossier': folder})}", {"action": "supprimer"})
    assert answer.status_code == 422


def test_the_room_that_is_left_is_shown_and_a_full_mailbox_warns(box: Box, settings: Any) -> None:
    box.receive(LETTER % b"moi@paris.fr")
    quota = box.run(lambda session: (session.folders(), session.quota)[1])
    assert quota is not None
    assert quota.limit == 10 * 1024**3
    assert "sur 10" in page(box, "index")
    assert "presque pleine" not in page(box, "index")

    def filled(session: Session) -> None:
        session.memory.quota = (session.memory.quota[0], replace(quota, used=quota.limit - 1))  # type: ignore[index]

    box.run(filled)
    assert "presque pleine" in page(box, "index")
    assert "Les messages les plus lourds".lower() in page(box, "folders").lower()
