"""A question from the page of a pay slip to the opinion of its agent; and what the office does with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nomade.cases.dialogues import DialogueStatus
from nomade.cases.models import CaseMessage
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.kernel.testing import count_queries
from nomade.people.factories import make_unit
from nomade.people.models import Agent
from nomade.questions.actions import keeping
from nomade.questions.actions import questions as actions
from nomade.questions.actions.chasing import chase
from nomade.questions.actions.purging import purge
from nomade.questions.factories import make_question, office, topic
from nomade.questions.models import Question, ReadyAnswer, Topic

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]
MONDAY = date(2026, 11, 23)
ASKED = {
    "topic": "ligne-paie",
    "subject": "Pourquoi 12 € de moins ?",
    "text": "Ma paie a baissé.",
    "about": "",
    "page": "",
}


def token() -> dict[str, str]:
    return {"form_token": str(uuid.uuid4())}


def test_a_line_of_a_slip_opens_the_form_with_what_it_is_about(people: dict[str, Agent], browser: SignedIn) -> None:
    link = {"page": "/paie/", "ligne": "Transport", "de": "bulletin de paie, novembre 2026"}
    page = browser(people["agent"]).get("/questions/nouvelle/", link).content.decode()
    assert "À propos de : « Transport », bulletin de paie, novembre 2026" in page
    assert '<option value="montant-paie" selected>' in page
    assert "Bureau de la paie" in page and "vous répondra avant le" in page


def test_the_form_takes_no_address_of_elsewhere(people: dict[str, Agent], browser: SignedIn) -> None:
    browser(people["agent"]).post("/questions/nouvelle/", ASKED | token() | {"page": "//evil.example/"})
    assert Question.objects.get().page == ""


def test_a_question_goes_to_its_office_with_a_promise_and_is_sent_once(
    people: dict[str, Agent], browser: SignedIn
) -> None:
    client, sent = browser(people["agent"]), ASKED | token()
    with time_machine.travel(MONDAY):
        first = client.post("/questions/nouvelle/", sent)
        again = client.post("/questions/nouvelle/", sent)
    question = Question.objects.get()
    assert first.status_code == again.status_code == 303
    assert first["Location"] == again["Location"] == question.get_absolute_url()
    assert question.office.code == "paie" and question.promised_on == date(2026, 11, 30)
    assert people["pay"].notifications.filter(kind="question.asked").exists()
    assert not people["hr"].notifications.exists()


def test_a_form_that_lacks_answers_says_which_and_keeps_the_rest(people: dict[str, Agent], browser: SignedIn) -> None:
    answer = browser(people["agent"]).post("/questions/nouvelle/", ASKED | token() | {"topic": "", "text": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Choisissez sur quoi porte votre question." in page
    assert "Pourquoi 12 € de moins ?" in page and not Question.objects.exists()


def test_a_draft_comes_back_with_the_page_one_comes_from_now(people: dict[str, Agent], browser: SignedIn) -> None:
    client = browser(people["agent"])
    client.post("/brouillons/questions.new/", {"subject": "Mon net a baissé", "about": "ancienne page"})
    page = client.get("/questions/nouvelle/", {"page": "/paie/", "de": "bulletin de paie, octobre 2026"})
    assert "Mon net a baissé" in page.content.decode() and "octobre 2026" in page.content.decode()
    assert "ancienne page" not in page.content.decode()


def test_what_is_already_written_is_proposed_before_one_asks(people: dict[str, Agent], browser: SignedIn) -> None:
    client = browser(people["agent"])
    found = client.get("/questions/nouvelle/reponses/", {"subject": "mon bulletin de paie semble faux"})
    assert "Un bulletin manque, ou semble faux" in found.content.decode() and "#aide-payslips" in found.content.decode()
    nothing = client.get("/questions/nouvelle/reponses/", {"subject": "zz"})
    assert "La réponse est peut-être ici" not in nothing.content.decode()


def test_a_unit_that_has_a_way_is_answered_by_its_own_office(people: dict[str, Agent]) -> None:
    own = keeping.save_office(
        None,
        label="Bureau RH des parcs",
        role="hr_officer",
        week="1111100",
        lead=people["head"],
        members=[people["hr"]],
        active=True,
        by=people["keeper"],
    )
    keeping.add_way(unit=make_unit("DEVE"), topic="", office=own, start=today(), by=people["keeper"])
    assert make_question(people["agent"]).office == own
    assert make_question(people["agent"], code="ligne-paie").office.code == "paie"
    assert make_question(people["stranger"]).office.code == "bureau-rh"
    # Its members are told, not everybody who could answer.
    assert (
        people["hr"].notifications.count() == 1
        and not people["keeper"]
        .notifications.filter(title__contains="C-")
        .exclude(url__contains=str(Question.objects.get(owner=people["stranger"]).pk))
        .exists()
    )


def test_an_answer_a_reply_and_a_closing_follow_each_other(people: dict[str, Agent], browser: SignedIn) -> None:
    question = make_question(people["agent"])
    office_side, agent_side = browser(people["hr"]), browser(people["agent"])
    sent = token() | {"text": "Pouvez-vous préciser ?", "then": "pending", "version": "1"}
    assert office_side.post(reverse("questions:answer", args=[question.pk]), sent).status_code == 303
    question.refresh_from_db()
    assert (question.status, question.assignee) == ("pending", people["hr"])
    agent_side.post(reverse("questions:reply", args=[question.pk]), token() | {"text": "Oui, pour novembre."})
    question.refresh_from_db()
    assert question.status == "open" and people["hr"].notifications.filter(kind="question.replied").exists()
    actions.answer(question, by=people["hr"], text="Quatre jours.")
    agent_side.post(reverse("questions:close", args=[question.pk]))
    question.refresh_from_db()
    assert question.status == "closed"


def test_two_officers_who_answer_at_once_do_not_both(people: dict[str, Agent], browser: SignedIn) -> None:
    question = make_question(people["agent"])
    actions.answer(question, by=people["keeper"], text="Déjà répondu", version=1)
    sent = token() | {"text": "Trop tard", "then": "solved", "version": "1"}
    answer = browser(people["hr"]).post(reverse("questions:answer", args=[question.pk]), sent)
    assert answer.status_code == 409 and "Trop tard" in answer.content.decode()
    assert not CaseMessage.objects.filter(text="Trop tard").exists()


def test_a_closed_question_is_opened_again_until_it_is_old(people: dict[str, Agent], browser: SignedIn) -> None:
    question = actions.close(make_question(people["agent"]), by=people["agent"])
    client, address = browser(people["agent"]), reverse("questions:reply", args=[question.pk])
    client.post(address, token() | {"text": "Ce n’est pas réglé."})
    question.refresh_from_db()
    assert question.status == "open" and question.promised_on > today()
    Question.objects.filter(pk=question.pk).update(status="closed", closed_at=now() - timedelta(days=61))
    answer = client.post(address, token() | {"text": "Encore."})
    assert answer.status_code == 409 and "close depuis longtemps" in answer.content.decode()


def test_an_opinion_takes_one_tap_and_a_word_may_follow(people: dict[str, Agent], browser: SignedIn) -> None:
    question = make_question(people["agent"])
    client, address = browser(people["agent"]), reverse("questions:rate", args=[question.pk])
    assert client.post(address, {"satisfaction": "4"}).status_code == 422  # nothing was answered yet
    actions.answer(question, by=people["hr"], text="Quatre jours.")
    assert client.post(address, {"satisfaction": "4"}).status_code == 303
    assert client.post(address, {"satisfaction": "9"}).status_code == 422
    client.post(address, {"satisfaction": "4", "comment": "Rapide"})
    question.refresh_from_db()
    assert (question.satisfaction, question.satisfaction_comment) == (4, "Rapide")


def test_a_question_handed_over_keeps_everything_and_leaves_its_first_office(
    people: dict[str, Agent], browser: SignedIn
) -> None:
    question = make_question(people["agent"])
    client = browser(people["hr"])
    sent = {"office": str(office("paie").pk), "note": "C’est une retenue."}
    answer = client.post(reverse("questions:hand-over", args=[question.pk]), sent)
    assert answer.status_code == 303 and answer["Location"] == "/questions/bureau/"
    assert client.get(question.get_absolute_url()).status_code == 404
    page = browser(people["pay"]).get(question.get_absolute_url()).content.decode()
    assert "Je ne retrouve pas mon compte de jours." in page and "C’est une retenue." in page
    assert people["agent"].notifications.get(kind="question.handed").body == "Vous n’avez rien à refaire."
    question.refresh_from_db()
    assert question.promised_on == make_question(people["agent"]).promised_on


def test_a_question_is_handed_to_an_office_that_was_chosen(people: dict[str, Agent], browser: SignedIn) -> None:
    question = make_question(people["agent"])
    client, address = browser(people["hr"]), reverse("questions:hand-over", args=[question.pk])
    assert '<option value="">Choisir</option>' in client.get(address).content.decode().replace(" selected", "")
    answer = client.post(address, {"office": "", "note": "À voir"})
    assert answer.status_code == 422 and "Choisissez un bureau." in answer.content.decode()
    assert client.get(question.get_absolute_url()).status_code == 200


def test_a_question_is_not_handed_where_nobody_may_answer(people: dict[str, Agent]) -> None:
    people["training"].role_grants.all().delete()
    with pytest.raises(Refusal, match="Personne, dans ce bureau"):
        actions.hand_over(make_question(people["agent"]), to=office("formation"), by=people["hr"])


def test_a_question_is_not_given_to_who_may_not_read_it(people: dict[str, Agent]) -> None:
    with pytest.raises(Refusal, match="ne peut pas traiter"):
        actions.assign(make_question(people["agent"]), to=people["foreign"], by=people["hr"])


def test_an_answer_written_beforehand_fills_in_the_names(people: dict[str, Agent], browser: SignedIn) -> None:
    ready = ReadyAnswer.objects.get(title="Bien reçu, nous cherchons")
    page = browser(people["hr"]).get(make_question(people["agent"]).get_absolute_url(), {"reponse": ready.pk})
    assert (
        f"Bonjour {people['agent'].first_name}," in page.content.decode() and "{promesse}" not in page.content.decode()
    )


def test_the_next_question_opens_after_an_answer(people: dict[str, Agent], browser: SignedIn) -> None:
    first, second = make_question(people["agent"]), make_question(people["agent"], subject="Et mon temps partiel ?")
    sent = token() | {"text": "Voici.", "then": "solved", "version": "1", "suivante": "1"}
    answer = browser(people["hr"]).post(reverse("questions:answer", args=[first.pk]), sent)
    assert answer["Location"] == second.get_absolute_url()
    last = browser(people["hr"]).post(reverse("questions:answer", args=[second.pk]), sent | token())
    assert last["Location"] == "/questions/bureau/"


def test_time_reminds_escalates_and_closes(people: dict[str, Agent]) -> None:
    with time_machine.travel(MONDAY):
        question, silent = make_question(people["agent"]), make_question(people["agent"], subject="Muette")
        actions.answer(silent, by=people["hr"], text="Précisez", then=DialogueStatus.PENDING)
        assert chase().reminded == 0
    with time_machine.travel(MONDAY + timedelta(days=2)):
        assert chase().reminded == 1 and chase().reminded == 0
    with time_machine.travel(MONDAY + timedelta(days=8)):
        done = chase()
        assert (done.escalated, done.reminded) == (1, 1)
        late = people["hr"].notifications.get(kind="question.late")
        # As of every request, who is late reads it by e-mail too; the title names nobody.
        assert late.email_state == "waiting" and people["agent"].last_name not in late.title
        assert people["agent"].notifications.filter(kind="question.reminder").exists()
    with time_machine.travel(MONDAY + timedelta(days=30)):
        assert chase().closed == 1
    question.refresh_from_db()
    assert question.status == "new" and question.escalated_at is not None


def test_a_closed_question_is_forgotten_with_all_that_was_written(people: dict[str, Agent]) -> None:
    with time_machine.travel(MONDAY):
        actions.close(make_question(people["agent"]), by=people["agent"])
        kept = make_question(people["agent"])
    with time_machine.travel(MONDAY + timedelta(days=365 * 3 + 30)):
        assert purge() == 1 and purge() == 0
    assert list(Question.objects.all()) == [kept]
    assert CaseMessage.objects.count() == 1


def test_a_topic_changes_from_a_day_on_and_sent_questions_keep_theirs(people: dict[str, Agent]) -> None:
    before, question = topic(), make_question(people["agent"])
    facts = keeping.TopicFacts("Congés", "", office("drh"), 8, "leave", 10)
    tomorrow = today() + timedelta(days=1)
    keeping.change_topic(before, facts, start=tomorrow, by=people["keeper"])
    assert topic().label == before.label
    assert Topic.objects.on(tomorrow).get(code="conges").office.code == "drh"
    question.refresh_from_db()
    assert question.topic == before
    with pytest.raises(Refusal, match="plus proposé"):
        keeping.change_topic(before, facts, start=tomorrow, by=people["keeper"])


def test_a_closing_moves_what_is_promised_after_it(people: dict[str, Agent]) -> None:
    with time_machine.travel(MONDAY):
        keeping.add_closing(
            label="Pont", office=office("bureau-rh"), first=MONDAY, last=MONDAY + timedelta(days=1), by=people["keeper"]
        )
        assert make_question(people["agent"]).promised_on == date(2026, 11, 27)
        assert make_question(people["agent"], code="retraite").promised_on == date(2026, 12, 14)


def test_an_office_to_which_topics_lead_does_not_close(people: dict[str, Agent], browser: SignedIn) -> None:
    sent = {"label": "Paie", "role": "pay_officer", "days": ["0"]}
    answer = browser(people["keeper"]).post(reverse("questions:office", args=[office("paie").pk]), sent)
    assert answer.status_code == 422 and "mènent encore à ce bureau" in answer.content.decode()


def test_the_lists_are_kept_on_the_screen(people: dict[str, Agent], browser: SignedIn) -> None:
    client, day = browser(people["keeper"]), today().isoformat()
    facts = {"label": "Logement", "office": str(office("drh").pk), "promised_days": "7", "order": "5", "start": day}
    assert client.post(reverse("questions:new-topic"), facts).status_code == 303
    assert topic("logement").promised_days == 7
    make_unit("DEVE")
    way = {"unit": "deve", "topic": "logement", "office": str(office("bureau-rh").pk), "start": day}
    assert client.post(reverse("questions:add-way"), way).status_code == 303
    wrong = client.post(reverse("questions:add-way"), way | {"unit": "INCONNU"})
    assert wrong.status_code == 422 and "Aucun service n’a ce code." in wrong.content.decode()
    assert make_question(people["agent"], code="logement").office.code == "bureau-rh"
    assert client.post(reverse("questions:end-topic", args=[topic("logement").pk]), {"last": day}).status_code == 303


@pytest.mark.parametrize("count", [3, 30])
def test_each_page_asks_few_queries_whatever_the_number(
    count: int, people: dict[str, Agent], browser: SignedIn
) -> None:
    asked = [make_question(people["agent"], subject=f"Question {number}") for number in range(count)]
    question = asked[-1]
    own, desk, keeper = browser(people["agent"]), browser(people["hr"]), browser(people["keeper"])
    pages = [(own, "/questions/"), (own, "/questions/nouvelle/"), (own, question.get_absolute_url())]
    pages += [
        (desk, question.get_absolute_url()),
        (desk, "/questions/bureau/"),
        (desk, "/questions/bureau/bilan/"),
        (keeper, "/questions/reglages/"),
    ]
    for client, address in [*pages, (desk, "/questions/bureau/?q=rtt")]:
        client.get(address)
        with count_queries(at_most=12):
            assert client.get(address).status_code == 200
