"""The personal address of an agent: given by them, worth something once it has answered."""

from __future__ import annotations

from django.db import transaction

from nomade.people.models import Agent


def give_personal_email(agent: Agent, email: str) -> None:
    """A new address, not yet confirmed."""
    agent.personal_email, agent.personal_email_confirmed = email, False
    agent.save(update_fields=["personal_email", "personal_email_confirmed"])


@transaction.atomic
def confirm_personal_email(agent: Agent, email: str) -> bool:
    """Whether the address is the agent's own now; False when another one was given meanwhile."""
    found = Agent.objects.select_for_update().filter(pk=agent.pk, personal_email=email)
    if not found.exists():
        return False
    found.update(personal_email_confirmed=True)
    return True
