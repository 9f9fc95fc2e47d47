"""Whom somebody may help to sign in: the agents they supervise, those of their HR perimeter. Never themselves."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from nomade.accounts.models import Account
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.people.access import agents_in_perimeter, is_privileged, supervised_by
from nomade.people.models import Agent
from nomade.people.roles import Role


def may_help_anybody(helper: Agent) -> bool:
    """Whether the page concerns somebody at all."""
    return supervised_by(helper).exists() or agents_in_perimeter(helper, Role.HR_OFFICER).exists()


def helped_by(helper: Agent, text: str = "") -> QuerySet[Agent]:
    """The agents at work that somebody may help, by name."""
    mine = supervised_by(helper) | agents_in_perimeter(helper, Role.HR_OFFICER)
    found: QuerySet[Agent] = mine.exclude(pk=helper.pk).present(today())  # type: ignore[attr-defined]
    return (found.named_like(text) if text else found).order_by("sort_name", "pk")  # type: ignore[attr-defined]


def account_to_help(helper: Agent, agent_id: int) -> Account:
    """The account of one of them. Raises Http404 for anybody else, as for nobody."""
    account = Account.objects.select_related("agent").filter(agent_id=agent_id).first()
    if account is None or not helped_by(helper).filter(pk=agent_id).exists():
        raise Http404
    return account


def check_may_help(account: Account) -> None:
    """Raises Refusal for an account that opens other people's data: only the support, by two people, helps there."""
    if is_privileged(account.agent_id):
        raise Refusal(
            _(
                "Ce compte a un rôle sensible\u00a0: pour le protéger, seul le support informatique peut aider "
                "cette personne."
            )
        )
    if not account.is_active:
        raise Refusal(_("Ce compte est bloqué\u00a0: seul le support informatique peut l’ouvrir."))
