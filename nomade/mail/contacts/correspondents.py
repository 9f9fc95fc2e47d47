"""Who an agent wrote to lately."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import F

from mailkit.mime.addresses import Address
from nomade.kernel.clock import now
from nomade.mail.models import Correspondent
from nomade.people.folding import fold
from nomade.people.models import Agent


def remember(agent: Agent, people: Iterable[Address]) -> None:
    """Notes the people of a letter that leaves; called in its transaction."""
    names = {person.email.lower(): person.name[:120] for person in people if person.email.lower() != agent.mail_address}
    known = Correspondent.objects.filter(agent=agent, email__in=names)
    there = set(known.values_list("email", flat=True))
    known.update(times=F("times") + 1, last_at=now())
    Correspondent.objects.bulk_create(
        [
            Correspondent(agent=agent, email=email, name=name, search_name=fold(f"{name} {email}"))
            for email, name in names.items()
            if email not in there
        ],
        ignore_conflicts=True,
    )


def forget(agent: Agent, email: str) -> None:
    """No longer proposes an address."""
    Correspondent.objects.filter(agent=agent, email=email.lower()).delete()


def purge() -> int:
    """Forgets those not written to for the time that is set."""
    limit = now() - timedelta(days=settings.NOMADE.mail_correspondent_days)
    return Correspondent.objects.filter(last_at__lt=limit).delete()[0]
