"""Skills and habilitations, with their proofs: one's own, and what the training office reads of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.files import store
from nomade.files.http import attachment
from nomade.files.models import StoredFile
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.folding import fold
from nomade.people.http import AgentRequest
from nomade.training import access, people_access
from nomade.training.actions import skills
from nomade.training.models import Skill, SkillState
from nomade.training.people_forms import CheckSkillForm, SkillForm

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: AgentRequest) -> HttpResponse:
    """What I can do: what trainings proved, and what I declare with its proof."""
    form = SkillForm(request.POST, request.FILES) if request.method == "POST" else SkillForm()
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        files = data.pop("proof")
        try:
            skills.declare(request.agent, skills.Claim(**data), files, request=request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Compétence déclarée : le service formation va la relire."))
            return HttpResponseRedirect(reverse("training:skills"), status=303)
    context = {
        "form": form,
        "held": people_access.habilitations_of(request.agent),
        "skills": people_access.skills_of(request.agent),
        "today_is": today(),
    }
    return render(request, "training/skills.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: AgentRequest, skill_id: UUID) -> HttpResponse:
    """Takes back what I declared."""
    found = people_access.skill_of(request.agent, skill_id)
    try:
        skills.withdraw(found, by=request.agent, request=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Compétence retirée."))
    return HttpResponseRedirect(reverse("training:skills"), status=303)


@require_safe
def skill_proof(request: AgentRequest, skill_id: UUID) -> HttpResponse:
    """The proof of a declared skill."""
    return _proof(people_access.skill_for(request.agent, skill_id).proof)


@require_safe
def habilitation_proof(request: AgentRequest, habilitation_id: int) -> HttpResponse:
    """The proof of a habilitation."""
    return _proof(people_access.habilitation_for(request.agent, habilitation_id).proof)


def _proof(file: StoredFile | None) -> HttpResponse:
    if file is None:
        raise Http404
    return attachment(store.read(file), name=file.name, content_type=file.content_type)


@require_safe
def to_check(request: AgentRequest) -> HttpResponse:
    """The skills of the perimeter: those to read first, and who can do what."""
    access.officer_or_404(request.agent)
    query = request.GET.get("q", "").strip()[:80]
    found = people_access.skills_in_perimeter(request.agent)
    if query:
        found = found.filter(label__icontains=query) | found.filter(agent__search_name__contains=fold(query))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "training/skills_to_check.html", {"page": page, "query": query})


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: AgentRequest, skill_id: UUID) -> HttpResponse:
    """One of them: verified, alone or as a course; or not kept, with the reason."""
    access.officer_or_404(request.agent)
    found = people_access.skill_to_check(request.agent, skill_id)
    form = CheckSkillForm(request.POST) if request.method == "POST" else CheckSkillForm()
    if request.method == "POST" and form.is_valid():
        try:
            _checked(request, found, form)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("C’est noté, l’agent est prévenu."))
            return HttpResponseRedirect(reverse("training:skills-to-check"), status=303)
    context = {"skill": found, "form": form, "waits": found.state == SkillState.DECLARED}
    return render(request, "training/skill_check.html", context, status=422 if form.errors else 200)


def _checked(request: AgentRequest, found: Skill, form: CheckSkillForm) -> None:
    data = form.cleaned_data
    if request.POST.get("decision") == "refuse":
        skills.refuse(found, remark=data["remark"], by=request.agent, request=request)
    else:
        skills.verify(found, course=data["course"], by=request.agent, request=request)
