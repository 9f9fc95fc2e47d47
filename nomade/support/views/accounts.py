"""The desk and accounts: find an agent, make sure of who is asking, act. Nothing of pay, mail or file is shown."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nomade.accounts.factors.stepup import step_up_required
from nomade.accounts.letters.making import letter_pdf
from nomade.accounts.lockout.opening import give_device_code
from nomade.accounts.lockout.state import state_of
from nomade.files.http import attachment
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.hosts import absolute_url
from nomade.kernel.pages import render
from nomade.people.access import deciders_for, main_assignment
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.support import access
from nomade.support.actions import acts, identity
from nomade.support.models import IdentityCheck
from nomade.support.models.desk import ActKind
from nomade.support.queries import found_agents
from nomade.support.rules.proofs import ProofKind
from nomade.support.rules.spelling import spelled
from nomade.support.views.gates import for_technicians
from nomade.support.wording import MISSING


@for_technicians
@require_safe
def agents(request: AgentRequest) -> HttpResponse:
    """Find an agent: name, login, matricule, telephone."""
    typed = request.GET.get("q", "").strip()[:100]
    found = found_agents(access.agents_at_desk(request.agent), typed) if typed else []
    return render(request, "support/desk/agents.html", {"typed": typed, "agents": found})


@for_technicians
@require_safe
def agent(request: AgentRequest, agent_id: int) -> HttpResponse:
    """One agent: how the account stands, in words; the checks going on; the tickets."""
    found = access.agent_at_desk(request.agent, agent_id)
    account = getattr(found, "account", None)
    going_on = (
        IdentityCheck.objects.filter(agent=found, expires_at__gt=now(), refused_at__isnull=True)
        .select_related("technician")
        .order_by("-opened_at")[:5]
    )
    context = {
        "found": found,
        "account": account,
        "state": state_of(account) if account else None,
        "assignment": main_assignment(found),
        "checks": list(going_on),
        "tickets": list(access.tickets_handled_by(request.agent).filter(owner=found).newest_first()[:5]),
    }
    return render(request, "support/desk/agent.html", context)


@for_technicians
@require_POST
def open_check(request: AgentRequest, agent_id: int) -> HttpResponse:
    """Starts making sure of who is asking."""
    found = access.agent_at_desk(request.agent, agent_id)
    return _to(identity.open_check(found, by=request.agent, http=request))


@for_technicians
@never_cache
@require_POST
@step_up_required
def open_device(request: AgentRequest, agent_id: int) -> HttpResponse:
    """« Ouvrir cet appareil »: a code to read aloud. It replaces neither password nor factor, so it needs no proof."""
    found = access.agent_at_desk(request.agent, agent_id)
    account = getattr(found, "account", None)
    if account is None:
        raise Http404
    code = give_device_code(account, actor=request.agent.pk, request=request)
    context = {
        "found": found,
        "secret": code,
        "groups": spelled(code),
        "minutes": settings.NOMADE.lockout.device_code_minutes,
        "address": absolute_url("portal", "accounts:open-device").removeprefix("https://"),
    }
    return render(request, "support/desk/device_code.html", context)


@for_technicians
@never_cache
@require_safe
def check(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """The proofs gathered, those one may still gather, and the acts once there are enough."""
    return _check_page(request, access.check_of(request.agent, check_id))


def _check_page(
    request: AgentRequest, found: IdentityCheck, *, status: int = 200, refusal: str = "", typed: str = ""
) -> HttpResponse:
    proofs = list(found.proofs.select_related("attested_by").order_by("at"))
    missing = acts.standing_in_the_way(found)
    supervisors = [decider for decider in deciders_for(found.agent) if decider.pk != request.agent.pk]
    context = {
        "check": found,
        "found": found.agent,
        "state": state_of(found.agent.account),
        "proofs": proofs,
        "given": {proof.kind for proof in proofs},
        "needed": settings.NOMADE.support_proofs,
        "missing": [MISSING[reason] for reason in missing],
        "ready": not missing and found.technician_id == request.agent.pk,
        "leads": found.technician_id == request.agent.pk,
        "over": found.expires_at <= now() or found.refused_at is not None,
        "done": set(found.acts.values_list("kind", flat=True)),
        "supervisors": supervisors,
        "alone": not settings.NOMADE.support_second_technician,
        "delay": settings.NOMADE.support_delay_hours,
        "refusal": refusal,
        "typed": typed,
    }
    return render(request, "support/desk/check.html", context, status=status)


@for_technicians
@require_POST
def attest(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """Call back, or badge: what the technician saw."""
    found = access.check_of(request.agent, check_id)
    kind = request.POST.get("preuve", "")
    if kind not in list(ProofKind):
        return _check_page(request, found, status=422, refusal=_("Choisissez une preuve de la liste."))
    try:
        identity.attest(
            found, ProofKind(kind), by=request.agent, detail=request.POST.get("detail", "").strip()[:200], http=request
        )
    except Refusal as refusal:
        return _check_page(request, found, status=422, refusal=refusal.message)
    messages.success(request, _("La preuve est notée."))
    return _to(found)


@for_technicians
@require_POST
def ask_supervisor(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """Asks the supervisor to confirm in their own session."""
    found = access.check_of(request.agent, check_id)
    try:
        asked = identity.ask_supervisor(found, by=request.agent, http=request)
    except Refusal as refusal:
        return _check_page(request, found, status=422, refusal=refusal.message)
    names = ", ".join(decider.full_name for decider in asked)
    messages.success(request, _("La demande est partie à %(names)s.") % {"names": names})
    return _to(found)


@for_technicians
@require_POST
def enter_code(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """The code that the agent reads in an open session."""
    found = access.check_of(request.agent, check_id)
    try:
        right = identity.enter_code(found, request.POST.get("code", "")[:40], by=request.agent, http=request)
    except Refusal as refusal:
        return _check_page(request, found, status=422, refusal=refusal.message)
    if not right:
        wrong = _("Ce code n’est pas le bon, ou il est trop vieux. Faites-en afficher un autre.")
        return _check_page(request, access.check_of(request.agent, check_id), status=422, refusal=wrong)
    messages.success(request, _("Le code est bon : la preuve est notée."))
    return _to(found)


@for_technicians
@require_POST
def second(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """Another technician agrees, for an account with wide rights."""
    found = access.check_of(request.agent, check_id)
    try:
        identity.second(found, by=request.agent, http=request)
    except Refusal as refusal:
        return _check_page(request, found, status=422, refusal=refusal.message)
    messages.success(request, _("Votre accord est noté."))
    return _to(found)


@for_technicians
@require_POST
def wait(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """Where there is no second technician: the delay starts, the authority is told."""
    found = access.check_of(request.agent, check_id)
    try:
        acts.wait_instead(found, by=request.agent, http=request)
    except acts.NotProved as refused:
        return _not_proved(request, found, refused)
    except Refusal as refusal:
        return _check_page(request, found, status=422, refusal=refusal.message)
    messages.success(request, _("Le délai court ; l’autorité et l’agent sont prévenus."))
    return _to(found)


@for_technicians
@never_cache
@require_POST
@step_up_required
def do(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """One act. Without the proofs: 403. A provisional password is in this answer, and nowhere else."""
    found = access.check_of(request.agent, check_id)
    kind = request.POST.get("action", "")
    if kind not in ActKind.values:
        return _check_page(request, found, status=422, refusal=_("Choisissez une action de la liste."))
    try:
        secret = acts.act(found, ActKind(kind), by=request.agent, http=request)
    except acts.NotProved as refused:
        return _not_proved(request, found, refused)
    except Refusal as refusal:
        return _check_page(request, found, status=409, refusal=refusal.message)
    if secret:
        return _handed(request, found.agent, secret)
    messages.success(request, _("C’est fait : %(act)s. L’agent en est prévenu.") % {"act": ActKind(kind).label})
    return _to(found)


def _handed(request: AgentRequest, found: Agent, secret: str) -> HttpResponse:
    """The provisional password, once: to be read aloud, or as a letter to be handed over."""
    if request.POST.get("remise") == "lettre":
        letter = letter_pdf(found.account, secret)
        return attachment(letter, name=_("Mot de passe provisoire.pdf"), content_type="application/pdf")
    context = {
        "found": found,
        "secret": secret,
        "groups": spelled(secret),
        "hours": settings.NOMADE.provisional_reset_hours,
        "closed_hours": settings.NOMADE.support_closed_hours,
    }
    return render(request, "support/desk/handed.html", context)


def _not_proved(request: AgentRequest, found: IdentityCheck, refused: acts.NotProved) -> HttpResponse:
    said = " ".join(str(MISSING[reason]) for reason in refused.missing)
    return _check_page(request, found, status=403, refusal=said)


def _to(found: IdentityCheck) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:check", args=[found.pk]), status=303)
