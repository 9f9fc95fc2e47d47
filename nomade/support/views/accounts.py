"""The desk and accounts: find an agent, make sure of who is asking, act. Nothing of pay, mail or file is shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nomade.accounts.directories.passwords import kept_there
from nomade.accounts.factors.stepup import step_up_required
from nomade.accounts.helpdesk import has_any_factor
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
from nomade.support.models.desk import ActKind, IdentityProof
from nomade.support.queries import found_agents
from nomade.support.rules.proofs import Missing, ProofKind
from nomade.support.rules.spelling import spelled
from nomade.support.views.gates import for_technicians
from nomade.support.wording import MISSING


@for_technicians
@require_safe
def agents(request: AgentRequest) -> HttpResponse:
    """Find an agent: name, login, matricule, telephone; the checks going on, a colleague's that wait for us first."""
    typed = request.GET.get("q", "").strip()[:100]
    found = found_agents(access.agents_at_desk(request.agent), typed) if typed else []
    context = {"typed": typed, "agents": found, "checks": [] if typed else access.checks_going_on(request.agent)}
    return render(request, "support/desk/agents.html", context)


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


def _check_page(request: AgentRequest, found: IdentityCheck, *, status: int = 200, refusal: str = "") -> HttpResponse:
    given = IdentityProof.objects.select_related("attested_by").order_by("at")
    prefetch_related_objects([found], Prefetch("proofs", queryset=given))
    proofs = list(found.proofs.all())
    missing = acts.standing_in_the_way(found)
    supervisors = [decider for decider in deciders_for(found.agent) if decider.pk != request.agent.pk]
    context = {
        "check": found,
        "found": found.agent,
        "state": state_of(found.agent.account),
        "kept_there": kept_there(),
        "has_factor": has_any_factor(found.agent.account),
        "proofs": proofs,
        "given": {proof.kind for proof in proofs},
        "needed": settings.NOMADE.support_proofs,
        "missing": [_missing(reason) for reason in missing],
        "ready": not missing and found.technician_id == request.agent.pk,
        "leads": found.technician_id == request.agent.pk,
        "over": found.expires_at <= now() or found.refused_at is not None,
        "done": set(found.acts.values_list("kind", flat=True)),
        "supervisors": supervisors,
        "alone": not settings.NOMADE.support_second_technician,
        "delay": settings.NOMADE.support_delay_hours,
        "refusal": refusal,
        "waited": found.waits_until is not None and found.waits_until <= now(),
    }
    return render(request, "support/desk/check.html", context, status=status)


# What a step does, and what it says once it is done, or its own page.
Act = Callable[[IdentityCheck], str | HttpResponse]


def _step(request: AgentRequest, check_id: uuid.UUID, act: Act, *, refused: int = 422) -> HttpResponse:
    """One step of a check: what it says when it is done, the page with the reason when it is refused."""
    found = access.check_of(request.agent, check_id)
    try:
        done = act(found)
    except acts.NotProved as lacking:
        said = " ".join(_missing(reason) for reason in lacking.missing)
        return _check_page(request, found, status=403, refusal=said)
    except Refusal as refusal:
        fresh = access.check_of(request.agent, check_id)  # a refusal may have ended the check
        return _check_page(request, fresh, status=refused, refusal=refusal.message)
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, done)
    return _to(found)


@for_technicians
@require_POST
def attest(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """Call back, or badge: what the technician saw."""

    def act(found: IdentityCheck) -> str:
        kind = request.POST.get("preuve", "")
        if kind not in list(ProofKind):
            raise Refusal(_("Choisissez une preuve de la liste."))
        detail = request.POST.get("detail", "").strip()[:200]
        identity.attest(found, ProofKind(kind), by=request.agent, detail=detail, http=request)
        return _("La preuve est notée.")

    return _step(request, check_id, act)


@for_technicians
@require_POST
def ask_supervisor(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """Asks the supervisor to confirm in their own session."""

    def act(found: IdentityCheck) -> str:
        asked = identity.ask_supervisor(found, by=request.agent, http=request)
        return _("La demande est partie à %(names)s.") % {"names": ", ".join(decider.full_name for decider in asked)}

    return _step(request, check_id, act)


@for_technicians
@require_POST
def enter_code(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """The code that the agent reads in an open session."""

    def act(found: IdentityCheck) -> str:
        if not identity.enter_code(found, request.POST.get("code", "")[:40], by=request.agent, http=request):
            raise Refusal(_("Ce code n’est pas le bon, ou il est trop vieux. Faites-en afficher un autre."))
        return _("Le code est bon : la preuve est notée.")

    return _step(request, check_id, act)


@for_technicians
@require_POST
def second(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """Another technician agrees, for an account with wide rights."""

    def act(found: IdentityCheck) -> str:
        identity.second(found, by=request.agent, http=request)
        return _("Votre accord est noté.")

    return _step(request, check_id, act)


@for_technicians
@require_POST
def wait(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """Where there is no second technician: the delay starts, the authority is told."""

    def act(found: IdentityCheck) -> str:
        acts.wait_instead(found, by=request.agent, http=request)
        return _("Le délai court ; l’autorité et l’agent sont prévenus.")

    return _step(request, check_id, act)


@for_technicians
@never_cache
@require_POST
@step_up_required
def do(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """One act. Without the proofs: 403. A provisional password is in this answer, and nowhere else."""
    kind = request.POST.get("action", "")

    def act(found: IdentityCheck) -> str | HttpResponse:
        secret = acts.act(found, ActKind(kind), by=request.agent, http=request)
        if secret:
            return _handed(request, found.agent, secret)
        return _("C’est fait : %(act)s. L’agent en est prévenu.") % {"act": ActKind(kind).label}

    if kind not in ActKind.values:
        found = access.check_of(request.agent, check_id)
        return _check_page(request, found, status=422, refusal=_("Choisissez une action de la liste."))
    return _step(request, check_id, act, refused=409)


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


def _missing(reason: Missing) -> str:
    """What lacks, in words; where nobody can be the second technician, a delay stands in for them."""
    if reason is Missing.SECOND_TECHNICIAN and not settings.NOMADE.support_second_technician:
        return _("Ce compte a des droits étendus : faites d’abord courir le délai.")
    return str(MISSING[reason])


def _to(found: IdentityCheck) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:check", args=[found.pk]), status=303)
