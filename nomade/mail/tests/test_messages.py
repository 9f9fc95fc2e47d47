"""Around one message: files, previews, invitations, receipts, warnings, conversations."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile

from mailkit.errors import MailError
from mailkit.imap import Session
from mailkit.mime.addresses import Address
from mailkit.mime.compose import Attachment
from nomade.accounts.testing import client_on
from nomade.kernel.clock import now
from nomade.kernel.testing import count_queries
from nomade.mail.factories import raw_html, raw_letter
from nomade.mail.models import Answered, TrustedSender
from nomade.mail.reading import answers, warnings
from nomade.mail.testing import Box
from nomade.mail.tests.test_reading import content_path, frame_of

INVITATION = """\
BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Romance Standard Time
END:VTIMEZONE
BEGIN:VEVENT
UID:abc@x
SEQUENCE:2
SUMMARY:Réunion <script>alert(1)</script>
LOCATION:Salle 3\\, 2e étage
DTSTART;TZID=Romance Standard Time:20261201T090000
DTEND;TZID=Romance Standard Time:20261201T100000
ORGANIZER;CN="Marie":mailto:marie@x.fr
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:moi@paris.fr
BEGIN:VALARM
SUMMARY:autre
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def raw_invitation(text: str = INVITATION) -> bytes:
    return (
        "From: Marie <marie@x.fr>\r\nSubject: Invitation\r\nMIME-Version: 1.0\r\nMessage-ID: <inv@x>\r\n"
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nVenez\r\n'
        "--b\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + text.replace("\n", "\r\n")
        + "\r\n--b--\r\n"
    ).encode()


def opened(box: Box, key: str, query: str = "") -> str:
    return html.unescape(box.client.get(f"/messagerie/message/{key}/{query}").content.decode())


def from_content(box: Box, path: str) -> bytes:
    redirect = box.client.get(path)
    assert redirect.status_code == 302
    response = client_on("content").get(content_path(redirect["Location"]))
    assert response.status_code == 200
    assert "sandbox" in response["Content-Security-Policy"]
    return response.getvalue()


def test_every_attachment_is_saved_at_once_under_distinct_names(box: Box) -> None:
    files = tuple(
        Attachment(name, "application/octet-stream", body) for name, body in (("a.txt", b"1"), ("A.txt", b"22"))
    )
    (key,) = box.receive(raw_letter(box.agent.login, attachments=files))
    with zipfile.ZipFile(io.BytesIO(from_content(box, f"/messagerie/message/{key}/fichier/pieces/"))) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {"a.txt": b"1", "A (2).txt": b"22"}


def test_a_message_is_saved_whole_printed_shown_as_source_and_brought_in(box: Box) -> None:
    raw = raw_letter(box.agent.login, subject="Été <b>")
    (key,) = box.receive(raw)
    saved = from_content(box, f"/messagerie/message/{key}/fichier/eml/")
    assert saved.replace(b"\r\n", b"\n") == raw.replace(b"\r\n", b"\n")
    printed = from_content(box, f"/messagerie/message/{key}/fichier/imprimer/").decode()
    assert "<b>ici" not in printed
    assert "Été &lt;b&gt;" in printed
    source = box.client.get(f"/messagerie/message/{key}/source/").content.decode()
    assert "Message-ID: &lt;" in source
    assert box.client.get(f"/messagerie/message/{key}/fichier/autre/").status_code == 404
    upload = io.BytesIO(saved)
    upload.name = "a.eml"
    assert box.client.post("/messagerie/dossiers/importer/?dossier=INBOX", {"messages": upload}).status_code == 303
    assert box.subjects() == ["Été <b>", "Été <b>"]
    bad = io.BytesIO(b"\x00\x01pas un message")
    bad.name = "b.eml"
    assert box.client.post("/messagerie/dossiers/importer/?dossier=INBOX", {"messages": bad}).status_code == 422
    assert box.client.post("/messagerie/dossiers/importer/?dossier=INBOX").status_code == 422


def test_remote_pictures_are_shown_once_or_always_by_choice(box: Box) -> None:
    (key,) = box.receive(
        raw_html('<p>a</p><img src="https://images.paris-infos.fr/x.png"><img src="https://10.0.0.1/y">')
    )
    page = opened(box, key)
    assert "Les afficher cette fois" in page
    content = client_on("content")
    assert "images.paris-infos.fr" not in content.get(content_path(frame_of(page))).content.decode()
    once = content.get(content_path(frame_of(opened(box, key, "?images=1"))))
    assert 'src="https://images.paris-infos.fr/x.png"' in once.content.decode()
    assert "10.0.0.1" not in once.content.decode(), "no message reaches an inner server"
    assert "img-src 'self' data: https:" in once["Content-Security-Policy"]
    assert "Les afficher cette fois" in opened(box, key)
    assert box.client.post(f"/messagerie/message/{key}/images/").status_code == 303
    assert box.client.post(f"/messagerie/message/{key}/images/").status_code == 303, "twice is once"
    assert "/message-et-images/" in frame_of(opened(box, key))
    row = TrustedSender.objects.get(agent=box.agent)
    assert "@" in row.email
    assert row.email not in row.digest
    assert box.client.post(f"/messagerie/reglages/images/{row.pk}/bloquer/").status_code == 303
    assert "Les afficher cette fois" in opened(box, key)


def test_an_invitation_is_read_and_answered_to_its_organiser_alone(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[tuple[str, ...], bytes]] = []
    monkeypatch.setattr(
        "nomade.mail.gateway.hand_over", lambda _agent, *, recipients, message: sent.append((recipients, message))
    )
    (key,) = box.receive(raw_invitation())
    raw_page = box.client.get(f"/messagerie/message/{key}/").content.decode()
    assert "<script>alert" not in raw_page
    page = html.unescape(raw_page)
    assert "Salle 3, 2e étage" in page
    assert "décembre 2026 à 9\u00a0h\u00a000 – 10\u00a0h\u00a000<" in page
    assert box.client.post(f"/messagerie/message/{key}/invitation/", {"reponse": "x"}).status_code == 422
    assert box.client.post(f"/messagerie/message/{key}/invitation/", {"reponse": "accepter"}).status_code == 303
    ((recipients, raw),) = sent
    assert recipients == ("marie@x.fr",)
    parts = {part.get_content_type(): part for part in message_from_bytes(raw).walk()}
    calendar = parts["text/calendar"].get_payload(decode=True)
    assert isinstance(calendar, bytes)
    assert parts["text/calendar"].get_param("method") == "REPLY"
    text = calendar.decode().replace("\r\n ", "")
    assert "PARTSTAT=ACCEPTED" in text
    assert f"mailto:{box.agent.mail_address}" in text
    assert "DTSTART:20261201T080000Z" in text
    again = box.client.post(f"/messagerie/message/{key}/invitation/", {"reponse": "accepter"})
    page = opened(box, key)
    assert "Vous avez répondu : accepté." in page
    assert 'value="refuser"' in page
    assert 'value="accepter"' not in page
    assert (again.status_code, len(sent)) == (422, 1)
    assert box.client.post(f"/messagerie/message/{key}/invitation/", {"reponse": "refuser"}).status_code == 303
    assert "Vous avez répondu : refusé." in opened(box, key)
    (other,) = box.receive(raw_letter(box.agent.login))[:1]
    assert box.client.post(f"/messagerie/message/{other}/invitation/", {"reponse": "accepter"}).status_code == 422


def test_what_was_answered_is_known_of_that_message_alone_and_for_a_time(
    box: Box, make_box: Callable[[], Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nomade.mail.gateway.hand_over", lambda *_, **__: None)
    other = make_box()
    (key,) = box.receive(raw_invitation())
    assert box.client.post(f"/messagerie/message/{key}/invitation/", {"reponse": "peut-etre"}).status_code == 303
    (same,) = other.receive(raw_invitation())
    assert "Vous avez répondu" not in opened(other, same), "a colleague who was invited too"
    (next_one,) = set(box.receive(raw_invitation().replace(b"<inv@x>", b"<inv-2@x>"))) - {key}
    assert "Vous avez répondu" not in opened(box, next_one), "an invitation that was changed is another one"
    assert answers.purge() == 0
    Answered.objects.update(answered_at=now() - timedelta(days=401))
    assert answers.purge() == 1


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (MailError("uncertain", "cut after DATA", broken=True), 503, "Demandez à marie@x.fr s’il l’a reçue avant de"),
        (MailError("recipients_refused", "550 5.1.1 Inconnue"), 422, "a refusé votre réponse. Il a dit : 550 5.1.1"),
        (MailError("recipients_refused", "451 4.2.1 Plus tard", retry=True), 503, "Réessayez"),
    ],
)
def test_an_answer_that_did_not_surely_leave_is_told_as_such(
    box: Box, monkeypatch: pytest.MonkeyPatch, error: MailError, status: int, words: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    (key,) = box.receive(raw_invitation())
    with monkeypatch.context() as patch:
        patch.setattr("nomade.mail.gateway.hand_over", fails)
        response = box.client.post(f"/messagerie/message/{key}/invitation/", {"reponse": "accepter"})
    assert response.status_code == status
    assert words in html.unescape(response.content.decode())
    assert "Vous avez répondu" not in opened(box, key)


def test_a_receipt_leaves_only_when_the_reader_says_so(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []
    monkeypatch.setattr("nomade.mail.gateway.hand_over", lambda _agent, *, recipients, message: sent.append(message))
    raw = raw_letter(box.agent.login).replace(b"Subject:", b"Disposition-Notification-To: chef@x.fr\r\nSubject:", 1)
    (key,) = box.receive(raw)
    assert "accusé de lecture" in opened(box, key)
    assert sent == []
    assert box.client.post(f"/messagerie/message/{key}/accuse/").status_code == 303
    assert b"disposition-notification" in sent[0]
    assert b"displayed" in sent[0]
    assert box.client.post(f"/messagerie/message/{key}/accuse/").status_code == 422, "pressed twice"
    assert len(sent) == 1
    assert "demande un accusé" not in opened(box, key)
    box.client.post("/messagerie/reglages/", {"pane": "right", "density": "roomy", "receipts": "never"})
    assert "demande un accusé" not in opened(box, key)
    assert box.client.post(f"/messagerie/message/{key}/accuse/").status_code == 422


@pytest.mark.parametrize(
    ("sender", "answer_to", "said", "offered"),
    [
        ("Nomade <ne-pas-repondre@paris.fr>", "", "Message automatique du portail", False),
        ("Nomade <ne-pas-repondre@paris.fr>", "rh@paris.fr", "", True),
        ("Caisse <No-Reply@caisse.fr>", "", "cette adresse ne lit pas les réponses", True),
        ("Noreen <noreen@paris.fr>", "", "", True),
    ],
)
def test_an_answer_that_nobody_would_read_is_told_before_one_writes(
    box: Box, sender: str, answer_to: str, said: str, offered: bool
) -> None:
    raw = re.sub(rb"From: .*\r?\n", f"From: {sender}\r\n".encode(), raw_letter(box.agent.login), count=1)
    if answer_to:
        raw = raw.replace(b"Subject:", f"Reply-To: {answer_to}\r\nSubject:".encode(), 1)
    (key,) = box.receive(raw)
    page = opened(box, key)
    assert ('id="repondre"' in page) is offered
    assert 'id="transferer"' in page
    assert ("réponses" in page) is bool(said)
    assert said in page


def test_a_newsletter_tells_how_to_leave_it(box: Box) -> None:
    for header, expected in (
        ("<mailto:out@list.fr?subject=stop>", "/messagerie/nouveau/?a=out%40list.fr&objet=stop"),
        ("<https://list.fr/out?u=1>", 'href="https://list.fr/out?u=1" target="_blank"'),
        ("<javascript:alert(1)>", ""),
    ):
        raw = raw_letter(box.agent.login).replace(b"Subject:", f"List-Unsubscribe: {header}\r\nSubject:".encode(), 1)
        page = opened(box, box.receive(raw)[0])
        assert ("se désabonner" in page) == bool(expected)
        assert expected in page


def test_a_signed_newsletter_is_left_by_the_browser_alone_in_one_request(box: Box, make_box: Callable[[], Box]) -> None:
    one_click = (
        b"List-Unsubscribe: <https://list.fr/out?u=1&v=%22>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    )
    raw = raw_letter(box.agent.login).replace(b"Subject:", one_click + b"Subject:", 1)
    own = django_settings.NOMADE.mail_domain
    signed = f"Authentication-Results: {own}; spf=pass; dkim=pass header.d=list.fr\r\n".encode() + raw
    page = opened(box, box.receive(raw)[0])
    assert 'href="https://list.fr/out' in page, "unsigned: an ordinary link"
    for told in ("elsewhere.fr; dkim=pass", f"{own}; dkim=fail (dkim=pass)", f'{own}; dkim=fail reason="; dkim=pass"',
                 f"{own}; dkim=none\r\nAuthentication-Results: {own}; dkim=pass"):  # fmt: skip
        page = opened(box, box.receive(f"Authentication-Results: {told}\r\n".encode() + raw)[0])
        assert "/desabonnement/" not in page, told
    page = opened(box, box.receive(signed)[0])
    found = re.search(r'href="(https://contenu[^"]*/desabonnement/[^"]+)"', page)
    assert found is not None
    answer = client_on("content").get(urlsplit(found[1]).path)
    words = answer.content.decode()
    assert '<form method="post" action="https://list.fr/out?u=1&amp;v=' in words
    assert 'name="List-Unsubscribe" value="One-Click"' in words
    policy = answer["Content-Security-Policy"]
    assert "form-action https://list.fr;" in policy
    assert "default-src 'none'" in policy
    assert answer["Referrer-Policy"] == "no-referrer"
    assert client_on("content").get(urlsplit(found[1]).path[:-4] + "AAAA").status_code == 404


def test_a_conversation_shows_ones_own_answers(box: Box) -> None:
    (key,) = box.receive(raw_letter(box.agent.login, subject="Question", message_id="<q@x.fr>"))

    def work(session: Session) -> None:
        thread: dict[str, Any] = {"in_reply_to": "<q@x.fr>", "references": ("<q@x.fr>",)}
        mine = raw_letter("mehdi@x.fr", sender=box.agent.mail_address, subject="Re: Question", **thread)
        session.append(session.folder_of("sent").name, mine)

    box.run(work)
    with count_queries(12):
        part = box.client.get(
            f"/messagerie/message/{key}/conversation/", headers={"HX-Request": "true"}
        ).content.decode()
    assert "<html" not in part
    assert "2 messages" in part
    assert "Moi" in part


def test_a_pdf_is_shown_as_pictures_and_a_false_one_is_not(box: Box) -> None:
    import pikepdf

    document = pikepdf.new()
    for _ in range(2):
        document.add_blank_page(page_size=(200, 300))
    out = io.BytesIO()
    document.save(out)
    files = (
        Attachment("a.pdf", "application/pdf", out.getvalue()),
        Attachment("b.pdf", "application/pdf", b"%PDF-1.4 faux"),
    )
    (key,) = box.receive(raw_letter(box.agent.login, attachments=files))
    page = html.unescape(box.client.get(f"/messagerie/message/{key}/apercu/2/").content.decode())
    addresses = re.findall(r'<img src="([^"]+)"', page)
    assert len(addresses) == 2
    drawn = client_on("content").get(content_path(addresses[0]))
    assert drawn.content.startswith(b"\x89PNG")
    assert drawn["Content-Type"] == "image/png"
    false = box.client.get(f"/messagerie/message/{key}/apercu/3/").content.decode()
    assert "sans risque" in false
    assert box.client.get(f"/messagerie/message/{key}/apercu/1/").status_code == 404


def test_a_message_that_cannot_be_understood_is_shown_as_source(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = box.receive(raw_letter(box.agent.login, subject="Étrange"))

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RecursionError

    monkeypatch.setattr("mailkit.imap.session.outline", broken)
    response = box.client.get(f"/messagerie/message/{key}/")
    assert response.status_code == 200
    assert "mis en forme" in response.content.decode()
    assert "Message-ID" in response.content.decode()


def test_nobody_reaches_the_surroundings_of_somebody_elses_message(box: Box, make_box: Callable[[], Box]) -> None:
    box.receive(raw_letter(box.agent.login))
    (key,) = box.receive(raw_invitation())[:1]
    stranger = make_box()
    for path in ("conversation/", "source/", "fichier/eml/", "apercu/2/"):
        assert stranger.client.get(f"/messagerie/message/{key}/{path}").status_code == 404, path
    for path in ("images/", "accuse/", "invitation/"):
        assert stranger.client.post(f"/messagerie/message/{key}/{path}").status_code == 404, path


@pytest.mark.parametrize(
    ("domain", "trap"),
    [
        ("paris.fr", False),
        ("mairie.paris.fr", False),
        ("par1s.fr", True),
        ("paris.fr.evil.com", True),
        ("paris-fr.com", True),
        ("xn--pris-53d.fr", True),
        ("parris.fr", True),
        ("pairs.fr", True),
        ("lyon.fr", False),
        ("laposte.net", False),
    ],
)
def test_a_domain_made_to_look_like_ours_is_noticed(domain: str, trap: bool) -> None:
    assert django_settings.NOMADE.mail_domain == "paris.fr"
    assert (not warnings.is_internal(domain) and warnings.looks_like_us(domain)) == trap


def test_the_name_of_a_colleague_on_a_foreign_address_is_noticed(box: Box) -> None:
    raw = raw_letter(box.agent.login, sender="x@ailleurs.com")
    assert "de l’extérieur" in opened(box, box.receive(raw)[0])
    named = str(Address(box.agent.full_name, "x@ailleurs.com")).encode()
    forged = raw_letter(box.agent.login).replace(b"Mehdi Benali <mehdi.benali@paris.fr>", named)
    assert "le nom d’un de vos collègues" in opened(box, box.receive(forged)[0])
    other = raw_letter(box.agent.login).replace(b"Subject:", b"Reply-To: pirate@ailleurs.com\r\nSubject:", 1)
    assert "autre adresse" in opened(box, box.receive(other)[0])


def test_more_files_than_are_taken_at_once_are_refused_and_none_is_lost(box: Box) -> None:
    files = [SimpleUploadedFile(f"{n}.eml", raw_letter(box.agent.login)) for n in range(51)]
    answer = box.client.post("/messagerie/dossiers/importer/?dossier=INBOX", {"messages": files})
    assert answer.status_code == 422
    assert "aucun n’a été importé" in html.unescape(answer.content.decode())
    assert box.subjects() == []
