"""What an agent changes alone."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from nomade.files.models import StoredFile
from nomade.files.photos import photo_content
from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.people.factories import make_agent
from nomade.people.models import Agent, AgentPhoto
from nomade.people.photos import shown_photos
from nomade.personnel_file.history import history_of
from nomade.personnel_file.models import EmergencyContact
from nomade.personnel_file.retention import purge_leavers

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


def picture(size: tuple[int, int] = (900, 600)) -> SimpleUploadedFile:
    """Red on the left, blue on the right, with the place where it was taken."""
    drawn = Image.new("RGB", size, "red")
    drawn.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Camille"
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    drawn.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("moi.jpg", out.getvalue(), content_type="image/jpeg")


def send_photo(client: Client, **typed: object) -> int:
    sent = {"picture": picture(), "zoom": 100, "left": 0, "top": 0} | typed
    return client.post(reverse("personnel_file:photo"), sent).status_code


def test_the_page_costs_few_queries(agent: Agent, signed_in: SignedIn) -> None:
    client = signed_in(agent)
    client.get(reverse("personnel_file:index"))
    with count_queries(at_most=12):
        page = client.get(reverse("personnel_file:index"))
    assert "Mon dossier" in page.content.decode()


@pytest.mark.parametrize("typed", ["0612345678", "06.12.34.56.78", "+33 6 12 34 56 78", "0033612345678"])
def test_a_number_is_kept_the_way_people_read_it(agent: Agent, signed_in: SignedIn, typed: str) -> None:
    assert signed_in(agent).post(reverse("personnel_file:phones"), {"mobile": typed}).status_code == 303
    agent.refresh_from_db()
    assert agent.mobile == "06 12 34 56 78"


def test_a_wrong_number_gets_a_sentence_and_stays_in_the_form(agent: Agent, signed_in: SignedIn) -> None:
    answer = signed_in(agent).post(reverse("personnel_file:phones"), {"mobile": "06 12 34"})
    assert answer.status_code == 422
    assert "dix chiffres" in answer.content.decode() and "06 12 34" in answer.content.decode()


def test_the_number_before_stays_in_the_history(signed_in: SignedIn) -> None:
    agent = make_agent(mobile="06 00 00 00 00")
    client = signed_in(agent)
    client.post(reverse("personnel_file:phones"), {"mobile": "0612345678"})
    change = history_of(agent)[0]
    assert (change.before, change.after, change.origin) == ("06 00 00 00 00", "06 12 34 56 78", "vous-même")
    assert "06 00 00 00 00" in client.get(reverse("personnel_file:history")).content.decode()
    assert "06 00 00 00 00" not in signed_in(make_agent()).get(reverse("personnel_file:history")).content.decode()


def contacts(*lines: tuple[int, str, str]) -> dict[str, object]:
    sent: dict[str, object] = {"form-TOTAL_FORMS": len(lines), "form-INITIAL_FORMS": 0}
    for place, (order, name, phone) in enumerate(lines):
        sent |= {
            f"form-{place}-order": order,
            f"form-{place}-name": name,
            f"form-{place}-tie": "voisin",
            f"form-{place}-contact_phone": phone,
        }
    return sent


def test_contacts_are_called_in_the_order_that_was_chosen(agent: Agent, signed_in: SignedIn) -> None:
    sent = contacts((2, "Aline", "0611111111"), (1, "Bruno", "0622222222"), (3, "", ""))
    assert signed_in(agent).post(reverse("personnel_file:contacts"), sent).status_code == 303
    kept = EmergencyContact.objects.filter(agent=agent)
    assert [(one.rank, one.name) for one in kept] == [(1, "Bruno"), (2, "Aline")]


def test_a_contact_without_a_number_is_told(agent: Agent, signed_in: SignedIn) -> None:
    answer = signed_in(agent).post(reverse("personnel_file:contacts"), contacts((1, "Aline", "")))
    assert answer.status_code == 422 and "Écrivez le numéro de cette personne" in answer.content.decode()
    assert not EmergencyContact.objects.exists()


def test_the_names_of_contacts_never_enter_the_history(agent: Agent, signed_in: SignedIn) -> None:
    signed_in(agent).post(reverse("personnel_file:contacts"), contacts((1, "Aline", "0611111111")))
    assert all("Aline" not in change.before + change.after for change in history_of(agent))


def test_a_photo_is_square_and_says_nothing_of_where_it_was_taken(agent: Agent, signed_in: SignedIn) -> None:
    assert send_photo(signed_in(agent)) == 303
    content = photo_content(agent, agent.pk)
    assert content is not None and b"Appareil" not in content
    with Image.open(BytesIO(content)) as kept:
        assert kept.size == (480, 480) and not kept.getexif()


@pytest.mark.parametrize(("left", "colour"), [(0, "red"), (100, "blue")])
def test_the_square_is_the_one_that_was_chosen(agent: Agent, signed_in: SignedIn, left: int, colour: str) -> None:
    send_photo(signed_in(agent), zoom=200, left=left)
    content = photo_content(agent, agent.pk)
    assert content is not None
    with Image.open(BytesIO(content)) as kept:
        red, _green, blue = kept.convert("RGB").getpixel((240, 240))  # type: ignore[misc]
    assert (red > blue) == (colour == "red")


def test_colleagues_see_a_photo_only_when_its_owner_says_so(agent: Agent, signed_in: SignedIn) -> None:
    colleague = make_agent()
    client = signed_in(agent)
    send_photo(client)
    assert photo_content(colleague, agent.pk) is None and not shown_photos([agent.pk])
    client.post(reverse("personnel_file:photo-visibility"), {"visible": "on"})
    assert photo_content(colleague, agent.pk) is not None and agent.pk in shown_photos([agent.pk])
    client.post(reverse("personnel_file:photo-visibility"))
    assert photo_content(colleague, agent.pk) is None


def test_a_photo_replaces_the_one_before_and_can_be_removed(agent: Agent, signed_in: SignedIn) -> None:
    client = signed_in(agent)
    send_photo(client)
    send_photo(client)
    assert StoredFile.objects.filter(owner=agent, kind="photo").count() == 1
    client.post(reverse("personnel_file:photo-removal"))
    assert not StoredFile.objects.exists() and not AgentPhoto.objects.exists()
    assert client.get(reverse("personnel_file:photo-file")).status_code == 404


def test_what_is_no_picture_is_refused_with_a_sentence(agent: Agent, signed_in: SignedIn) -> None:
    answer = signed_in(agent).post(
        reverse("personnel_file:photo"),
        {"picture": SimpleUploadedFile("moi.jpg", b"GIF89a"), "zoom": 100, "left": 0, "top": 0},
    )
    assert answer.status_code == 422 and "n’est pas ce que son nom annonce" in answer.content.decode()


def test_photo_and_contacts_leave_with_their_owner(agent: Agent, signed_in: SignedIn) -> None:
    client = signed_in(agent)
    send_photo(client, visible="on")
    client.post(reverse("personnel_file:contacts"), contacts((1, "Aline", "0611111111")))
    assert purge_leavers() == 0
    agent.exit_date = today().replace(year=today().year - 1)
    agent.save()
    assert not shown_photos([agent.pk])
    assert purge_leavers() == 2
    assert not AgentPhoto.objects.exists() and not EmergencyContact.objects.exists()
