"""Other people's files, for who may read them; and who read one's own."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from nomade.accounts.factors.stepup import step_up_required
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.access import has_role, roles_of
from nomade.people.http import AgentRequest
from nomade.people.roles import Role
from nomade.personnel_file.access import CHILDREN, CONTACTS, TITLES, known_child, lists_of, recognition_of
from nomade.personnel_file.actions import emergency
from nomade.personnel_file.bank_facts import account_of
from nomade.personnel_file.career import career_of
from nomade.personnel_file.history import history_of
from nomade.personnel_file.models import EmergencyAccess, Field
from nomade.personnel_file.nirs import shown_nir
from nomade.personnel_file.reading import OpenedFile, consultations_of, files_of, inscribe, open_file
from nomade.personnel_file.rules.matrix import LABELS, READERS, Section

SHOWN = 50
# What HR reads of the history: neither the account nor a recognition.
HR_HISTORY = frozenset(field.value for field in Field) - {Field.BANK.value, Field.DISABILITY.value}

_LISTS: dict[Section, type[Model]] = {
    Section.EMERGENCY: CONTACTS,
    Section.FAMILY: CHILDREN,
    Section.TITLES: TITLES,
}


@require_safe
def agents(request: AgentRequest) -> HttpResponse:
    """The agents of whose file one may read something, by name."""
    query = request.GET.get("q", "").strip()
    found = files_of(request.agent, query)
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    if not query and not page.object_list:
        raise Http404
    audit.record("file.agents_listed", actor=request.agent.pk, subject=None, request=request, count=len(page))
    context = {"page": page, "query": query, "officer": has_role(request.agent, Role.HR_OFFICER)}
    return render(request, "personnel_file/agents.html", context)


@require_safe
def agent_file(request: AgentRequest, matricule: str) -> HttpResponse:
    """The parts of a file that this reader may see; their owner will read that it was opened."""
    opened = open_file(request.agent, matricule)
    inscribe(
        request.agent,
        opened.agent,
        role=min(opened.readers),
        sections=opened.sections,
        http=request,
        emergency=opened.emergency,
    )
    return render(request, "personnel_file/agent_file.html", _parts(opened))


def _parts(opened: OpenedFile) -> dict[str, object]:
    agent, seen = opened.agent, opened.sections
    lists = lists_of(agent, *(table for section, table in _LISTS.items() if section in seen))
    return {
        "opened": opened,
        "agent": agent,
        "readers": [str(READERS[reader]) for reader in sorted(opened.readers)],
        "sections": {str(section) for section in seen},
        "civil": getattr(agent, "civil_status", None) if Section.FAMILY in seen else None,
        "children": [known_child(one) for one in lists[CHILDREN]],
        "contacts": lists[CONTACTS],
        "titles": lists[TITLES],
        "career": career_of(agent)[:6] if Section.CAREER in seen else [],
        "account": account_of(agent) if Section.BANK in seen else None,
        "nir": shown_nir(agent) if Section.NIR in seen else "",
        "recognition": recognition_of(agent) if Section.DISABILITY in seen else None,
        "history": history_of(agent, HR_HISTORY, 10) if Section.HISTORY in seen else [],
        "today_is": today(),
    }


@require_safe
def consultations(request: AgentRequest) -> HttpResponse:
    """Who opened one's file, in which role, when, which parts, and why when it was an emergency."""
    page = Paginator(consultations_of(request.agent), SHOWN).get_page(request.GET.get("page"))
    lines = [
        (one, READERS.get(one.role, one.role), ", ".join(str(LABELS[Section(name)]) for name in one.sections))  # type: ignore[call-overload]  # a stored text
        for one in page
    ]
    return render(request, "personnel_file/consultations.html", {"page": page, "lines": lines})


@require_safe
def career(request: AgentRequest) -> HttpResponse:
    """Grades, time of work, posts and units, from today back to the first day."""
    return render(request, "personnel_file/career.html", {"steps": career_of(request.agent)})


class GlassForm(forms.Form):
    """Whose file, and why."""

    matricule = forms.CharField(
        label=gettext_lazy("Matricule de l’agent"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = forms.CharField(
        label=gettext_lazy("Motif de l’urgence"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def break_glass(request: AgentRequest) -> HttpResponse:
    """Opens a file outside one's perimeter; others are told."""
    if not has_role(request.agent, Role.HR_OFFICER):
        raise Http404
    form = GlassForm(request.POST) if request.method == "POST" else GlassForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            access = emergency.break_glass(request.agent, data["matricule"], reason=data["reason"], http=request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.warning(request, _("Dossier ouvert en urgence : l’agent et le délégué sont prévenus."))
            address = reverse("personnel_file:agent-file", args=[access.agent.matricule])
            return HttpResponseRedirect(address, status=303)
    return render(request, "personnel_file/glass.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def emergencies(request: AgentRequest) -> HttpResponse:
    """Every « bris de glace », for who watches over them."""
    if not {Role.DATA_PROTECTION_OFFICER, Role.AUDITOR} & roles_of(request.agent):
        raise Http404
    found = EmergencyAccess.objects.select_related("agent", "officer").order_by("-opened_at")
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    return render(request, "personnel_file/emergencies.html", {"page": page})
