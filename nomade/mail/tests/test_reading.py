"""Reading, through the pages, on both servers."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from mailkit.mime.addresses import Address
from mailkit.mime.compose import Attachment
from nomade.accounts.testing import client_on
from nomade.directory.actions.lines import refresh
from nomade.kernel.clock import now
from nomade.kernel.hosts import URLCONFS
from nomade.kernel.testing import count_queries
from nomade.mail import gateway, links
from nomade.mail.access import reference
from nomade.mail.factories import raw_html, raw_letter
from nomade.mail.models import ReadingSettings
from nomade.mail.testing import Box
from nomade.people.factories import make_agent

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings as SettingsWrapper

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


def content_path(url: str) -> str:
    """The path of an address of the content host."""
    return re.sub(r"^https://[^/]+", "", url)


def frame_of(page: str) -> str:
    found = re.search(r'<iframe[^>]+src="([^"]+)"', page)
    assert found, "no frame in the page"
    return html.unescape(found[1])


def test_the_inbox_shows_folders_counts_and_messages(box: Box) -> None:
    box.receive(raw_letter(box.agent.login), raw_letter(box.agent.login, subject="Le plus récent"))
    response = box.client.get("/messagerie/")
    page = response.content.decode()
    assert response.status_code == 200
    assert page.index("Le plus récent") < page.index("Plan de charge « été »")
    assert "Boîte de réception" in page
    assert "Mehdi Benali" in page
    assert '<span class="mail-tree__count">2' in page


def test_the_webmail_host_opens_straight_on_the_mail(box: Box) -> None:
    box.receive(raw_letter(box.agent.login))
    page = box.webmail.get("/").content.decode()
    assert "Plan de charge" in page
    assert 'href="/nouveau/"' in page


def test_a_page_of_mail_asks_the_database_little(box: Box) -> None:
    key = box.receive(*[raw_letter(box.agent.login, subject=f"n° {n}") for n in range(30)])[0]
    with count_queries(12):
        assert box.client.get("/messagerie/").status_code == 200
    with count_queries(12):
        assert box.client.get(f"/messagerie/message/{key}/").status_code == 200


def test_opening_a_message_marks_it_as_read_and_shows_its_text_escaped(box: Box) -> None:
    (key,) = box.receive(raw_letter(box.agent.login))
    page = box.client.get(f"/messagerie/message/{key}/").content.decode()
    assert "&lt;b&gt;ici&lt;/b&gt;" in page
    assert '<a href="https://paris.fr/plan" target="_blank" rel="noopener noreferrer nofollow">' in page
    assert "<iframe" not in page
    assert box.run(lambda session: session.page("INBOX").envelopes[0].seen)
    box.client.post(f"/messagerie/message/{key}/non-lu/")
    assert not box.run(lambda session: session.page("INBOX").envelopes[0].seen)


def test_colleagues_named_by_a_message_lead_to_their_page_of_the_directory(box: Box) -> None:
    colleague, other = make_agent(), make_agent()
    refresh()
    letter = raw_letter(
        box.agent.login, sender=colleague.login, cc=(Address("", other.login.upper()), Address("Ami", "ami@exemple.fr"))
    )
    (key,) = box.receive(letter)
    for client, path in ((box.client, f"/messagerie/message/{key}/"), (box.webmail, f"/message/{key}/")):
        page = client.get(path).content.decode()
        for agent in (colleague, other, box.agent):
            assert re.search(rf'<a href="https://[^"/]+/annuaire/personne/{agent.pk}/"', page)
        assert "ami@exemple.fr" in page
        assert page.count("/annuaire/personne/") == 3


def test_htmx_gets_the_panes_alone(box: Box) -> None:
    (key,) = box.receive(raw_letter(box.agent.login))
    page = box.client.get(f"/messagerie/message/{key}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'id="mail"' in page
    assert "Plan de charge" in page


def test_html_is_shown_only_in_a_sandboxed_frame_of_the_content_host(box: Box) -> None:
    (key,) = box.receive(
        raw_html('<p onclick="x()">Bonjour <script>alert(1)</script><img src="https://spy.test/x"></p>')
    )
    page = box.client.get(f"/messagerie/message/{key}/").content.decode()
    assert "alert(1)" not in page
    assert "spy.test" not in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    address = frame_of(page)
    assert address.startswith(f"https://{django_settings.NOMADE.content_host}")
    response = client_on("content").get(content_path(address))
    body = response.content.decode()
    assert response.status_code == 200
    assert "Bonjour" in body
    assert "alert(1)" not in body
    assert "spy.test" not in body
    assert "onclick" not in body
    assert "1 image distante n’a pas été chargée" in body
    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "script" not in policy
    assert "allow-same-origin" not in policy
    assert f"frame-ancestors https://{django_settings.NOMADE.portal_host}" in policy
    assert "X-Frame-Options" not in response
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


def test_a_picture_of_the_message_is_served_from_the_content_host_and_nothing_else_is(box: Box) -> None:
    (key,) = box.receive(raw_html('<img src="cid:logo@x"><img src="cid:absent@x">', picture=PNG))
    body = (
        client_on("content")
        .get(content_path(frame_of(box.client.get(f"/messagerie/message/{key}/").content.decode())))
        .content.decode()
    )
    (address,) = re.findall(r'src="([^"]+)"', body)
    response = client_on("content").get(content_path(html.unescape(address)))
    assert response.content == PNG
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_attachment_is_saved_from_the_content_host_and_never_shown(box: Box) -> None:
    content = bytes(range(256)) * 6000
    files = (Attachment("été 2026.pdf", "application/pdf", content), Attachment("page.html", "text/html", b"<script>"))
    (key,) = box.receive(raw_letter(box.agent.login, attachments=files))
    page = box.client.get(f"/messagerie/message/{key}/").content.decode()
    assert "été 2026.pdf" in page
    for section, expected in (("2", content), ("3", b"<script>")):
        redirect = box.client.get(f"/messagerie/message/{key}/piece/{section}/")
        assert redirect.status_code == 302
        response = client_on("content").get(content_path(redirect["Location"]))
        assert b"".join(response.streaming_content) == expected  # type: ignore[attr-defined]
        assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
    assert box.client.get(f"/messagerie/message/{key}/piece/9/").status_code == 404


def test_an_address_of_the_content_host_is_of_one_kind_one_time_and_one_person(box: Box) -> None:
    (key,) = box.receive(raw_html("<p>secret</p>"))
    ref = reference("INBOX", key)
    content = client_on("content")
    good = content_path(links.address("body", box.agent, ref))
    assert content.get(good).status_code == 200
    assert content.get(good + "x").status_code == 404
    assert content.get(good.replace("/message/", "/piece/")).status_code == 404
    token = good.rsplit("/", 1)[-1]
    assert content.get(f"/courrier/message/{'A' if token[0] != 'A' else 'B'}{token[1:]}").status_code == 404
    assert content.get("/courrier/message/court").status_code == 404
    assert b"INBOX" not in base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), "a folder is not for logs"
    assert box.client.get(good).status_code == 404, "the portal host does not serve bodies"


def test_an_old_address_of_the_content_host_opens_nothing(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = box.receive(raw_html("<p>secret</p>"))
    address = content_path(links.address("body", box.agent, reference("INBOX", key)))
    monkeypatch.setattr(links, "now", lambda: now() + timedelta(hours=1))
    assert client_on("content").get(address).status_code == 404


def test_an_address_opens_nothing_once_the_mailbox_is_closed(box: Box) -> None:
    (key,) = box.receive(raw_html("<p>secret</p>"))
    address = content_path(links.address("body", box.agent, reference("INBOX", key)))
    box.agent.has_mailbox = False
    box.agent.save()
    assert client_on("content").get(address).status_code == 404


def test_a_stranger_cannot_read_another_agents_message(box: Box, make_box: Callable[[], Box]) -> None:
    (key,) = box.receive(raw_letter(box.agent.login))
    stranger = make_box()
    stranger.receive(raw_letter(stranger.agent.login, subject="À moi"))
    assert "Plan de charge" not in stranger.client.get("/messagerie/").content.decode()
    for path in ("", "repondre/", "transferer/", "piece/2/"):
        response = stranger.client.get(f"/messagerie/message/{key}/{path}")
        assert response.status_code == 404 or "Plan de charge" not in response.content.decode()
    if reference("INBOX", key).uidvalidity != stranger.run(lambda session: session.select("INBOX").uidvalidity):
        assert stranger.client.post(f"/messagerie/message/{key}/supprimer/").status_code == 404
    assert box.subjects() == ["Plan de charge « été »"]


@pytest.mark.parametrize(
    "path",
    [
        "?dossier=Absent",
        "?dossier=INBOX%0D%0AA1%20LOGOUT",
        "?dossier=%00",
        "message/1-999999/",
        "message/abc/",
        "message/1-0/",
        "message/99999999999-1/",
    ],
)
def test_what_does_not_exist_and_what_is_no_name_are_the_same_404(box: Box, path: str) -> None:
    assert box.client.get(f"/messagerie/{path}").status_code == 404


def test_who_wished_it_is_asked_before_anything_goes_for_good(box: Box) -> None:
    ReadingSettings.objects.create(agent=box.agent, confirm_delete=True)
    (key,) = box.receive(raw_letter(box.agent.login))
    asked = {"action": "supprimer"}
    # To the trash without a question: that can be undone.
    assert box.client.post("/messagerie/actions/", asked | {"choix": key}).status_code == 303
    trash = box.folder("trash")
    (key,) = box.receive(folder=trash)
    inside = f"/messagerie/actions/?dossier={trash}"
    page = box.client.post(inside, asked | {"choix": key}).content.decode()
    assert "Supprimer définitivement ce message" in page
    assert f'name="choix" value="{key}"' in page
    alone = box.client.post(f"/messagerie/message/{key}/supprimer/?dossier={trash}").content.decode()
    assert f'name="choix" value="{key}"' in alone
    emptied = box.client.post(f"/messagerie/dossiers/actions/?dossier={trash}", {"action": "vider"}).content.decode()
    assert "Vider ce dossier définitivement" in emptied
    assert len(box.subjects(trash)) == 1
    assert box.client.post(inside, asked | {"choix": key, "accord": "1"}).status_code == 303
    assert box.subjects(trash) == []


def test_delete_moves_to_the_trash_then_deletes_for_good(box: Box) -> None:
    (key,) = box.receive(raw_letter(box.agent.login))
    assert box.client.get(f"/messagerie/message/{key}/supprimer/").status_code == 405
    response = box.client.post(f"/messagerie/message/{key}/supprimer/", follow=True)
    assert "Le message est dans la corbeille." in response.content.decode()
    trash = box.folder("trash")
    assert box.subjects() == []
    assert box.subjects(trash) == ["Plan de charge « été »"]
    (key,) = box.receive(folder=trash)
    page = box.client.post(f"/messagerie/message/{key}/supprimer/?dossier={trash}", follow=True).content.decode()
    assert "supprimé définitivement" in page
    assert "mail-annuler" not in page, "this cannot be undone"
    assert box.subjects(trash) == []


def test_pages_of_a_long_folder_lead_to_one_another(box: Box) -> None:
    box.receive(*[raw_letter(box.agent.login, subject=f"numéro {n:03}") for n in range(1, 54)])
    first = box.client.get("/messagerie/").content.decode()
    assert "numéro 053" in first
    assert "numéro 003" not in first
    assert "?page=2" in first
    second = box.client.get("/messagerie/?page=2").content.decode()
    assert "numéro 003" in second
    assert box.client.get("/messagerie/?page=zz").status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n",
        b"Subject: \xff\xfe\xe9\r\nFrom: <<>>,,\"\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed; boundary=absent\r\n\r\nrien",
        b"Content-Type: text/html; charset=idna\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n",
        b"Content-Type: a/b/c; name=\r\nContent-Disposition: ;;=\r\n\r\nx\r\n",
        b"From: =?utf-8?q?=3Cscript=3E?= <a@b.fr>\r\nSubject: <script>alert(1)</script>\r\n\r\nx\r\n",
    ],
    ids=["empty", "bytes", "boundary", "charset", "type", "markup"],
)  # fmt: skip
def test_a_malformed_message_is_shown_and_never_an_error(box: Box, raw: bytes) -> None:
    (key,) = box.receive(raw)
    for path in ("", f"message/{key}/", f"message/{key}/repondre/", f"message/{key}/transferer/"):
        response = box.client.get(f"/messagerie/{path}")
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()


# --- Without a mailbox, without a server ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_for_an_agent_without_mailbox_the_mail_does_not_exist(signed_in: Callable[..., Client]) -> None:
    client = signed_in(make_agent(has_mailbox=False))
    for path in ("", "nouveau/", "envois/", "message/1-1/"):
        assert client.get(f"/messagerie/{path}").status_code == 404
    assert "Messagerie" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_without_a_session_nothing_is_shown(client: Client) -> None:
    for host in ("portal", "webmail"):
        path = reverse("mail:index", urlconf=URLCONFS[host])
        assert client_on(host).get(path).status_code in (302, 303)


@pytest.mark.django_db
def test_a_mail_server_that_is_down_is_said_and_the_portal_lives(
    signed_in: Callable[..., Client], settings: SettingsWrapper
) -> None:
    settings.NOMADE = replace(settings.NOMADE, imap_url="imap://127.0.0.1:9", smtp_url="smtp://127.0.0.1:9")
    gateway.close_connections()
    client = signed_in(make_agent())
    for _ in range(4):
        response = client.get("/messagerie/")
        assert response.status_code == 503
        assert "La messagerie ne répond pas pour le moment" in response.content.decode()
    assert gateway.breaker_of("imap://127.0.0.1:9").is_open
    assert "Vos messages sont en sécurité ; le reste du portail fonctionne." in client.get("/").content.decode()
    assert client.get("/messagerie/nouveau/").status_code == 200
    gateway.close_connections()


@pytest.mark.django_db
def test_the_menu_of_a_public_page_shows_the_mail_to_whom_has_one(signed_in: Callable[..., Client]) -> None:
    with_mail, without = make_agent(has_mailbox=True), make_agent(has_mailbox=False)
    assert b'href="/messagerie/"' in signed_in(with_mail).get("/accessibilite/").content
    assert b'href="/messagerie/"' not in signed_in(without).get("/accessibilite/").content
