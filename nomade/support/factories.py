"""The support for tests, made by the real actions."""

from __future__ import annotations

from nomade.people.factories import grant, make_agent
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.support.actions import identity
from nomade.support.actions.tickets import open_ticket
from nomade.support.models import Category, IdentityCheck, Ticket
from nomade.support.rules.proofs import ProofKind


def make_technician(first_name: str = "Lucas", last_name: str = "Petit") -> Agent:
    """Somebody who works at the desk, for the whole organisation."""
    technician = make_agent(first_name, last_name, post="Technicien du support")
    grant(technician, Role.SUPPORT_TECHNICIAN)
    return technician


def category(code: str = "impression") -> Category:
    return Category.objects.get(code=code)


def make_ticket(owner: Agent, subject: str = "L’imprimante n’imprime plus", code: str = "impression") -> Ticket:
    """A ticket that an agent has just sent."""
    return open_ticket(owner, category=category(code), subject=subject, text="Depuis ce matin, plus rien ne sort.")


def proved(agent: Agent, technician: Agent) -> IdentityCheck:
    """A check with two proofs that the technician attests; the agent has a number."""
    check = identity.open_check(agent, by=technician)
    identity.attest(check, ProofKind.CALLBACK, by=technician)
    identity.attest(check, ProofKind.BADGE, by=technician)
    return check
