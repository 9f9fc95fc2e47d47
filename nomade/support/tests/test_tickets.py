"""Tickets from the agent to the answer, on the support host."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from nomade.cases import lists
from nomade.cases.models import CaseMessage
from nomade.files.tests.test_uploads import picture_bytes
from nomade.kernel.clock import PARIS
from nomade.kernel.errors import Refusal
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.support.actions import chasing
from nomade.support.actions import tickets as actions
from nomade.support.factories import category, make_technician, make_ticket
from nomade.support.models import Priority, Team, Ticket, TicketStatus
from nomade.support.service import export

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
MONDAY = "2026-11-23T08:00:00Z"  # nine in Paris


def form(token: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"form_token": token or str(uuid.uuid4()), **fields}


def ticket_form(**fields: Any) -> dict[str, Any]:
    return form(category=category().pk, subject="L’imprimante fume", text="Elle fume depuis dix heures.", **fields)


def test_a_ticket_goes_from_the_agent_to_its_answer(agent: Agent, technician: Agent, signed_in: SignIn) -> None:
    own, desk = signed_in(agent, "support"), signed_in(technician, "support")
    sent = own.post("/demandes/nouvelle/", ticket_form())
    assert sent.status_code == 303
    address = sent["Location"]
    ticket = Ticket.objects.get(owner=agent)
    assert "L’imprimante fume" in desk.get("/bureau/").content.decode()
    said = form(text="Débranchez-la, j’arrive.", then="pending", version=ticket.version)
    assert desk.post(f"{address}reponse/", said).status_code == 303
    assert "j’arrive" in own.get(address).content.decode()
    assert Notification.objects.filter(agent=agent, kind="ticket.answered").count() == 1
    assert own.post(f"{address}message/", form(text="C’est débranché.")).status_code == 303
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == (TicketStatus.OPEN, technician)
    said = form(text="Changée.", then="solved", version=ticket.version)
    assert desk.post(f"{address}reponse/", said).status_code == 303
    assert own.post(f"{address}avis/", {"satisfaction": "4", "comment": "Rapide"}).status_code == 303
    assert own.post(f"{address}cloture/").status_code == 303
    ticket.refresh_from_db()
    assert (ticket.status, ticket.satisfaction) == (TicketStatus.CLOSED, 4)
    events = set(AuditEvent.objects.filter(subject_id=agent.pk).values_list("event", flat=True))
    assert {"ticket.opened", "ticket.answered", "ticket.replied", "ticket.solved", "ticket.closed"} <= events


def test_a_double_tap_opens_one_ticket(agent: Agent, signed_in: SignIn) -> None:
    client, sent = signed_in(agent, "support"), ticket_form()
    addresses = {client.post("/demandes/nouvelle/", sent)["Location"] for _time in range(3)}
    assert len(addresses) == 1
    assert Ticket.objects.count() == 1
    assert CaseMessage.objects.count() == 1


def test_an_answer_sent_twice_is_one_message(agent: Agent, technician: Agent, signed_in: SignIn) -> None:
    ticket = make_ticket(agent)
    sent = form(text="J’arrive.", then="open", version=ticket.version)
    desk = signed_in(technician, "support")
    assert [desk.post(f"/demandes/{ticket.pk}/reponse/", sent).status_code for _time in range(2)] == [303, 303]
    assert CaseMessage.objects.filter(author=technician).count() == 1


def test_a_file_goes_both_ways_and_only_to_who_may_read(agent: Agent, technician: Agent, signed_in: SignIn) -> None:
    own = signed_in(agent, "support")
    photo = SimpleUploadedFile("écran.jpg", picture_bytes())
    own.post("/demandes/nouvelle/", ticket_form(pieces=photo))
    ticket = Ticket.objects.get()
    (message,) = CaseMessage.objects.all()
    file = message.files.get().stored
    address = f"/demandes/{ticket.pk}/fichiers/{file.pk}/"
    for client in (own, signed_in(technician, "support")):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
    assert signed_in(make_agent(), "support").get(address).status_code == 404
    other = make_ticket(agent)
    assert own.get(f"/demandes/{other.pk}/fichiers/{file.pk}/").status_code == 404


def test_a_refused_file_keeps_what_was_typed(agent: Agent, signed_in: SignIn) -> None:
    bad = SimpleUploadedFile("virus.exe", b"MZ")
    answer = signed_in(agent, "support").post("/demandes/nouvelle/", ticket_form(pieces=bad))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "virus.exe : seuls ces fichiers sont acceptés" in page
    assert "Elle fume depuis dix heures." in page
    assert not Ticket.objects.exists()


def test_a_note_of_the_desk_is_never_shown_to_the_agent(agent: Agent, technician: Agent, signed_in: SignIn) -> None:
    ticket = make_ticket(agent)
    desk = signed_in(technician, "support")
    note = form(text="Encore lui.", then="open", internal="on", version=ticket.version)
    photo = SimpleUploadedFile("note.jpg", picture_bytes())
    assert desk.post(f"/demandes/{ticket.pk}/reponse/", {**note, "pieces": photo}).status_code == 303
    assert "Encore lui." in desk.get(f"/demandes/{ticket.pk}/").content.decode()
    own = signed_in(agent, "support")
    assert "Encore lui." not in own.get(f"/demandes/{ticket.pk}/").content.decode()
    file = CaseMessage.objects.get(internal=True).files.get().stored_id
    assert own.get(f"/demandes/{ticket.pk}/fichiers/{file}/").status_code == 404
    assert "Encore lui." not in str(export(agent))
    assert not Notification.objects.filter(agent=agent, kind="ticket.answered").exists()


def test_an_answer_to_what_has_changed_is_not_sent_and_not_lost(
    agent: Agent, technician: Agent, signed_in: SignIn
) -> None:
    ticket = make_ticket(agent)
    read = ticket.version
    actions.reply(ticket, by=agent, text="Ah, c’est revenu.")
    sent = form(text="Je passe demain.", then="open", version=read)
    answer = signed_in(technician, "support").post(f"/demandes/{ticket.pk}/reponse/", sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "a changé pendant que vous écriviez" in page
    assert "Je passe demain." in page
    assert "c’est revenu" in page
    assert not CaseMessage.objects.filter(author=technician).exists()


@pytest.mark.parametrize("what", ["", "message/", "cloture/", "avis/", "reponse/", "technicien/", "classement/"])
def test_nobody_else_reads_or_touches_a_ticket(what: str, agent: Agent, signed_in: SignIn) -> None:
    supervisor = make_agent("Mehdi", "Benali")
    agent.assignments.update(supervisor=supervisor)
    officer = make_agent("Sophie", "Laurent")
    grant(officer, Role.HR_OFFICER)
    far_away = make_agent("Loin", "Tain")
    grant(far_away, Role.SUPPORT_TECHNICIAN, make_unit("DRH"))
    ticket = make_ticket(agent)
    for stranger in (make_agent(), supervisor, officer, far_away):
        client = signed_in(stranger, "support")
        answer = client.post(f"/demandes/{ticket.pk}/{what}") if what else client.get(f"/demandes/{ticket.pk}/")
        assert answer.status_code == 404, stranger


@pytest.mark.parametrize("what", ["reponse/", "technicien/", "classement/"])
def test_an_agent_does_not_handle_their_own_ticket_even_as_technician(
    what: str, technician: Agent, agent: Agent, signed_in: SignIn
) -> None:
    for owner in (agent, technician):
        ticket = make_ticket(owner)
        assert signed_in(owner, "support").post(f"/demandes/{ticket.pk}/{what}").status_code == 404


def test_only_the_owner_replies_closes_and_rates(agent: Agent, technician: Agent, signed_in: SignIn) -> None:
    ticket = make_ticket(agent)
    desk = signed_in(technician, "support")
    for what in ("message/", "cloture/", "avis/"):
        assert desk.post(f"/demandes/{ticket.pk}/{what}", form(text="x")).status_code == 404


def test_a_role_that_ends_closes_the_desk_at_once(agent: Agent, technician: Agent, signed_in: SignIn) -> None:
    ticket = make_ticket(agent)
    desk = signed_in(technician, "support")
    assert desk.get("/bureau/").status_code == 200
    technician.role_grants.update(valid_to="2020-01-01")
    assert desk.get("/bureau/").status_code == 404
    assert desk.get(f"/demandes/{ticket.pk}/").status_code == 404


def test_the_clock_stops_while_the_support_waits_and_starts_again(agent: Agent, technician: Agent) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = make_ticket(agent)
    # Nine in Paris: nine hours on Monday, ten on Tuesday, one on Wednesday.
    assert ticket.due_at.astimezone(PARIS).isoformat() == "2026-11-25T09:00:00+01:00"
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False):
        ticket = actions.answer(ticket, by=technician, text="Quel modèle ?", then=TicketStatus.PENDING)
        assert ticket.paused_at is not None
    with time_machine.travel("2026-11-25T10:00:00Z", tick=False):
        ticket = actions.reply(ticket, by=agent, text="Un bleu.")
    assert ticket.paused_at is None
    assert ticket.due_at.astimezone(PARIS).isoformat() == "2026-11-27T09:00:00+01:00"


def test_a_ticket_that_prevents_from_working_is_of_high_priority(agent: Agent, signed_in: SignIn) -> None:
    signed_in(agent, "support").post("/demandes/nouvelle/", ticket_form(blocking="on"))
    assert Ticket.objects.get().priority == Priority.HIGH


def test_what_is_late_is_told_once_to_the_whole_team(agent: Agent, technician: Agent) -> None:
    other = make_technician("Zoé", "Autre")
    team = Team.objects.get(code="poste")
    team.members.add(technician, other)
    with time_machine.travel(MONDAY, tick=False):
        ticket = make_ticket(agent)
        actions.assign(ticket, to=technician, by=technician)
    with time_machine.travel(ticket.due_at - timedelta(minutes=30), tick=False):
        assert chasing.chase().reminded == 1
        assert chasing.chase().reminded == 0
    with time_machine.travel(ticket.due_at + timedelta(minutes=1), tick=False):
        assert chasing.chase().escalated == 1
        assert chasing.chase().escalated == 0
    told = Notification.objects.filter(kind="ticket.late").values_list("agent", flat=True)
    assert set(told) == {technician.pk, other.pk}


def test_a_silent_agent_is_reminded_then_the_ticket_closes(agent: Agent, technician: Agent, settings: Any) -> None:
    settings.NOMADE = replace(settings.NOMADE, support_pending_days=5, support_closing_days=10)
    with time_machine.travel(MONDAY, tick=False):
        ticket = actions.answer(make_ticket(agent), by=technician, text="Où ?", then=TicketStatus.PENDING)
    with time_machine.travel("2026-11-29T08:00:00Z", tick=False):
        assert chasing.chase().reminded == 1
        assert chasing.chase().reminded == 0
    with time_machine.travel("2026-12-04T08:00:00Z", tick=False):
        assert chasing.chase().closed == 1
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.CLOSED
    with pytest.raises(Refusal, match="close"):
        actions.reply(ticket, by=agent, text="Ah !")


def test_what_is_solved_opens_again_when_the_agent_writes(agent: Agent, technician: Agent) -> None:
    ticket = actions.answer(make_ticket(agent), by=technician, text="Fait.", then=TicketStatus.SOLVED)
    ticket = actions.reply(ticket, by=agent, text="Non, toujours pas.")
    assert (ticket.status, ticket.solved_at) == (TicketStatus.OPEN, None)


def test_another_priority_is_another_promise(agent: Agent, technician: Agent) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = make_ticket(agent)
        sorted_ = actions.sort(ticket, by=technician, category=category("reseau"), team=None, priority=Priority.URGENT)
    assert sorted_.due_at.astimezone(PARIS).hour == 13


def test_a_pause_and_a_status_never_disagree(agent: Agent) -> None:
    ticket = make_ticket(agent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.PENDING)


def test_the_citys_own_tool_replaces_tickets_and_leaves_the_accounts(
    agent: Agent, technician: Agent, signed_in: SignIn, settings: Any
) -> None:
    ticket = make_ticket(agent)
    settings.NOMADE = replace(settings.NOMADE, support_tool_url="https://tickets.ville.example/")
    own, desk = signed_in(agent, "support"), signed_in(technician, "support")
    assert own.get("/demandes/nouvelle/").status_code == 404
    assert own.get(f"/demandes/{ticket.pk}/").status_code == 404
    assert desk.get("/bureau/").status_code == 404
    assert "https://tickets.ville.example/" in own.get("/").content.decode()
    assert desk.get("/bureau/agents/?q=Camille").status_code == 200
    assert "https://tickets.ville.example/" in signed_in(agent).get("/assistance/signaler/").content.decode()


def test_pages_of_tickets_ask_the_base_little(agent: Agent, technician: Agent, signed_in: SignIn) -> None:
    ticket = [make_ticket(agent, subject=f"Panne {number}") for number in range(12)][-1]
    actions.answer(ticket, by=technician, text="J’arrive.")
    own, desk = signed_in(agent, "support"), signed_in(technician, "support")
    pages = [(own, "/"), (own, "/demandes/"), (own, "/demandes/nouvelle/?objet=wifi"), (own, f"/demandes/{ticket.pk}/")]
    pages += [(desk, "/bureau/"), (desk, "/bureau/?vue=toutes"), (desk, "/bureau/?q=panne")]
    pages += [(desk, f"/demandes/{ticket.pk}/"), (own, "/connaissances/"), (own, "/connaissances/boite-pleine/")]
    for client, address in pages:
        client.get(address)
        with count_queries(at_most=12):
            assert client.get(address).status_code == 200, address


def test_the_list_goes_on_where_the_page_before_ended(
    agent: Agent, technician: Agent, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 3)
    made = {make_ticket(agent, subject=f"Panne {number}").reference for number in range(8)}
    desk, seen, address = signed_in(technician, "support"), [], "/bureau/?vue=a-prendre"
    for _page in range(5):
        html = desk.get(address).content.decode()
        seen += re.findall(r"C-\d{4}-\d{6}", html)
        further = re.search(r'href="(\?[^"]*apres=[^"]+)"', html)
        if further is None:
            break
        address = "/bureau/" + further[1].replace("&amp;", "&")
    assert sorted(seen) == sorted(made)
    assert desk.get("/bureau/?apres=n-importe-quoi").status_code == 200


@pytest.mark.parametrize("rare", [1, 1000])
def test_a_ticket_is_found_by_number_agent_or_words(
    rare: int, agent: Agent, signed_in: SignIn, technician: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "RARE", rare)
    found = make_ticket(agent, subject="L’écran clignote")
    other = make_ticket(make_agent("Zoé", "Autre"), subject="Le téléphone sonne")
    make_ticket(make_agent("Zoé", "Autre"), subject="L’écran est bleu")
    desk = signed_in(technician, "support")
    for typed in (
        found.reference,
        found.reference.lower(),
        "ecran clignote",
        "écrans clign",
        f"{agent.last_name} ecran",
    ):
        html = desk.get("/bureau/", {"q": typed}).content.decode()
        assert found.reference in html, typed
        assert other.reference not in html, typed
    assert "Aucune demande ne correspond" in desk.get("/bureau/", {"q": "girafe"}).content.decode()
