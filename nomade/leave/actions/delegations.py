"""A supervisor lets somebody decide in their place, between two days; all those concerned are told."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.facts import current_law
from nomade.leave.rules.periods import Period
from nomade.leave.wording import period_phrase
from nomade.notifications.actions import notify, notify_many
from nomade.people.access import supervised_by, supervisor_of
from nomade.people.models import Agent, Delegation


@transaction.atomic
def delegate(giver: Agent, receiver: Agent, first: date, last: date, *, http: HttpRequest | None = None) -> Delegation:
    """Opens a delegation. Raises Refusal for oneself, days in disorder or too far apart, or the same one twice.

    The receiver never decides their own requests, nor those of whom gave the delegation (domain § 1.10).
    """
    Agent.objects.select_for_update().get(pk=giver.pk)
    longest = current_law().number("delegation.longest_days", today())
    if receiver.pk == giver.pk:
        raise Refusal(_("Une délégation se donne à quelqu’un d’autre."), field="receiver")
    if receiver.exit_date is not None and receiver.exit_date < last:
        raise Refusal(_("Cette personne aura quitté la collectivité avant la fin."), field="receiver")
    if not today() <= first <= last:
        raise Refusal(_("Les dates doivent être à venir, et dans l’ordre."), field="first_day")
    if (last - first).days >= longest:
        message = _("Une délégation dure %(days)s jours au plus : ouvrez-en une autre ensuite.")
        raise Refusal(message % {"days": longest}, field="last_day")
    same = Delegation.objects.filter(giver=giver, receiver=receiver, valid_from__lte=last, valid_to__gte=first)
    if same.exists():
        raise Refusal(_("Cette personne a déjà votre délégation sur ces dates."), field="receiver")
    delegation = Delegation.objects.create(
        giver=giver, receiver=receiver, valid_from=first, valid_to=last, created_by=giver
    )
    audit.record("delegation.opened", actor=giver.pk, subject=receiver.pk, request=http, delegation=delegation.pk)
    _tell(delegation, opened=True)
    return delegation


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: Agent, http: HttpRequest | None = None) -> None:
    """Ends a delegation now; one that has not begun is removed. Its past days stay in the history."""
    audit.record(
        "delegation.ended", actor=by.pk, subject=delegation.receiver_id, request=http, delegation=delegation.pk
    )
    _tell(delegation, opened=False)
    if delegation.valid_from >= today():
        delegation.delete()
        return
    delegation.valid_to = today() - timedelta(days=1)
    delegation.save(update_fields=["valid_to"])


def _tell(delegation: Delegation, *, opened: bool) -> None:
    """The receiver and the N+2 by e-mail too; the team in the portal."""
    giver, receiver = delegation.giver, delegation.receiver
    when = period_phrase(Period(delegation.valid_from, delegation.valid_to))
    facts = {"giver": giver.full_name, "receiver": receiver.full_name, "when": when}
    mine = _("%(giver)s vous donne sa délégation %(when)s : vous répondez aux demandes d’absence de son équipe")
    theirs = _("%(receiver)s répond à la place de %(giver)s %(when)s")
    if not opened:
        mine = theirs = _("La délégation de %(giver)s à %(receiver)s prend fin")
    notify(receiver, kind="leave.delegation", title=mine % facts, url="/conges/a-valider/")
    second = supervisor_of(giver)
    if second is not None and second.pk != receiver.pk:
        notify(second, kind="leave.delegation", title=theirs % facts, url="/conges/equipe/")
    team = [agent for agent in supervised_by(giver) if agent.pk != receiver.pk]
    notify_many(team, kind="leave.delegation", title=theirs % facts, url="/conges/", email=False)
