"""Who is told what of a request. No word says why somebody is away: these lines go out by e-mail too."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nomade.cases.models import CaseState
from nomade.kernel.addresses import path_to
from nomade.leave.access import deciders_at_step, hr_of
from nomade.leave.models import LeaveRequest
from nomade.leave.rules.circuits import HR, SUPERVISOR, UNSPECIFIED
from nomade.leave.wording import period_phrase
from nomade.notifications.actions import notify, notify_many
from nomade.people.models import Agent


def tell_submitted(leave: LeaveRequest, first: list[Agent]) -> None:
    """The deciders of the first step; the supervisor anyway, who organises the work; the agent it was typed for.

    `first`: the supervisor and who holds their delegation.
    """
    if leave.waits_for == SUPERVISOR and not leave.escalated_at:
        _ask(leave, first)
    elif leave.waits_for:
        tell_deciders(leave)
    if leave.waits_for != SUPERVISOR:
        _send(leave, first, "leave.announced", _("Absence de %(name)s %(period)s"))
    if leave.entered_by is not None:
        title = _("%(author)s a saisi pour vous une absence %(period)s")
        notify(
            leave.owner,
            kind="leave.entered",
            title=title % {"author": leave.entered_by.full_name, "period": period_phrase(leave.period)},
            url=leave.get_absolute_url(),
        )


def tell_deciders(leave: LeaveRequest, kind: str = "leave.submitted", title: str = "") -> None:
    """Those whom the step it has reached concerns."""
    _ask(leave, hr_of(leave.owner) if leave.waits_for == HR else deciders_at_step(leave), kind, title)


def _ask(leave: LeaveRequest, people: list[Agent], kind: str = "leave.submitted", title: str = "") -> None:
    asks = _("%(name)s demande une absence %(period)s")
    if leave.leave_type.code == UNSPECIFIED:
        asks = _("%(name)s prévient de son absence %(period)s")
    _send(leave, people, kind, title or asks)


def invite(leave: LeaveRequest) -> None:
    """The e-mail of a validated absence, which carries its calendar file; it takes the place of the ordinary one."""
    from nomade.leave.tasks import send_invitation

    send_invitation.defer(request=str(leave.pk))


def tell_owner(leave: LeaveRequest, kind: str, title: str, *, email: bool = True) -> None:
    """The agent, with the reason of the decision in the portal only."""
    notify(
        leave.owner,
        kind=kind,
        title=title % {"period": period_phrase(leave.period)},
        body=leave.decision_reason,
        url=leave.get_absolute_url(),
        email=email,
    )


def tell_replacement(leave: LeaveRequest) -> None:
    """The colleague named to stand in, once the absence is sure: whose, and when."""
    _to_replacement(leave, "leave.replacement", _("Vous remplacez %(name)s %(period)s"))


def free_replacement(leave: LeaveRequest) -> None:
    """The same colleague, when an absence that was sure is no more; to be called before its state changes."""
    if leave.state == CaseState.APPROVED:
        _to_replacement(leave, "leave.replacement_over", _("Vous n’avez plus à remplacer %(name)s %(period)s"))


def remind_replacement(leave: LeaveRequest) -> None:
    """The same colleague, shortly before."""
    _to_replacement(leave, "leave.replacement", _("Rappel : vous remplacez %(name)s %(period)s"))


def _to_replacement(leave: LeaveRequest, kind: str, title: str) -> None:
    if leave.replacement is None:
        return
    told = {"name": leave.owner.full_name, "period": period_phrase(leave.period)}
    team = path_to("leave:team", urlconf="nomade.config.urls.portal")
    url = f"{team}?semaine={leave.first_day.isoformat()}"
    notify(leave.replacement, kind=kind, title=title % told, url=url)


def _send(leave: LeaveRequest, people: list[Agent], kind: str, title: str) -> None:
    notify_many(
        [person for person in people if person != leave.entered_by],
        kind=kind,
        title=title % {"name": leave.owner.full_name, "period": period_phrase(leave.period)},
        url=leave.get_absolute_url(),
    )
