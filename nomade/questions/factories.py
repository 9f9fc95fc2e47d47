"""Questions for tests, made by the same actions as real ones."""

from __future__ import annotations

from nomade.kernel.clock import today
from nomade.people.models import Agent
from nomade.questions.actions.questions import ask
from nomade.questions.models import Office, Question, Topic


def topic(code: str = "conges") -> Topic:
    """A topic of today."""
    found: Topic = Topic.objects.on(today()).get(code=code)
    return found


def office(code: str) -> Office:
    return Office.objects.get(code=code)


def make_question(owner: Agent, subject: str = "Combien de RTT me reste-t-il ?", code: str = "conges") -> Question:
    """A question that an agent has just sent."""
    return ask(owner, topic=topic(code), subject=subject, text="Je ne retrouve pas mon compte de jours.")
