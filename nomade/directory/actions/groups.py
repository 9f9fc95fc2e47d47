"""What writes an agent's own groups of colleagues."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from nomade.directory.models import ContactGroup
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent


@transaction.atomic
def make_group(owner: Agent, name: str) -> ContactGroup:
    """Makes an empty group. Raises Refusal for a name that one has already, or one group too many."""
    _lock(owner)
    own = ContactGroup.objects.filter(owner=owner)
    if own.count() >= settings.NOMADE.directory_groups:
        raise Refusal(
            _("Vous avez déjà %(count)s groupes : supprimez-en un pour en créer un autre.")
            % {"count": settings.NOMADE.directory_groups}
        )
    _refuse_twin(owner, name)
    return ContactGroup.objects.create(owner=owner, name=name)


@transaction.atomic
def rename_group(group: ContactGroup, name: str) -> None:
    """Gives another name. Raises Refusal for the name of another group of the same owner."""
    _lock(group.owner)
    _refuse_twin(group.owner, name, but=group)
    group.name = name
    group.save(update_fields=["name"])


@transaction.atomic
def add_member(group: ContactGroup, colleague: Agent) -> None:
    """Puts a colleague in a group; doing it twice changes nothing. Raises Refusal when the group is full."""
    _lock(group.owner)
    if group.members.filter(pk=colleague.pk).exists():
        return
    if group.members.count() >= settings.NOMADE.directory_group_size:
        raise Refusal(
            _("Ce groupe compte déjà %(count)s personnes, le maximum : retirez quelqu’un ou créez un second groupe.")
            % {"count": settings.NOMADE.directory_group_size}
        )
    group.members.add(colleague)


@transaction.atomic
def remove_member(group: ContactGroup, colleague: Agent) -> None:
    """Takes a colleague off a group; doing it twice changes nothing."""
    group.members.remove(colleague)


@transaction.atomic
def delete_group(group: ContactGroup) -> None:
    """Forgets a group; the colleagues stay in the directory."""
    group.delete()


def _lock(owner: Agent) -> None:
    """Two tabs of one agent do not pass a limit together."""
    Agent.objects.select_for_update().only("pk").get(pk=owner.pk)


def _refuse_twin(owner: Agent, name: str, but: ContactGroup | None = None) -> None:
    twins = ContactGroup.objects.filter(owner=owner, name__iexact=name)
    if (twins.exclude(pk=but.pk) if but else twins).exists():
        raise Refusal(_("Vous avez déjà un groupe « %(name)s » : choisissez un autre nom.") % {"name": name})
