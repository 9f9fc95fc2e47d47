"""Questions of the demo city: offices of human resources, pay and training with what agents ask of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

from nomade.cases.dialogues import DialogueStatus
from nomade.cases.models import CaseEvent, CaseMessage
from nomade.cases.references import new_references
from nomade.demo.personas import CAMILLE, LEILA, MARC
from nomade.kernel.clock import PARIS, now, today
from nomade.people.models import Agent, OrgUnit
from nomade.people.roles import Role
from nomade.questions.access import offices_for
from nomade.questions.actions.keeping import add_way, save_office
from nomade.questions.actions.questions import KIND, index
from nomade.questions.calendars import calendar_around
from nomade.questions.models import Office, Question, Topic

QUESTIONS = 40
SOPHIE = "sophie.laurent"
NEW, OPEN, PENDING, SOLVED, CLOSED = DialogueStatus


@dataclass(frozen=True)
class Story:
    """What an agent asked, and what is answered when somebody does."""

    topic: str
    subject: str
    text: str
    answer: str = "Bonjour, nous vérifions votre dossier et revenons vers vous."
    about: str = ""


STORIES = (
    Story("conges", "Combien de RTT me reste-t-il ?", "Le compteur affiche 4 mais j’en avais posé 2.",
          "Bonjour, les deux jours posés sont bien retirés : ouvrez le compteur pour voir les mouvements."),
    Story("conges", "Report de congés après un arrêt", "J’étais en arrêt en août. Que deviennent mes jours ?",
          "Bonjour, ils sont reportés : le compteur « report » les montre avec leur date limite."),
    Story("temps-travail", "Passer à 80 % en janvier", "Quel délai pour la demande, et à qui l’adresser ?",
          "Bonjour, deux mois avant la date souhaitée, avec l’avis de votre responsable. Le formulaire est joint."),
    Story("carriere", "Date de mon prochain échelon", "Je suis à l’échelon 6 depuis 2024."),
    Story("contrat", "Renouvellement de mon contrat", "Il se termine en mars. Quand aurai-je une réponse ?"),
    Story("dossier", "Mon adresse n’a pas changé", "Je l’ai envoyée il y a deux semaines.",
          "Bonjour, la demande était bien là : elle est acceptée ce matin."),
    Story("sante", "Reprise après un accident de service", "Dois-je voir le médecin avant de revenir ?"),
    Story("attestation", "Attestation pour la crèche", "Il me faut un document avec mes horaires.",
          "Bonjour, l’attestation de travail se télécharge dans « Attestations »."),
    Story("ligne-paie", "Une retenue que je ne comprends pas", "La ligne « Transport » a baissé.",
          "Bonjour, le remboursement suit votre justificatif : il manque celui de ce mois.", "« Transport »"),
    Story("montant-paie", "Mon net a baissé de 40 €", "Je n’ai pas changé d’horaires.",
          "Bonjour, c’est le rappel de cotisation mutuelle de septembre : il n’y en aura pas le mois prochain."),
    Story("prime", "Prime de fin d’année", "Est-elle versée en novembre ou en décembre ?"),
    Story("formation", "Place pour le concours", "Suis-je bien inscrite à la préparation ?",
          "Bonjour, votre inscription est confirmée, la convocation est dans « Formations »."),
    Story("retraite", "Estimation de ma retraite", "J’aurai 62 ans l’an prochain."),
)  # fmt: skip


def fill_questions(personas: dict[str, Agent], dice: random.Random) -> int:
    """Camille's own questions, then some forty of her department and of elsewhere; how many."""
    keeper, sophie, camille = personas[MARC], personas[SOPHIE], personas[CAMILLE]
    own = save_office(
        None, label="Bureau RH de la DEVE", role=Role.HR_OFFICER, week="1111100", lead=None, members=[sophie],
        active=True, by=keeper,
    )  # fmt: skip
    unit = OrgUnit.objects.filter(path="DEVE").first()
    if unit is not None:
        add_way(unit=unit, topic="", office=own, start=today() - timedelta(days=300), by=keeper)
    topics = {topic.code: topic for topic in Topic.objects.on(today()).select_related("office")}
    near = Agent.objects.present(today()).filter(assignments__unit__path__startswith="DEVE").exclude(pk=sophie.pk)
    far = Agent.objects.present(today()).exclude(assignments__unit__path__startswith="DEVE")
    owners = [*dice.choices(list(near.order_by("pk")[:80]), k=28), *dice.choices(list(far.order_by("pk")[:80]), k=9)]
    references = new_references(QUESTIONS)
    answering = {Role.HR_OFFICER: sophie, Role.PAY_OFFICER: personas["thomas.roy"]}
    answering[Role.TRAINING_OFFICER] = personas["awa.diallo"]
    _question(references[0], camille, STORIES[1], SOLVED, 20, topics, answering)
    _question(references[1], camille, STORIES[2], PENDING, 4, topics, answering)
    _question(references[2], personas[LEILA], STORIES[10], NEW, 1, topics, answering)
    for place, owner in enumerate(owners, 3):
        story = STORIES[place % len(STORIES)]
        status = dice.choices((NEW, OPEN, PENDING, SOLVED, CLOSED), weights=(20, 8, 3, 5, 4))[0]
        days = dice.uniform(0.2, 9 if status in (NEW, OPEN) else 40)
        _question(references[place], owner, story, status, days, topics, answering)
    return QUESTIONS


def _question(
    reference: str,
    owner: Agent,
    story: Story,
    status: DialogueStatus,
    days: float,
    topics: dict[str, Topic],
    answering: dict[Role, Agent],
) -> None:
    """A question as its office would have left it: the actions know only the present."""
    moment, topic = now(), topics[story.topic]
    asked = moment - timedelta(days=days)
    answered = asked + (moment - asked) * 0.4
    office: Office = offices_for(owner, [topic], today())[topic.pk]
    officer = answering.get(Role(office.role))
    inside = officer is not None and (office.role != Role.HR_OFFICER or _of_deve(owner))
    taker = officer if inside and status != NEW and officer != owner else None
    if taker is None:
        status = NEW
    day = asked.astimezone(PARIS).date()
    question = Question.objects.create(
        reference=reference,
        owner=owner,
        submitted_at=asked,
        topic=topic,
        office=office,
        status=status,
        assignee=taker,
        subject=story.subject,
        about=story.about,
        promised_on=calendar_around(office, day).after(day, topic.promised_days),
        paused_at=answered if status == PENDING else None,
        answered_at=answered if status in (PENDING, SOLVED, CLOSED) else None,
        solved_at=answered if status in (SOLVED, CLOSED) else None,
        closed_at=moment if status == CLOSED else None,
        satisfaction=4 if status == CLOSED else None,
    )
    said = [(owner, story.text, asked)]
    noted = [("opened", owner, asked)]
    if taker is not None and status != OPEN:
        said.append((taker, story.answer, answered))
        noted.append(("answered" if status == PENDING else "solved", taker, answered))
    elif taker is not None:
        noted.append(("assigned", taker, answered))
    CaseMessage.objects.bulk_create(
        CaseMessage(kind=KIND, case_id=question.pk, author=author, text=text, at=at) for author, text, at in said
    )
    CaseEvent.objects.bulk_create(
        CaseEvent(kind=KIND, case_id=question.pk, event=event, actor=actor, at=at) for event, actor, at in noted
    )
    index(question, owner, story.text)


def _of_deve(agent: Agent) -> bool:
    return bool(agent.assignments.filter(unit__path__startswith="DEVE").exists())
