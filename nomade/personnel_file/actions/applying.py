"""Writing an accepted change in the file, with what was there before in the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from nomade.cases.timeline import note
from nomade.kernel.clock import now
from nomade.people.models import Agent
from nomade.personnel_file.history import keep_change
from nomade.personnel_file.models import (
    ChangeRequest,
    Child,
    CivilStatus,
    DisabilityRecognition,
    Origin,
    Subject,
    Title,
    TitleKind,
)
from nomade.personnel_file.secrets import Values, sealed_fact, wanted_by
from nomade.personnel_file.subjects import SPECS, address_of, before_of, one_line

Apply = Callable[[Agent, Values, ChangeRequest], None]


def apply_change(request: ChangeRequest, *, by: Agent | None) -> None:
    """To be called in the transaction of the answer, on a locked request; does nothing the second time."""
    if request.applied_at is not None:
        return
    subject = Subject(request.subject)
    agent = Agent.objects.select_for_update().get(pk=request.owner_id)
    after = wanted_by(request).after
    before = before_of(agent, subject)
    apply = _APPLY.get(subject)
    if apply is not None:
        apply(agent, after, request)
    keep_change(
        agent,
        SPECS[subject].field,
        one_line(subject, before),
        one_line(subject, after),
        origin=Origin.OFFICER,
        actor=by,
    )
    request.applied_at = now()
    request.save(update_fields=["applied_at"])
    note("file", request.pk, "applied", actor=by)


def _address(agent: Agent, after: Values, _request: ChangeRequest) -> None:
    agent.address = address_of(after)
    agent.save(update_fields=["address"])


def _name(agent: Agent, after: Values, _request: ChangeRequest) -> None:
    agent.last_name, agent.usage_name = after["last_name"], after["usage_name"]
    agent.first_name = after["first_name"]
    agent.save()


def _family(agent: Agent, after: Values, request: ChangeRequest) -> None:
    CivilStatus.objects.update_or_create(
        agent=agent, defaults={"family": after["family"], "family_since": request.effective_on}
    )


def _child(agent: Agent, after: Values, request: ChangeRequest) -> None:
    born = date.fromisoformat(after["birth_date"])
    Child.objects.update_or_create(
        agent=agent,
        first_name=after["first_name"],
        birth_date=born,
        defaults={
            "last_name": after["last_name"],
            "custody": after["custody"],
            "since": max(request.effective_on, born),
        },
    )


def _diploma(agent: Agent, after: Values, _request: ChangeRequest) -> None:
    obtained = date.fromisoformat(after["obtained_on"])
    Title.objects.create(agent=agent, kind=TitleKind.DIPLOMA, label=after["label"], obtained_on=obtained)


def _licence(agent: Agent, after: Values, _request: ChangeRequest) -> None:
    last = after["expires_on"]
    Title.objects.create(
        agent=agent,
        kind=after["kind"],
        label=after["label"],
        obtained_on=date.fromisoformat(after["obtained_on"]),
        expires_on=date.fromisoformat(last) if last else None,
    )


def _disability(agent: Agent, after: Values, _request: ChangeRequest) -> None:
    DisabilityRecognition.objects.update_or_create(
        agent=agent, defaults={"sealed": sealed_fact("disability", agent.pk, after)}
    )


# A rectification is done by hand where the wrong datum is: its answer says so.
_APPLY: dict[Subject, Apply] = {
    Subject.ADDRESS: _address,
    Subject.NAME: _name,
    Subject.FAMILY: _family,
    Subject.CHILD: _child,
    Subject.DIPLOMA: _diploma,
    Subject.LICENCE: _licence,
    Subject.DISABILITY: _disability,
}
