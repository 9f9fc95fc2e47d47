"""What leaves the personal file by itself, class by class (§ 7)."""

from __future__ import annotations

from django.db import transaction

from nomade.files.photos import delete_photo
from nomade.kernel.clock import today
from nomade.people.models import Agent
from nomade.personnel_file.models import EmergencyContact


@transaction.atomic
def purge_leavers() -> int:
    """Deletes the photograph and the emergency contacts of those who have left; returns how many rows went."""
    day = today()
    gone = EmergencyContact.objects.filter(agent__exit_date__lt=day).delete()[0]
    leavers = Agent.objects.filter(exit_date__lt=day, photo__isnull=False)
    return gone + sum(delete_photo(agent) for agent in leavers)
