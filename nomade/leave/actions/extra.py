"""Hours done beyond the cycle: declared, then agreed by the supervisor, who has them given back as time."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.models import CaseState
from nomade.cases.references import new_reference
from nomade.kernel import audit
from nomade.kernel.addresses import path_to
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.leave.access import hr_of
from nomade.leave.actions.corrections import open_counter
from nomade.leave.actions.requests import AlreadyHandled
from nomade.leave.extra_hours import may_answer
from nomade.leave.facts import current_law
from nomade.leave.models import CounterKind, EntryKind, ExtraHours, LedgerEntry, Mode
from nomade.leave.rules.decisions import Outcome, refusal
from nomade.leave.rules.extra import given_back, is_too_late
from nomade.leave.rules.validity import NO_YEAR, RECOVERY
from nomade.leave.wording import day_phrase
from nomade.notifications.actions import notify, notify_many
from nomade.people.access import deciders_for
from nomade.people.models import Agent
from nomade.ui.filters import hours

KIND = "extra"
RULE = "décret 2002-60 art. 3"
PORTAL = "nomade.config.urls.portal"


@transaction.atomic
def declare_hours(
    agent: Agent,
    day: date,
    minutes: int,
    *,
    period: str,
    reason: str,
    by: Agent | None = None,
    http: HttpRequest | None = None,
) -> ExtraHours:
    """Declares hours for oneself, or (`by`) for an agent who is told; nothing is given before somebody agrees.

    Raises Refusal for hours to come, done too long ago, declared already, or a counter that the time system keeps.
    """
    law = current_law()
    if CounterKind.objects.filter(code=RECOVERY, mode=Mode.FED).exists():
        raise Refusal(_("Vos heures à récupérer sont tenues par le système de temps : déclarez-les là-bas."), rule=RULE)
    if day > today():
        raise Refusal(_("Ces heures ne sont pas encore faites : déclarez-les ensuite."), rule=RULE, field="day")
    if by is None and is_too_late(day, today(), law):
        raise Refusal(
            _("Des heures se déclarent dans les %(days)s jours ; au-delà, votre responsable les saisit pour vous.")
            % {"days": law.number("recup.past_days", today())},
            rule=_("règlement local"),
            field="day",
        )
    try:
        with transaction.atomic():
            asked = ExtraHours.objects.create(
                owner=agent,
                reference=new_reference(),
                day=day,
                minutes=minutes,
                period=period,
                given=given_back(minutes, period, day, law),
                reason=reason.strip(),
                entered_by=by,
            )
    except IntegrityError as error:
        if "leave_extra_once" not in str(error):
            raise
        raise Refusal(
            _("Des heures de ce moment sont déjà déclarées le %(day)s : retirez-les d’abord pour les corriger.")
            % {"day": day_phrase(day)},
            field="day",
        ) from error
    author = by or agent
    timeline.note(KIND, asked.pk, "entered" if by else "submitted", actor=author, detail=asked.reason)
    audit.record("leave.extra_declared", actor=author.pk, subject=agent.pk, request=http, reference=asked.reference)
    _tell_deciders(asked)
    if by is not None:
        title = _("%(author)s a déclaré pour vous %(hours)s faites le %(day)s")
        told = {"author": by.full_name, "hours": hours(minutes), "day": day_phrase(day)}
        notify(agent, kind="leave.extra_entered", title=title % told, url=_own_page())
    return asked


@transaction.atomic
def withdraw_hours(asked: ExtraHours, *, http: HttpRequest | None = None) -> None:
    """The owner takes back what nobody has answered. Raises AlreadyHandled otherwise."""
    asked = _claim(asked)
    asked.state = CaseState.CANCELLED
    _save(asked)
    timeline.note(KIND, asked.pk, "cancelled", actor=asked.owner)
    audit.record(
        "leave.extra_withdrawn", actor=asked.owner_id, subject=asked.owner_id, request=http, reference=asked.reference
    )


@transaction.atomic
def answer_hours(
    asked: ExtraHours, *, by: Agent, accept: bool, reason: str = "", http: HttpRequest | None = None
) -> ExtraHours:
    """Agrees, and the time goes to the counter; or refuses, with the reason that the agent reads.

    Raises AlreadyHandled for the second who answers, Refusal without a reason or for who may not.
    """
    asked = _claim(asked)
    if not may_answer(by, asked):
        raise Refusal(_("Ces heures n’attendent pas votre réponse."), rule=_("nul ne décide pour soi-même"))
    if not accept and refusal(reason).outcome is Outcome.BLOCKED:
        raise Refusal(
            _("Un refus doit dire ses raisons : écrivez le motif, il sera lu par l’agent."),
            rule=refusal(reason).source,
            field="reason",
        )
    asked.state = CaseState.APPROVED if accept else CaseState.REFUSED
    asked.decided_by, asked.decided_at, asked.decision_reason = by, now(), "" if accept else reason.strip()[:300]
    _save(asked)
    if accept:
        LedgerEntry.objects.create(
            counter=open_counter(asked.owner, RECOVERY, NO_YEAR),
            kind=EntryKind.RIGHT,
            half_days=asked.given,
            date=asked.day,
            author=by,
            reason=(
                _("%(hours)s faites %(when)s : %(reason)s")
                % {"hours": hours(asked.minutes), "when": asked.get_period_display(), "reason": asked.reason}
            )[:300],
            source=RULE,
        )
    timeline.note(KIND, asked.pk, asked.state, actor=by, detail=asked.decision_reason)
    audit.record(
        f"leave.extra_{asked.state}", actor=by.pk, subject=asked.owner_id, request=http, reference=asked.reference
    )
    given = _("Vos heures du %(day)s sont validées : %(hours)s à récupérer")
    title = given if accept else _("Vos heures du %(day)s ne sont pas retenues")
    notify(
        asked.owner,
        kind="leave.extra_answered",
        title=title % {"day": day_phrase(asked.day), "hours": hours(asked.given)},
        body=asked.decision_reason,
        url=_own_page(),
    )
    return asked


def _own_page() -> str:
    return path_to("leave:extra", urlconf=PORTAL)


def _tell_deciders(asked: ExtraHours) -> None:
    """The supervisor and who holds their delegation; HR where there is nobody."""
    people = deciders_for(asked.owner) or hr_of(asked.owner)
    told = {"name": asked.owner.full_name, "hours": hours(asked.minutes), "day": day_phrase(asked.day)}
    notify_many(
        [person for person in people if person != asked.entered_by],
        kind="leave.extra",
        title=_("%(name)s déclare %(hours)s faites en plus le %(day)s") % told,
        url=path_to("leave:extra-to-answer", urlconf=PORTAL),
    )


def _claim(asked: ExtraHours) -> ExtraHours:
    asked = ExtraHours.objects.select_for_update(of=("self",)).select_related("owner", "decided_by").get(pk=asked.pk)
    if asked.state != CaseState.SUBMITTED:
        who = asked.decided_by.full_name if asked.decided_by else asked.owner.full_name
        raise AlreadyHandled(_("C’est déjà traité par %(name)s.") % {"name": who})
    return asked


def _save(asked: ExtraHours) -> None:
    asked.version += 1
    asked.save(update_fields=["state", "version", "decided_by", "decided_at", "decision_reason"])
