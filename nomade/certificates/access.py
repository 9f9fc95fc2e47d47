"""The only ways to a certificate: one's own; by its code, for whoever holds the paper; requests, for their officers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse

from nomade.cases.messages import how_many
from nomade.cases.models import CaseState
from nomade.certificates.models import Certificate, CertificateRequest, TemplateText
from nomade.certificates.rules import Content
from nomade.files import store
from nomade.kernel.clock import today
from nomade.kernel.encryption import unseal
from nomade.kernel.models import AuditEvent
from nomade.people.access import agents_in_perimeter, has_role, standing_in
from nomade.people.http import AgentRequest
from nomade.people.models import Agent, RoleGrant
from nomade.people.roles import Role

View = Callable[..., HttpResponse]


def certificates_of(agent: Agent) -> QuerySet[Certificate]:
    """An agent's own certificates, latest first; the sealed content is not loaded."""
    return Certificate.objects.of(agent).latest_first().defer("content_sealed")


def certificate_for(agent: Agent, certificate_id: UUID) -> Certificate:
    """One of the agent's own. Raises Http404 for anybody else's."""
    found = Certificate.objects.of(agent).select_related("file").filter(pk=certificate_id).first()
    if found is None:
        raise Http404
    return found


def by_code(code: str) -> Certificate | None:
    """The certificate of a code, or None: only its hash is known here."""
    return Certificate.objects.filter(code_sha256=hash_of(code)).first() if code else None


def hash_of(code: str) -> str:
    """80 random bits need no salt: there is nothing to guess from a list of common ones."""
    return hashlib.sha256(f"nomade certificate {code}".encode()).hexdigest()


def binding(certificate: UUID, agent: int) -> bytes:
    """What the sealed content is bound to."""
    return f"certificate:{certificate}:{agent}".encode()


def content_of(certificate: Certificate) -> Content:
    """What was frozen when it was issued. Raises `DecryptionFailed`."""
    plain = unseal(bytes(certificate.content_sealed), context=binding(certificate.pk, certificate.agent_id))
    return Content(**json.loads(plain))


def pdf_of(certificate: Certificate) -> bytes:
    """The paper. Raises `DocumentDamaged` or `DocumentUnavailable`."""
    return store.read(certificate.file)


def pdfs_of(certificates: Iterable[UUID]) -> list[bytes]:
    """The papers of certificates that still hold, in the order of the ids, for the service that had them made."""
    wanted = list(certificates)
    found = Certificate.objects.filter(revoked_at=None).select_related("file").in_bulk(wanted)
    return [pdf_of(found[one]) for one in wanted if one in found]


def checks_of(certificate: Certificate) -> QuerySet[AuditEvent]:
    """Each check made with the code, latest first."""
    return AuditEvent.objects.filter(
        subject_id=certificate.agent_id, event="certificate.checked", facts__certificate=str(certificate.pk)
    ).order_by("-id")


def requests_of(agent: Agent) -> QuerySet[CertificateRequest]:
    """An agent's own requests, latest first."""
    return CertificateRequest.objects.filter(owner=agent).order_by("-submitted_at")


def request_for(agent: Agent, request_id: UUID) -> CertificateRequest:
    """One of the agent's own. Raises Http404 for anybody else's."""
    found = requests_of(agent).select_related("owner", "file", "answered_by").filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def _office_requests(officer: Agent) -> QuerySet[CertificateRequest]:
    """Those of the officer and of each one they stand in for: never one’s own, nor those of who gave the delegation."""
    inside = Q(pk__in=[])
    for person in standing_in(officer):
        agents = agents_in_perimeter(person, Role.HR_OFFICER).exclude(pk=person.pk)
        inside |= Q(owner__in=agents.values("pk"))
    return CertificateRequest.objects.filter(inside).exclude(owner=officer)


def requests_to_answer(officer: Agent) -> QuerySet[CertificateRequest]:
    """What waits for an HR officer, or for who stands in for one, never one's own; the oldest first."""
    return (
        _office_requests(officer)
        .filter(state=CaseState.SUBMITTED)
        .select_related("owner")
        .annotate(said=how_many("certificate"))
        .order_by("submitted_at")
    )


def request_to_answer(officer: Agent, request_id: UUID) -> CertificateRequest:
    """One request of the officer's perimeter, answered or not. Raises Http404."""
    found = _office_requests(officer).select_related("owner", "answered_by").filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def is_hr_officer(agent: Agent) -> bool:
    """Whether somebody answers requests today, whatever the perimeter: by role, or by delegation of who has it."""
    return any(has_role(person, Role.HR_OFFICER) for person in standing_in(agent))


def writes_texts(agent: Agent) -> bool:
    """The texts are everybody's: only an HR officer of the whole organisation writes them."""
    grants = RoleGrant.objects.on(today()).filter(agent=agent, role=Role.HR_OFFICER)
    return bool(grants.filter(Q(perimeter__isnull=True)).exists())


def _only(test: Callable[[Agent], bool]) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not test(request.agent):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return wrap


hr_officers_only = _only(is_hr_officer)
text_writers_only = _only(writes_texts)


def versions_of(kind: str) -> QuerySet[TemplateText]:
    """Every text that was written for a kind, latest first."""
    return TemplateText.objects.filter(kind=kind).select_related("created_by").order_by("-version")
