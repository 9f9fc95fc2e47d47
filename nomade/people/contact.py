"""The personal address of an agent: given by them, worth something once it has answered."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from nomade.kernel.clock import now
from nomade.people.models import Agent, FormerEmail

# How long alarms still reach an address that was replaced.
ALARMED_FOR = timedelta(days=30)


@transaction.atomic
def give_personal_email(agent: Agent, email: str) -> None:
    """A new address, not yet confirmed; the one before stays known to alarms for a while."""
    if agent.personal_email_confirmed and agent.personal_email and agent.personal_email.lower() != email.lower():
        FormerEmail.objects.create(agent=agent, email=agent.personal_email, replaced_at=now())
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


def alarm_addresses(agent: Agent) -> list[str]:
    """Every address that an alarm goes to: the professional one, the personal one, and those lately replaced."""
    former = FormerEmail.objects.filter(agent=agent, replaced_at__gte=now() - ALARMED_FOR)
    known = [agent.mail_address, agent.personal_email if agent.personal_email_confirmed else ""]
    return [address for address in dict.fromkeys([*known, *former.values_list("email", flat=True)]) if address]


def purge_former_emails() -> int:
    """Deletes the addresses that no alarm needs any more; returns how many."""
    return FormerEmail.objects.filter(replaced_at__lt=now() - ALARMED_FOR).delete()[0]
