"""What administrators and auditors read of the security of accounts."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from nomade.accounts import policy as accounts_policy
from nomade.administration.access import open_to
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.people.roles import Role


@open_to(Role.ADMINISTRATOR, Role.AUDITOR)
@require_safe
def policy(request: AgentRequest) -> HttpResponse:
    """« Politique de sécurité »: every number that holds today."""
    return render(request, "administration/policy.html", {"sections": accounts_policy.sections()})
