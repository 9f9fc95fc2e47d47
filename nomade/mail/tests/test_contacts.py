"""One's own contacts, in pages and in files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from nomade.kernel.testing import count_queries
from nomade.mail.contacts import cards
from nomade.mail.contacts.cards import Card
from nomade.mail.models import Contact, ContactGroup
from nomade.people.factories import make_agent
from nomade.people.models import Agent


@pytest.fixture
def client_of_agent(agent: Agent, signed_in: Callable[..., Client]) -> Client:
    return signed_in(agent)


def test_a_contact_is_made_changed_and_forgotten(agent: Agent, client_of_agent: Client) -> None:
    group = ContactGroup.objects.create(agent=agent, name="Fournisseurs")
    form = {"name": "Zoé", "email": "zoe@ex.fr", "organisation": "Dupré", "groups": [str(group.pk)]}
    assert client_of_agent.post("/messagerie/contacts/nouveau/", form).status_code == 303
    contact = Contact.objects.get(agent=agent)
    assert list(contact.groups.all()) == [group]
    with count_queries(at_most=12):
        page = client_of_agent.get("/messagerie/contacts/", {"q": "zoe"}).content.decode()
    assert "zoe@ex.fr" in page
    twice = client_of_agent.post("/messagerie/contacts/nouveau/", form | {"email": "ZOE@ex.fr"})
    assert twice.status_code == 422
    assert "déjà dans votre carnet" in twice.content.decode()
    client_of_agent.post(f"/messagerie/contacts/{contact.pk}/", form | {"name": "Zoë"})
    assert Contact.objects.get(agent=agent).name == "Zoë"
    client_of_agent.post(f"/messagerie/contacts/{contact.pk}/supprimer/")
    assert not Contact.objects.exists()


def test_the_contacts_of_another_agent_are_absent(agent: Agent, signed_in: Callable[..., Client]) -> None:
    contact = Contact.objects.create(agent=agent, name="Zoé", email="zoe@ex.fr")
    group = ContactGroup.objects.create(agent=agent, name="Amis")
    stranger = signed_in(make_agent())
    assert stranger.get(f"/messagerie/contacts/{contact.pk}/").status_code == 404
    assert stranger.post(f"/messagerie/contacts/{contact.pk}/supprimer/").status_code == 404
    assert stranger.post(f"/messagerie/contacts/groupes/{group.pk}/supprimer/").status_code == 404
    assert "zoe@ex.fr" not in stranger.get("/messagerie/contacts/contacts.vcf").content.decode()
    assert "zoe@ex.fr" not in stranger.get("/messagerie/contacts/").content.decode()
    theirs = {"name": "X", "email": "x@ex.fr", "groups": [str(group.pk)]}
    assert stranger.post("/messagerie/contacts/nouveau/", theirs).status_code == 422


VCARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Pérec;Hélène;;;\r\nitem1.EMAIL;TYPE=WORK:helene@ex.fr\r\n"
    "ORG:Ville\\, Parcs;Nord\r\n"
    "CATEGORIES:Amis,Jardin\r\nNOTE:Un\\nDeux\r\nTEL:0102\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=89loi\r\n"
    "EMAIL:eloi@ex.fr\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Sans adresse\r\nEND:VCARD\r\n"
)


def test_vcards_of_every_age_are_read() -> None:
    read = cards.read(VCARD.encode())
    assert read.skipped == 1
    assert read.cards[0] == Card(
        "Hélène Pérec", "helene@ex.fr", "Ville, Parcs Nord", "0102", "Un\nDeux", ("Amis", "Jardin")
    )
    assert read.cards[1].name == "Éloi"


def test_csv_files_of_other_programs_are_read() -> None:
    french = "Nom;Adresse;Groupes\nZoé;zoe@ex.fr;Amis, Jardin\n;rien;\n".encode("cp1252")
    assert cards.read(french).cards == (Card("Zoé", "zoe@ex.fr", groups=("Amis", "Jardin")),)
    outlook = "First Name,Last Name,E-mail Address,Company\nA,B,a@b.fr,C\n"
    assert cards.read(outlook.encode()).cards == (Card("A B", "a@b.fr", "C"),)


def test_what_goes_out_comes_back_in_and_computes_nothing() -> None:
    sent = (Card("=1+1; L'Été, \\ x", "a@b.fr", "+C", "01", "Un\nDeux", ("Amis",)), Card("", "b@b.fr"))
    back = cards.read(cards.as_vcards(sent).encode()).cards
    assert back == (sent[0], Card("b@b.fr", "b@b.fr"))
    text = cards.as_csv(sent)
    assert "\n'=1+1" in text or ";'+C" in text
    assert '\n"=' not in text
    assert cards.read(text.encode()).cards[0].name == sent[0].name


@given(st.binary(max_size=400))
def test_no_file_breaks_the_reading(content: bytes) -> None:
    cards.read(content)
    cards.read(b"BEGIN:VCARD\r\n" + content)


def test_a_file_is_taken_in_once(agent: Agent, client_of_agent: Client) -> None:
    for _ in range(2):
        file = SimpleUploadedFile("c.vcf", VCARD.encode())
        assert client_of_agent.post("/messagerie/contacts/importer/", {"file": file}).status_code == 303
    assert Contact.objects.filter(agent=agent).count() == 2
    assert sorted(ContactGroup.objects.filter(agent=agent).values_list("name", flat=True)) == ["Amis", "Jardin"]
    out = client_of_agent.get("/messagerie/contacts/contacts.csv")
    assert "helene@ex.fr" in out.content.decode()
    assert out["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("content", [b"", b"rien du tout", b"\x00\xff"])
def test_a_file_without_contacts_says_so(client_of_agent: Client, content: bytes) -> None:
    answer = client_of_agent.post("/messagerie/contacts/importer/", {"file": SimpleUploadedFile("c.csv", content)})
    assert answer.status_code == 422


def test_groups_are_made_and_forgotten_without_their_people(agent: Agent, client_of_agent: Client) -> None:
    client_of_agent.post("/messagerie/contacts/groupes/nouveau/", {"name": "Amis"})
    group = ContactGroup.objects.get(agent=agent)
    group.members.add(Contact.objects.create(agent=agent, email="a@b.fr"))
    assert client_of_agent.post("/messagerie/contacts/groupes/nouveau/", {"name": ""}).status_code == 422
    client_of_agent.post(f"/messagerie/contacts/groupes/{group.pk}/supprimer/")
    assert Contact.objects.filter(agent=agent).count() == 1
