"""The support of the demo city: a desk with fifty tickets, a second technician, an account locked for a reason."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from nomade.cases.models import CaseEvent, CaseMessage
from nomade.cases.references import new_references
from nomade.demo.personas import CAMILLE, HUGO, PAUL
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.people.actions import grant_role
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.support.actions.tickets import KIND, index
from nomade.support.models import Category, Incident, Priority, Team, Ticket, TicketStatus
from nomade.support.promises import calendar_around, promise
from nomade.support.rules.hours import due_after

LUCAS = "lucas.petit"
DESK = "DSIN/SD-EXPLOITATION/ASSISTANCE"
TICKETS = 50
NEW, OPEN, PENDING, SOLVED, CLOSED = (
    TicketStatus.NEW,
    TicketStatus.OPEN,
    TicketStatus.PENDING,
    TicketStatus.SOLVED,
    TicketStatus.CLOSED,
)


@dataclass(frozen=True)
class Story:
    """What an agent asked, and what was answered if somebody did."""

    category: str
    subject: str
    text: str
    answer: str = "Bonjour, c’est pris en charge. Je reviens vers vous dès que possible."
    priority: Priority | None = None


STORIES = (
    Story("impression", "L’imprimante du 2e étage bloque le papier",
          "Elle affiche « bourrage bac 2 » mais je ne vois aucune feuille.",
          "Bonjour, ouvrez le capot arrière, la feuille est souvent derrière le rouleau. Est-ce mieux ?"),
    Story("impression", "Le copieur numérise de travers",
          "Tous les documents numérisés partent en biais depuis la semaine dernière."),
    Story("impression", "Plus de toner au secrétariat", "L’écran demande un toner noir, le placard est vide.",
          "Bonjour, deux cartouches partent ce matin par la navette."),
    Story("poste", "Mon ordinateur est très lent le matin", "Il met vingt minutes à démarrer, puis tout va bien.",
          "Bonjour, des mises à jour se terminent au démarrage. Pouvez-vous le laisser allumé ce soir ?"),
    Story("poste", "Écran noir au démarrage", "Le voyant est orange, j’ai essayé deux câbles.", priority=Priority.HIGH),
    Story("poste", "Le clavier écrit en anglais", "Les lettres A et Q sont inversées depuis ce matin.",
          "Bonjour, appuyez en même temps sur Alt et Maj : le clavier repasse en français."),
    Story("poste", "La tablette de terrain ne charge plus", "Nous ne pouvons plus saisir les tournées.",
          priority=Priority.HIGH),
    Story("messagerie", "Je ne reçois plus les messages d’un fournisseur",
          "Le dernier date du 12. Il dit qu’il n’a pas d’erreur.",
          "Bonjour, ils sont dans vos indésirables. Marquez-en un comme légitime, les suivants arriveront."),
    Story("messagerie", "Accès à la boîte partagée du service", "Je remplace une collègue en congé maternité."),
    Story("messagerie", "Ma boîte est pleine", "Je ne peux plus envoyer.",
          "Bonjour, videz d’abord la corbeille. Il reste alors environ 400 Mo."),
    Story("telephone", "Le transfert d’appel ne marche pas", "Je compose le code, puis cela sonne occupé."),
    Story("telephone", "Écran du téléphone fixe fissuré", "Il fonctionne, mais on ne lit plus les numéros."),
    Story("reseau", "Pas de wifi au rez-de-chaussée", "Personne n’a de réseau depuis neuf heures.",
          "Bonjour, une borne a été remplacée. Est-ce revenu ?"),
    Story("reseau", "L’accès à distance se coupe", "Toutes les dix minutes, quand je travaille de chez moi."),
    Story("application", "Le logiciel de planning se ferme tout seul", "Dès que j’ouvre le mois de décembre.",
          "Bonjour, l’éditeur corrige ce défaut demain matin. Je vous confirme."),
    Story("application", "Mise à jour du logiciel de dessin", "La version 2026 est-elle disponible pour nous ?"),
    Story("acces", "Accès au dossier des marchés", "Je viens d’arriver au bureau des achats.",
          "Bonjour, votre cheffe de bureau a donné son accord : l’accès est ouvert."),
    Story("acces", "Mon badge n’ouvre plus le parking", "Depuis mon changement de service."),
    Story("dysfonctionnement", "Dysfonctionnement : /conges/nouvelle/", "Rien ne se passait sur mon téléphone."),
    Story("materiel", "Une souris verticale", "Conseillée par le médecin du travail.",
          "Bonjour, elle est commandée, livraison sous dix jours."),
    Story("materiel", "Un second écran", "Mon responsable est d’accord, le devis est joint."),
    Story("autre", "Salle de réunion : le projecteur", "Il affiche une image bleue, la réunion est à 14 h."),
)  # fmt: skip


def fill_support(personas: dict[str, Agent], dice: random.Random) -> int:
    """Fifty tickets at the desk of Lucas, older and younger, taken or not; returns how many."""
    lucas = personas[LUCAS]
    colleague = _second_technician(lucas, personas[PAUL])
    for team in Team.objects.all():
        team.members.add(lucas, *([colleague] if colleague else []))
    audit.record(
        "account.locked", actor=lucas.pk, subject=personas[HUGO].pk, reason="téléphone volé, signalé par l’agent"
    )
    others = Agent.objects.present(today()).exclude(Q(pk=lucas.pk) | Q(pk=colleague.pk if colleague else lucas.pk))
    owners = dice.sample(list(others.order_by("pk")[:400]), TICKETS - 2)
    camille = personas[CAMILLE]
    references = new_references(TICKETS)
    categories = {known.code: known for known in Category.objects.all()}
    _ticket(references[0], camille, STORIES[0], PENDING, 30, lucas, categories)
    _ticket(references[1], camille, STORIES[7], SOLVED, 150, lucas, categories)
    for place, owner in enumerate(owners, 2):
        story = STORIES[place % len(STORIES)]
        status = dice.choices((NEW, OPEN, PENDING, SOLVED, CLOSED), weights=(14, 16, 7, 6, 7))[0]
        if story.priority == Priority.HIGH and status == CLOSED:
            status = OPEN
        age = dice.uniform(0.3, 110 if status in (NEW, OPEN) else 400)
        taker = None if status == NEW else dice.choice([lucas, lucas, colleague or lucas])
        _ticket(references[place], owner, story, status, age, taker, categories)
    Incident.objects.create(
        author=lucas,
        title="Téléphones fixes du 15e arrondissement",
        text="Les appels entrants sonnent occupé. L’opérateur intervient dans la journée.",
        started_at=now() - timedelta(hours=3),
    )
    return TICKETS


def _second_technician(lucas: Agent, granter: Agent) -> Agent | None:
    """A colleague of the same office: accounts with wide rights need two of them."""
    near = Agent.objects.present(today()).filter(assignments__unit__path=DESK).exclude(pk=lucas.pk)
    colleague = (
        near.order_by("pk").first()
        or Agent.objects.present(today())
        .filter(assignments__unit__path__startswith="DSIN", role_grants__isnull=True)
        .exclude(pk=lucas.pk)
        .order_by("-pk")
        .first()
    )
    if colleague is not None:
        grant_role(colleague, Role.SUPPORT_TECHNICIAN, by=granter)
    return colleague


def _ticket(
    reference: str,
    owner: Agent,
    story: Story,
    status: TicketStatus,
    hours: float,
    taker: Agent | None,
    categories: dict[str, Category],
) -> None:
    """A ticket as the desk would have left it: the actions know only the present."""
    moment = now()
    asked = moment - timedelta(hours=hours)
    answered = asked + (moment - asked) * 0.4
    category = categories[story.category]
    priority = story.priority or category.priority
    due = due_after(asked, promise(priority), calendar_around(asked))
    ticket = Ticket.objects.create(
        reference=reference,
        owner=owner,
        submitted_at=asked,
        category=category,
        team=category.team,
        priority=priority,
        status=status,
        assignee=taker,
        subject=story.subject,
        page="/conges/nouvelle/" if story.category == "dysfonctionnement" else "",
        due_at=due,
        paused_at=answered if status == PENDING else None,
        answered_at=answered if taker else None,
        solved_at=answered if status in (SOLVED, CLOSED) else None,
        closed_at=moment if status == CLOSED else None,
    )
    _said(ticket, owner, story.text, asked)
    _noted(ticket, "opened", owner, asked)
    if taker is not None:
        _said(ticket, taker, story.answer, answered)
        _noted(ticket, "solved" if status in (SOLVED, CLOSED) else "answered", taker, answered)
    if status == CLOSED:
        _noted(ticket, "closed", owner, moment)
    index(ticket, owner, story.text)


def _said(ticket: Ticket, author: Agent, text: str, at: datetime) -> None:
    CaseMessage.objects.create(kind=KIND, case_id=ticket.pk, author=author, text=text, at=at)


def _noted(ticket: Ticket, event: str, actor: Agent, at: datetime) -> None:
    CaseEvent.objects.create(kind=KIND, case_id=ticket.pk, event=event, actor=actor, at=at)
