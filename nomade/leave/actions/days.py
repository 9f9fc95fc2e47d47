"""A day of work moved once: a part-time agent works a day off, and is off on another."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.facts import timetables
from nomade.leave.models import DayException, LeaveRequest
from nomade.leave.rules.cycles import Timetable, sign_of
from nomade.leave.wording import day_phrase
from nomade.notifications.actions import notify
from nomade.people.models import Agent


@transaction.atomic
def move_day(
    agent: Agent, off: date, worked: date, *, by: Agent, reason: str, http: HttpRequest | None = None
) -> uuid.UUID:
    """The agent, off on `worked` by their cycle, works it once and is off on `off` instead.

    The two days change places: what was worked on one is worked on the other, half-days included. Raises Refusal for
    oneself, for the past, for two days of equal work, or when an absence is already asked on one of them.
    """
    if by.pk == agent.pk:
        raise Refusal(_("Une autre personne doit enregistrer ce changement."), rule=_("nul ne décide pour soi-même"))
    if min(off, worked) < today():
        raise Refusal(_("Ces deux jours doivent être à venir."), field="off")
    if not reason.strip():
        raise Refusal(_("Dites pourquoi ce jour est déplacé : l’agent le lira."), field="reason")
    first, last = min(off, worked), max(off, worked)
    table = timetables([agent.pk], first, last).get(agent.pk, Timetable(()))
    here, there = table.halves_worked(off), table.halves_worked(worked)
    if here is None or there is None:
        raise Refusal(_("Le portail ne connaît pas la situation de l’agent ces jours-là."), field="off")
    if len(there) >= len(here):
        raise Refusal(
            _("Le premier jour doit être travaillé et le second libre, d’après le cycle de l’agent."), field="off"
        )
    for day in (off, worked):
        if LeaveRequest.objects.living().filter(owner=agent).touching(day, day).exists():
            raise Refusal(
                _("Une absence est déjà posée le %(day)s : annulez-la d’abord.") % {"day": day_phrase(day)}, field="off"
            )
    move = uuid.uuid4()
    try:
        with transaction.atomic():
            DayException.objects.bulk_create(
                DayException(agent=agent, day=day, sign=sign_of(halves), move=move, reason=reason.strip(), author=by)
                for day, halves in ((off, there), (worked, here))
            )
    except IntegrityError as error:
        raise Refusal(_("Un de ces jours a déjà été déplacé."), field="off") from error
    audit.record(
        "leave.day_moved",
        actor=by.pk,
        subject=agent.pk,
        request=http,
        off=off.isoformat(),
        worked=worked.isoformat(),
    )
    notify(
        agent,
        kind="leave.day_moved",
        title=_("Vous travaillez le %(worked)s et serez libre le %(off)s")
        % {"worked": day_phrase(worked), "off": day_phrase(off)},
        body=reason.strip(),
        url="/conges/",
    )
    return move
