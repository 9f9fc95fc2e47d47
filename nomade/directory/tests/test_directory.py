"""The directory, as colleagues, homonyms, leavers, editors and strangers meet it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from nomade.directory.access import search
from nomade.directory.actions.lines import refresh
from nomade.directory.models import Entry, Favourite, UnitCard, Visibility
from nomade.directory.vcard import vcard
from nomade.files import store
from nomade.kernel.clock import now, today
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries, run_jobs
from nomade.people import ports
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent, AgentPhoto, Delegation
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def eloise() -> Agent:
    unit = make_unit("DEVE/SD-TERRITOIRES/J15", "Division du 15e")
    eloise = make_agent(
        "Éloïse", "Lefèvre", unit=unit, post="Élagueuse", phone="01 42 76 46 40", mobile="06 01 02 03 04"
    )
    make_agent("Ali", "Benali", unit=unit, post="Jardinier")
    refresh()
    return eloise


def names(text: str) -> list[str]:
    return [entry.agent.full_name for entry in search(text).entries]


@pytest.mark.parametrize(
    "typed",
    [
        "eloise",
        "ELOISE LEF",
        "lefev",
        "e l",
        "élag",
        "division 15e",
        "01 42 76 46 40",
        "014276",
        "lef elagueuse",
        "J15 lef",
    ],
)
def test_somebody_is_found_by_half_a_word(eloise: Agent, typed: str) -> None:
    assert "Éloïse Lefèvre" in names(typed)


def test_a_name_spelled_otherwise_is_found_and_said_to_be_alike(eloise: Agent) -> None:
    found = search("Lefaivre")
    assert ([entry.pk for entry in found.entries], found.alike) == ([eloise.pk], True)


def test_a_unit_is_found_by_half_its_name_or_its_code(eloise: Agent, signed_in: SignIn) -> None:
    page = signed_in(eloise).get("/annuaire/", {"q": "divis 15"}).content.decode()
    assert "1 unité" in page and "/annuaire/unites/DEVE/SD-TERRITOIRES/J15/" in page
    assert "/annuaire/unites/DEVE/" in signed_in(eloise).get("/annuaire/", {"q": "deve"}).content.decode()
    assert (
        "unité" not in signed_in(eloise).get("/annuaire/", {"q": "lefevre"}).content.decode().partition("resultats")[2]
    )


def test_names_come_before_posts(eloise: Agent) -> None:
    make_agent("Jardinia", "Zola")
    refresh()
    assert names("jardin") == ["Jardinia Zola", "Ali Benali"]


def test_nobody_is_found_by_a_birth_date_or_a_mobile_kept_private(eloise: Agent) -> None:
    assert names("06 01 02 03 04") == []


def test_homonyms_are_told_apart(eloise: Agent, signed_in: SignIn) -> None:
    other = make_agent("Éloïse", "Lefèvre", unit=make_unit("DPE/NORD", "Propreté Nord"), matricule="00012345")
    refresh()
    page = signed_in(eloise).get("/annuaire/", {"q": "eloise lefevre"}).content.decode()
    assert "DPE/NORD" in page and "00012345" in page
    assert (
        "Une autre personne porte ce nom" in signed_in(eloise).get(f"/annuaire/personne/{other.pk}/").content.decode()
    )


def test_somebody_who_left_is_marked_for_a_time_then_gone(eloise: Agent, settings: object) -> None:
    Agent.objects.filter(pk=eloise.pk).update(exit_date=today() - timedelta(days=30))
    refresh()
    assert search("lefevre").entries[0].left_on == today() - timedelta(days=30)
    Agent.objects.filter(pk=eloise.pk).update(exit_date=today() - timedelta(days=31))
    refresh()
    assert search("lefevre").entries == []


def test_somebody_who_comes_tomorrow_is_not_there_yet() -> None:
    make_agent("Tom", "Demain", entry_date=today() + timedelta(days=1))
    refresh()
    assert names("demain") == []


def test_a_second_refresh_writes_nothing(eloise: Agent) -> None:
    assert (refresh().written, refresh().removed) == (0, 0)


def test_a_deleted_file_takes_its_line_with_it(eloise: Agent) -> None:
    stranger = make_agent("Parti", "Avant", entry_date=today())
    refresh()
    Agent.objects.filter(pk=stranger.pk).update(entry_date=today() + timedelta(days=9))
    assert refresh().removed == 1


def test_an_import_refreshes_the_directory_once_committed(eloise: Agent) -> None:
    Agent.objects.filter(pk=eloise.pk).update(phone="01 99 99 99 99")
    ports.people_changed()
    ports.people_changed()
    assert run_jobs() == 1
    assert names("0199") == ["Éloïse Lefèvre"]


def test_the_card_shows_what_everybody_may_know_and_no_more(eloise: Agent, signed_in: SignIn) -> None:
    client = signed_in(make_agent("Zoé", "Curieuse"))
    page = client.get(f"/annuaire/personne/{eloise.pk}/").content.decode()
    assert "Élagueuse" in page and "01 42 76 46 40" in page and "Division du 15e" in page
    assert "06 01 02 03 04" not in page
    assert str(eloise.birth_date) not in page


def test_a_mobile_is_shown_once_its_owner_chose_so(eloise: Agent, signed_in: SignIn) -> None:
    own = signed_in(eloise)
    assert own.post("/annuaire/ma-fiche/", {"shows_mobile": "on"}).status_code == 302
    assert AuditEvent.objects.filter(event="directory.visibility", subject_id=eloise.pk).count() == 1
    other = signed_in(make_agent("Zoé", "Curieuse"))
    assert "06 01 02 03 04" in other.get(f"/annuaire/personne/{eloise.pk}/").content.decode()
    assert "06 01 02 03 04" in other.get(f"/annuaire/personne/{eloise.pk}/carte.vcf").content.decode()
    own.post("/annuaire/ma-fiche/", {})
    assert Visibility.objects.get(pk=eloise.pk).shows_mobile is False


def test_a_photo_is_shown_to_colleagues_once_its_owner_chose_so(eloise: Agent, signed_in: SignIn) -> None:
    portrait = b"\xff\xd8\xff portrait"
    stored = store.put(portrait, owner=eloise, kind="photo", name="photo.jpg", content_type="image/jpeg")
    photo = AgentPhoto.objects.create(agent=eloise, file=stored.pk, visible=False, changed_at=now())
    address, other = f"/annuaire/photo/{eloise.pk}/", signed_in(make_agent("Zoé", "Curieuse"))
    pages = ("/annuaire/?q=lefevre", f"/annuaire/personne/{eloise.pk}/")
    assert other.get(address).status_code == 404
    assert not any(address in other.get(page).content.decode() for page in pages)
    AgentPhoto.objects.filter(pk=photo.pk).update(visible=True)
    assert other.get(address).content == portrait
    assert all(address in other.get(page).content.decode() for page in pages)
    Agent.objects.filter(pk=eloise.pk).update(exit_date=today() - timedelta(days=1))
    refresh()
    assert other.get(address).status_code == 404
    assert not any(address in other.get(page).content.decode() for page in pages)


def test_presence_never_says_why(eloise: Agent, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "presence", lambda agents, first, last: {eloise.pk: {first: "absent"}})
    page = signed_in(make_agent()).get(f"/annuaire/personne/{eloise.pk}/").content.decode()
    assert "Absent aujourd’hui" in page and "aladie" not in page


def test_the_stand_in_is_proposed(eloise: Agent, signed_in: SignIn) -> None:
    stand_in = make_agent("Rémi", "Place")
    Delegation.objects.create(giver=eloise, receiver=stand_in, valid_from=today(), valid_to=today(), created_by=eloise)
    assert "Rémi Place" in signed_in(make_agent()).get(f"/annuaire/personne/{eloise.pk}/").content.decode()


def test_a_favourite_is_kept_by_its_owner_alone(eloise: Agent, signed_in: SignIn) -> None:
    owner = make_agent("Zoé", "Amie")
    client = signed_in(owner)
    for _ in range(2):
        client.post(f"/annuaire/personne/{eloise.pk}/favori/", {"garder": "oui"})
    assert Favourite.objects.get().owner == owner
    assert "Mes favoris" in client.get("/annuaire/").content.decode()
    assert "Mes favoris" not in signed_in(eloise).get("/annuaire/").content.decode()
    client.post(f"/annuaire/personne/{eloise.pk}/favori/", {"garder": "non"})
    assert not Favourite.objects.exists()


def test_a_favourite_is_not_changed_by_a_get(eloise: Agent, signed_in: SignIn) -> None:
    assert signed_in(make_agent()).get(f"/annuaire/personne/{eloise.pk}/favori/").status_code == 405


def test_an_unknown_person_and_an_unknown_unit_are_not_found(eloise: Agent, signed_in: SignIn) -> None:
    client = signed_in(eloise)
    for address in ("personne/999999999/", "personne/999999999/carte.vcf", "unites/RIEN/", "unites/branche/RIEN/"):
        assert client.get(f"/annuaire/{address}").status_code == 404


def test_a_unit_shows_its_branch_its_head_and_its_people(eloise: Agent, signed_in: SignIn) -> None:
    unit = make_unit("DEVE/SD-TERRITOIRES/J15", head=eloise)
    page = signed_in(make_agent()).get("/annuaire/unites/DEVE/SD-TERRITOIRES/J15/").content.decode()
    assert "2 personnes affectées ici" in page and "Ali Benali" in page
    assert signed_in(eloise).get("/annuaire/unites/").content.decode().count("DEVE") >= 1
    branch = signed_in(eloise).get("/annuaire/unites/branche/DEVE/SD-TERRITOIRES/", headers={"HX-Request": "true"})
    assert unit.label in branch.content.decode()
    assert signed_in(eloise).get("/annuaire/unites/branche/DEVE/").headers["Location"] == "/annuaire/unites/DEVE/"


@pytest.mark.parametrize(
    ("role", "perimeter", "allowed"),
    [
        (Role.HR_OFFICER, "DEVE", True),
        (Role.EDITOR, None, True),
        (Role.HR_OFFICER, "DPE", False),
        (Role.PAY_OFFICER, None, False),
        (None, None, False),
    ],
)
def test_a_unit_card_is_written_by_the_offices_of_its_perimeter(
    eloise: Agent, signed_in: SignIn, role: Role | None, perimeter: str | None, allowed: bool
) -> None:
    officer = make_agent("Sophie", "Bureau")
    if role:
        grant_role(officer, role, by=None, perimeter=make_unit(perimeter) if perimeter else None)
    address = "/annuaire/unites/fiche/DEVE/SD-TERRITOIRES/J15/"
    client = signed_in(officer)
    form = {
        "mailbox": "j15@paris.fr",
        "phone": "01 42 76 00 00",
        "deputy_matricule": eloise.matricule,
        "hours": "7 h 30",
    }
    assert client.get(address).status_code == (200 if allowed else 404)
    assert client.post(address, form).status_code == (302 if allowed else 404)
    assert UnitCard.objects.filter(deputy=eloise, mailbox="j15@paris.fr").exists() is allowed


def test_a_wrong_unit_card_keeps_what_was_typed(eloise: Agent, signed_in: SignIn) -> None:
    officer = make_agent()
    grant_role(officer, Role.EDITOR, by=None)
    form = {"mailbox": "pas une adresse", "deputy_matricule": "INCONNU", "hours": "8 h à 17 h"}
    answer = signed_in(officer).post("/annuaire/unites/fiche/DEVE/", form)
    assert answer.status_code == 422
    assert "Aucun agent n’a ce matricule" in answer.content.decode() and "8 h à 17 h" in answer.content.decode()
    assert not UnitCard.objects.exists()


def test_a_vcard_cannot_be_broken_by_a_name() -> None:
    agent = Agent(first_name="Zoé\r\nTEL:666", last_name="D;A,B\\", login="zoe@paris.fr", phone="01 02")
    text = vcard(agent, post="Cheffe, adjointe " + "é" * 90, organisation="Ville", units=["A;B"], mobile="")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any(line.startswith("TEL:") for line in lines)
    assert "N:D\\;A\\,B\\\\;Zoé\\nTEL:666;;;" in lines


def test_pages_cost_few_queries(eloise: Agent, signed_in: SignIn) -> None:
    client = signed_in(eloise)
    for rank in range(40):
        make_agent("Paul", f"Martin{rank}", unit=make_unit("DEVE/SD-TERRITOIRES/J15"))
    refresh()
    client.get("/annuaire/")
    addresses = {
        "/annuaire/": 9,
        "/annuaire/?q=martin": 7,
        f"/annuaire/personne/{eloise.pk}/": 12,
        "/annuaire/unites/": 6,
        "/annuaire/unites/DEVE/SD-TERRITOIRES/J15/": 12,
    }
    for address, most in addresses.items():
        with count_queries(at_most=most):
            assert client.get(address).status_code == 200


def test_typing_brings_the_results_alone(eloise: Agent, signed_in: SignIn) -> None:
    answer = signed_in(eloise).get("/annuaire/", {"q": "lef"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode() and "Éloïse Lefèvre" in answer.content.decode()


def test_every_agent_present_has_a_line(eloise: Agent) -> None:
    assert Entry.objects.count() == Agent.objects.count()
