"""« Journal de sécurité »: the support and administrators read what concerns the door of accounts, auditors all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.accounts.factors.stepup import step_up_required
from nomade.administration.access import OFFICE_ROLES, open_to
from nomade.administration.journal import SECURITY, JournalForm, facts_told, label_of, lines, names_of
from nomade.kernel import audit, journal
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.access import roles_of
from nomade.people.http import AgentRequest
from nomade.people.roles import Role

PAGE = 50


@open_to(Role.AUDITOR, Role.ADMINISTRATOR, Role.SUPPORT_TECHNICIAN)
@require_safe
def search(request: AgentRequest) -> HttpResponse:
    """One page of what matches, the latest first. Looking is an event too."""
    everything = Role.AUDITOR in roles_of(request.agent)
    form = JournalForm(request.GET, everything=everything)
    found = []
    if form.is_valid():
        wanted = journal.events(form.criteria(), only=None if everything else SECURITY)
        place = _place(request.GET.get("apres", ""))
        found = list((journal.below(wanted, place) if place else wanted)[: PAGE + 1])
        audit.record("journal.searched", actor=request.agent.pk, subject=None, request=request, **_asked(form))
    shown, names = found[:PAGE], names_of(found)
    context = {
        "form": form,
        "lines": [_line(event, names) for event in shown],
        "next": _next(request, shown) if len(found) > PAGE else "",
        "may_export": everything,
        "has_office": not roles_of(request.agent).isdisjoint(OFFICE_ROLES),
    }
    return render(request, "administration/journal.html", context, status=422 if form.errors else 200)


@open_to(Role.AUDITOR)
@require_POST
@step_up_required
def export(request: AgentRequest) -> StreamingHttpResponse:
    """The same events as JSON lines, streamed; refused when they are too many for one file."""
    form = JournalForm(request.POST, everything=True)
    if not form.is_valid():
        raise Refusal(_("Ces critères ne conviennent pas : revenez à la recherche pour les corriger."))
    found, most = journal.events(form.criteria()), settings.NOMADE.journal_export_lines
    if found[: most + 1].count() > most:
        raise Refusal(_("Plus de %(most)d lignes : réduisez la période.") % {"most": most})
    audit.record("journal.exported", actor=request.agent.pk, subject=None, request=request, **_asked(form))
    response = StreamingHttpResponse(lines(found.iterator(chunk_size=2000)), content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="journal-{now():%Y-%m-%d}.jsonl"'
    return response


def _asked(form: JournalForm) -> dict[str, Any]:
    return {name: str(value) for name, value in form.cleaned_data.items() if value}


def _place(text: str) -> journal.Place | None:
    """Where the last page ended (`instant,id`); what is not one is the beginning."""
    instant, _comma, number = text.partition(",")
    try:
        at = datetime.fromisoformat(instant)
        return journal.Place(at, int(number)) if at.tzinfo and len(number) < 19 else None
    except ValueError:
        return None


def _next(request: AgentRequest, shown: list[Any]) -> str:
    query = request.GET.copy()
    query["apres"] = f"{shown[-1].at.isoformat()},{shown[-1].pk}"
    return query.urlencode()


def _line(event: Any, names: dict[int, str]) -> dict[str, Any]:
    return {
        "event": event,
        "label": label_of(event.event),
        "actor": names.get(event.actor_id, ""),
        "subject": names.get(event.subject_id, "") if event.subject_id != event.actor_id else "",
        "facts": facts_told(event.facts, names),
    }
