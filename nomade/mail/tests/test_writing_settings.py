"""Identities, signatures, and how one writes."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.test import Client

from mailkit.imap import MessageRef, MessageView
from mailkit.mime.addresses import Address
from nomade.kernel.testing import count_queries
from nomade.mail.factories import letter_form
from nomade.mail.models import MailIdentity, OutgoingMessage, SignaturePlace, WritingSettings, Written
from nomade.mail.writing import letters
from nomade.mail.writing.delivery import letter_of
from nomade.people.factories import make_agent
from nomade.people.models import Agent

IDENTITY = {"label": "Serres", "name": "Équipe des serres", "reply_to": "serres@paris.fr", "signature": "Les serres"}


@pytest.fixture
def client_of_agent(agent: Agent, signed_in: Callable[..., Client]) -> Client:
    return signed_in(agent)


def test_the_first_identity_is_the_usual_one_and_signs(agent: Agent, client_of_agent: Client) -> None:
    assert client_of_agent.post("/messagerie/reglages/identites/nouvelle/", IDENTITY).status_code == 303
    identity = MailIdentity.objects.get(agent=agent)
    assert identity.is_default
    with count_queries(at_most=12):
        page = client_of_agent.get("/messagerie/nouveau/").content.decode()
    assert "-- \nLes serres" in page
    form = letter_form("a@paris.fr", identity=str(identity.pk))
    client_of_agent.post("/messagerie/nouveau/", form)
    letter = letter_of(OutgoingMessage.objects.get(agent=agent))
    assert letter.sender == Address("Équipe des serres", agent.mail_address)
    assert letter.reply_to == (Address("", "serres@paris.fr"),)


def test_a_signature_may_be_formatted_and_is_harmless(agent: Agent, client_of_agent: Client) -> None:
    markup = '<div><b>Zoé</b> <a href="https://paris.fr">Paris</a></div><div>Tél.<script>alert(1)</script></div>'
    form = IDENTITY | {"format": "rich", "signature_html": markup, "signature": "x"}
    assert client_of_agent.post("/messagerie/reglages/identites/nouvelle/", form).status_code == 303
    identity = MailIdentity.objects.get(agent=agent)
    assert identity.signature == "Zoé Paris <https://paris.fr>\nTél."
    assert "<b>Zoé</b>" in identity.signature_html and "alert" not in identity.signature_html
    page = client_of_agent.get("/messagerie/nouveau/").content.decode()
    assert "-- \nZoé Paris &lt;https://paris.fr&gt;\nTél." in page, "in plain text it has its lines"
    assert "\\u003cb\\u003eZo\\u00e9" in page, "and its formatting beside"
    edit = f"/messagerie/reglages/identites/{identity.pk}/"
    client_of_agent.post(edit, form | {"format": "plain"})
    identity.refresh_from_db()
    assert (identity.signature, identity.signature_html) == ("x", "")
    client_of_agent.post(edit, form | {"signature_html": "<p><img src=x></p>"})
    identity.refresh_from_db()
    assert (identity.signature, identity.signature_html) == ("", ""), "without words there is none"


def test_the_page_knows_the_signature_of_the_usual_identity_whatever_their_order(
    agent: Agent, client_of_agent: Client
) -> None:
    for name, usual in (("A", ""), ("B", "on"), ("C", "")):
        form = IDENTITY | {"label": name, "signature": f"signe {name}", "is_default": usual}
        client_of_agent.post("/messagerie/reglages/identites/nouvelle/", form)
    page = html.unescape(client_of_agent.get("/messagerie/nouveau/").content.decode())
    assert '"": {"html": "", "text": "signe B"}' in page


def test_another_may_become_the_usual_one_and_one_always_is(agent: Agent, client_of_agent: Client) -> None:
    for name in ("Un", "Deux"):
        client_of_agent.post("/messagerie/reglages/identites/nouvelle/", IDENTITY | {"label": name, "is_default": "on"})
    assert MailIdentity.objects.get(agent=agent, is_default=True).label == "Deux"
    usual = MailIdentity.objects.get(agent=agent, is_default=True)
    client_of_agent.post(f"/messagerie/reglages/identites/{usual.pk}/supprimer/")
    assert MailIdentity.objects.get(agent=agent, is_default=True).label == "Un"


@pytest.mark.parametrize("changes", [{"name": "maire@paris.fr"}, {"name": ""}, {"reply_to": "x"}, {"label": ""}])
def test_an_identity_cannot_pass_for_an_address(agent: Agent, client_of_agent: Client, changes: dict[str, str]) -> None:
    answer = client_of_agent.post("/messagerie/reglages/identites/nouvelle/", IDENTITY | changes)
    assert answer.status_code == 422
    assert not MailIdentity.objects.exists()


def test_the_identities_of_another_agent_are_absent(agent: Agent, signed_in: Callable[..., Client]) -> None:
    identity = MailIdentity.objects.create(agent=agent, label="x", name="X", is_default=True)
    stranger = signed_in(make_agent())
    assert stranger.get(f"/messagerie/reglages/identites/{identity.pk}/").status_code == 404
    assert stranger.post(f"/messagerie/reglages/identites/{identity.pk}/supprimer/").status_code == 404
    other = make_agent()
    signed_in(other).post("/messagerie/nouveau/", letter_form("a@paris.fr", identity=str(identity.pk)))
    assert letter_of(OutgoingMessage.objects.get(agent=other)).sender.name == other.full_name


def test_settings_are_kept_and_change_what_is_asked(agent: Agent, client_of_agent: Client) -> None:
    form = {"writing_format": "rich", "signature_place": "below", "undo_seconds": "30"}
    assert client_of_agent.post("/messagerie/reglages/ecrire/", form).status_code == 303
    kept = WritingSettings.objects.get(agent=agent)
    assert (kept.writing_format, kept.undo_seconds, kept.confirm_subject) == ("rich", 30, False)
    page = client_of_agent.get("/messagerie/nouveau/").content.decode()
    assert 'data-rich="1"' in page
    assert "30 secondes pour annuler" in page
    assert client_of_agent.post("/messagerie/nouveau/", letter_form("a@paris.fr", subject="")).status_code == 303
    assert client_of_agent.post("/messagerie/reglages/ecrire/", {"writing_format": "x"}).status_code == 422


def test_a_signature_stands_above_or_below_what_is_quoted() -> None:
    quoted = Written(text="Il a écrit :\n> Oui\n")
    above = letters.signed(quoted, "Zoé", SignaturePlace.ABOVE, quoted=True).text
    below = letters.signed(quoted, "Zoé", SignaturePlace.BELOW, quoted=True).text
    assert above.index("-- \nZoé") < above.index("Il a écrit")
    assert below.index("-- \nZoé") > below.index("> Oui")
    assert letters.signed(Written(), "", SignaturePlace.ABOVE, quoted=False).text == ""


def test_what_is_quoted_is_whole_and_harmless() -> None:
    html = "<table><tr><td style='color:red'>Un</td></tr></table><script>alert(1)</script><p>Deux</p>"
    view = MessageView(
        MessageRef("INBOX", 1, 1), "<a@b>", "", (), "S", Address("A", "a@b.fr"), (), (), (), None, None, 1, True, None,
        html, True, False, (), {},
    )  # fmt: skip
    quoted = letters.quotation(view, "reply", lambda _cid: None)
    assert "<table>" in quoted.html
    assert "color" in quoted.html
    assert "Deux" in quoted.html
    assert "alert" not in quoted.html
